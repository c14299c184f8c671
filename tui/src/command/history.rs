//! `campanile history`: everything that was ever sent to the viewer, newest first, from a script.

use cynic::QueryBuilder;

use super::{CommandError, output::Printer, persist};
use crate::{
    api::queries::{NotificationFilter, PageQuery, PageVariables},
    cli::{History, Output},
    clock::{Clock, SystemClock},
    config::{Settings, view::View},
    message::Page,
    model::{fault::Fault, notification::Notification},
    net::{convert, session::Session},
};

/// As large as the API's pages may be.
const PAGE: usize = 100;

/// Prints until there are no more, enough have been printed, or nobody reads on.
pub(super) async fn run(settings: &Settings, args: History, output: Output) -> Result<(), CommandError> {
    let zone = args.timezone.unwrap_or_else(|| settings.zone());
    let mut left = if args.all { usize::MAX } else { args.limit };
    let saved = args.view.as_deref().map(|name| settings.view(name)).transpose()?.cloned();
    let filter = saved.unwrap_or_default().narrowed(view(args)).filter(SystemClock.now(), zone)?;
    let mut printer = Printer::new(output);
    let mut after = None;
    while left > 0 {
        let first = i32::try_from(left.min(PAGE)).unwrap_or(1);
        let ask = |session| page(session, first, after.clone(), filter.clone());
        let page = persist(settings, ask).await?;
        left -= page.notifications.len().min(left);
        for notification in &page.notifications {
            if !printer.say(notification, || vec![line(notification)])? {
                return Ok(());
            }
        }
        after = page.end;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

async fn page(
    session: Session,
    first: i32,
    after: Option<String>,
    filter: NotificationFilter,
) -> Result<Page, Fault> {
    let query = PageQuery::build(PageVariables { first, after, filter: Some(filter) });
    session.ask(query).await.map(|answer| convert::page(answer.notifications))
}

/// For people.
pub(super) fn line(notification: &Notification) -> String {
    format!(
        "{}  {:<6}  {}  {}: {}",
        notification.created_at.format("%Y-%m-%d %H:%M:%S"),
        notification.priority.as_str(),
        notification.place(),
        notification.title,
        notification.message.replace('\n', " "),
    )
}

/// What is asked for, as the file names such things.
fn view(args: History) -> View {
    View {
        search: args.search,
        campus: args.part.campus,
        types: args.part.types,
        category: args.category,
        min_priority: args.part.min_priority,
        unread: if args.unread { Some(true) } else { args.read.then_some(false) },
        since: args.since,
        until: args.until,
        archived: args.archived,
        expired: args.expired,
        muted: args.muted,
    }
}
