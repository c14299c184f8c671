//! The audit's questions, as its effects want them.

use super::link::{Asker, Link};
use crate::{
    api::audit::{AuditEntry, AuditQuery, AuditVariables, DOCUMENT},
    model::fault::Fault,
    sanitise::{line, text},
    screens::audit::{
        Actor, Entry, Wanted,
        exchange::{Effect, PAGE, Page, Signal},
    },
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    let Effect::Page { generation, wanted, after } = effect;
    link.answer(move |asker| async move {
        let older = after.is_some();
        Signal::Page { generation, older, result: page(asker, wanted, after).await }
    });
}

async fn page(asker: Asker, wanted: Wanted, after: Option<String>) -> Result<Page, Fault> {
    let Wanted { actor: actor_key, action } = wanted;
    let variables = AuditVariables { first: PAGE, after, actor_key, action };
    let answer: AuditQuery = asker.session()?.ask_written(DOCUMENT, variables).await?;
    let log = answer.audit_log;
    let end = if log.page_info.has_next_page { log.page_info.end_cursor } else { None };
    Ok(Page { entries: log.edges.into_iter().map(|edge| entry(edge.node)).collect(), end })
}

fn entry(entry: AuditEntry) -> Entry {
    Entry {
        id: line(&entry.id),
        at: entry.at,
        actor: entry.actor.map(|actor| Actor { key: line(&actor.key), name: line(&actor.name) }),
        action: line(&entry.action),
        target: entry.target.as_deref().map(text),
        remote_address: entry.remote_address.as_deref().map(line),
        outcome: line(&entry.outcome),
    }
}
