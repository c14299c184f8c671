//! From one screen to another.

use crate::{
    effect::Effect,
    model::Model,
    screens::{Tab, Told},
};

/// Shows a screen, if it is one of the viewer's.
pub(super) fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let Model { shared, screens } = model;
    if !tab.is_for(shared) {
        shared.complain(format!("{} is not yours to see", tab.title()));
        return Vec::new();
    }
    if tab == shared.tab {
        return Vec::new();
    }
    let before = std::mem::replace(&mut shared.tab, tab);
    let mut effects = screens.get_mut(before).tell(shared, Told::Hidden);
    effects.extend(screens.get_mut(tab).tell(shared, Told::Shown));
    effects
}

/// Shows the one so many tabs to the right, and around.
pub(super) fn next(model: &mut Model, by: isize) -> Vec<Effect> {
    let tabs = model.shared.tabs();
    let at = tabs.iter().position(|tab| *tab == model.shared.tab).unwrap_or(0);
    // There are a few tabs, and never none.
    let next = at.saturating_add_signed(by.rem_euclid(tabs.len().cast_signed().max(1))) % tabs.len().max(1);
    tabs.get(next).map_or_else(Vec::new, |tab| show(model, *tab))
}

/// After whatever changed: whoever may not see a screen any more sees the feed.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    // While nobody knows who it is, e.g. after a switch, this is the feed, too.
    if model.shared.tab.is_for(&model.shared) { Vec::new() } else { show(model, Tab::Feed) }
}
