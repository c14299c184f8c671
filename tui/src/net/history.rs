//! The history's questions, as its effects want them, and the file of what was saved.

use cynic::QueryBuilder;
use tokio::task::spawn_blocking;

use super::{
    convert,
    link::{Asker, Link},
};
use crate::{
    api::queries::{
        NotificationFilter, PageQuery, PageVariables, TypesQuery, UnreadCountQuery, UnreadCountVariables,
    },
    config::{saved, view::View},
    message::Page,
    model::{count::Count, fault::Fault},
    sanitise::line,
    screens::history::exchange::{Effect, PAGE, Signal},
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Page { generation, filter, after } => link.answer(move |session| async move {
            let result = page(session, *filter, after.clone()).await;
            Signal::Page { generation, after, result }
        }),
        Effect::Count { name, filter } => link.answer(move |session| async move {
            Signal::Count { name, result: count(session, *filter).await }
        }),
        Effect::Types => link.answer(|session| async move { Signal::Types(types(session).await) }),
        Effect::Save { name, view } => {
            link.answer(move |_| async move { Signal::Saved(save(name, view).await) });
        }
    }
}

async fn page(asker: Asker, filter: NotificationFilter, after: Option<String>) -> Result<Page, Fault> {
    let query = PageQuery::build(PageVariables { first: PAGE.into(), after, filter: Some(filter) });
    asker.session()?.ask(query).await.map(|answer| convert::page(answer.notifications))
}

async fn count(asker: Asker, filter: NotificationFilter) -> Result<Count, Fault> {
    let query = UnreadCountQuery::build(UnreadCountVariables { filter: Some(filter) });
    asker.session()?.ask(query).await.map(|answer| convert::count(&answer.viewer.unread_count))
}

async fn types(asker: Asker) -> Result<Vec<(String, String)>, Fault> {
    let answer = asker.session()?.ask(TypesQuery::build(())).await?;
    let types = answer.notification_types.into_iter();
    Ok(types.map(|known| (line(&known.kind.0), line(&known.label))).collect())
}

async fn save(name: String, view: Option<Box<View>>) -> Result<(), String> {
    match spawn_blocking(move || saved::change(name, view.map(|view| *view))).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
