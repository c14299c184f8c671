//! What messages change, and what they ask for.

use std::time::Duration;

use chrono::TimeDelta;
use ratatui::layout::Size;
use rstest::rstest;

use crate::{
    action::Action,
    effect,
    fixture::{arrival, happen, model, moment, notification, start},
    message::{Message, Page, Signal as Net},
    model::{
        Model,
        count::Count,
        event::{Cursor, Happening, ReadState},
        fault::Fault,
        link::LinkState,
        notification::NotificationId,
    },
    options::Options,
    screens::{
        Tab,
        feed::exchange::{Effect, Signal},
    },
    triage::{self, change::Change, inbox::Filter},
    update::{begin, update},
};

fn act(model: &mut Model, action: Action) -> Vec<effect::Effect> {
    update(model, Message::Act(action))
}

fn net(model: &mut Model, signal: impl Into<Net>) -> Vec<effect::Effect> {
    update(model, Message::Net(signal.into()))
}

fn refused(code: &str) -> Fault {
    Fault::Refused { code: code.into(), message: "no".into() }
}

fn lost() -> Net {
    Net::Lost(Fault::Unreachable("connection lost".into()))
}

fn shown(model: &Model) -> String {
    model.screens.feed.triage.inbox.shown().iter().map(NotificationId::as_str).collect::<Vec<_>>().join(" ")
}

fn selected(model: &Model) -> &str {
    model.screens.feed.triage.inbox.selected().map_or("", |notification| notification.id.as_str())
}

fn unread(model: &Model) -> String {
    model.shared.unread.map_or_else(String::new, |unread| unread.to_string())
}

#[test]
fn it_begins_with_a_page_and_follows_from_where_the_page_says() {
    let mut model = Model::new("http://x".into(), Options::default(), moment(), Size::new(80, 24), 1);
    assert_eq!(begin(), [effect::Effect::Connect { after: Duration::ZERO }]);
    assert_eq!(net(&mut model, Net::Connected), [Effect::Start { replace: true }].map(effect::Effect::from));
    let effects = net(&mut model, Signal::Started { replace: true, result: Ok(Box::new(start())) });
    assert_eq!(
        effects,
        [Effect::Follow { generation: 1, after: Cursor("c5".into()) }].map(effect::Effect::from)
    );
    assert_eq!(model.shared.link.state, LinkState::CatchingUp);
    happen(&mut model, "c5", Happening::Progress { live: true });
    assert_eq!(model.shared.link.state, LinkState::Live);
}

#[test]
fn arrivals_go_on_top_once_and_count() {
    let mut model = model();
    for at in ["c6", "c6"] {
        happen(&mut model, at, arrival(6));
    }
    assert_eq!(shown(&model), "n6 n5 n4 n3 n2 n1");
    assert_eq!(unread(&model), "5");
}

#[test]
fn a_lost_connection_is_resumed_from_the_last_cursor() {
    let mut model = model();
    happen(&mut model, "c6", arrival(6));
    let effects = net(&mut model, lost());
    assert!(
        matches!(effects[..], [effect::Effect::Connect { after }] if after >= Duration::from_millis(500))
    );
    assert!(matches!(model.shared.link.state, LinkState::Waiting { .. }));
    let effects = net(&mut model, Net::Connected);
    let follow = Effect::Follow { generation: 2, after: Cursor("c6".into()) };
    assert_eq!(effects, [follow, Effect::Start { replace: false }].map(effect::Effect::from));
    // What comes again is no second one, and what a page holds is left to the feed.
    let mut page = start();
    page.page.notifications.insert(0, notification(7));
    net(&mut model, Signal::Started { replace: false, result: Ok(Box::new(page)) });
    happen(&mut model, "c6", arrival(6));
    happen(&mut model, "c7", arrival(7));
    assert_eq!((shown(&model).as_str(), unread(&model).as_str()), ("n7 n6 n5 n4 n3 n2 n1", "4"));
}

#[test]
fn what_is_replayed_was_counted_before() {
    let mut model = model();
    let mut missed = arrival(6);
    if let Happening::Notification { replayed, .. } = &mut missed {
        *replayed = true;
    }
    happen(&mut model, "c6", missed);
    assert_eq!((shown(&model).as_str(), unread(&model).as_str()), ("n6 n5 n4 n3 n2 n1", "4"));
}

#[test]
fn an_unknown_kind_moves_the_cursor_and_nothing_else() {
    let mut model = model();
    assert!(happen(&mut model, "c9", Happening::Unknown).is_empty());
    assert_eq!(model.screens.feed.cursor, Some(Cursor("c9".into())));
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
}

#[test]
fn an_earlier_subscription_is_not_listened_to() {
    let mut model = model();
    let event = crate::model::event::FeedEvent { cursor: Cursor("c3".into()), happening: arrival(9) };
    net(&mut model, Signal::Event { generation: 0, event: Box::new(event) });
    assert!(net(&mut model, Signal::Ended { generation: 0, fault: None }).is_empty());
    assert_eq!(
        (model.screens.feed.cursor.clone(), model.shared.link.state.clone()),
        (Some(Cursor("c5".into())), LinkState::Live)
    );
}

#[test]
fn an_expired_cursor_starts_from_a_page() {
    let mut model = model();
    let recalled = Happening::Recalled { notification_id: "n4".into() };
    happen(&mut model, "c6", recalled);
    let ended = Signal::Ended { generation: 1, fault: Some(refused("CURSOR_EXPIRED")) };
    assert_eq!(net(&mut model, ended), [Effect::Start { replace: true }].map(effect::Effect::from));
    let effects = net(&mut model, Signal::Started { replace: true, result: Ok(Box::new(start())) });
    assert_eq!(
        effects,
        [Effect::Follow { generation: 2, after: Cursor("c5".into()) }].map(effect::Effect::from)
    );
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1", "it may be another one of that name");
}

#[test]
fn with_an_expired_cursor_what_was_marked_or_done_is_not_done_to_others() {
    let mut model = model();
    act(&mut model, Action::MarkRead);
    act(&mut model, Action::ToggleMark);
    net(&mut model, Signal::Ended { generation: 1, fault: Some(refused("CURSOR_EXPIRED")) });
    net(&mut model, Signal::Started { replace: true, result: Ok(Box::new(start())) });
    assert!(model.screens.feed.triage.marks.is_empty());
    act(&mut model, Action::Undo);
    assert_eq!(model.shared.status.as_ref().unwrap().text, "nothing to take back");
    // The answer to what was done before is of no use to anybody.
    let result = Err(refused("NOT_FOUND"));
    assert!(
        net(&mut model, triage::exchange::Signal::Changed { tab: Tab::Feed, ticket: 0, result }).is_empty()
    );
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
}

#[rstest]
#[case(Fault::Unauthenticated("expired".into()))]
#[case(Fault::Foreign("no Campanile there".into()))]
fn a_refusal_waits_for_a_key(#[case] fault: Fault) {
    let mut model = model();
    let why = fault.to_string();
    assert!(net(&mut model, Net::Lost(fault)).is_empty());
    assert_eq!(model.shared.link.state, LinkState::Refused { why });
    // What asks for another token can be closed.
    model.shared.overlays.clear();
    assert_eq!(act(&mut model, Action::Reconnect), [effect::Effect::Connect { after: Duration::ZERO }]);
    assert_eq!(model.shared.link.state, LinkState::Connecting);
    // Once is enough.
    assert!(act(&mut model, Action::Reconnect).is_empty());
}

#[test]
fn a_first_answer_that_fails_is_tried_again() {
    let mut model = Model::new("http://x".into(), Options::default(), moment(), Size::new(80, 24), 1);
    net(&mut model, Net::Connected);
    let effects = net(&mut model, Signal::Started { replace: true, result: Err(refused("UNAVAILABLE")) });
    assert!(matches!(effects[..], [effect::Effect::Connect { .. }]));
    // The connection that is given up then tells of its end, too late to matter.
    let mut refused = model;
    let fault = Fault::Unauthenticated("who?".into());
    net(&mut refused, Net::Connected);
    assert!(net(&mut refused, Signal::Started { replace: true, result: Err(fault) }).is_empty());
    assert!(matches!(refused.shared.link.state, LinkState::Refused { .. }));
}

#[test]
fn reading_shows_at_once_and_the_selection_moves_on() {
    let mut model = model();
    let effects = act(&mut model, Action::MarkRead);
    assert_eq!(
        effects,
        [triage::exchange::Effect::Change {
            tab: Tab::Feed,
            ticket: 0,
            ids: vec!["n5".into()],
            change: Change::Read
        }]
        .map(effect::Effect::from)
    );
    assert_eq!((selected(&model), unread(&model).as_str()), ("n4", "3"));
    net(
        &mut model,
        triage::exchange::Signal::Changed {
            tab: Tab::Feed,
            ticket: 0,
            result: Ok(Count { count: 7, at_least: false }),
        },
    );
    assert_eq!(unread(&model), "7");
    act(&mut model, Action::Up);
    assert!(act(&mut model, Action::MarkRead).is_empty(), "it is read already");
    assert_eq!(selected(&model), "n4");
}

#[test]
fn among_the_unread_what_is_read_goes_and_comes_back_when_refused() {
    let mut model = model();
    let page = Effect::Page { filter: Filter::Unread, after: None };
    assert_eq!(act(&mut model, Action::ToggleUnread), [page].map(effect::Effect::from));
    assert_eq!(shown(&model), "n5 n4 n3 n1");
    act(&mut model, Action::Down);
    act(&mut model, Action::MarkRead);
    assert_eq!((shown(&model).as_str(), selected(&model)), ("n5 n3 n1", "n3"));
    let effects = net(
        &mut model,
        triage::exchange::Signal::Changed { tab: Tab::Feed, ticket: 0, result: Err(refused("UNAVAILABLE")) },
    );
    assert_eq!(effects, [Effect::Start { replace: false }].map(effect::Effect::from));
    assert_eq!((shown(&model).as_str(), selected(&model)), ("n5 n4 n3 n1", "n3"));
    assert_eq!(unread(&model), "4");
    assert_eq!(
        model.shared.status.as_ref().map(|status| status.text.as_str()),
        Some("failed to mark: no (UNAVAILABLE)")
    );
    let later = model.shared.now + TimeDelta::seconds(7);
    update(&mut model, Message::Tick(later));
    assert_eq!(model.shared.status, None);
}

#[test]
fn all_are_read_up_to_the_newest_shown() {
    let mut model = model();
    let effects = act(&mut model, Action::MarkAllRead);
    assert_eq!(
        effects,
        [triage::exchange::Effect::MarkAllRead {
            tab: Tab::Feed,
            ticket: 0,
            through: "n5".into(),
            campus: None
        }]
        .map(effect::Effect::from)
    );
    assert_eq!(unread(&model), "0");
    happen(&mut model, "c6", arrival(6));
    net(
        &mut model,
        triage::exchange::Signal::Changed { tab: Tab::Feed, ticket: 0, result: Err(refused("UNAVAILABLE")) },
    );
    act(&mut model, Action::ToggleUnread);
    assert_eq!(shown(&model), "n6 n5 n4 n3 n1");
}

#[test]
fn unreading_moves_on_too() {
    let mut model = model();
    for _ in 0..3 {
        act(&mut model, Action::Down);
    }
    assert_eq!(selected(&model), "n2");
    let effects = act(&mut model, Action::MarkUnread);
    assert_eq!(
        effects,
        [triage::exchange::Effect::Change {
            tab: Tab::Feed,
            ticket: 0,
            ids: vec!["n2".into()],
            change: Change::Unread
        }]
        .map(effect::Effect::from)
    );
    assert_eq!((selected(&model), unread(&model).as_str()), ("n1", "5"));
    assert!(act(&mut model, Action::MarkUnread).is_empty());
}

#[test]
fn what_another_device_read_is_read_here_unless_it_is_old_news() {
    let mut model = model();
    let state = |revision, ids: &[&str], read| {
        Happening::ReadState(ReadState {
            revision,
            notification_ids: ids.iter().map(|id| NotificationId::from(*id)).collect(),
            read: Some(read),
            unread_count: 3,
            ..ReadState::default()
        })
    };
    happen(&mut model, "c6", state(2, &["n4", "unknown"], true));
    assert!(!model.screens.feed.triage.inbox.get(&"n4".into()).unwrap().is_unread());
    assert_eq!(unread(&model), "3");
    happen(&mut model, "c6", state(1, &["n4"], false));
    assert!(!model.screens.feed.triage.inbox.get(&"n4".into()).unwrap().is_unread());
}

#[rstest]
#[case::through(Some("n3"), Some(true), None, "n5 n4", false)]
#[case::through_unknown(Some("n99"), Some(true), None, "n5 n4 n3 n1", true)]
#[case::of_a_campus(None, Some(true), None, "n5 n4 n3 n1", true)]
#[case::anything(None, None, None, "n5 n4 n3 n1", true)]
#[case::archived(Some("n3"), None, Some(true), "n5 n4", false)]
#[case::unarchived(Some("n3"), None, Some(false), "n5 n4 n3 n1", true)]
fn a_read_state_without_names(
    #[case] through: Option<&str>,
    #[case] read: Option<bool>,
    #[case] archived: Option<bool>,
    #[case] left: &str,
    #[case] refetches: bool,
) {
    let mut model = model();
    act(&mut model, Action::ToggleUnread);
    let read_through = through.map(NotificationId::from);
    let state = ReadState { revision: 1, read_through, read, archived, ..ReadState::default() };
    let effects = happen(&mut model, "c6", Happening::ReadState(state));
    assert_eq!(shown(&model), left);
    assert_eq!(effects.contains(&Effect::Start { replace: true }.into()), refetches);
}

#[test]
fn what_was_only_seen_asks_for_nothing() {
    let mut model = model();
    let seen = ReadState { revision: 1, unread_count: 4, ..ReadState::default() };
    assert!(happen(&mut model, "c6", Happening::ReadState(seen)).is_empty());
}

#[test]
fn receipts_under_way_are_ahead_of_what_the_server_tells() {
    let mut model = model();
    act(&mut model, Action::MarkRead);
    act(&mut model, Action::MarkRead);
    let first = ReadState {
        revision: 1,
        notification_ids: vec!["n5".into()],
        read: Some(true),
        unread_count: 3,
        ..Default::default()
    };
    assert!(happen(&mut model, "c6", Happening::ReadState(first)).is_empty());
    assert_eq!(unread(&model), "2");
}

#[test]
fn what_is_recalled_is_gone_and_no_longer_unread() {
    let mut model = model();
    for id in ["n4", "n2", "unknown"] {
        happen(&mut model, "c6", Happening::Recalled { notification_id: id.into() });
    }
    assert_eq!((shown(&model).as_str(), unread(&model).as_str()), ("n5 n3 n1", "3"));
}

#[test]
fn another_membership_means_another_page() {
    let mut model = model();
    assert_eq!(
        happen(&mut model, "c6", Happening::ViewerChanged),
        [Effect::Start { replace: true }].map(effect::Effect::from)
    );
    let mut other = start();
    other.page.notifications = vec![notification(3)];
    let effects = net(&mut model, Signal::Started { replace: true, result: Ok(Box::new(other)) });
    assert!(effects.is_empty(), "the feed goes on");
    assert_eq!(shown(&model), "n3");
}

#[test]
fn what_arrives_while_two_pages_are_wanted_is_on_neither_and_stays() {
    let mut model = model();
    // Two reasons, one after the other, as when a type is unmuted: the viewer changed, and so did what is unread.
    let behind = Happening::ReadState(ReadState { revision: 9, unread_count: 5, ..ReadState::default() });
    let started = || Signal::Started { replace: true, result: Ok(Box::new(start())) };
    let mut asked = happen(&mut model, "c6", Happening::ViewerChanged);
    asked.extend(happen(&mut model, "c6", behind));
    let mut pages = asked.len();
    for answered in 0.. {
        if answered == pages {
            break;
        }
        pages += net(&mut model, started()).len();
        if answered == 0 {
            happen(&mut model, "c7", arrival(7));
        }
    }
    assert_eq!(pages, 2);
    assert_eq!(shown(&model), "n7 n5 n4 n3 n2 n1");
}

#[test]
fn a_page_that_was_lost_on_the_way_is_asked_for_again() {
    let mut model = model();
    happen(&mut model, "c6", Happening::ViewerChanged);
    net(&mut model, lost());
    let effects = net(&mut model, Net::Connected);
    let follow = Effect::Follow { generation: 2, after: Cursor("c6".into()) };
    assert_eq!(effects, [follow, Effect::Start { replace: true }].map(effect::Effect::from));
}

#[test]
fn the_newest_is_seen_after_a_while_on_the_screen() {
    let mut model = model();
    let mut after = |seconds| {
        let now = moment() + TimeDelta::minutes(30) + TimeDelta::seconds(seconds);
        update(&mut model, Message::Tick(now))
    };
    assert!(after(1).is_empty());
    assert_eq!(after(2), [Effect::MarkSeen { through: "n5".into() }].map(effect::Effect::from));
    assert!(after(3).is_empty());
}

#[test]
fn the_end_of_what_is_known_asks_for_older_ones_once() {
    let mut model = model();
    let mut page = start();
    page.page.end = Some("e1".into());
    let older = Effect::Page { filter: Filter::All, after: Some("e1".into()) };
    happen(&mut model, "c6", Happening::ViewerChanged);
    let effects = net(&mut model, Signal::Started { replace: true, result: Ok(Box::new(page)) });
    assert_eq!(effects, [older].map(effect::Effect::from));
    assert!(act(&mut model, Action::Bottom).is_empty(), "it is on its way");
    let page = Page { notifications: vec![notification(0)], end: None, feed_cursor: Cursor("c5".into()) };
    let after = Some("e1".into());
    net(&mut model, Signal::Page { filter: Filter::All, after, result: Ok(page) });
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1 n0");
    assert_eq!(selected(&model), "n1");
    assert!(act(&mut model, Action::Bottom).is_empty());
    assert_eq!(selected(&model), "n0");
}

#[rstest]
#[case(&[Action::Down, Action::Down], "n3")]
#[case(&[Action::Down, Action::Up], "n5")]
#[case(&[Action::Bottom], "n1")]
#[case(&[Action::Bottom, Action::Down], "n1")]
#[case(&[Action::Bottom, Action::Top], "n5")]
#[case(&[Action::PageDown], "n1")]
#[case(&[Action::PageDown, Action::PageUp], "n5")]
fn moves_select(#[case] moves: &[Action], #[case] id: &str) {
    let mut model = model();
    for action in moves {
        act(&mut model, *action);
    }
    assert_eq!(selected(&model), id);
}

#[test]
fn scrolling_stops_at_the_last_line() {
    let mut model = model();
    act(&mut model, Action::Down);
    act(&mut model, Action::SwitchFocus);
    act(&mut model, Action::Bottom);
    let end = model.screens.feed.triage.detail_scroll;
    assert!(end > 0);
    act(&mut model, Action::Down);
    assert_eq!(model.screens.feed.triage.detail_scroll, end);
    act(&mut model, Action::Up);
    assert_eq!(model.screens.feed.triage.detail_scroll, end - 1);
    act(&mut model, Action::Back);
    act(&mut model, Action::Down);
    assert_eq!(model.screens.feed.triage.detail_scroll, 0);
}

#[rstest]
#[case(Message::Act(Action::Quit))]
#[case(Message::Terminate)]
fn it_ends(#[case] message: Message) {
    let mut model = model();
    update(&mut model, message);
    assert!(model.shared.quit);
}
