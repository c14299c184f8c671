//! Whether there is one, what is asked, and how it looks.

use chrono::TimeDelta;
use rstest::rstest;

use super::{
    Actor, Entry, Wanted,
    exchange::{Effect as Asked, Page, Signal},
};
use crate::{
    action::Action,
    effect::Effect,
    fixture::{act, admin, connected, moment, net, start, type_line},
    message::{self, Message},
    model::{Model, fault::Fault, viewer::Permissions},
    options::Options,
    screens::Tab,
    theme::Theme,
    update::update,
    view::tests::{in_every_size, resize, shown, styled},
};

fn entry(n: u16) -> Entry {
    let ada = Actor { key: "ada".into(), name: "Ada Lovelace".into() };
    let (action, outcome) =
        if n.is_multiple_of(3) { ("broadcastToCampus", "ok") } else { ("recall", "FORBIDDEN") };
    Entry {
        id: format!("audit:{n}"),
        at: moment() - TimeDelta::minutes(n.into()),
        actor: (n % 5 != 4).then_some(ada),
        action: action.into(),
        target: Some(if n.is_multiple_of(2) {
            "campus 北キャンパス 👩‍👩‍👧".into()
        } else {
            format!("n{n}")
        }),
        remote_address: Some("192.0.2.7".into()),
        outcome: outcome.into(),
    }
}

fn page(entries: std::ops::Range<u16>, end: Option<&str>) -> Page {
    Page { entries: entries.map(entry).collect(), end: end.map(ToOwned::to_owned) }
}

fn asked(generation: u64, wanted: Wanted, after: Option<&str>) -> Effect {
    Asked::Page { generation, wanted, after: after.map(ToOwned::to_owned) }.into()
}

/// Somebody who may read the log, if there is one; it has been asked.
fn super_admin() -> Model {
    let mut start = start();
    start.viewer.permissions =
        Permissions { broadcast_to_all: true, audit_log: true, ..Permissions::default() };
    connected(Options::default(), start)
}

/// There is one, and it is shown.
fn scene() -> Model {
    let mut model = super_admin();
    net(&mut model, Signal::Page { generation: 1, older: false, result: Ok(page(0..50, Some("p1"))) });
    assert_eq!(act(&mut model, Action::Audit), [asked(2, Wanted::default(), None)]);
    net(&mut model, Signal::Page { generation: 2, older: false, result: Ok(page(0..50, Some("p1"))) });
    model
}

fn has_tab(model: &Model) -> bool {
    model.shared.tabs().contains(&Tab::Audit)
}

#[test]
fn who_may_not_read_it_is_not_asked_for() {
    let mut model = admin();
    let effects = update(&mut model, Message::Tick(moment() + TimeDelta::hours(1)));
    assert!(!effects.iter().any(|it| matches!(it, Effect::Audit(_))), "{effects:?}");
    assert!(!has_tab(&model));
}

#[test]
fn it_is_asked_once_on_each_connection() {
    let mut model = super_admin();
    assert_eq!(model.screens.audit.generation, 1);
    let effects = update(&mut model, Message::Tick(moment() + TimeDelta::hours(1)));
    assert!(!effects.iter().any(|it| matches!(it, Effect::Audit(_))), "{effects:?}");
    update(&mut model, Message::Net(message::Signal::Lost(Fault::Unreachable("gone".into()))));
    let effects = update(&mut model, Message::Net(message::Signal::Connected));
    assert!(effects.contains(&asked(2, Wanted::default(), None)), "{effects:?}");
}

#[rstest]
#[case::it_has_none(Fault::Foreign("unknown field".into()), false)]
#[case::not_for_this_viewer(Fault::Refused { code: "FORBIDDEN".into(), message: "no".into() }, false)]
#[case::not_just_now(Fault::Refused { code: "UNAVAILABLE".into(), message: "later".into() }, true)]
fn the_tab_is_where_the_server_has_it(#[case] fault: Fault, #[case] stays: bool) {
    let mut model = super_admin();
    assert!(!has_tab(&model), "before the first answer");
    net(&mut model, Signal::Page { generation: 1, older: false, result: Ok(page(0..1, None)) });
    assert!(has_tab(&model));
    act(&mut model, Action::Audit);
    net(&mut model, Signal::Page { generation: 2, older: false, result: Err(fault) });
    assert_eq!(has_tab(&model), stays);
    assert_eq!(model.shared.tab, if stays { Tab::Audit } else { Tab::Feed });
}

#[test]
fn older_pages_come_as_one_scrolls() {
    let mut model = scene();
    assert_eq!(act(&mut model, Action::Down), []);
    assert_eq!(act(&mut model, Action::Bottom), [asked(2, Wanted::default(), Some("p1"))]);
    assert_eq!(act(&mut model, Action::Bottom), [], "once");
    net(&mut model, Signal::Page { generation: 2, older: true, result: Ok(page(50..60, None)) });
    assert_eq!((model.screens.audit.entries.len(), model.screens.audit.selection.index), (60, 49));
    assert_eq!(act(&mut model, Action::Bottom), [], "there is nothing older");
    // An answer to an earlier question is old news.
    net(&mut model, Signal::Page { generation: 1, older: true, result: Ok(page(0..9, None)) });
    assert_eq!(model.screens.audit.entries.len(), 60);
}

#[test]
fn it_is_narrowed_by_who_and_what_and_widened_again() {
    let mut model = scene();
    act(&mut model, Action::AuditActor);
    // Whose it is that is selected stands there already.
    let by_ada = Wanted { actor: Some("ada".into()), action: None };
    assert_eq!(act(&mut model, Action::Accept), [asked(3, by_ada, None)]);
    assert!(shown(&model).contains("0 entries … · by ada"));
    act(&mut model, Action::AuditAction);
    type_line(&mut model, "recall");
    let both = Wanted { actor: Some("ada".into()), action: Some("recall".into()) };
    assert_eq!(act(&mut model, Action::Accept), [asked(4, both, None)]);
    assert_eq!(act(&mut model, Action::AuditAll), [asked(5, Wanted::default(), None)]);
}

#[test]
fn an_entry_is_shown_whole() {
    let mut model = scene();
    act(&mut model, Action::AuditDetail);
    insta::assert_snapshot!(shown(&model));
}

#[rstest]
fn the_audit_in_every_theme_and_size(
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = scene();
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    act(&mut model, Action::Down);
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("audit_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("audit_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}

#[test]
fn in_every_size_that_a_terminal_may_have() {
    let mut model = scene();
    in_every_size(&mut model, Action::Bottom);
}
