//! What is done with notifications, as the effects of triage want it.

use cynic::{MutationBuilder, QueryBuilder};
use tokio::task::spawn_blocking;

use super::{
    convert,
    link::{Asker, Link},
};
use crate::{
    api::{
        explain::{ExplainQuery, ExplainVariables},
        mutations::{
            Archive, IdsVariables, MarkAllRead, MarkAllReadInput, MarkAllReadVariables, MarkRead, MarkUnread,
            NotificationIdsInput, Unarchive,
        },
    },
    model::{count::Count, explanation::Explanation, fault::Fault, notification::NotificationId},
    triage::{
        change::Change,
        exchange::{Effect, Signal},
    },
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Change { tab, ticket, ids, change: wanted } => link.answer(move |session| async move {
            Signal::Changed { tab, ticket, result: change(session, ids, wanted).await }
        }),
        Effect::MarkAllRead { tab, ticket, through, campus } => link.answer(move |session| async move {
            Signal::Changed { tab, ticket, result: mark_all(session, through, campus).await }
        }),
        Effect::Explain { tab, id, title } => link.answer(move |session| async move {
            Signal::Explained { tab, title, result: explain(session, id).await }
        }),
        Effect::Open { tab, address } => {
            link.answer(move |_| async move { Signal::Opened { tab, result: open(address).await } });
        }
    }
}

async fn change(asker: Asker, ids: Vec<NotificationId>, change: Change) -> Result<Count, Fault> {
    let ids = ids.iter().map(|id| id.as_str().into()).collect();
    let variables = IdsVariables { input: NotificationIdsInput { ids } };
    let session = asker.session()?;
    let payload = match change {
        Change::Read => session.ask(MarkRead::build(variables)).await?.mark_read,
        Change::Unread => session.ask(MarkUnread::build(variables)).await?.mark_unread,
        Change::Archive => session.ask(Archive::build(variables)).await?.archive,
        Change::Unarchive => session.ask(Unarchive::build(variables)).await?.unarchive,
    };
    Ok(convert::count(&payload.viewer.unread_count))
}

async fn mark_all(asker: Asker, through: NotificationId, campus: Option<String>) -> Result<Count, Fault> {
    let input = MarkAllReadInput { through: through.as_str().into(), campus_key: campus };
    let answer = asker.session()?.ask(MarkAllRead::build(MarkAllReadVariables { input })).await?;
    Ok(convert::count(&answer.mark_all_read.viewer.unread_count))
}

async fn explain(asker: Asker, id: NotificationId) -> Result<Explanation, Fault> {
    let variables = ExplainVariables { notification_id: id.as_str().into(), user_key: None };
    let answer = asker.session()?.ask(ExplainQuery::build(variables)).await?;
    Ok(convert::explanation(answer.explain))
}

/// By the desktop's own opener, which outlives this and says nothing on our terminal.
async fn open(address: String) -> Result<(), String> {
    match spawn_blocking(move || open::that_detached(address)).await {
        Ok(opened) => opened.map_err(|error| crate::sanitise::line(&error.to_string())),
        Err(error) => Err(error.to_string()),
    }
}
