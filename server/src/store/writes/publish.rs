//! Publishes a notification.

use std::sync::Arc;

use diesel::prelude::*;

use super::idempotency::{Claim, claim};
use super::recipients::StagedList;
use crate::domain::entry::{Appended, Audience, Change, Entry, Notification, Publication};
use crate::domain::id::UserId;
use crate::store::convert::AudienceTerm;
use crate::store::schema::recipient_list;
use crate::store::transaction::Transaction;
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

    fn idempotency(&self) -> Option<(UserId, &str)> {
        key(&self.publication)
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

/// Whose idempotency key it has, and which.
pub(super) fn key(publication: &Publication) -> Option<(UserId, &str)> {
    publication.idempotency.as_ref().map(|idempotency| (publication.sender.id, idempotency.key.as_str()))
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
    tx.appends.notification(tx.conn, &notification)?;
    insert_feed_entries(tx, &notification, staged)?;
    let entry = tx.append(Change::Added(Arc::clone(&notification)))?;
    Ok((entry, notification))
}

fn insert_feed_entries(
    tx: &mut Transaction<'_>,
    notification: &Notification,
    staged: Option<StagedList>,
) -> QueryResult<()> {
    let mut told = |audience| tx.appends.feed_entry(tx.conn, notification, audience);
    match (&notification.audience, staged) {
        (_, Some(StagedList(list))) => {
            told(AudienceTerm::List(list))?;
            let named = recipient_list::seq.eq(notification.seq.0);
            tx.conn.execute(diesel::update(recipient_list::table.find(list)).set(named)).map(drop)
        }
        (Audience::System, None) => told(AudienceTerm::System),
        (Audience::Campus(campus), None) => told(AudienceTerm::Campus(*campus)),
        (Audience::Users(users), None) => users.iter().try_for_each(|user| told(AudienceTerm::User(*user))),
    }
}

fn audience_size(tx: &mut Transaction<'_>, audience: &Audience) -> QueryResult<i64> {
    match audience {
        Audience::System => Ok(tx.user_count),
        Audience::Campus(campus) => tx.appends.member_count(tx.conn, *campus),
        Audience::Users(users) => Ok(i64::try_from(users.len()).unwrap_or(i64::MAX)),
    }
}
