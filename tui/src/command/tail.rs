//! `campanile tail`: the feed as lines, for as long as anyone reads them.

use std::io::{Stdout, Write, stdout};

use cynic::QueryBuilder;
use futures_util::{StreamExt, pin_mut};

use super::{
    CommandError,
    output::{Format, print, reader_gone},
    wait,
};
use crate::{
    api::{
        NotificationType,
        feed::FeedFilter,
        queries::{HeadQuery, PageVariables},
    },
    cli::Tail,
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
pub(super) async fn run(settings: &Settings, args: Tail) -> Result<(), CommandError> {
    let mut tail = Following {
        format: Format::choose(args.json, args.plain),
        left: args.count,
        cursor: args.after.map(Cursor),
        filter: filter(args.campus, args.types, args.min_priority.map(Into::into)),
        out: stdout(),
        resumable: false,
        backoff: Backoff::new(rand::random()),
    };
    tokio::select! {
        result = tail.run(settings) => result,
        () = reader_gone() => Ok(()),
        () = termination() => Ok(()),
    }
}

fn filter(
    campuses: Vec<String>,
    types: Vec<String>,
    min_priority: Option<crate::api::fragments::Priority>,
) -> FeedFilter {
    let some = |list: Vec<String>| (!list.is_empty()).then_some(list);
    FeedFilter {
        campus_keys: some(campuses),
        types: some(types).map(|types| types.into_iter().map(NotificationType).collect()),
        min_priority,
    }
}

/// A feed that is being printed, over one session after the other.
struct Following<W = Stdout> {
    format: Format,
    /// Notifications to go.
    left: Option<u64>,
    /// The last event that was printed.
    cursor: Option<Cursor>,
    filter: FeedFilter,
    out: W,
    /// It has worked once: what fails from now on is tried again.
    resumable: bool,
    backoff: Backoff,
}

impl<W: Write> Following<W> {
    async fn run(&mut self, settings: &Settings) -> Result<(), CommandError> {
        loop {
            match self.follow(settings).await {
                Err(CommandError::Fault(fault)) if self.resumes_after(&fault) => {
                    eprintln!("campanile: {fault}; reconnecting");
                    if fault.is_cursor_expired() {
                        eprintln!("campanile: what happened meanwhile cannot be told; going on from now");
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

    /// Prints while one session lasts, and returns when all that was wanted has been printed.
    async fn follow(&mut self, settings: &Settings) -> Result<(), CommandError> {
        if self.left == Some(0) {
            return Ok(());
        }
        let session = self.open(settings).await?;
        let events = session.follow(self.cursor.clone(), Some(self.filter.clone())).await?;
        pin_mut!(events);
        while let Some(event) = events.next().await {
            if !self.print(event?)? {
                return Ok(());
            }
        }
        Err(session.ended().await.into())
    }

    /// Connects, and asks where the feed stands unless that is known: what happens between two sessions is not missed
    /// even where nothing has been printed yet.
    async fn open(&mut self, settings: &Settings) -> Result<Session, Fault> {
        let session = Session::open(&settings.endpoint, &settings.token).await?;
        if self.cursor.is_none() {
            let head = HeadQuery::build(PageVariables { first: 1, after: None, filter: None });
            let head = session.ask(head).await?;
            self.cursor = Some(Cursor(sanitise::line(&head.notifications.feed_cursor)));
        }
        Ok(session)
    }

    /// Prints an event, and says whether more are wanted.
    fn print(&mut self, event: FeedEvent) -> Result<bool, CommandError> {
        self.resumable = true;
        self.backoff.reset();
        if let Some(line) = line(self.format, &event)
            && !print(&mut self.out, &line)?
        {
            return Ok(false);
        }
        if let (Happening::Notification { .. }, Some(left)) = (&event.happening, &mut self.left) {
            *left -= 1;
        }
        self.cursor = Some(event.cursor);
        Ok(self.left != Some(0))
    }
}

/// What is printed of an event, if anything is.
fn line(format: Format, event: &FeedEvent) -> Option<String> {
    if format == Format::Json {
        return serde_json::to_string(event).ok();
    }
    match &event.happening {
        Happening::Notification { notification, .. } => Some(format!(
            "{}  {:<6}  {}  {}: {}",
            notification.created_at.format("%Y-%m-%d %H:%M:%S"),
            notification.priority.as_str(),
            notification.place(),
            notification.title,
            notification.message.replace('\n', " "),
        )),
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

    fn following(left: Option<u64>) -> Following<Vec<u8>> {
        let filter = FeedFilter::default();
        let backoff = Backoff::new(0);
        let format = Format::Json;
        Following { format, left, cursor: None, filter, out: Vec::new(), resumable: false, backoff }
    }

    #[test]
    fn each_event_is_a_line_with_its_cursor() {
        let mut tail = following(None);
        assert!(tail.print(event(1)).unwrap());
        assert!(
            tail.print(FeedEvent { cursor: Cursor("c2".into()), happening: Happening::Unknown }).unwrap()
        );
        let printed = String::from_utf8(tail.out).unwrap();
        let lines: Vec<serde_json::Value> =
            printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["cursor"], "c1");
        assert_eq!(lines[0]["notification"]["title"], "New event 1");
        assert_eq!(lines[1], serde_json::json!({"cursor": "c2", "kind": "unknown"}));
        assert_eq!(tail.cursor, Some(Cursor("c2".into())));
    }

    #[test]
    fn it_ends_after_so_many_notifications() {
        let mut tail = following(Some(2));
        let progress =
            FeedEvent { cursor: Cursor("c0".into()), happening: Happening::Progress { live: true } };
        assert!(tail.print(progress).unwrap());
        assert!(tail.print(event(1)).unwrap());
        assert!(!tail.print(event(2)).unwrap());
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
