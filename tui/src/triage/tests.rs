//! What is done with notifications, and what comes of it.

use chrono::TimeDelta;
use ratatui::layout::Position;
use rstest::rstest;

use crate::{
    action::Action,
    document::Line,
    effect::{self, Gesture},
    fixture::{act, admin_with, arrival, happen, model, net, notification, start, type_line},
    message::{self, Message, Pointer},
    model::{
        Model,
        count::Count,
        event::{Happening, ReadState},
        explanation::{Explanation, Reason},
        fault::Fault,
        notification::NotificationId,
        overlay::Overlay,
    },
    options::Options,
    screens::{Tab, feed},
    triage::{
        change::Change,
        exchange::{Effect, MOST, Signal},
    },
    update::update,
};

fn shown(model: &Model) -> String {
    let shown = model.screens.feed.triage.inbox.shown().iter();
    shown.map(NotificationId::as_str).collect::<Vec<_>>().join(" ")
}

fn selected(model: &Model) -> &str {
    model.screens.feed.triage.inbox.selected().map_or("", |notification| notification.id.as_str())
}

fn unread(model: &Model) -> String {
    model.shared.unread.map_or_else(String::new, |unread| unread.to_string())
}

fn status(model: &Model) -> &str {
    model.shared.status.as_ref().map_or("", |status| &status.text)
}

fn acts(model: &mut Model, actions: &[Action]) -> Vec<effect::Effect> {
    actions.iter().flat_map(|action| act(model, *action)).collect()
}

fn change(ticket: u64, ids: &[&str], change: Change) -> effect::Effect {
    let ids = ids.iter().map(|id| NotificationId::from(*id)).collect();
    Effect::Change { tab: Tab::Feed, ticket, ids, change }.into()
}

fn answer(model: &mut Model, ticket: u64, well: bool) -> Vec<effect::Effect> {
    let refused = Fault::Refused { code: "UNAVAILABLE".into(), message: "no".into() };
    let result = if well { Ok(Count { count: 9, at_least: false }) } else { Err(refused) };
    net(model, Signal::Changed { tab: Tab::Feed, ticket, result })
}

fn says(model: &Model) -> String {
    model.screen().says(&model.shared).join(" · ")
}

use Action::{
    Archive, Back, Down, MarkAllRead, MarkRange, MarkRead, MarkShown, MarkUnread, ToggleMark, ToggleUnread,
    Undo,
};

/// The feed has n5 to n1, of which n2 is read.
#[rstest]
#[case::archive(&[Down, Archive], &["n4"], Change::Archive, "n5 n3 n2 n1", "n3", "3")]
#[case::archive_the_newest(&[Archive], &["n5"], Change::Archive, "n4 n3 n2 n1", "n4", "3")]
#[case::archive_the_last(&[Action::Bottom, Archive], &["n1"], Change::Archive, "n5 n4 n3 n2", "n2", "3")]
#[case::archive_what_is_read(&[Down, Down, Down, Archive], &["n2"], Change::Archive, "n5 n4 n3 n1", "n1", "4")]
#[case::two(&[ToggleMark, ToggleMark, MarkRead], &["n5", "n4"], Change::Read, "n5 n4 n3 n2 n1", "n3", "2")]
#[case::but_one(&[MarkShown, ToggleMark, MarkUnread], &["n2"], Change::Unread, "n5 n4 n3 n2 n1", "n4", "5")]
#[case::a_range(&[Down, MarkRange, Down, Down, Archive], &["n4", "n3", "n2"], Change::Archive, "n5 n1", "n1", "2")]
#[case::a_range_upwards(&[Down, Down, MarkRange, Action::Up, Archive], &["n4", "n3"], Change::Archive, "n5 n2 n1", "n2", "2")]
#[case::two_ranges(&[MarkRange, MarkRange, Down, Down, MarkRange, Down, MarkRead], &["n5", "n3"], Change::Read, "n5 n4 n3 n2 n1", "n2", "2")]
#[case::all(&[MarkShown, Archive], &["n5", "n4", "n3", "n2", "n1"], Change::Archive, "", "", "0")]
#[case::of_the_unread(&[ToggleUnread, MarkShown, MarkRead], &["n5", "n4", "n3", "n1"], Change::Read, "", "", "0")]
fn changes(
    #[case] actions: &[Action],
    #[case] ids: &[&str],
    #[case] how: Change,
    #[case] left: &str,
    #[case] next: &str,
    #[case] left_unread: &str,
) {
    let mut model = model();
    let effects = acts(&mut model, actions);
    assert_eq!(effects.last(), Some(&change(0, ids, how)));
    assert_eq!(
        (shown(&model).as_str(), selected(&model), unread(&model).as_str()),
        (left, next, left_unread)
    );
    assert!(model.screens.feed.triage.marks.is_empty());
    // Taken back, everything is as it was.
    assert_eq!(act(&mut model, Undo).first().map(|_| ()), Some(()));
    acts(&mut model, if actions.contains(&ToggleUnread) { &[ToggleUnread] } else { &[] });
    assert_eq!((shown(&model).as_str(), unread(&model).as_str()), ("n5 n4 n3 n2 n1", "4"));
    assert!(status(&model).starts_with("took back: "), "{}", status(&model));
    act(&mut model, Undo);
    assert_eq!(status(&model), "nothing to take back");
}

#[test]
fn what_is_refused_comes_back_and_is_not_to_be_taken_back() {
    let mut model = model();
    acts(&mut model, &[Down, Archive]);
    let effects = answer(&mut model, 0, false);
    assert_eq!(effects, [feed::exchange::Effect::Start { replace: false }.into()]);
    assert_eq!((shown(&model).as_str(), unread(&model).as_str()), ("n5 n4 n3 n2 n1", "4"));
    assert_eq!(status(&model), "failed to archive: no (UNAVAILABLE)");
    assert!(model.shared.undo.is_empty());
}

#[test]
fn a_refused_undo_leaves_it_done() {
    let mut model = model();
    act(&mut model, Archive);
    answer(&mut model, 0, true);
    assert_eq!(unread(&model), "9");
    assert_eq!(act(&mut model, Undo), [change(1, &["n5"], Change::Unarchive)]);
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
    answer(&mut model, 1, false);
    assert_eq!(shown(&model), "n4 n3 n2 n1");
}

#[test]
fn what_comes_back_here_is_no_reason_to_ask_for_everything() {
    let mut model = model();
    acts(&mut model, &[Archive, Undo]);
    let state = ReadState {
        revision: 2,
        notification_ids: vec!["n5".into()],
        archived: Some(false),
        ..ReadState::default()
    };
    assert!(happen(&mut model, "c6", Happening::ReadState(state)).is_empty());
}

#[test]
fn many_are_changed_in_calls_that_the_server_takes() {
    let mut many = start();
    many.page.notifications = (0..2_500).rev().map(notification).collect();
    let mut model = crate::fixture::connected(Options::default(), many);
    let effects = acts(&mut model, &[MarkShown, Archive]);
    let sizes: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            effect::Effect::Triage(Effect::Change { ids, .. }) => Some(ids.len()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [MOST, MOST, 500]);
    assert_eq!(shown(&model), "");
    // One call fails, the others do not: what came back is not taken back once more.
    answer(&mut model, 0, false);
    assert_eq!(model.screens.feed.triage.inbox.shown().len(), MOST);
    answer(&mut model, 1, true);
    answer(&mut model, 2, true);
    let undone = act(&mut model, Undo);
    assert_eq!(undone.len(), 2);
    assert_eq!(model.screens.feed.triage.inbox.shown().len(), 2_500);
    assert_eq!(selected(&model), "n1499", "what came back last");
}

#[test]
fn esc_leads_out_step_by_step() {
    let mut model = model();
    act(&mut model, Action::Filter);
    type_line(&mut model, "event");
    acts(&mut model, &[Action::Accept, ToggleMark, Action::SwitchFocus]);
    assert!(model.screen().works(&model.shared, Back));
    act(&mut model, Back);
    assert_eq!(says(&model), "1 marked");
    act(&mut model, Back);
    assert_eq!((says(&model).as_str(), shown(&model).as_str()), ("", "n5 n3 n2 n1"));
    assert_eq!(model.screens.feed.triage.wanted, ["event"]);
    act(&mut model, Back);
    assert!(model.screens.feed.triage.wanted.is_empty());
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
    assert!(!model.screen().works(&model.shared, Back));
}

#[test]
fn only_what_is_shown_is_changed() {
    let mut model = model();
    act(&mut model, MarkShown);
    act(&mut model, Action::Filter);
    type_line(&mut model, "library");
    act(&mut model, Action::Accept);
    assert_eq!((shown(&model).as_str(), says(&model).as_str()), ("n4", "1 marked"));
    assert_eq!(act(&mut model, Archive), [change(0, &["n4"], Change::Archive)]);
    act(&mut model, Back);
    assert_eq!(shown(&model), "n5 n3 n2 n1");
    act(&mut model, Action::Filter);
    type_line(&mut model, "1");
    act(&mut model, Action::Accept);
    assert_eq!(act(&mut model, MarkAllRead), [change(1, &["n1"], Change::Read)]);
}

#[test]
fn a_campus_narrows_the_list_and_what_is_read_at_once() {
    let mut model = model();
    act(&mut model, Action::Palette);
    type_line(&mut model, "campus north");
    act(&mut model, Action::Accept);
    assert_eq!((shown(&model).as_str(), says(&model).as_str()), ("n5 n4 n2 n1", "campus north only"));
    let campus = Some("north".to_owned());
    let all = Effect::MarkAllRead { tab: Tab::Feed, ticket: 0, through: "n5".into(), campus };
    assert_eq!(act(&mut model, MarkAllRead), [all.into()]);
    assert_eq!(unread(&model), "1");
    assert_eq!(act(&mut model, Undo), [change(1, &["n1", "n4", "n5"], Change::Unread)]);
    assert_eq!(unread(&model), "4");
}

#[rstest]
#[case::all_are_here(4, "took back: marked 4 as read")]
#[case::some_are_further_down(9, "took back: marked 4 as read, of those loaded")]
fn what_is_not_known_here_is_not_said_to_be_taken_back(#[case] unread: u32, #[case] said: &str) {
    let mut model = model();
    model.shared.unread = Some(Count { count: unread, at_least: false });
    acts(&mut model, &[MarkAllRead, Undo]);
    assert_eq!(status(&model), said);
}

#[test]
fn what_cannot_be_taken_back_now_can_be_later() {
    let mut model = model();
    act(&mut model, Archive);
    answer(&mut model, 0, true);
    net(&mut model, message::Signal::Lost(Fault::Unreachable("gone".into())));
    assert!(act(&mut model, Undo).is_empty());
    assert_eq!(status(&model), "not connected: nothing was taken back");
    assert_eq!(shown(&model), "n4 n3 n2 n1");
    net(&mut model, message::Signal::Connected);
    assert_eq!(act(&mut model, Undo), [change(1, &["n5"], Change::Unarchive)]);
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
}

#[test]
fn the_order_is_kept_as_things_arrive() {
    let mut model = model();
    acts(&mut model, &[Action::SortNext, Action::SortNext]);
    assert_eq!((shown(&model).as_str(), says(&model).as_str()), ("n4 n5 n2 n1 n3", "by priority"));
    happen(&mut model, "c6", arrival(6));
    assert_eq!(shown(&model), "n4 n6 n5 n2 n1 n3");
    act(&mut model, Action::Palette);
    type_line(&mut model, "sort oldest");
    act(&mut model, Action::Accept);
    assert_eq!(shown(&model), "n1 n2 n3 n4 n5 n6");
}

#[test]
fn pages_are_looked_through_for_what_is_looked_for() {
    let mut model = model();
    let listing = model.screens.feed.triage.inbox.listing_mut(crate::triage::inbox::Filter::All);
    listing.end = Some("e".into());
    let asked = act(&mut model, Action::Filter);
    assert!(type_line(&mut model, "nowhere").is_empty(), "it is on its way");
    let page = |after: &str| -> effect::Effect {
        let filter = crate::triage::inbox::Filter::All;
        feed::exchange::Effect::Page { filter, after: Some(after.into()) }.into()
    };
    assert_eq!(asked, [page("e")]);
    let mut asked = 0;
    let mut after = "e";
    loop {
        let result = Ok(message::Page {
            notifications: Vec::new(),
            end: Some("f".into()),
            feed_cursor: crate::model::event::Cursor("c5".into()),
        });
        let filter = crate::triage::inbox::Filter::All;
        let effects =
            net(&mut model, feed::exchange::Signal::Page { filter, after: Some(after.into()), result });
        after = "f";
        if effects.is_empty() {
            break;
        }
        assert_eq!(effects, [page("f")]);
        asked += 1;
    }
    assert_eq!(asked, 20);
}

#[rstest]
#[case(Action::OpenLink, Effect::Open { tab: Tab::Feed, address: "http://127.0.0.1:8080/library".into() }.into())]
#[case(Action::CopyLink, Gesture::Copy("http://127.0.0.1:8080/library".into()).into())]
#[case(Action::Explain, Effect::Explain { tab: Tab::Feed, id: "n4".into(), title: "Library closed".into() }.into())]
fn what_is_asked_of_the_world(#[case] action: Action, #[case] effect: effect::Effect) {
    let mut model = model();
    act(&mut model, Down);
    assert_eq!(act(&mut model, action), [effect]);
}

#[rstest]
#[case(None, "there is no link in it")]
#[case(Some("javascript:alert(1)"), "not an address to be opened: javascript:alert(1)")]
fn what_cannot_be_opened_is_said(#[case] address: Option<&str>, #[case] said: &str) {
    let mut model = model();
    let mut other = notification(6);
    other.data.action_url = address.map(ToOwned::to_owned);
    let happening = Happening::Notification { notification: Box::new(other), silent: false, replayed: false };
    happen(&mut model, "c6", happening);
    for action in [Action::OpenLink, Action::CopyLink] {
        assert!(act(&mut model, action).is_empty());
        assert_eq!(status(&model), said);
    }
}

#[test]
fn a_failed_opener_is_said() {
    let mut model = model();
    net(&mut model, Signal::Opened { tab: Tab::Feed, result: Err("no opener".into()) });
    assert_eq!(status(&model), "failed to open: no opener");
}

/// Why n4 came.
pub(crate) fn explained() -> Signal {
    let reason =
        |rule: &str, holds, detail: &str, at| Reason { rule: rule.into(), holds, detail: detail.into(), at };
    let at = Some(crate::fixture::moment() + TimeDelta::minutes(4));
    let reasons = vec![
        reason("audience", true, "It was sent to everyone on North Campus.", at),
        reason("quiet hours", false, "Your quiet hours are from 22:00 to 07:00.", None),
    ];
    let result = Ok(Explanation { received: true, reasons });
    Signal::Explained { tab: Tab::Feed, title: "Library closed".into(), result }
}

#[test]
fn why_it_came_is_spelled_out_for_whoever_is_still_there() {
    let mut model = admin_with(Options::default());
    net(&mut model, explained());
    let Some(Overlay::Text { lines, .. }) = model.shared.overlays.last() else {
        panic!("a text is shown");
    };
    assert_eq!(lines[0], Line::Title("Why you got “Library closed”".into()));
    assert!(matches!(&lines[3], Line::Field(name, _) if name == "✗ quiet hours"), "{lines:?}");
    act(&mut model, Back);
    act(&mut model, Action::Dashboard);
    net(&mut model, explained());
    assert!(model.shared.overlays.is_empty());
}

#[test]
fn the_line_between_list_and_detail_is_dragged() {
    let mut model = model();
    let point = |model: &mut Model, gesture, y| {
        update(model, Message::Point(Pointer { gesture, at: Position { x: 5, y } }));
        model.screens.feed.triage.layout(model.shared.body()).divider.y
    };
    let body = model.shared.body();
    let at = model.screens.feed.triage.layout(body).divider.y;
    assert_eq!(point(&mut model, message::Gesture::Drag, at - 3), at, "it has not been taken");
    assert_eq!(point(&mut model, message::Gesture::Press, at), at);
    assert_eq!(point(&mut model, message::Gesture::Drag, at - 3), at - 3);
    assert_eq!(point(&mut model, message::Gesture::Release, at - 3), at - 3);
    assert_eq!(point(&mut model, message::Gesture::Drag, at), at - 3);
}

#[test]
fn who_may_only_read_changes_nothing() {
    let mut model = admin_with(Options { readonly: true, ..Options::default() });
    for action in [Archive, MarkRead, MarkUnread, MarkAllRead, Action::Unarchive, Undo] {
        assert!(act(&mut model, action).is_empty());
        assert_eq!(status(&model), "read-only: nothing is changed from here");
    }
    assert_eq!(shown(&model), "n5 n4 n3 n2 n1");
}
