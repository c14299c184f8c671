//! Every screen in every size, from nothing to larger than any terminal: something is drawn, and nothing panics.

use ratatui::layout::Size;
use rstest::rstest;
use strum::IntoEnumIterator;

use super::{frame, resize, shown};
use crate::{
    action::Action,
    fixture::{act, admin, arrival, happen, model},
    model::{
        Model,
        overlay::{Overlay, Question},
    },
    screens::Tab,
};

/// Small ones all, of the larger some.
fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let small = (0..=24).flat_map(|width| (0..=9).map(move |height| (width, height)));
    let widths = [40, 47, 48, 60, 80, 99, 100, 300];
    let heights = [1, 5, 8, 14, 15, 24, 80];
    small.chain(widths.into_iter().flat_map(move |width| heights.map(|height| (width, height))))
}

/// Draws what a screen has in every size, and does something in each, so that what is selected or scrolled to is at other
/// places.
pub(crate) fn in_every_size(model: &mut Model, action: Action) {
    for (width, height) in sizes() {
        resize(model, width, height);
        act(model, action);
        frame(model);
    }
}

/// Puts something over a screen.
type Open = fn(&mut Model);

/// What lies over a screen, each by itself.
fn overlays() -> [(&'static str, Open); 5] {
    [
        ("nothing", |_| ()),
        ("help", |model| drop(act(model, Action::Help))),
        ("palette", |model| drop(act(model, Action::Palette))),
        ("question", |model| {
            let text = "This rings 4,210 people on North Campus, of whom 37 mute this type.";
            model.shared.open(Overlay::Question(Question::word(Action::Quit, "Ring?", text, "North Campus")));
        }),
        ("text", |model| {
            let lines = crate::document::help(model, model.context(), 80);
            model.shared.open(Overlay::Text { lines, scroll: 3 });
        }),
    ]
}

#[test]
fn every_screen_is_drawn_in_every_size() {
    for tab in Tab::iter() {
        for (name, open) in overlays() {
            let mut model = admin();
            model.shared.toast("North Campus: 図書館は正午まで閉館します 👩‍👩‍👧", true);
            act(&mut model, tab.action());
            open(&mut model);
            for (width, height) in sizes() {
                resize(&mut model, width, height);
                // Here and there, so that what is selected or scrolled to is at other places.
                let action = if width.is_multiple_of(2) { Action::Down } else { Action::PageUp };
                act(&mut model, action);
                let terminal = frame(&model);
                let area = terminal.backend().buffer().area;
                assert_eq!(area.as_size(), Size { width, height }, "{tab:?} under {name}");
            }
        }
    }
}

#[rstest]
#[case(60, 15, "")]
#[case(59, 15, "too small: 60×15 at least")]
#[case(60, 14, "too small: 60×15 at least")]
#[case(20, 4, "too small: 60×15 at…")]
#[case(12, 9, "too small: …")]
#[case(1, 1, "…")]
fn what_is_too_small_says_so(#[case] width: u16, #[case] height: u16, #[case] said: &str) {
    let mut model = model();
    resize(&mut model, width, height);
    let shown = shown(&model);
    assert!(shown.contains(said), "{shown}");
    assert_eq!(shown.contains("too"), said.contains("too"), "{shown}");
}

#[test]
fn it_is_said_once_and_comes_back_to_what_it_was() {
    let mut model = model();
    let before = shown(&model);
    for size in [(30, 8), (0, 0), (1, 1), (80, 24)] {
        resize(&mut model, size.0, size.1);
    }
    assert_eq!(shown(&model), before);
    // Smaller and smaller is no news.
    resize(&mut model, 40, 10);
    model.shared.status = None;
    resize(&mut model, 30, 10);
    assert_eq!(model.shared.status, None);
}

#[test]
fn those_who_want_little_to_move_see_no_seconds() {
    let mut model = model();
    let page = arrival(30);
    happen(&mut model, "c6", page);
    assert!(shown(&model).contains(" 0s"), "{}", shown(&model));
    model.shared.options.reduced_motion = true;
    assert!(shown(&model).contains(" now"), "{}", shown(&model));
}
