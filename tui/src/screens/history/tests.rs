//! What is looked for, what is asked because of it, and how it looks.

use chrono::TimeDelta;
use proptest::prelude::*;
use rstest::rstest;

use super::exchange::{Effect, Signal};
use crate::{
    action::Action,
    api::{NotificationType, fragments, queries::NotificationFilter},
    config::view::View,
    effect,
    fixture::{act, admin, admin_with, arrival, happen, net, notification, start, type_line},
    message::{Message, Page, Signal as Net},
    model::{
        Model,
        count::Count,
        event::{Cursor, Happening, ReadState},
        fault::Fault,
        notification::NotificationId,
    },
    options::Options,
    screens::{Tab, feed},
    theme::Theme,
    triage::{self, change::Change, inbox::Filter},
    update::update,
    view::tests::{resize, shown as frame, styled},
};

fn shown(model: &Model) -> String {
    let shown = model.screens.history.triage.inbox.shown().iter();
    shown.map(NotificationId::as_str).collect::<Vec<_>>().join(" ")
}

fn status(model: &Model) -> &str {
    model.shared.status.as_ref().map_or("", |status| &status.text)
}

fn says(model: &Model) -> String {
    model.screen().says(&model.shared).join(" · ")
}

fn run(model: &mut Model, line: &str) -> Vec<effect::Effect> {
    act(model, Action::Palette);
    type_line(model, line);
    act(model, Action::Accept)
}

/// The page that is asked for, if one is.
fn asked(effects: &[effect::Effect]) -> Option<(NotificationFilter, Option<String>)> {
    effects.iter().find_map(|effect| match effect {
        effect::Effect::History(Effect::Page { filter, after, .. }) => {
            Some(((**filter).clone(), after.clone()))
        }
        _ => None,
    })
}

fn filter(effects: &[effect::Effect]) -> NotificationFilter {
    asked(effects).expect("a page is asked for").0
}

fn second(model: &mut Model) -> Vec<effect::Effect> {
    let now = model.shared.now + TimeDelta::seconds(1);
    update(model, Message::Tick(now))
}

/// The answer to what was asked last.
fn answer(model: &mut Model, older: bool, ns: &[u16], end: Option<&str>) -> Vec<effect::Effect> {
    let history = &model.screens.history;
    let generation = history.generation;
    // As asked: the end of what is known.
    let after = history.triage.inbox.listing(Filter::All).end.clone().filter(|_| older);
    let notifications = ns.iter().map(|n| notification(*n)).collect();
    let end = end.map(ToOwned::to_owned);
    let result = Ok(Page { notifications, end, feed_cursor: Cursor("c5".into()) });
    net(model, Signal::Page { generation, after, result })
}

fn opened() -> Model {
    let mut model = admin();
    act(&mut model, Action::History);
    answer(&mut model, false, &[5, 4, 3], None);
    model
}

#[test]
fn it_asks_when_it_is_shown_and_again_only_when_it_has_to() {
    let mut model = admin();
    let effects = act(&mut model, Action::History);
    assert_eq!(asked(&effects), Some((NotificationFilter::default(), None)));
    assert!(effects.contains(&Effect::Types.into()));
    answer(&mut model, false, &[5, 4], None);
    act(&mut model, Action::Feed);
    assert_eq!(asked(&act(&mut model, Action::History)), None);
    act(&mut model, Action::Feed);
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    net(&mut model, Net::Connected);
    assert!(asked(&act(&mut model, Action::History)).is_some());
}

#[test]
fn what_is_typed_is_looked_for_after_a_quiet_second() {
    let mut model = opened();
    act(&mut model, Action::Filter);
    assert_eq!(type_line(&mut model, "fire"), []);
    assert_eq!(asked(&second(&mut model)), None, "the second may have been about to pass");
    type_line(&mut model, " drill");
    assert_eq!(asked(&second(&mut model)), None);
    let search = filter(&second(&mut model)).search;
    assert_eq!(search.as_deref(), Some("fire drill"));
    assert_eq!(asked(&second(&mut model)), None, "once");
    assert_eq!(model.screens.history.triage.wanted, ["fire", "drill"]);
    // Enter does not wait, and Esc looks for everything again.
    type_line(&mut model, "s");
    assert_eq!(filter(&act(&mut model, Action::Accept)).search.as_deref(), Some("fire drills"));
    assert_eq!(filter(&act(&mut model, Action::Back)).search, None);
    assert_eq!(asked(&act(&mut model, Action::Back)), None);
}

#[rstest]
#[case("Fire drill*", &["fire", "drill"])]
#[case("\"open day\" -cancelled", &["open", "day"])]
#[case("-\"open day\" thesis", &["thesis"])]
#[case("-\"never closed", &[])]
#[case(" \" * - ", &[])]
fn words_that_are_looked_for_are_shown(#[case] search: &str, #[case] words: &[&str]) {
    let mut model = opened();
    act(&mut model, Action::Filter);
    type_line(&mut model, search);
    act(&mut model, Action::Accept);
    assert_eq!(model.screens.history.triage.wanted, words);
}

#[test]
fn an_answer_to_an_earlier_question_is_old_news() {
    let mut model = opened();
    let generation = model.screens.history.generation;
    act(&mut model, Action::ToggleUnread);
    let page = Page { notifications: vec![notification(9)], end: None, feed_cursor: Cursor("c".into()) };
    net(&mut model, Signal::Page { generation, after: None, result: Ok(page) });
    assert_eq!(shown(&model), "n5 n4 n3");
}

#[rstest]
#[case(&["with-archived"], NotificationFilter { archived: Some(true), ..NotificationFilter::default() })]
#[case(&["with-expired", "with-muted"], NotificationFilter { expired: Some(true), muted: Some(true), ..NotificationFilter::default() })]
#[case(&["with-archived", "with-archived"], NotificationFilter::default())]
#[case(&["toggle-unread"], NotificationFilter { unread: Some(true), ..NotificationFilter::default() })]
#[case(&["toggle-unread", "toggle-unread"], NotificationFilter { unread: Some(false), ..NotificationFilter::default() })]
#[case(&["only-category system"], NotificationFilter { categories: Some(vec![fragments::Category::System]), ..NotificationFilter::default() })]
#[case(&["min-priority high"], NotificationFilter { min_priority: Some(fragments::Priority::High), ..NotificationFilter::default() })]
#[case(&["min-priority high", "min-priority any"], NotificationFilter::default())]
#[case(&["only-type CAMPUS_UPDATE"], NotificationFilter { types: Some(vec![NotificationType("CAMPUS_UPDATE".into())]), ..NotificationFilter::default() })]
#[case(&["campus south"], NotificationFilter { campus_keys: Some(vec!["south".into()]), ..NotificationFilter::default() })]
#[case(&["toggle-unread", "with-muted", "clear-filters"], NotificationFilter::default())]
fn filters(#[case] lines: &[&str], #[case] wanted: NotificationFilter) {
    let mut model = opened();
    let types = vec![("CAMPUS_UPDATE".to_owned(), "Campus update".to_owned())];
    net(&mut model, Signal::Types(Ok(types)));
    let effects: Vec<_> = lines.iter().map(|line| run(&mut model, line)).collect();
    assert_eq!(effects.last().map(|effects| filter(effects)), Some(wanted));
}

#[rstest]
#[case(Action::Since, "yesterday", Some("2026-11-20T00:00:00Z"))]
#[case(Action::Since, "any", None)]
#[case(Action::Until, "2 hours ago", Some("2026-11-21T16:30:00Z"))]
fn moments_are_said_in_words(#[case] action: Action, #[case] words: &str, #[case] at: Option<&str>) {
    let mut model = opened();
    act(&mut model, action);
    type_line(&mut model, words);
    let filter = filter(&act(&mut model, Action::Accept));
    let (since, until) = (filter.since, filter.until);
    assert_eq!(since.or(until), at.map(|at| at.parse().unwrap()));
}

#[test]
fn a_moment_that_is_none_is_said_in_a_line() {
    let mut model = opened();
    act(&mut model, Action::Since);
    type_line(&mut model, "soonish");
    assert_eq!(asked(&act(&mut model, Action::Accept)), None);
    assert!(frame(&model).contains("✗ \"soonish\" is no moment"), "{}", frame(&model));
}

#[test]
fn the_end_of_what_is_known_asks_for_more_up_to_a_bound() {
    let mut model = admin();
    act(&mut model, Action::History);
    let effects = answer(&mut model, false, &[5, 4], Some("e1"));
    assert_eq!(asked(&effects), Some((NotificationFilter::default(), Some("e1".into()))));
    assert_eq!(asked(&act(&mut model, Action::Bottom)), None, "it is on its way");
    assert_eq!(asked(&answer(&mut model, true, &[3], None)), None);
    assert_eq!(shown(&model), "n5 n4 n3");
    // Whoever scrolls for ever is told to say more.
    let many: Vec<u16> = (0..5_000).map(|n| 60_000 - n).collect();
    act(&mut model, Action::ToggleUnread);
    answer(&mut model, false, &many, Some("e2"));
    assert_eq!(asked(&act(&mut model, Action::Bottom)), None);
    assert!(frame(&model).contains("only the newest 5000"), "{}", frame(&model));
}

#[test]
fn what_arrives_is_counted_and_shown_to_who_looks_at_the_newest() {
    let mut model = opened();
    act(&mut model, Action::Down);
    for n in [6, 7] {
        happen(&mut model, "c6", arrival(n));
    }
    assert_eq!(says(&model), "2 arrived since");
    assert_eq!(asked(&second(&mut model)), None);
    act(&mut model, Action::Top);
    assert!(asked(&second(&mut model)).is_some());
    answer(&mut model, false, &[7, 6, 5], None);
    assert_eq!((says(&model).as_str(), shown(&model).as_str()), ("", "n7 n6 n5"));
}

#[rstest]
#[case::reconnecting(false)]
#[case::refused(true)]
fn whoever_reads_further_down_keeps_the_place(#[case] refused: bool) {
    let mut model = admin();
    act(&mut model, Action::History);
    answer(&mut model, false, &[5, 4, 3], None);
    act(&mut model, Action::Down);
    let effects = if refused {
        act(&mut model, Action::MarkRead);
        refuse(&mut model, 0)
    } else {
        net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
        net(&mut model, Net::Connected)
    };
    assert_eq!((asked(&effects), says(&model).as_str()), (None, "not up to date"));
    assert_eq!(asked(&second(&mut model)), None);
    act(&mut model, Action::Top);
    assert!(asked(&second(&mut model)).is_some());
    answer(&mut model, false, &[6, 5], None);
    assert_eq!((says(&model).as_str(), shown(&model).as_str()), ("", "n6 n5"));
}

#[test]
fn what_is_old_is_read_on_but_not_below_another_search() {
    let mut model = admin();
    act(&mut model, Action::History);
    let many: Vec<u16> = (100..150).rev().collect();
    answer(&mut model, false, &many, Some("e1"));
    act(&mut model, Action::Down);
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    net(&mut model, Net::Connected);
    let effects = act(&mut model, Action::Bottom);
    assert_eq!(asked(&effects), Some((NotificationFilter::default(), Some("e1".into()))));
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    act(&mut model, Action::ToggleUnread);
    let (filter, after) = asked(&net(&mut model, Net::Connected)).unwrap();
    assert_eq!((filter.unread, after), (Some(true), None));
}

#[test]
fn when_names_may_be_others_it_knows_nothing_any_more() {
    let mut model = opened();
    act(&mut model, Action::MarkRead);
    act(&mut model, Action::ToggleMark);
    let generation = model.screens.feed.generation;
    let expired = Fault::Refused { code: "CURSOR_EXPIRED".into(), message: "no".into() };
    let effects = net(&mut model, feed::exchange::Signal::Ended { generation, fault: Some(expired) });
    assert_eq!(asked(&effects), Some((NotificationFilter::default(), None)));
    assert_eq!(shown(&model), "");
    assert!(model.screens.history.triage.marks.is_empty() && model.shared.undo.is_empty());
}

/// A change is refused.
fn refuse(model: &mut Model, ticket: u64) -> Vec<effect::Effect> {
    let refused = Fault::Refused { code: "UNAVAILABLE".into(), message: "no".into() };
    net(model, triage::exchange::Signal::Changed { tab: Tab::History, ticket, result: Err(refused) })
}

#[test]
fn after_a_refusal_the_feed_says_what_is_unread() {
    let mut model = opened();
    act(&mut model, Action::MarkRead);
    let start: effect::Effect = feed::exchange::Effect::Start { replace: false }.into();
    assert!(refuse(&mut model, 0).contains(&start));
    act(&mut model, Action::MarkRead);
    net(&mut model, Net::Lost(Fault::Unreachable("gone".into())));
    assert!(!refuse(&mut model, 1).contains(&start));
}

#[test]
fn what_happens_to_what_was_found_is_shown() {
    let mut model = opened();
    let state = ReadState {
        revision: 1,
        notification_ids: vec!["n4".into()],
        read: Some(true),
        ..ReadState::default()
    };
    happen(&mut model, "c6", Happening::ReadState(state));
    assert!(!model.screens.history.triage.inbox.get(&"n4".into()).unwrap().is_unread());
    happen(&mut model, "c7", Happening::Recalled { notification_id: "n5".into() });
    assert_eq!(shown(&model), "n4 n3");
}

#[test]
fn what_comes_out_of_the_archive_elsewhere_is_asked_for() {
    let mut model = opened();
    let state = ReadState {
        revision: 1,
        notification_ids: vec!["n1".into()],
        archived: Some(false),
        ..ReadState::default()
    };
    happen(&mut model, "c6", Happening::ReadState(state));
    assert_eq!(says(&model), "not up to date");
    assert!(asked(&second(&mut model)).is_some());
    assert_eq!(says(&model), "");
}

#[test]
fn triage_is_the_feeds() {
    let mut model = opened();
    let change = |ticket, ids: &[&str], change| -> effect::Effect {
        let ids = ids.iter().map(|id| NotificationId::from(*id)).collect();
        triage::exchange::Effect::Change { tab: Tab::History, ticket, ids, change }.into()
    };
    act(&mut model, Action::ToggleMark);
    act(&mut model, Action::ToggleMark);
    assert_eq!(act(&mut model, Action::Archive), [change(0, &["n5", "n4"], Change::Archive)]);
    assert_eq!(shown(&model), "n3");
    // It is taken back from wherever one is.
    act(&mut model, Action::Feed);
    assert_eq!(act(&mut model, Action::Undo), [change(1, &["n4", "n5"], Change::Unarchive)]);
    assert_eq!(shown(&model), "n5 n4 n3");
}

#[test]
fn among_what_is_archived_it_stays_and_can_be_taken_out() {
    let mut model = opened();
    act(&mut model, Action::WithArchived);
    answer(&mut model, false, &[5, 4], None);
    assert!(!model.screen().works(&model.shared, Action::Unarchive));
    act(&mut model, Action::Archive);
    assert_eq!(shown(&model), "n5 n4");
    act(&mut model, Action::Up);
    assert!(model.screen().works(&model.shared, Action::Unarchive));
    assert_eq!(act(&mut model, Action::Unarchive).len(), 1);
    assert!(model.screens.history.triage.inbox.get(&"n5".into()).unwrap().archived_at.is_none());
}

#[test]
fn what_was_done_to_another_list_does_not_come_back_to_this_one() {
    let mut model = opened();
    act(&mut model, Action::Archive);
    act(&mut model, Action::ToggleUnread);
    answer(&mut model, false, &[3], None);
    let effects = refuse(&mut model, 0);
    assert_eq!((asked(&effects), says(&model).as_str()), (None, "not up to date"));
    assert_eq!(shown(&model), "n3");
}

#[test]
fn a_failure_is_a_line() {
    let mut model = opened();
    let generation = model.screens.history.generation;
    let fault = Fault::Refused { code: "BAD_REQUEST".into(), message: "too many words".into() };
    net(&mut model, Signal::Page { generation, after: None, result: Err(fault) });
    assert!(frame(&model).contains("✗ too many words (BAD_REQUEST)"), "{}", frame(&model));
}

/// How many numbers of unread are asked for.
fn counted(effects: &[effect::Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, effect::Effect::History(Effect::Count { .. }))).count()
}

fn count(model: &mut Model, name: &str, count: u32) {
    net(model, Signal::Count { name: name.into(), result: Ok(Count { count, at_least: false }) });
}

#[test]
fn a_saved_part_is_gone_to_with_its_unread() {
    let view = View { search: Some("drill".into()), unread: Some(true), ..View::default() };
    let views = [("drills".to_owned(), view)].into();
    let mut model = admin_with(Options { views, ..Options::default() });
    let counts = act(&mut model, Action::View);
    assert_eq!(counts.len(), 6, "all, unread, urgent, two campuses and drills");
    for (name, unread) in
        [("drills", 3), ("all", 12), ("unread", 12), ("urgent", 0), ("campus-north", 5), ("campus-south", 7)]
    {
        count(&mut model, name, unread);
    }
    assert!(frame(&model).contains("3 unread"), "{}", frame(&model));
    // What happens meanwhile is counted within a second.
    happen(&mut model, "c6", arrival(6));
    assert_eq!(counted(&second(&mut model)), 6);
    type_line(&mut model, "drills");
    let filter = filter(&act(&mut model, Action::Accept));
    assert_eq!((filter.search.as_deref(), filter.unread), (Some("drill"), Some(true)));
    assert_eq!(model.shared.tab, Tab::History);
    assert_eq!(counted(&second(&mut model)), 0);
}

#[rstest]
#[case("Fire drills", "fire-drills", "saved as fire-drills")]
#[case("unread", "", "unread is what everybody has under that name")]
#[case("Campus North", "", "campus-north is what everybody has under that name")]
fn what_is_looked_for_is_saved(#[case] typed: &str, #[case] name: &str, #[case] said: &str) {
    let mut model = opened();
    act(&mut model, Action::ToggleUnread);
    act(&mut model, Action::SaveView);
    type_line(&mut model, typed);
    let effects = act(&mut model, Action::Accept);
    assert_eq!(status(&model), said);
    let view = View { unread: Some(true), ..View::default() };
    let saved = |view| Effect::Save { name: name.to_owned(), view };
    assert_eq!(effects, if name.is_empty() { vec![] } else { vec![saved(Some(Box::new(view))).into()] });
    if !name.is_empty() {
        assert_eq!(run(&mut model, &format!("drop-view {name}")), [saved(None).into()]);
        assert!(model.shared.options.saved.is_empty());
    }
}

#[test]
fn what_was_saved_hides_what_the_file_calls_the_same_until_it_is_forgotten() {
    let view = |search: &str| View { search: Some(search.into()), ..View::default() };
    let (views, saved) =
        ([("drills".to_owned(), view("file"))].into(), [("drills".to_owned(), view("saved"))].into());
    let mut model = admin_with(Options { views, saved, ..Options::default() });
    let search = |model: &mut Model| filter(&run(model, "view drills")).search;
    assert_eq!(search(&mut model).as_deref(), Some("saved"));
    run(&mut model, "drop-view drills");
    assert_eq!(search(&mut model).as_deref(), Some("file"));
}

#[test]
fn what_could_not_be_saved_is_said() {
    let mut model = opened();
    net(&mut model, Signal::Saved(Err("read-only file system".into())));
    assert_eq!(status(&model), "failed to save: read-only file system");
}

/// Something has been found.
fn found() -> Model {
    let mut model = admin();
    act(&mut model, Action::History);
    act(&mut model, Action::WithArchived);
    run(&mut model, "min-priority low");
    act(&mut model, Action::Filter);
    type_line(&mut model, "event -\"3 4\"");
    act(&mut model, Action::Accept);
    let generation = model.screens.history.generation;
    let mut page = start().page;
    page.notifications[4].archived_at = Some(model.shared.now);
    net(&mut model, Signal::Page { generation, after: None, result: Ok(page) });
    model
}

/// Nothing has been found.
fn nothing() -> Model {
    let mut model = opened();
    for action in [Action::WithMuted, Action::ToggleUnread] {
        act(&mut model, action);
    }
    answer(&mut model, false, &[], None);
    model
}

/// Saved parts, of which some have been counted.
fn offered() -> Model {
    let view = View { search: Some("drill".into()), ..View::default() };
    let views = [("drills".to_owned(), view)].into();
    let mut model = admin_with(Options { views, ..Options::default() });
    act(&mut model, Action::View);
    for (name, unread) in [("all", 12), ("urgent", 0), ("campus-north", 7), ("drills", 3)] {
        count(&mut model, name, unread);
    }
    model
}

#[rstest]
fn every_theme_and_size(
    #[values("found", "nothing", "views")] name: &str,
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = match name {
        "found" => found(),
        "nothing" => nothing(),
        _ => offered(),
    };
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    // What is where is the same in every theme; what it looks like is in every size.
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("{name}_{}", size.0), frame(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("{name}_{theme}"), styled(&model)),
        _ => drop(frame(&model)),
    }
}

proptest! {
    #[test]
    fn any_text_in_any_size_is_drawn(
        (width, height) in (1_u16..130, 1_u16..40),
        search in "\\PC{0,40}",
        title in "\\PC{0,60}",
        actions in prop::collection::vec(
            prop::sample::select(vec![
                Action::Down, Action::Bottom, Action::ToggleMark, Action::MarkRange, Action::Archive, Action::Undo,
                Action::SwitchFocus, Action::WithArchived, Action::ToggleUnread, Action::SortNext, Action::Back,
                Action::MarkAllRead, Action::View,
            ]),
            0..12,
        ),
    ) {
        let mut model = opened();
        act(&mut model, Action::Filter);
        type_line(&mut model, &search);
        act(&mut model, Action::Accept);
        let generation = model.screens.history.generation;
        let mut page = start().page;
        page.notifications[0].title = title;
        net(&mut model, Signal::Page { generation, after: None, result: Ok(page) });
        resize(&mut model, width, height);
        for action in actions {
            act(&mut model, action);
            frame(&model);
        }
        let inbox = &model.screens.history.triage.inbox;
        prop_assert!(inbox.shown().iter().all(|id| inbox.get(id).is_some()), "what is listed is known");
        prop_assert!(inbox.selection.index < inbox.shown().len().max(1), "what is selected is there");
    }
}
