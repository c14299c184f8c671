//! `campanile read`, `unread`, `archive`, `unarchive`: marks notifications, from a script.

use cynic::{MutationBuilder, QueryBuilder};
use serde_json::{Value, json};

use super::{CommandError, output::Printer, persist};
use crate::{
    api::{
        fragments::CappedCount,
        mutations::{
            Archive, IdsVariables, MarkAllRead, MarkAllReadInput, MarkAllReadVariables, MarkRead, MarkUnread,
            NotificationIdsInput, Unarchive,
        },
        queries::{HeadQuery, NotificationFilter, PageVariables},
    },
    cli::{Output, Read},
    config::Settings,
    model::fault::Fault,
    net::{convert, session::Session},
};

/// The API takes so many names at a time.
const AT_ONCE: usize = 1_000;

/// As what.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Read,
    Unread,
    Archived,
    Unarchived,
}

/// Marks some, or all, as read; prints how many are left.
pub(super) async fn read(settings: &Settings, args: Read, output: Output) -> Result<(), CommandError> {
    if !args.all {
        return mark(settings, args.ids, Mark::Read, output).await;
    }
    let left = persist(settings, |session| mark_all(session, args.campus.clone())).await?;
    say(left, output)
}

/// Marks these, and prints how many are left.
pub(super) async fn mark(
    settings: &Settings,
    ids: Vec<String>,
    mark: Mark,
    output: Output,
) -> Result<(), CommandError> {
    let left = persist(settings, |session| mark_each(session, ids.clone(), mark)).await?;
    say(left, output)
}

fn say(left: Option<CappedCount>, output: Output) -> Result<(), CommandError> {
    let left = left.map(|left| convert::count(&left));
    let value = left.map_or(Value::Null, |left| json!({ "count": left.count, "atLeast": left.at_least }));
    Printer::new(output).say(&json!({ "unreadCount": value }), || {
        vec![left.map_or_else(|| "nothing to mark".to_owned(), |left| format!("{left} unread left"))]
    })?;
    Ok(())
}

async fn mark_each(session: Session, ids: Vec<String>, mark: Mark) -> Result<Option<CappedCount>, Fault> {
    let mut left = None;
    for ids in ids.chunks(AT_ONCE) {
        let ids = ids.iter().map(cynic::Id::new).collect();
        let variables = IdsVariables { input: NotificationIdsInput { ids } };
        let payload = match mark {
            Mark::Read => session.ask(MarkRead::build(variables)).await?.mark_read,
            Mark::Unread => session.ask(MarkUnread::build(variables)).await?.mark_unread,
            Mark::Archived => session.ask(Archive::build(variables)).await?.archive,
            Mark::Unarchived => session.ask(Unarchive::build(variables)).await?.unarchive,
        };
        left = Some(payload.viewer.unread_count);
    }
    Ok(left)
}

/// Through the newest there is: what arrives meanwhile stays unread.
async fn mark_all(session: Session, campus_key: Option<String>) -> Result<Option<CappedCount>, Fault> {
    let filter = campus_key
        .clone()
        .map(|key| NotificationFilter { campus_keys: Some(vec![key]), ..NotificationFilter::default() });
    let head = session.ask(HeadQuery::build(PageVariables { first: 1, after: None, filter })).await?;
    let Some(newest) = head.notifications.nodes.into_iter().next() else {
        return Ok(None);
    };
    let input = MarkAllReadInput { through: newest.id, campus_key };
    let answer = session.ask(MarkAllRead::build(MarkAllReadVariables { input })).await?;
    Ok(Some(answer.mark_all_read.viewer.unread_count))
}
