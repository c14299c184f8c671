//! Publishes a notification.

use std::sync::Arc;

use diesel::prelude::*;

use super::idempotency::{Claim, claim};
use super::recipients::StagedList;
use crate::domain::entry::{Appended, Audience, Change, Entry, Notification, Publication};
use crate::domain::id::CampusId;
use crate::store::convert::{AudienceTerm, audience_kind_column, priority_column, to_column};
use crate::store::schema::{campus, feed_entry, notification, recipient_list};
use crate::store::sqlite::Transaction;
use crate::store::write::Write;

/// A notification at the next position, unless its idempotency key says that it is there already.
pub(crate) struct Publish {
    pub(crate) publication: Publication,
    /// The recipients, where they are too many to be written while the log is locked.
    pub(crate) staged: Option<StagedList>,
}

impl Write for Publish {
    type Output = Appended;

    fn entries(&self) -> usize {
        1
    }

    fn bytes(&self) -> usize {
        bytes(&self.publication)
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Appended> {
        let publication = &self.publication;
        if let Some(key) = &publication.idempotency {
            match claim(tx, publication.sender.id, key, tx.next_seq())? {
                Claim::New => {}
                Claim::Published(seq) => return Ok(Appended::Duplicate(seq)),
                // What waits for its time is a broadcast, and this is none.
                Claim::Scheduled(_) | Claim::Conflict => return Ok(Appended::Conflict),
            }
        }
        append(tx, publication, self.staged).map(|(entry, _)| Appended::New(entry))
    }
}

/// About how many bytes it takes to write this.
pub(super) fn bytes(publication: &Publication) -> usize {
    let content = &publication.content;
    512 + content.title.len() + content.message.len()
}

/// Appends the notification, whatever its idempotency key says. `staged` are its recipients, where they are stored already.
pub(super) fn append(
    tx: &mut Transaction<'_>,
    publication: &Publication,
    staged: Option<StagedList>,
) -> QueryResult<(Arc<Entry>, Arc<Notification>)> {
    let notification = Arc::new(Notification {
        seq: tx.next_seq(),
        created_at: tx.now,
        audience: publication.audience.clone(),
        within: publication.within,
        content: publication.content.clone(),
        sender: publication.sender.clone(),
        audience_size: audience_size(tx, &publication.audience)?,
        recalled: false,
    });
    insert(tx, &notification)?;
    insert_feed_entries(tx, &notification, staged)?;
    let entry = tx.append(Change::Added(Arc::clone(&notification)))?;
    Ok((entry, notification))
}

fn insert_feed_entries(
    tx: &mut Transaction<'_>,
    notification: &Notification,
    staged: Option<StagedList>,
) -> QueryResult<()> {
    match (&notification.audience, staged) {
        (_, Some(StagedList(list))) => {
            diesel::update(recipient_list::table.find(list))
                .set(recipient_list::seq.eq(notification.seq.0))
                .execute(tx.conn)?;
            insert_feed_entry(tx, notification, AudienceTerm::List(list))
        }
        (Audience::System, None) => insert_feed_entry(tx, notification, AudienceTerm::System),
        (Audience::Campus(campus), None) => {
            insert_feed_entry(tx, notification, AudienceTerm::Campus(*campus))
        }
        (Audience::Users(users), None) => {
            users.iter().try_for_each(|user| insert_feed_entry(tx, notification, AudienceTerm::User(*user)))
        }
    }
}

fn audience_size(tx: &mut Transaction<'_>, audience: &Audience) -> QueryResult<i64> {
    match audience {
        Audience::System => Ok(tx.user_count),
        // Not `first`: SQLite would prepare the statement anew each time that its `LIMIT ?` is bound.
        Audience::Campus(CampusId(id)) => {
            campus::table.find(id).select(campus::member_count).get_result(tx.conn)
        }
        Audience::Users(users) => Ok(i64::try_from(users.len()).unwrap_or(i64::MAX)),
    }
}

fn insert(tx: &mut Transaction<'_>, n: &Notification) -> QueryResult<()> {
    let content = &n.content;
    diesel::insert_into(notification::table)
        .values((
            notification::seq.eq(n.seq.0),
            notification::created_at.eq(to_column(n.created_at)),
            notification::audience_kind.eq(audience_kind_column(&n.audience)),
            notification::campus_id.eq(n.responsible_campus().map(|campus| campus.0)),
            notification::audience_size.eq(n.audience_size),
            notification::type_id.eq(content.type_id.0),
            notification::priority.eq(priority_column(content.priority)),
            notification::title.eq(&content.title),
            notification::message.eq(&content.message),
            notification::event_id.eq(&content.data.event_id),
            notification::attendance_id.eq(&content.data.attendance_id),
            notification::action_url.eq(&content.data.action_url),
            notification::metadata.eq(content.data.metadata.as_ref().map(ToString::to_string)),
            notification::expires_at.eq(content.expires_at.map(to_column)),
            notification::sender_id.eq(n.sender.id.0),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn insert_feed_entry(tx: &mut Transaction<'_>, n: &Notification, audience: AudienceTerm) -> QueryResult<()> {
    diesel::insert_into(feed_entry::table)
        .values((
            feed_entry::audience.eq(audience.column()),
            feed_entry::seq.eq(n.seq.0),
            feed_entry::type_id.eq(n.content.type_id.0),
            feed_entry::priority.eq(priority_column(n.content.priority)),
            feed_entry::expires_at.eq(n.content.expires_at.map(to_column)),
            feed_entry::recalled.eq(false),
        ))
        .execute(tx.conn)
        .map(drop)
}
