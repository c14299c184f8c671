//! `campanile history`: everything that was ever sent to the viewer, newest first, from a script.

use cynic::QueryBuilder;

use super::{CommandError, moment, output::Printer, persist};
use crate::{
    api::{
        NotificationType,
        queries::{NotificationFilter, PageQuery, PageVariables},
    },
    cli::{History, Output},
    config::Settings,
    message::Page,
    model::{fault::Fault, notification::Notification},
    net::{convert, session::Session},
};

/// As large as the API's pages may be.
const PAGE: usize = 100;

/// Prints until there are no more, enough have been printed, or nobody reads on.
pub(super) async fn run(settings: &Settings, args: History, output: Output) -> Result<(), CommandError> {
    let filter = filter(&args)?;
    let mut printer = Printer::new(output);
    let mut left = if args.all { usize::MAX } else { args.limit };
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

fn filter(args: &History) -> Result<NotificationFilter, CommandError> {
    fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
        (!list.is_empty()).then_some(list)
    }
    let when = |text: &Option<String>| text.as_deref().map(|text| moment(text, None)).transpose();
    let unread = if args.unread { Some(true) } else { args.read.then_some(false) };
    Ok(NotificationFilter {
        unread,
        campus_keys: some(args.part.campus.clone()),
        types: some(args.part.types.iter().cloned().map(NotificationType).collect()),
        categories: some(args.category.iter().copied().map(Into::into).collect()),
        min_priority: args.part.min_priority.map(Into::into),
        search: args.search.clone(),
        since: when(&args.since)?,
        until: when(&args.until)?,
        archived: args.archived.then_some(true),
        expired: args.expired.then_some(true),
        muted: args.muted.then_some(true),
    })
}
