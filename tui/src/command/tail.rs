//! `campanile tail`: the feed as lines, for as long as anyone reads them.

use std::io::{Write, stdout};

use cynic::QueryBuilder;
use futures_util::{StreamExt, pin_mut};

use super::{
    CommandError, history,
    output::{Format, note, print, reader_gone},
    wait,
};
use crate::{
    api::{
        NotificationType,
        feed::FeedFilter,
        queries::{HeadQuery, PageVariables},
    },
    cli::{Output, Part, Tail},
    config::Settings,
    model::{
        event::{Cursor, FeedEvent, Happening},
        fault::Fault,
        link::Backoff,
    },
    net::session::Session,
    sanitise,
    terminal::termination,
};

/// Prints until the pipe is closed, the process is told to end, or enough has been printed.
pub(super) async fn run(settings: &Settings, args: Tail, output: Output) -> Result<(), CommandError> {
    let mut following = Following::new(args.after, filter(args.part), args.count);
    let mut printed = Printed { format: Format::choose(output), quiet: output.quiet, out: stdout() };
    let mut take = async |event: &FeedEvent| printed.print(event);
    tokio::select! {
        result = following.run(settings, &mut take) => result,
        () = reader_gone() => Ok(()),
        () = termination() => Ok(()),
    }
}

/// Which part of the feed, as the API is asked for it.
pub(super) fn filter(part: Part) -> FeedFilter {
    let some = |list: Vec<String>| (!list.is_empty()).then_some(list);
    FeedFilter {
        campus_keys: some(part.campus),
        types: some(part.types).map(|types| types.into_iter().map(NotificationType).collect()),
        min_priority: part.min_priority.map(Into::into),
    }
}

/// A feed that is followed, over one session after the other.
pub(super) struct Following {
    /// Notifications to go.
    left: Option<u64>,
    /// The last event that was dealt with.
    cursor: Option<Cursor>,
    filter: FeedFilter,
    /// It has worked once: what fails from now on is tried again.
    resumable: bool,
    backoff: Backoff,
}

impl Following {
    /// From a cursor, or from now on; so many notifications, or for ever.
    pub(super) fn new(after: Option<String>, filter: FeedFilter, count: Option<u64>) -> Self {
        let backoff = Backoff::new(rand::random());
        Self { left: count, cursor: after.map(Cursor), filter, resumable: false, backoff }
    }

    /// Gives each event once, in order, to `take`, which says whether more are wanted.
    pub(super) async fn run(
        &mut self,
        settings: &Settings,
        take: &mut impl AsyncFnMut(&FeedEvent) -> Result<bool, CommandError>,
    ) -> Result<(), CommandError> {
        loop {
            match self.follow(settings, take).await {
                Err(CommandError::Fault(fault)) if self.resumes_after(&fault) => {
                    note(settings, format_args!("{fault}; reconnecting"));
                    if fault.is_cursor_expired() {
                        note(settings, "what happened meanwhile cannot be told; going on from now");
                        self.cursor = None;
                    }
                    wait(&mut self.backoff).await;
                }
                result => return result,
            }
        }
    }

    fn resumes_after(&self, fault: &Fault) -> bool {
        self.resumable && (fault.is_transient() || fault.is_cursor_expired())
    }

    /// While one session lasts; returns when all that was wanted has been given.
    async fn follow(
        &mut self,
        settings: &Settings,
        take: &mut impl AsyncFnMut(&FeedEvent) -> Result<bool, CommandError>,
    ) -> Result<(), CommandError> {
        if self.left == Some(0) {
            return Ok(());
        }
        let session = self.open(settings).await?;
        let events = session.follow(self.cursor.clone(), Some(self.filter.clone())).await?;
        pin_mut!(events);
        while let Some(event) = events.next().await {
            let event = event?;
            self.resumable = true;
            self.backoff.reset();
            if !take(&event).await? || !self.passed(event) {
                return Ok(());
            }
        }
        Err(session.ended().await.into())
    }

    /// Goes on behind an event, and says whether more are wanted.
    fn passed(&mut self, event: FeedEvent) -> bool {
        if let (Happening::Notification { .. }, Some(left)) = (&event.happening, &mut self.left) {
            *left -= 1;
        }
        self.cursor = Some(event.cursor);
        self.left != Some(0)
    }

    /// Connects, and asks where the feed stands unless that is known: what happens between two sessions is not missed
    /// even where nothing has come yet.
    async fn open(&mut self, settings: &Settings) -> Result<Session, Fault> {
        let session = Session::open(&settings.endpoint, &settings.token).await?;
        if self.cursor.is_none() {
            let head = HeadQuery::build(PageVariables { first: 1, after: None, filter: None });
            let head = session.ask(head).await?;
            self.cursor = Some(Cursor(sanitise::line(&head.notifications.feed_cursor)));
        }
        Ok(session)
    }
}

/// Where events are printed.
struct Printed<W> {
    format: Format,
    quiet: bool,
    out: W,
}

impl<W: Write> Printed<W> {
    /// Says whether anyone reads on.
    fn print(&mut self, event: &FeedEvent) -> Result<bool, CommandError> {
        match line(self.format, event).filter(|_| !self.quiet) {
            Some(line) => Ok(print(&mut self.out, &line)?),
            None => Ok(true),
        }
    }
}

/// What is printed of an event, if anything is.
fn line(format: Format, event: &FeedEvent) -> Option<String> {
    if format == Format::Json {
        return serde_json::to_string(event).ok();
    }
    match &event.happening {
        Happening::Notification { notification, .. } => Some(history::line(notification)),
        Happening::Recalled { notification_id } => Some(format!("recalled  {}", notification_id.as_str())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::notification;

    fn event(n: u16) -> FeedEvent {
        let notification = Box::new(notification(n));
        let happening = Happening::Notification { notification, silent: false, replayed: false };
        FeedEvent { cursor: Cursor(format!("c{n}")), happening }
    }

    #[test]
    fn each_event_is_a_line_with_its_cursor() {
        let mut printed = Printed { format: Format::Json, quiet: false, out: Vec::new() };
        assert!(printed.print(&event(1)).unwrap());
        let unknown = FeedEvent { cursor: Cursor("c2".into()), happening: Happening::Unknown };
        assert!(printed.print(&unknown).unwrap());
        let printed = String::from_utf8(printed.out).unwrap();
        let lines: Vec<serde_json::Value> =
            printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["cursor"], "c1");
        assert_eq!(lines[0]["notification"]["title"], "New event 1");
        assert_eq!(lines[1], serde_json::json!({"cursor": "c2", "kind": "unknown"}));
    }

    #[test]
    fn it_ends_after_so_many_notifications() {
        let mut following = Following::new(None, FeedFilter::default(), Some(2));
        let progress =
            FeedEvent { cursor: Cursor("c0".into()), happening: Happening::Progress { live: true } };
        assert!(following.passed(progress));
        assert!(following.passed(event(1)));
        assert!(!following.passed(event(2)));
        assert_eq!(following.cursor, Some(Cursor("c2".into())));
    }

    #[test]
    fn for_people_an_event_is_one_line() {
        let mut event = event(1);
        if let Happening::Notification { notification, .. } = &mut event.happening {
            notification.message = "two\nlines".to_owned();
        }
        insta::assert_snapshot!(line(Format::Plain, &event).unwrap(), @"2026-11-21 18:01:00  MEDIUM  North Campus  New event 1: two lines");
    }
}
