//! Rows as they are read, and what they mean.

mod broadcasts;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::convert;
use super::schema::{app_user, campus, membership, notification};
use crate::domain::content::{Content, ContentData};
use crate::domain::directory::{Campus, Membership, User};
use crate::domain::entry::{Audience, Notification, Sender};
use crate::domain::id::{CampusId, Seq, TypeId, UserId};
use crate::domain::receipts::{Mark, Marks};

pub(super) use broadcasts::{BroadcastColumns, BroadcastRow, UnsentRow, broadcast_from};

/// The columns of which a row is made; `as_select`, of diesel's, would be for one database only.
pub(super) fn columns<R: Selectable<Sqlite>>() -> R::SelectExpression {
    R::construct_selection()
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = campus)]
pub(super) struct CampusRow {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) timezone: String,
    pub(super) member_count: i64,
}

impl From<CampusRow> for Campus {
    fn from(row: CampusRow) -> Self {
        let CampusRow { id, key, name, timezone, member_count } = row;
        Self { id: CampusId(id), key, name, timezone, member_count }
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = app_user)]
pub(super) struct UserRow {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) role: i16,
    pub(super) timezone: Option<String>,
    pub(super) known: bool,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let UserRow { id, key, name, role, timezone, known } = row;
        Self { id: UserId(id), key, name, role: convert::role(role), timezone, known }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = membership)]
pub(super) struct MembershipRow {
    pub(super) campus_id: i64,
    pub(super) role: i16,
    pub(super) since_seq: i64,
    pub(super) since_at: NaiveDateTime,
}

impl From<MembershipRow> for Membership {
    fn from(row: MembershipRow) -> Self {
        Self {
            campus: CampusId(row.campus_id),
            role: convert::campus_role(row.role),
            since: Seq(row.since_seq),
            since_at: convert::from_column(row.since_at),
        }
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = notification)]
pub(super) struct NotificationRow {
    pub(super) seq: i64,
    pub(super) created_at: NaiveDateTime,
    pub(super) audience_kind: i16,
    pub(super) campus_id: Option<i64>,
    pub(super) audience_size: i64,
    pub(super) type_id: i32,
    pub(super) priority: i16,
    pub(super) title: String,
    pub(super) message: String,
    pub(super) event_id: Option<String>,
    pub(super) attendance_id: Option<String>,
    pub(super) action_url: Option<String>,
    pub(super) metadata: Option<String>,
    pub(super) expires_at: Option<NaiveDateTime>,
    pub(super) recalled_seq: Option<i64>,
}

impl NotificationRow {
    /// With what stands in other tables; `recipients` are needed for an audience of users only.
    pub(super) fn into_notification(self, sender: Sender, recipients: Vec<UserId>) -> Notification {
        let campus = self.campus_id.map(CampusId);
        let (audience, within) = match (self.audience_kind, campus) {
            (convert::audience_kind::SYSTEM, _) => (Audience::System, None),
            (convert::audience_kind::CAMPUS, Some(campus)) => (Audience::Campus(campus), None),
            // Of a kind that this server does not know: to nobody but those it names.
            _ => (Audience::users(recipients), campus),
        };
        let (seq, created_at) = (Seq(self.seq), convert::from_column(self.created_at));
        let (audience_size, recalled) = (self.audience_size, self.recalled_seq.is_some());
        let content = self.into_content();
        Notification { seq, created_at, audience, within, content, sender, audience_size, recalled }
    }

    /// What it says.
    pub(super) fn into_content(self) -> Content {
        let data = data_from(self.event_id, self.attendance_id, self.action_url, self.metadata);
        Content {
            type_id: TypeId(self.type_id),
            title: self.title,
            message: self.message,
            priority: convert::priority(self.priority),
            data,
            expires_at: self.expires_at.map(convert::from_column),
        }
    }
}

fn data_from(
    event_id: Option<String>,
    attendance_id: Option<String>,
    action_url: Option<String>,
    metadata: Option<String>,
) -> ContentData {
    let metadata = metadata.and_then(|json| serde_json::from_str(&json).ok());
    ContentData { event_id, attendance_id, action_url, metadata }
}

/// A user as the sender of something: id, key, name.
pub(super) type SenderRow = (i64, String, String);

pub(super) fn sender_from((id, key, name): SenderRow) -> Sender {
    Sender { id: UserId(id), key, name }
}

/// Rows of `read_mark` (campus, through, at), sorted by campus and position.
pub(super) fn marks_from(rows: Vec<(i64, i64, NaiveDateTime)>) -> Marks {
    let mut marks = Marks::default();
    for (campus, through, at) in rows {
        let mark = Mark { through: Seq(through), at: convert::from_column(at) };
        match campus {
            0 => marks.all.push(mark),
            campus => marks.by_campus.entry(CampusId(campus)).or_default().push(mark),
        }
    }
    marks
}
