//! What is done with notifications, as the effects of triage want it.

use cynic::MutationBuilder;

use super::{
    convert,
    link::{Asker, Link},
};
use crate::{
    api::mutations::{
        IdsVariables, MarkAllRead, MarkAllReadInput, MarkAllReadVariables, MarkRead, MarkUnread,
        NotificationIdsInput,
    },
    model::{count::Count, fault::Fault, notification::NotificationId},
    triage::exchange::{Effect, Signal},
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Mark { tab, ticket, ids, read } => link.answer(move |session| async move {
            Signal::Changed { tab, ticket, result: mark(session, ids, read).await }
        }),
        Effect::MarkAllRead { tab, ticket, through } => link.answer(move |session| async move {
            Signal::Changed { tab, ticket, result: mark_all(session, through).await }
        }),
    }
}

async fn mark(asker: Asker, ids: Vec<NotificationId>, read: bool) -> Result<Count, Fault> {
    let ids = ids.iter().map(|id| id.as_str().into()).collect();
    let variables = IdsVariables { input: NotificationIdsInput { ids } };
    let session = asker.session()?;
    let payload = if read {
        session.ask(MarkRead::build(variables)).await?.mark_read
    } else {
        session.ask(MarkUnread::build(variables)).await?.mark_unread
    };
    Ok(convert::count(&payload.viewer.unread_count))
}

async fn mark_all(asker: Asker, through: NotificationId) -> Result<Count, Fault> {
    let input = MarkAllReadInput { through: through.as_str().into(), campus_key: None };
    let answer = asker.session()?.ask(MarkAllRead::build(MarkAllReadVariables { input })).await?;
    Ok(convert::count(&answer.mark_all_read.viewer.unread_count))
}
