//! The frame: tabs, overlays, the palette, who asks whom.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;
use rstest::rstest;
use strum::IntoEnumIterator;

use super::update;
use crate::{
    action::Action,
    effect::{self, Effect},
    fixture::{
        act, admin, admin_with, arrival, connected, happen, model, net, notification, start, type_line,
    },
    input::Typed,
    keymap::{Context, Meaning},
    message::{Gesture, Message, Pointer, Signal},
    model::{
        Model,
        event::Happening,
        fault::Fault,
        link::LinkState,
        notification::Priority,
        overlay::{Overlay, Question},
    },
    net::endpoint::Token,
    options::Options,
    screens::{
        Tab,
        dashboard::{self, Reading},
        feed,
    },
};

fn watch(generation: u64) -> Effect {
    dashboard::exchange::Effect::Watch { generation, interval: 1 }.into()
}

fn stop() -> Effect {
    dashboard::exchange::Effect::Stop.into()
}

fn status(model: &Model) -> &str {
    model.shared.status.as_ref().map_or("", |status| &status.text)
}

fn run(model: &mut Model, line: &str) -> Vec<Effect> {
    act(model, Action::Palette);
    type_line(model, line);
    act(model, Action::Accept)
}

/// A key is pressed: what it means where one is, is done.
fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    let context = model.context();
    match model.shared.options.keymap.meaning(context, key) {
        Some(Meaning::Act(action)) => {
            let works = model.bindings(context).any(|binding| binding.spec.action == action);
            assert!(works, "{action:?} is not offered where a key does it");
            act(model, action)
        }
        Some(Meaning::Type(key)) => update(model, Message::Type(Typed::Key(key))),
        None => Vec::new(),
    }
}

#[rstest]
fn esc_shows_all_of_a_narrowed_list(
    #[values(Action::Feed, Action::History, Action::Broadcasts, Action::Dashboard, Action::Preferences)]
    tab: Action,
    #[values(true, false)] kept: bool,
) {
    let mut model = admin();
    act(&mut model, tab);
    for code in [KeyCode::Char('/'), KeyCode::Char('x')] {
        press(&mut model, code);
    }
    if kept {
        press(&mut model, KeyCode::Enter);
        assert_ne!(model.context(), Context::FilterLine);
    }
    press(&mut model, KeyCode::Esc);
    assert_ne!(model.context(), Context::FilterLine);
    assert!(!model.screen().works(&model.shared, Action::Back), "there is nothing left to go back from");
}

#[test]
fn whoever_speaks_for_a_campus_without_belonging_to_one_can_choose_it() {
    let mut start = start();
    let administers = std::mem::take(&mut start.viewer.campuses);
    start.viewer.permissions.administers = administers;
    let mut model = connected(Options::default(), start);
    run(&mut model, "campus south");
    assert_eq!(model.shared.campus.as_deref(), Some("south"));
}

#[test]
fn a_tab_watches_while_it_is_shown() {
    let mut model = admin();
    assert_eq!(act(&mut model, Action::Dashboard), [watch(1)]);
    assert_eq!(model.shared.tab, Tab::Dashboard);
    let reading = Box::new(Reading { connections: Some(7), ..Reading::default() });
    net(&mut model, dashboard::exchange::Signal::Reading { generation: 1, reading });
    assert_eq!(model.screens.dashboard.reading.as_ref().unwrap().connections, Some(7));
    assert_eq!(act(&mut model, Action::Feed), [stop()]);
    assert_eq!(model.shared.tab, Tab::Feed);
    let old = Box::new(Reading::default());
    net(&mut model, dashboard::exchange::Signal::Reading { generation: 1, reading: old });
    assert_eq!(model.screens.dashboard.reading.as_ref().unwrap().connections, Some(7));
    assert_eq!(act(&mut model, Action::Tab), []);
    type_line(&mut model, "dashboard");
    assert_eq!(act(&mut model, Action::Accept), [watch(3)]);
}

#[test]
fn a_connection_that_comes_back_is_watched_again() {
    let mut model = admin();
    act(&mut model, Action::Dashboard);
    net(&mut model, Signal::Lost(Fault::Unreachable("gone".into())));
    assert!(net(&mut model, Signal::Connected).contains(&watch(2)));
    act(&mut model, Action::Feed);
    net(&mut model, Signal::Lost(Fault::Unreachable("gone".into())));
    assert!(!net(&mut model, Signal::Connected).iter().any(|effect| matches!(effect, Effect::Dashboard(_))));
}

#[test]
fn nobody_sees_what_they_cannot_use() {
    let mut model = model();
    assert_eq!(model.shared.tabs(), [Tab::Feed, Tab::History, Tab::Preferences]);
    assert!(act(&mut model, Action::Dashboard).is_empty());
    assert_eq!((model.shared.tab, status(&model)), (Tab::Feed, "Dashboard is not yours to see"));
    let names: Vec<_> = model.bindings(Context::FeedList).map(|binding| binding.spec.name()).collect();
    assert!(
        names.contains(&"history") && names.contains(&"preferences") && !names.contains(&"dashboard"),
        "{names:?}"
    );
}

#[test]
fn whoever_may_no_longer_see_a_screen_sees_the_feed() {
    let mut model = admin();
    act(&mut model, Action::Dashboard);
    let start = Box::new(start());
    let effects = net(&mut model, feed::exchange::Signal::Started { replace: false, result: Ok(start) });
    assert_eq!(model.shared.tab, Tab::Feed);
    assert!(effects.contains(&stop()));
}

#[rstest]
#[case("dashboard", Tab::Dashboard)]
#[case("tab dash", Tab::Dashboard)]
#[case("dsh", Tab::Dashboard)]
#[case("feed", Tab::Feed)]
fn the_palette_goes_anywhere(#[case] line: &str, #[case] tab: Tab) {
    let mut model = admin();
    run(&mut model, line);
    assert_eq!(model.shared.tab, tab);
    assert!(model.shared.overlays.is_empty());
}

#[test]
fn the_palette_completes_moves_and_closes() {
    let mut model = admin();
    act(&mut model, Action::Palette);
    type_line(&mut model, "theme");
    let chosen = |model: &Model| match model.shared.overlays.last() {
        Some(Overlay::Palette(palette)) => palette.candidates[palette.selected].line.clone(),
        _ => String::new(),
    };
    assert_eq!(chosen(&model), "theme dark");
    act(&mut model, Action::Down);
    assert_eq!(chosen(&model), "theme light");
    act(&mut model, Action::Complete);
    assert_eq!(chosen(&model), "theme light");
    act(&mut model, Action::Accept);
    assert_eq!(model.shared.theme, crate::theme::Theme::light());
    act(&mut model, Action::Palette);
    act(&mut model, Action::Back);
    assert!(model.shared.overlays.is_empty());
}

#[test]
fn what_has_to_be_told_which_asks_in_the_palette() {
    let mut model = admin();
    act(&mut model, Action::Theme);
    type_line(&mut model, "li");
    act(&mut model, Action::Accept);
    assert_eq!(model.shared.theme, crate::theme::Theme::light());
}

#[test]
fn everything_that_the_palette_offers_can_be_done() {
    for action in Action::iter() {
        let mut model = admin();
        act(&mut model, Action::Palette);
        let Some(Overlay::Palette(palette)) = model.shared.overlays.last() else { panic!() };
        let offered: Vec<_> =
            palette.candidates.iter().filter(|it| it.action == action).map(|it| it.line.clone()).collect();
        for line in offered {
            let mut model = admin();
            run(&mut model, &line);
            assert!(!model.shared.overlays.iter().any(|it| matches!(it, Overlay::Palette(_))), "{line}");
        }
    }
}

#[test]
fn the_campus_narrows_and_widens() {
    let mut model = admin();
    act(&mut model, Action::Dashboard);
    run(&mut model, "campus north");
    assert_eq!(model.shared.campus.as_deref(), Some("north"));
    run(&mut model, "campus all");
    assert_eq!(model.shared.campus, None);
}

#[test]
fn another_server_begins_with_nothing() {
    let options = Options { profiles: vec!["staging".into()], ..Options::default() };
    let mut model = admin_with(options);
    act(&mut model, Action::Dashboard);
    assert_eq!(run(&mut model, "server staging"), [Effect::Switch { profile: "staging".into() }]);
    assert!(model.shared.viewer.is_some(), "until then it is the one before");
    let effects = net(
        &mut model,
        Signal::Switched {
            profile: "staging".into(),
            server: "https://staging".into(),
            campus: Some("hill".into()),
        },
    );
    assert_eq!(effects, [Effect::Connect { after: Duration::ZERO }]);
    assert_eq!((model.shared.tab, model.shared.viewer.is_none()), (Tab::Feed, true));
    assert_eq!(
        (model.shared.server.as_str(), &model.shared.link.state),
        ("https://staging", &LinkState::Connecting)
    );
    assert_eq!(model.shared.campus.as_deref(), Some("hill"));
    let effects = net(&mut model, Signal::Connected);
    assert_eq!(effects, [feed::exchange::Effect::Start { replace: true }.into()]);
}

#[test]
fn somebody_elses_token_shows_nothing_of_the_one_before() {
    let mut model = admin();
    act(&mut model, Action::MarkRead);
    run(&mut model, "campus north");
    act(&mut model, Action::Dashboard);
    net(&mut model, Signal::Lost(Fault::Unauthenticated("expired".into())));
    type_line(&mut model, "hers");
    act(&mut model, Action::Accept);
    net(&mut model, Signal::Connected);
    act(&mut model, Action::Palette);
    let mut start = start();
    (start.viewer.key, start.viewer.name) = ("grace".into(), "Grace Hopper".into());
    let started = |replace| feed::exchange::Signal::Started { replace, result: Ok(Box::new(start.clone())) };
    let effects = net(&mut model, started(false));
    assert_eq!(effects, [Effect::Connect { after: Duration::ZERO }]);
    assert_eq!(model.shared.link.state, LinkState::Connecting);
    assert!(model.screens.feed.triage.inbox.shown().is_empty());
    assert!(model.shared.undo.is_empty() && model.shared.overlays.is_empty());
    assert_eq!((model.shared.tab, model.shared.campus.as_deref()), (Tab::Feed, None));
    assert_eq!((model.shared.viewer.is_none(), status(&model)), (true, "this is Grace Hopper now"));
    let effects = net(&mut model, Signal::Connected);
    assert_eq!(effects, [feed::exchange::Effect::Start { replace: true }.into()]);
    net(&mut model, started(true));
    assert_eq!(model.screens.feed.triage.inbox.shown().len(), 5);
}

#[test]
fn a_token_for_the_server_before_is_shown_to_no_other() {
    let options = Options { profiles: vec!["staging".into()], ..Options::default() };
    let mut model = admin_with(options);
    run(&mut model, "server staging");
    net(&mut model, Signal::Lost(Fault::Unauthenticated("expired".into())));
    act(&mut model, Action::Back);
    assert!(act(&mut model, Action::Reconnect).is_empty());
    act(&mut model, Action::Token);
    type_line(&mut model, "fresh");
    assert!(act(&mut model, Action::Accept).is_empty());
    assert_eq!(status(&model), "not taken: switching to staging");
    net(&mut model, Signal::NotSwitched("its keyring is locked".into()));
    act(&mut model, Action::Token);
    type_line(&mut model, "fresh");
    assert_eq!(act(&mut model, Action::Accept)[0], Effect::Identify(Token::new("fresh")));
}

#[test]
fn a_spent_token_is_asked_for_once_and_goes_on() {
    let mut model = admin();
    act(&mut model, Action::Palette);
    for _ in 0..2 {
        net(&mut model, Signal::Lost(Fault::Unauthenticated("expired".into())));
    }
    assert_eq!(model.shared.overlays.len(), 2);
    assert_eq!(model.context(), Context::Palette, "what is being typed stays uppermost");
    act(&mut model, Action::Back);
    assert_eq!(model.context(), Context::Prompt);
    assert!(act(&mut model, Action::Accept).is_empty(), "nothing is no token");
    type_line(&mut model, " fresh\n");
    let effects = act(&mut model, Action::Accept);
    assert_eq!(effects[0], Effect::Identify(Token::new("fresh")));
    assert!(matches!(effects[1], Effect::Connect { .. }));
    assert_eq!(model.shared.link.state, LinkState::Connecting);
}

#[test]
fn an_admin_who_only_reads_changes_nothing() {
    let mut model = admin_with(Options { readonly: true, ..Options::default() });
    for action in Action::iter() {
        if crate::action::spec_of(action).unwrap().mutates {
            assert!(act(&mut model, action).is_empty(), "{action:?}");
            assert_eq!(status(&model), "read-only: nothing is changed from here");
        }
    }
    assert!(!model.screens.feed.triage.receipts.are_under_way());
    assert!(!model.bindings(Context::FeedList).any(|binding| binding.spec.mutates));
}

#[rstest]
#[case("north campus", false)]
#[case("North Campus", true)]
#[case("  North Campus ", true)]
fn a_word_is_typed_as_it_is(#[case] typed: &str, #[case] done: bool) {
    let mut model = admin();
    let question = Question::word(Action::Token, "Ring it?", "", "North Campus");
    model.shared.open(Overlay::Question(question));
    type_line(&mut model, typed);
    assert_eq!(!act(&mut model, Action::Accept).is_empty(), done);
}

#[test]
fn what_is_confirmed_is_done_and_what_is_not_is_not() {
    for (action, done) in [(Action::Yes, true), (Action::No, false), (Action::Back, false)] {
        let mut model = admin();
        model.shared.open(Overlay::Question(Question::confirm(Action::Token, "Really?", "")));
        let effects = act(&mut model, action);
        assert_eq!((!effects.is_empty(), model.shared.overlays.is_empty()), (done, true));
    }
}

#[rstest]
#[case(false, Tab::Dashboard, 2, true)]
#[case(true, Tab::Dashboard, 0, true)]
#[case(false, Tab::Feed, 2, false)]
fn news_from_elsewhere_are_said_and_urgent_ones_heard(
    #[case] silent: bool,
    #[case] tab: Tab,
    #[case] heard: usize,
    #[case] said: bool,
) {
    let mut model = admin();
    act(&mut model, tab.action());
    let mut urgent = notification(9);
    urgent.priority = Priority::Urgent;
    let happening =
        |replayed| Happening::Notification { notification: Box::new(urgent.clone()), silent, replayed };
    let gestures =
        |effects: Vec<Effect>| effects.iter().filter(|it| matches!(it, Effect::Terminal(_))).count();
    assert_eq!(gestures(happen(&mut model, "c8", happening(true))), 0);
    assert!(model.shared.toasts.is_empty());
    assert_eq!(gestures(happen(&mut model, "c9", happening(false))), heard);
    assert_eq!(model.shared.toasts.iter().any(|toast| toast.text == "North Campus: New event 9"), said);
    let later = model.shared.now + chrono::TimeDelta::seconds(7);
    update(&mut model, Message::Tick(later));
    assert!(model.shared.toasts.is_empty());
}

#[test]
fn a_thousand_news_leave_a_few_toasts() {
    let mut model = admin();
    act(&mut model, Action::Dashboard);
    for n in 10..1_010 {
        happen(&mut model, "c9", arrival(n));
    }
    let said: Vec<_> = model.shared.toasts.iter().map(|toast| toast.text.as_str()).collect();
    assert_eq!(said, [10, 11, 12].map(|n| format!("North Campus: New event {n}")), "long enough to be read");
    assert_eq!(model.shared.toasts.more(), 997);
}

#[rstest]
#[case(2, Tab::Feed)]
#[case(14, Tab::History)]
#[case(26, Tab::Broadcasts)]
#[case(79, Tab::Feed)]
fn a_click_goes_to_a_tab(#[case] x: u16, #[case] tab: Tab) {
    let mut model = admin();
    update(&mut model, Message::Point(Pointer { gesture: Gesture::Press, at: Position { x, y: 1 } }));
    assert_eq!(model.shared.tab, tab);
}

#[test]
fn the_mouse_selects_and_scrolls_the_feed() {
    let mut model = admin();
    let point = |model: &mut Model, gesture, y| {
        update(model, Message::Point(Pointer { gesture, at: Position { x: 3, y } }));
        model.screens.feed.triage.inbox.selection.index
    };
    assert_eq!(point(&mut model, Gesture::Press, 4), 2);
    assert_eq!(point(&mut model, Gesture::WheelUp, 4), 0);
    assert_eq!(point(&mut model, Gesture::WheelDown, 4), 3);
    assert_eq!(point(&mut model, Gesture::Press, 12), 3, "there is no row");
    act(&mut model, Action::Help);
    assert_eq!(point(&mut model, Gesture::Press, 4), 3, "nothing under an overlay is reached");
}

#[test]
fn the_mouse_is_given_back_to_select_text() {
    let mut model = admin();
    assert_eq!(act(&mut model, Action::Mouse), [effect::Gesture::Mouse(false).into()]);
    assert_eq!(act(&mut model, Action::Mouse), [effect::Gesture::Mouse(true).into()]);
}

#[test]
fn the_filter_narrows_as_one_types() {
    let mut model = admin();
    act(&mut model, Action::Dashboard);
    let campus = |key: &str, name: &str| dashboard::Campus {
        key: key.into(),
        name: name.into(),
        connections: 1,
        published_last_hour: 0,
    };
    let campuses = vec![campus("north", "North Campus"), campus("south", "South Campus")];
    let reading = Box::new(Reading { campuses, ..Reading::default() });
    net(&mut model, dashboard::exchange::Signal::Reading { generation: 1, reading });
    act(&mut model, Action::Filter);
    for char in "sou".chars() {
        let key = KeyEvent::new(KeyCode::Char(char), KeyModifiers::NONE);
        update(&mut model, Message::Type(Typed::Key(key)));
    }
    let shown = |model: &Model| model.screens.dashboard.campuses(&model.shared).len();
    assert_eq!((shown(&model), model.context()), (1, Context::FilterLine));
    act(&mut model, Action::Accept);
    assert_eq!((shown(&model), model.context()), (1, Context::Dashboard));
    act(&mut model, Action::Filter);
    act(&mut model, Action::Back);
    assert_eq!(shown(&model), 2);
}
