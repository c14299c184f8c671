//! Lists as they look while something is done with them.

use rstest::rstest;

use crate::{
    action::Action,
    fixture::{act, admin, net, type_line},
    model::Model,
    theme::Theme,
    triage::tests::explained,
    view::tests::{resize, shown, styled},
};

/// Some are marked, of those that a text leaves.
fn marking() -> Model {
    let mut model = admin();
    for action in [Action::ToggleMark, Action::Down, Action::MarkRange, Action::Down] {
        act(&mut model, action);
    }
    act(&mut model, Action::SortNext);
    act(&mut model, Action::Filter);
    type_line(&mut model, "a c");
    act(&mut model, Action::Accept);
    model.shared.status = None;
    model
}

/// Why something came.
fn why() -> Model {
    let mut model = admin();
    net(&mut model, explained());
    model
}

#[rstest]
fn every_theme_and_size(
    #[values("marking", "why")] name: &str,
    #[values("dark", "light", "sixteen", "plain")] theme: &str,
    #[values((60, 15), (100, 30), (200, 60))] size: (u16, u16),
) {
    let mut model = if name == "why" { why() } else { marking() };
    model.shared.theme = Theme::named(theme).unwrap();
    resize(&mut model, size.0, size.1);
    // What is where is the same in every theme; what it looks like is in every size.
    match (theme, size) {
        ("plain", _) => insta::assert_snapshot!(format!("{name}_{}", size.0), shown(&model)),
        (_, (60, _)) => insta::assert_snapshot!(format!("{name}_{theme}"), styled(&model)),
        _ => drop(shown(&model)),
    }
}
