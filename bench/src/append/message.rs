//! What is published, the same everywhere, and the small directory that it is published in.

use anyhow::{Context as _, Result};
use campanile_server::domain::content::{Content, ContentData, Priority};
use campanile_server::domain::directory::{CampusStatement, Role, UserStatement};
use campanile_server::domain::entry::{Audience, Idempotency, Publication, Sender};
use campanile_server::domain::id::{CampusId, TypeId};
use campanile_server::log::Log;
use campanile_server::store::Store;

use crate::content::{
    ACTION_URL, CAMPUS, CAMPUS_NAME, EVENT, MESSAGE, SENDER, SENDER_NAME, TIMEZONE, TITLE, TYPE,
};

/// Who publishes, and to whom.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) campus: CampusId,
    pub(super) sender: Sender,
    pub(super) type_id: TypeId,
}

impl Scene {
    /// Makes the campus and the sender in an empty database. That appends nothing to the log.
    pub(super) async fn set(store: &Store, log: &Log) -> Result<Self> {
        let campus =
            CampusStatement { key: CAMPUS.into(), name: CAMPUS_NAME.into(), timezone: TIMEZONE.into() };
        let sender = UserStatement {
            key: SENDER.into(),
            name: SENDER_NAME.into(),
            email: None,
            timezone: None,
            role: Role::Service,
        };
        let campuses = log.upsert_campuses(vec![campus]).await?;
        let users = log.upsert_users(vec![sender]).await?;
        let sender = users.into_iter().next().context("the sender is missing")?;
        Ok(Self {
            campus: campuses.first().context("the campus is missing")?.id,
            sender: Sender { id: sender.id, key: sender.key, name: sender.name },
            type_id: store.types().named(TYPE).context("the type is missing")?.id,
        })
    }

    /// What is published with this ticket.
    pub(super) fn publication(&self, ticket: u32, keyed: bool) -> Publication {
        let content = Content {
            type_id: self.type_id,
            title: TITLE.into(),
            message: MESSAGE.into(),
            priority: Priority::Medium,
            data: ContentData {
                event_id: Some(EVENT.into()),
                action_url: Some(ACTION_URL.into()),
                ..ContentData::default()
            },
            expires_at: None,
        };
        let audience = Audience::Campus(self.campus);
        let idempotency = keyed.then(|| Idempotency::new(key(ticket), &audience, None, &content));
        Publication { sender: self.sender.clone(), audience, within: None, content, idempotency }
    }
}

/// A key of a platform that names its events by number.
pub(super) fn key(ticket: u32) -> String {
    format!("{EVENT}/revision/{ticket}")
}
