//! `campanile read`: marks notifications as read, from a script.

use std::io::stdout;

use cynic::{MutationBuilder, QueryBuilder};
use serde_json::json;

use super::{
    CommandError,
    output::{Format, print},
    persist,
};
use crate::{
    api::{
        fragments::CappedCount,
        mutations::{
            IdsVariables, MarkAllRead, MarkAllReadInput, MarkAllReadVariables, MarkRead, NotificationIdsInput,
        },
        queries::{HeadQuery, NotificationFilter, PageVariables},
    },
    cli::Read,
    config::Settings,
    model::fault::Fault,
    net::{convert, session::Session},
};

/// The API takes so many names at a time.
const AT_ONCE: usize = 1_000;

/// Marks, and prints how many are left.
pub(super) async fn run(settings: &Settings, args: Read) -> Result<(), CommandError> {
    let left = if args.all {
        persist(settings, |session| mark_all(session, args.campus.clone())).await?
    } else {
        persist(settings, |session| mark(session, args.ids.clone())).await?
    };
    let left = left.map(|left| convert::count(&left));
    let line = match (Format::choose(false, false), left) {
        (Format::Json, None) => json!({ "unreadCount": null }).to_string(),
        (Format::Json, Some(left)) => {
            json!({ "unreadCount": { "count": left.count, "atLeast": left.at_least } }).to_string()
        }
        (Format::Plain, None) => "nothing to mark".to_owned(),
        (Format::Plain, Some(left)) => format!("{left} unread left"),
    };
    print(&mut stdout(), &line)?;
    Ok(())
}

async fn mark(session: Session, ids: Vec<String>) -> Result<Option<CappedCount>, Fault> {
    let mut left = None;
    for ids in ids.chunks(AT_ONCE) {
        let ids = ids.iter().map(cynic::Id::new).collect();
        let variables = IdsVariables { input: NotificationIdsInput { ids } };
        left = Some(session.ask(MarkRead::build(variables)).await?.mark_read.viewer.unread_count);
    }
    Ok(left)
}

/// Through the newest there is: what arrives meanwhile stays unread.
async fn mark_all(session: Session, campus_key: Option<String>) -> Result<Option<CappedCount>, Fault> {
    let filter =
        campus_key.clone().map(|key| NotificationFilter { unread: None, campus_keys: Some(vec![key]) });
    let head = session.ask(HeadQuery::build(PageVariables { first: 1, after: None, filter })).await?;
    let Some(newest) = head.notifications.nodes.into_iter().next() else {
        return Ok(None);
    };
    let input = MarkAllReadInput { through: newest.id, campus_key };
    let answer = session.ask(MarkAllRead::build(MarkAllReadVariables { input })).await?;
    Ok(Some(answer.mark_all_read.viewer.unread_count))
}
