//! What is asked and changed, what applies then, and how it looks.

use chrono::TimeDelta;
use rstest::rstest;

use super::{
    Change, Hours, Now, QuietChange, Told, Type,
    exchange::{Effect as Asked, Signal},
    grid::Origin,
};
use crate::{
    action::Action,
    effect::Effect,
    fixture::{act, admin, admin_with, happen, moment, net, type_line},
    keymap::Context,
    message::Message,
    model::{Model, event::Happening, fault::Fault},
    options::Options,
    screens::Tab,
    theme::Theme,
    update::update,
    view::tests::{in_every_size, resize, shown, styled},
};

/// What a place answers that has muted some types, and perhaps set quiet hours.
fn told(muted: &[&str], quiet: Option<(&str, &str)>) -> Told {
    let of = |kind: &str, label: &str, category: &str| Type {
        kind: kind.to_owned(),
        label: label.to_owned(),
        category: category.to_owned(),
        enabled: !muted.contains(&kind),
        inherited: !muted.contains(&kind),
        mandatory: kind == "USER_SECURITY_ALERT",
    };
    let start = moment() + TimeDelta::hours(3);
    let now = quiet.map_or(Now { active: false, next_start: None, next_end: None }, |_| Now {
        active: false,
        next_start: Some(start),
        next_end: Some(start + TimeDelta::hours(9)),
    });
    let (from, to) = quiet.unwrap_or(("22:00", "07:00"));
    Told {
        types: vec![
            of("EVENT_CREATED", "Event created", "EVENTS"),
            of("EVENT_CANCELLED", "Event cancelled", "EVENTS"),
            of("CAMPUS_UPDATE", "Campus update", "SYSTEM"),
            of("USER_SECURITY_ALERT", "Security alert", "ACCOUNT"),
        ],
        quiet: Hours {
            enabled: quiet.is_some(),
            start: from.to_owned(),
            end: to.to_owned(),
            zone: "Europe/Rome".to_owned(),
            inherited: quiet.is_none(),
            now: Some(now),
        },
    }
}

/// Shown, and answered: events are muted by default, north hears again of those that are cancelled not, south is quiet.
fn scene() -> Model {
    scene_of(admin())
}

fn scene_of(mut model: Model) -> Model {
    let asked = act(&mut model, Action::Preferences);
    let places = vec![None, Some("north".to_owned()), Some("south".to_owned())];
    assert_eq!(asked, [Effect::Preferences(Asked::Ask { generation: 1, places })]);
    answer(&mut model);
    model
}

/// The last question is answered.
fn answer(model: &mut Model) {
    let generation = model.screens.preferences.generation;
    let mut north = told(&[], None);
    (north.types[1].enabled, north.types[1].inherited) = (false, false);
    (north.types[0].enabled, north.types[0].inherited) = (true, false);
    let mut south = told(&["CAMPUS_UPDATE"], Some(("20:00", "08:00")));
    south.types[0].enabled = false;
    let results = vec![Ok(told(&["EVENT_CREATED"], Some(("22:00", "07:00")))), Ok(north), Ok(south)];
    net(model, Signal::Told { generation, results });
}

/// What a cell says.
fn cell(model: &Model, kind: usize, column: usize) -> (Option<bool>, Origin) {
    let cell = model.screens.preferences.grid.cell(kind, column).unwrap();
    (cell.enabled, cell.origin)
}

/// Goes to a row, counted with the headings, and a column.
fn go(model: &mut Model, row: usize, column: usize) {
    act(model, Action::Top);
    for _ in 0..row {
        act(model, Action::Down);
    }
    for _ in 0..column {
        act(model, Action::NextColumn);
    }
}

/// The one change that is asked for.
fn change(effects: &[Effect]) -> (u64, Option<&str>, &Change) {
    match effects {
        [Effect::Preferences(Asked::Change { ticket, place, change })] => (*ticket, place.as_deref(), change),
        other => panic!("one change: {other:?}"),
    }
}

fn types(types: &[(&str, Option<bool>)]) -> Change {
    Change::Types(types.iter().map(|(kind, enabled)| ((*kind).to_owned(), *enabled)).collect())
}

#[rstest]
#[case::set_in_the_default(0, 0, Some(false), Origin::Here)]
#[case::built_in(2, 0, Some(true), Origin::BuiltIn)]
#[case::mandatory(3, 0, Some(true), Origin::Mandatory)]
#[case::other_than_the_default(0, 1, Some(true), Origin::Here)]
#[case::of_the_campus_alone(1, 1, Some(false), Origin::Here)]
#[case::from_the_default(0, 2, Some(false), Origin::Default)]
#[case::built_in_on_a_campus(1, 2, Some(true), Origin::BuiltIn)]
fn where_it_is_set(
    #[case] kind: usize,
    #[case] column: usize,
    #[case] enabled: Option<bool>,
    #[case] origin: Origin,
) {
    assert_eq!(cell(&scene(), kind, column), (enabled, origin));
}

#[test]
fn a_change_of_the_default_is_seen_wherever_it_is_inherited() {
    let mut model = scene();
    go(&mut model, 1, 0);
    let effects = act(&mut model, Action::Toggle);
    assert_eq!(change(&effects).2, &types(&[("EVENT_CREATED", Some(true))]));
    assert_eq!(cell(&model, 0, 0), (Some(true), Origin::Here));
    assert_eq!(cell(&model, 0, 2), (Some(true), Origin::Default));
    // What is built in was hidden behind what was set: the server says.
    act(&mut model, Action::Inherit);
    assert_eq!(cell(&model, 0, 2), (None, Origin::BuiltIn));
}

#[test]
fn a_refused_change_is_rolled_back_and_said_with_its_code() {
    let mut model = scene();
    go(&mut model, 1, 2);
    let effects = act(&mut model, Action::Toggle);
    let (ticket, place, _) = change(&effects);
    assert_eq!(place, Some("south"));
    assert_eq!(cell(&model, 0, 2), (Some(true), Origin::Here));
    let fault = Fault::Refused { code: "RATE_LIMITED".into(), message: "too many changes".into() };
    net(&mut model, Signal::Changed { ticket, result: Err(fault) });
    assert_eq!(cell(&model, 0, 2), (Some(false), Origin::Default));
    assert!(shown(&model).contains("failed to change preferences: too many changes (RATE_LIMITED)"));
    assert!(model.shared.undo.is_empty());
}

#[test]
fn an_accepted_change_is_what_the_server_says() {
    let mut model = scene();
    go(&mut model, 4, 1);
    let ticket = change(&act(&mut model, Action::Toggle)).0;
    let result = Ok(Box::new(told(&["CAMPUS_UPDATE"], None)));
    net(&mut model, Signal::Changed { ticket, result });
    assert!(model.screens.preferences.pending.is_empty());
    assert_eq!(cell(&model, 2, 1), (Some(false), Origin::Here));
    assert_eq!(cell(&model, 0, 1), (Some(false), Origin::Default));
}

#[test]
fn what_was_toggled_is_taken_back_as_it_was() {
    let mut model = scene();
    go(&mut model, 1, 2);
    act(&mut model, Action::Toggle);
    act(&mut model, Action::Feed);
    let effects = act(&mut model, Action::Undo);
    assert_eq!(change(&effects).1, Some("south"));
    assert_eq!(change(&effects).2, &types(&[("EVENT_CREATED", None)]));
    assert_eq!(cell(&model, 0, 2), (Some(false), Origin::Default));
}

#[rstest]
#[case::all_on_first(0, Action::Toggle, &[("EVENT_CANCELLED", Some(true))])]
#[case::of_a_type(1, Action::ToggleCategory, &[("EVENT_CANCELLED", Some(true))])]
#[case::as_inherited(0, Action::Inherit, &[("EVENT_CREATED", None), ("EVENT_CANCELLED", None)])]
#[case::of_a_type_as_inherited(2, Action::InheritCategory, &[("EVENT_CREATED", None), ("EVENT_CANCELLED", None)])]
#[case::all_off(3, Action::Toggle, &[("CAMPUS_UPDATE", Some(false))])]
fn a_whole_category(#[case] row: usize, #[case] action: Action, #[case] changed: &[(&str, Option<bool>)]) {
    let mut model = scene();
    go(&mut model, row, 1);
    let effects = act(&mut model, action);
    assert_eq!(change(&effects).2, &types(changed));
}

#[test]
fn what_is_mandatory_cannot_be_muted() {
    let mut model = scene();
    go(&mut model, 6, 0);
    assert_eq!(act(&mut model, Action::Toggle), []);
    assert!(shown(&model).contains("Security alert cannot be muted: mandatory"));
}

#[test]
fn quiet_hours_are_written_as_people_write_them() {
    let mut model = scene();
    act(&mut model, Action::NextColumn);
    act(&mut model, Action::QuietHours);
    // What applies stands there already.
    assert!(shown(&model).contains("22:00-07:00"));
    let effects = act(&mut model, Action::Accept);
    let between = Some(("22:00".to_owned(), "07:00".to_owned()));
    let set = QuietChange::Set { enabled: Some(true), between, zone: None };
    assert_eq!((change(&effects).1, change(&effects).2), (Some("north"), &Change::Quiet(set)));
    // When that is, the server says.
    assert!(shown(&model).contains("22:00–07:00 (set here); Europe/Rome …"), "{}", shown(&model));
    let effects = act(&mut model, Action::Undo);
    assert_eq!(change(&effects).2, &Change::Quiet(QuietChange::Inherit));
}

#[test]
fn hours_that_are_none_are_said_so() {
    let mut model = scene();
    act(&mut model, Action::QuietHours);
    type_line(&mut model, " and so on");
    assert_eq!(act(&mut model, Action::Accept), []);
    assert!(shown(&model).contains("is no span of a day"));
}

#[test]
fn quiet_hours_go_on_and_off_and_back() {
    let mut model = scene();
    go(&mut model, 9, 2);
    let set = |enabled| Change::Quiet(QuietChange::Set { enabled: Some(enabled), between: None, zone: None });
    assert_eq!(change(&act(&mut model, Action::Toggle)).2, &set(false));
    assert_eq!(change(&act(&mut model, Action::ToggleQuiet)).2, &set(true));
    assert_eq!(change(&act(&mut model, Action::Inherit)).2, &Change::Quiet(QuietChange::Inherit));
    assert!(shown(&model).contains("22:00–07:00 (default)"), "{}", shown(&model));
}

#[test]
fn a_time_zone_is_completed() {
    let mut model = scene();
    act(&mut model, Action::QuietZone);
    type_line(&mut model, "rome");
    assert!(shown(&model).contains("quiet-zone Europe/Rome"));
    let effects = act(&mut model, Action::Accept);
    let zone = Some("Europe/Rome".to_owned());
    let set = Change::Quiet(QuietChange::Set { enabled: None, between: None, zone });
    assert_eq!((change(&effects).1, change(&effects).2), (None, &set));
}

#[test]
fn a_campus_is_reset_when_that_is_confirmed_and_taken_back() {
    let mut model = scene();
    go(&mut model, 0, 2);
    assert_eq!(act(&mut model, Action::ResetCampus), []);
    // The answer is about what was asked, wherever one is by then.
    model.screens.preferences.column = 0;
    let effects = act(&mut model, Action::Yes);
    assert_eq!((change(&effects).1, change(&effects).2), (Some("south"), &Change::Reset));
    assert_eq!(cell(&model, 2, 2), (Some(true), Origin::BuiltIn));
    let effects = act(&mut model, Action::Undo);
    assert_eq!(effects.len(), 2);
    assert_eq!(cell(&model, 2, 2), (Some(false), Origin::Here));
}

#[test]
fn it_is_asked_anew_when_it_may_have_changed_elsewhere_and_when_the_connection_is_back() {
    let mut model = scene();
    let asks =
        |effects: &[Effect]| effects.iter().any(|it| matches!(it, Effect::Preferences(Asked::Ask { .. })));
    assert!(asks(&happen(&mut model, "c6", Happening::ViewerChanged)));
    // Once more at most while that is under way.
    assert!(!asks(&happen(&mut model, "c7", Happening::ViewerChanged)));
    let generation = model.screens.preferences.generation;
    let again = net(&mut model, Signal::Told { generation, results: Vec::new() });
    assert!(asks(&again));
    update(&mut model, Message::Net(crate::message::Signal::Lost(Fault::Unreachable("gone".into()))));
    assert_eq!(act(&mut model, Action::Toggle), []);
    assert!(shown(&model).contains("not connected: nothing was changed"));
    assert!(asks(&update(&mut model, Message::Net(crate::message::Signal::Connected))));
    // An answer to an earlier question is old news.
    net(&mut model, Signal::Told { generation, results: vec![Ok(told(&["CAMPUS_UPDATE"], None))] });
    assert_eq!(cell(&model, 2, 0), (Some(true), Origin::BuiltIn));
}

#[test]
fn quiet_hours_that_have_begun_since_are_asked_for() {
    let mut model = scene();
    let later = update(&mut model, Message::Tick(moment() + TimeDelta::hours(4)));
    let asked = later.iter().any(|it| matches!(it, Effect::Preferences(Asked::Ask { generation: 2, .. })));
    assert!(asked, "{later:?}");
}

#[test]
fn hidden_nothing_is_asked_until_it_is_shown() {
    let mut model = scene();
    act(&mut model, Action::Feed);
    let effects = happen(&mut model, "c6", Happening::ViewerChanged);
    assert!(!effects.iter().any(|it| matches!(it, Effect::Preferences(_))));
    assert_eq!(act(&mut model, Action::Preferences).len(), 1);
}

#[test]
fn who_changes_nothing_sees_no_key_that_does() {
    let model = scene_of(admin_with(Options { readonly: true, ..Options::default() }));
    assert!(!model.bindings(Context::Preferences).any(|binding| binding.spec.mutates));
}

#[test]
fn types_are_narrowed_by_a_text() {
    let mut model = scene();
    act(&mut model, Action::Filter);
    type_line(&mut model, "cancel");
    let shown = shown(&model);
    assert!(shown.contains("Event cancelled") && !shown.contains("Event created"), "{shown}");
}

#[rstest]
fn the_preferences_in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = scene();
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    go(&mut model, 2, 1);
    assert_eq!(model.shared.tab, Tab::Preferences);
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("preferences_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("preferences_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}

#[test]
fn in_every_size_that_a_terminal_may_have() {
    let mut model = scene();
    in_every_size(&mut model, Action::NextColumn);
}
