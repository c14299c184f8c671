//! What is watched and how it is sorted, and how it looks.

use chrono::TimeDelta;
use rstest::rstest;

use super::{
    Campus, Latency, Reading,
    exchange::{Effect as Asked, Signal},
    model::Sort,
};
use crate::{
    action::Action,
    effect::Effect,
    fixture::{act, admin, admin_with, moment, net},
    message::{self, Gesture, Message, Pointer},
    model::{Model, fault::Fault},
    options::Options,
    theme::Theme,
    update::update,
    view::tests::{in_every_size, resize, shown, styled},
};

fn campus(key: &str, name: &str, connections: i32, published_last_hour: i32) -> Campus {
    Campus { key: key.into(), name: name.into(), connections, published_last_hour }
}

/// What a super admin is told in the n-th second.
fn reading(n: u32) -> Reading {
    Reading {
        connections: Some(1_204),
        subscriptions: Some(1_310),
        catching_up: Some(3),
        servers: Some(2),
        published_per_second: Some(f64::from(n % 40) / 4.0),
        published_total: Some(48_211.0),
        delivered_per_second: Some(f64::from(n % 60) * 21.5),
        delivered_total: Some(9_120_455.0),
        latency: Some(Latency { p50: 1.4, p90: 3.9, p99: 12.2, max: 48.0 }),
        campuses: vec![
            campus("north", "North Campus", 700, 12),
            campus("south", "south campus", 12, 40),
            campus("east", "東キャンパス 👩‍👩‍👧 国際交流センター・図書館・体育館・学生寮", 92, 0),
        ],
    }
}

/// What somebody is told who speaks for one campus.
fn of_one_campus() -> Reading {
    Reading { campuses: vec![campus("north", "North Campus", 7, 12)], ..Reading::default() }
}

/// Shown, and told for some seconds.
fn scene(mut model: Model, seconds: u32) -> Model {
    act(&mut model, Action::Dashboard);
    for n in 0..seconds {
        let now = model.shared.now + TimeDelta::seconds(1);
        update(&mut model, Message::Tick(now));
        tell(&mut model, reading(n));
    }
    model
}

fn tell(model: &mut Model, reading: Reading) {
    let generation = model.screens.dashboard.generation;
    net(model, Signal::Reading { generation, reading: Box::new(reading) });
}

fn names(model: &Model) -> Vec<&str> {
    let campuses = model.screens.dashboard.campuses(&model.shared);
    campuses.into_iter().map(|campus| campus.key.as_str()).collect()
}

#[test]
fn campuses_are_sorted_by_any_column_either_way() {
    let mut model = scene(admin(), 1);
    assert_eq!(names(&model), ["north", "south", "east"]);
    act(&mut model, Action::SortCampuses);
    assert_eq!(names(&model), ["north", "east", "south"]);
    act(&mut model, Action::SortCampuses);
    assert_eq!(names(&model), ["south", "north", "east"]);
    act(&mut model, Action::ReverseCampuses);
    assert_eq!(names(&model), ["east", "north", "south"]);
    act(&mut model, Action::SortCampuses);
    assert_eq!((names(&model)[0], model.screens.dashboard.reversed), ("north", false));
}

#[test]
fn campuses_are_sorted_by_pointing_at_a_column() {
    let mut model = scene(admin(), 1);
    let head = super::layout::Layout::of(&model.screens.dashboard, model.shared.body()).head;
    let at = super::layout::Layout::columns(head)[2].1.as_position();
    let press = Message::Point(Pointer { gesture: Gesture::Press, at });
    update(&mut model, press);
    assert_eq!((model.screens.dashboard.sort, names(&model)[0]), (Sort::Published, "south"));
    update(&mut model, Message::Point(Pointer { gesture: Gesture::Press, at }));
    assert_eq!(names(&model)[0], "east");
}

#[test]
fn numbers_come_less_often_when_that_is_wanted_and_more_often_again() {
    let mut model = scene(admin(), 1);
    let watch = |generation, interval| Effect::Dashboard(Asked::Watch { generation, interval });
    assert_eq!(act(&mut model, Action::ShorterInterval), []);
    assert_eq!(act(&mut model, Action::LongerInterval), [watch(2, 2)]);
    assert_eq!(act(&mut model, Action::LongerInterval), [watch(3, 5)]);
    assert_eq!(act(&mut model, Action::ShorterInterval), [watch(4, 2)]);
    assert!(shown(&model).contains("a reading every 2 s"));
    for _ in 0..9 {
        act(&mut model, Action::LongerInterval);
    }
    assert_eq!(model.screens.dashboard.interval, 60);
}

#[test]
fn what_is_old_is_said_to_be() {
    let mut model = scene(admin(), 3);
    assert!(shown(&model).contains("a reading every second"));
    update(&mut model, Message::Net(message::Signal::Lost(Fault::Unreachable("gone".into()))));
    update(&mut model, Message::Tick(moment() + TimeDelta::minutes(31)));
    let shown_then = shown(&model);
    assert!(
        shown_then.contains("○ stale: not connected; as of 2026-11-21 18:30:03 UTC (57s ago)"),
        "{shown_then}"
    );
    assert!(shown_then.contains("North Campus"), "what is known stays: {shown_then}");
    update(&mut model, Message::Net(message::Signal::Connected));
    tell(&mut model, reading(4));
    assert!(shown(&model).contains("a reading every second"));
}

#[rstest]
#[case::ended_by_the_server(None, true)]
#[case::overloaded(Some(Fault::Refused { code: "UNAVAILABLE".into(), message: "too much".into() }), true)]
#[case::refused(Some(Fault::Refused { code: "FORBIDDEN".into(), message: "not yours".into() }), false)]
fn a_subscription_that_ended_is_asked_for_again_where_that_may_help(
    #[case] fault: Option<Fault>,
    #[case] again: bool,
) {
    let mut model = scene(admin(), 1);
    net(&mut model, Signal::Ended { generation: 1, fault });
    assert!(shown(&model).contains("○ stale"));
    let later = model.shared.now + TimeDelta::seconds(11);
    let effects = update(&mut model, Message::Tick(later));
    assert_eq!(effects.iter().any(|it| matches!(it, Effect::Dashboard(Asked::Watch { .. }))), again);
}

#[test]
fn what_an_admin_of_one_campus_may_not_see_is_a_dash() {
    let mut model = scene(admin(), 0);
    resize(&mut model, 100, 24);
    tell(&mut model, of_one_campus());
    insta::assert_snapshot!(shown(&model));
}

#[test]
fn nothing_moves_where_nothing_is_to() {
    let still = admin_with(Options { reduced_motion: true, ..Options::default() });
    let mut model = scene(still, 60);
    resize(&mut model, 100, 24);
    let shown = shown(&model);
    assert!(!shown.contains('▇') && shown.contains("most 1268.5/s"), "{shown}");
}

#[rstest]
fn the_dashboard_in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = scene(admin(), 300);
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("dashboard_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("dashboard_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}

#[test]
fn in_every_size_that_a_terminal_may_have() {
    let mut model = scene(admin(), 3);
    in_every_size(&mut model, Action::Bottom);
}
