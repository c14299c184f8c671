//! Rows of broadcasts: what was sent stands with its notification, the rest in a table of its own.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{NotificationRow, SenderRow, data_from, sender_from};
use crate::domain::broadcast::{Broadcast, State};
use crate::domain::content::Content;
use crate::domain::id::{BroadcastId, CampusId, Seq, TypeId};
use crate::store::convert::{self, broadcast_state};
use crate::store::schema::{broadcast, unsent};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = broadcast)]
pub(in crate::store) struct BroadcastRow {
    id: i64,
    created_at: NaiveDateTime,
    campus_id: Option<i64>,
    audience_kind: i16,
    state: i16,
    send_at: Option<NaiveDateTime>,
    failure: Option<String>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = unsent)]
pub(in crate::store) struct UnsentRow {
    pub(in crate::store) token_role: i16,
    pub(in crate::store) list: Option<i64>,
    type_id: i32,
    priority: i16,
    title: String,
    message: String,
    event_id: Option<String>,
    attendance_id: Option<String>,
    action_url: Option<String>,
    metadata: Option<String>,
    expires_at: Option<NaiveDateTime>,
}

impl UnsentRow {
    /// What it says.
    pub(in crate::store) fn into_content(self) -> Content {
        Content {
            type_id: TypeId(self.type_id),
            title: self.title,
            message: self.message,
            priority: convert::priority(self.priority),
            data: data_from(self.event_id, self.attendance_id, self.action_url, self.metadata),
            expires_at: self.expires_at.map(convert::from_column),
        }
    }
}

/// A broadcast with who sent it, and what it says: as a notification, or not.
pub(in crate::store) type BroadcastColumns =
    (BroadcastRow, SenderRow, Option<NotificationRow>, Option<UnsentRow>);

/// `None` where what it says is there no more: it has been deleted for its age.
pub(in crate::store) fn broadcast_from(columns: BroadcastColumns) -> Option<Broadcast> {
    let (row, sender, notification, unsent) = columns;
    let (state, content) = match (row.state, notification, unsent) {
        (broadcast_state::SENT, Some(notification), _) => {
            let state = State::Sent {
                seq: Seq(notification.seq),
                audience_size: notification.audience_size,
                recalled: notification.recalled_seq.is_some(),
            };
            (state, notification.into_content())
        }
        (broadcast_state::SCHEDULED, _, Some(unsent)) => (State::Scheduled, unsent.into_content()),
        (broadcast_state::CANCELLED, _, Some(unsent)) => (State::Cancelled, unsent.into_content()),
        (broadcast_state::FAILED, _, Some(unsent)) => {
            (State::Failed { reason: row.failure.unwrap_or_default() }, unsent.into_content())
        }
        _ => return None,
    };
    Some(Broadcast {
        id: BroadcastId(row.id),
        created_at: convert::from_column(row.created_at),
        sender: sender_from(sender),
        campus: row.campus_id.map(CampusId),
        audience: convert::audience_kind(row.audience_kind),
        state,
        send_at: row.send_at.map(convert::from_column),
        content,
    })
}
