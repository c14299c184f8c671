//! The mouse: tabs are the frame's, the rest is the screen's.

use super::tabs;
use crate::{
    action::Action,
    effect::Effect,
    message::{Gesture, Pointer},
    model::{Model, shared::Shared},
    screens::{Screen, Tab},
    text,
};

/// The mouse did something.
pub(super) fn point(model: &mut Model, pointer: Pointer) -> Vec<Effect> {
    let frame = model.shared.frame(model.shared.size);
    if !model.shared.overlays.is_empty() {
        return over(model, pointer.gesture);
    }
    if frame.tabs.contains(pointer.at) {
        let tab = (pointer.gesture == Gesture::Press).then(|| tab_at(model, pointer.at.x)).flatten();
        return tab.map_or_else(Vec::new, |tab| tabs::show(model, tab));
    }
    if frame.body.contains(pointer.at) || pointer.gesture == Gesture::Release {
        let Model { shared, screens } = model;
        return screens.get_mut(shared.tab).point(shared, pointer);
    }
    Vec::new()
}

/// The wheel scrolls what lies over the screen; nothing under it is reached.
fn over(model: &mut Model, gesture: Gesture) -> Vec<Effect> {
    match gesture {
        Gesture::WheelUp => super::overlays::act(model, Action::Up),
        Gesture::WheelDown => super::overlays::act(model, Action::Down),
        Gesture::Press | Gesture::Drag | Gesture::Release => Vec::new(),
    }
}

fn tab_at(model: &Model, x: u16) -> Option<Tab> {
    let mut left = 0;
    for tab in model.shared.tabs() {
        left += text::width(&label(tab, model.screens.get(tab), &model.shared));
        if usize::from(x) < left {
            return Some(tab);
        }
    }
    None
}

/// What a tab says. Here, so that it is clicked where it is drawn.
pub fn label(tab: Tab, screen: &dyn Screen, shared: &Shared) -> String {
    let bindings = shared.options.keymap.of(tab.action());
    let key =
        bindings.and_then(|binding| binding.keys.first()).map_or_else(String::new, |key| format!("{key} "));
    let badge = screen.badge(shared).map_or_else(String::new, |badge| format!(" {badge}"));
    format!(" {key}{}{badge} ", tab.title())
}
