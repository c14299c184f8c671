//! Whatever comes, in whatever order: what holds of every model.

use std::collections::{BTreeSet, HashSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use ratatui::layout::Size;

use crate::{
    action::Action,
    fixture::{arrival, happen, model, moment, notification},
    message::{Message, Page, Signal},
    model::{
        Model,
        count::Count,
        event::{Cursor, Happening, ReadState},
        fault::Fault,
        notification::Notification,
    },
    screens::{Tab, feed::exchange},
    triage::{self, inbox::Filter},
    update::update,
};

/// Something that comes from outside. The numbers stand for notifications, in the order of the feed.
#[derive(Debug, Clone)]
enum Outside {
    Arrives(u16),
    IsRecalled(u16),
    IsRead(u16, bool),
    IsReadThrough(u16),
    Changed,
    Page { filter: Filter, older: bool, newest: u16 },
    Act(Action),
    Answered(bool),
    Lost,
    Connected,
    Resized(u16, u16),
    Ticked(u8),
}

fn outside() -> impl Strategy<Value = Outside> {
    use Action::{
        Archive, Back, Bottom, Down, MarkAllRead, MarkRange, MarkRead, MarkShown, MarkUnread, PageDown,
        SortNext, SwitchFocus, ToggleMark, ToggleUnread, Top, Undo, Up,
    };
    let action = prop::sample::select(vec![
        Up,
        Down,
        PageDown,
        Top,
        Bottom,
        MarkRead,
        MarkUnread,
        MarkAllRead,
        ToggleUnread,
        SwitchFocus,
        Archive,
        ToggleMark,
        MarkRange,
        MarkShown,
        SortNext,
        Undo,
        Back,
    ]);
    let filter = prop_oneof![Just(Filter::All), Just(Filter::Unread)];
    prop_oneof![
        (1_u16..40).prop_map(Outside::Arrives),
        (1_u16..40).prop_map(Outside::IsRecalled),
        (1_u16..40, any::<bool>()).prop_map(|(n, read)| Outside::IsRead(n, read)),
        (1_u16..40).prop_map(Outside::IsReadThrough),
        // Without it no first page is asked for, and one that was not is not taken.
        Just(Outside::Changed),
        (filter, any::<bool>(), 1_u16..40).prop_map(|(filter, older, newest)| Outside::Page {
            filter,
            older,
            newest
        }),
        action.prop_map(Outside::Act),
        any::<bool>().prop_map(Outside::Answered),
        Just(Outside::Lost),
        Just(Outside::Connected),
        (0_u16..130, 0_u16..40).prop_map(|(width, height)| Outside::Resized(width, height)),
        (0_u8..5).prop_map(Outside::Ticked),
    ]
}

fn take_in(model: &mut Model, outside: Outside, revision: i32) {
    let state = ReadState { revision, ..ReadState::default() };
    let happening = match outside {
        Outside::Arrives(n) => arrival(n),
        Outside::IsRecalled(n) => Happening::Recalled { notification_id: format!("n{n}").into() },
        Outside::IsRead(n, read) => {
            let notification_ids = vec![format!("n{n}").into()];
            Happening::ReadState(ReadState { notification_ids, read: Some(read), ..state })
        }
        Outside::IsReadThrough(n) => {
            let read_through = Some(format!("n{n}").into());
            Happening::ReadState(ReadState { read_through, read: Some(true), ..state })
        }
        Outside::Changed => Happening::ViewerChanged,
        other => {
            let message = message(model, &other);
            update(model, message);
            return;
        }
    };
    happen(model, "c9", happening);
}

fn message(model: &Model, outside: &Outside) -> Message {
    match *outside {
        Outside::Page { filter, older, newest } => {
            let notifications = (newest.saturating_sub(5)..newest).rev().map(notification).collect();
            let page = Page { notifications, end: Some("e".into()), feed_cursor: Cursor("c9".into()) };
            Message::Net(
                exchange::Signal::Page { filter, after: older.then(|| "e".into()), result: Ok(page) }.into(),
            )
        }
        Outside::Act(action) => Message::Act(action),
        Outside::Answered(well) => {
            let ticket = model.shared.next_ticket.saturating_sub(1);
            let fault = Fault::Refused { code: "UNAVAILABLE".into(), message: "no".into() };
            let result = if well { Ok(Count { count: 3, at_least: false }) } else { Err(fault) };
            Message::Net(triage::exchange::Signal::Changed { tab: Tab::Feed, ticket, result }.into())
        }
        Outside::Connected => Message::Net(Signal::Connected),
        Outside::Resized(width, height) => Message::Resize(Size { width, height }),
        Outside::Ticked(seconds) => Message::Tick(model.shared.now + TimeDelta::seconds(seconds.into())),
        _ => Message::Net(Signal::Lost(Fault::Unreachable("gone".into()))),
    }
}

proptest! {
    #[test]
    fn every_model_is_sound(comes in prop::collection::vec(outside(), 0..80)) {
        let mut model = model();
        let mut recalled = BTreeSet::new();
        for (outside, revision) in comes.into_iter().zip(1..) {
            if let Outside::IsRecalled(n) = outside {
                recalled.insert(format!("n{n}"));
            }
            take_in(&mut model, outside, revision);
            let feed = &model.screens.feed.triage.inbox;
            for filter in [Filter::All, Filter::Unread] {
                let ids: Vec<_> = feed.listing(filter).iter().collect();
                let once: HashSet<_> = ids.iter().collect();
                prop_assert_eq!(once.len(), ids.len(), "each is listed once");
                prop_assert!(ids.iter().all(|id| feed.get(id).is_some()), "what is listed is known");
                prop_assert!(!ids.iter().any(|id| recalled.contains(id.as_str())), "what was recalled is gone");
            }
            let unread = feed.listing(Filter::Unread);
            prop_assert!(unread.iter().all(|id| feed.get(id).is_some_and(Notification::is_unread)), "the unread are unread");
            let shown: HashSet<_> = feed.shown().iter().collect();
            let listed: HashSet<_> = feed.listing(feed.filter).iter().collect();
            prop_assert_eq!(shown, listed, "in whatever order, the same are shown");
            let (len, selection) = (feed.shown().len(), feed.selection);
            prop_assert!(selection.index < len.max(1), "what is selected is there");
            let rows = usize::from(model.screens.feed.triage.layout(model.shared.body()).list.height).max(1);
            prop_assert!((selection.offset..selection.offset + rows).contains(&selection.index), "and on the screen");
            prop_assert!(model.shared.now >= moment());
        }
    }
}
