//! What a message changes, and what is to be done about it. Pure: the model, a message, and the effects.
//!
//! No I/O, no clock, no keys: time is a message, and what a key means the keymap has said before.

mod commands;
mod link;
mod overlays;
mod pointer;
mod tabs;

#[cfg(test)]
mod tests;

use crate::{
    action::{self, Action, Argument},
    effect::Effect,
    message::{Message, Signal},
    model::{
        Model,
        shared::{Next, Undo},
    },
    screens::{Tab, Told, feed},
};

pub use self::{link::begin, overlays::CANDIDATES, pointer::label};

/// Takes a message in.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = match message {
        Message::Tick(now) => {
            let mut effects = model.shared.tick(now);
            effects.extend(tell(model, Told::Tick));
            if overlays::offers_views(model) {
                effects.extend(model.screens.history.recount(&model.shared));
            }
            effects
        }
        Message::Resize(size) => {
            model.shared.resize(size);
            Vec::new()
        }
        Message::Act(action) => act(model, action),
        Message::Type(typed) => overlays::typed(model, &typed),
        Message::Point(pointer) => pointer::point(model, pointer),
        Message::Edited(result) => model.screens.compose.edited(&mut model.shared, result),
        Message::Terminate => {
            model.shared.quit = true;
            Vec::new()
        }
        Message::Net(signal) => receive(model, signal),
    };
    if let Some(fault) = model.shared.broken.take() {
        effects.extend(link::lost(model, &fault));
    }
    while let Some(next) = model.shared.next.take() {
        effects.extend(go_on(model, next));
    }
    effects.extend(tabs::settle(model));
    for screen in model.screens.all() {
        screen.settle(&model.shared);
    }
    overlays::settle(model);
    effects
}

/// Does what one screen wants of the others.
fn go_on(model: &mut Model, next: Next) -> Vec<Effect> {
    match next {
        Next::Act(action) => act(model, action),
        Next::Write(draft) => {
            let mut effects = tabs::show(model, Tab::Compose);
            effects.extend(model.screens.compose.write(&mut model.shared, *draft));
            effects
        }
        Next::Forget => {
            let Model { shared, screens } = model;
            shared.undo = Undo::default();
            let mut effects = screens.feed.forget(shared);
            effects.extend(screens.history.forget(shared));
            effects
        }
    }
}

/// Tells every screen.
fn tell(model: &mut Model, told: Told<'_>) -> Vec<Effect> {
    let Model { shared, screens } = model;
    screens.all().flat_map(|screen| screen.tell(shared, told)).collect()
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let spec = action::spec_of(action);
    if spec.is_some_and(|spec| spec.mutates && model.shared.options.readonly) {
        model.shared.complain("read-only: nothing is changed from here");
        return Vec::new();
    }
    if !model.shared.overlays.is_empty() {
        return overlays::act(model, action);
    }
    if let Some(tab) = Tab::of(action) {
        return tabs::show(model, tab);
    }
    if let Some(argument) = spec.and_then(|spec| spec.argument) {
        overlays::open_palette(model, Some((action, argument)));
        let Model { shared, screens } = model;
        return if argument == Argument::View { screens.history.count(shared) } else { Vec::new() };
    }
    match action {
        Action::Quit => model.shared.quit = true,
        Action::Help => overlays::open_help(model),
        Action::Palette => overlays::open_palette(model, None),
        Action::NextTab => return tabs::next(model, 1),
        Action::PreviousTab => return tabs::next(model, -1),
        Action::Reconnect => return link::reconnect(&mut model.shared),
        Action::Token => link::ask_for_token(&mut model.shared, String::new()),
        Action::Mouse => return commands::mouse(&mut model.shared),
        Action::Undo => return commands::undo(model),
        action => {
            let Model { shared, screens } = model;
            return screens.get_mut(shared.tab).act(shared, action);
        }
    }
    Vec::new()
}

fn receive(model: &mut Model, signal: Signal) -> Vec<Effect> {
    match signal {
        Signal::Connected => link::connected(model),
        Signal::Lost(fault) => link::lost(model, &fault),
        Signal::Switched { profile, server, campus } => link::switched(model, profile, server, campus),
        Signal::NotSwitched(why) => {
            model.shared.switching = None;
            model.shared.complain(format!("failed to switch: {why}"));
            Vec::new()
        }
        Signal::Triage(signal) => {
            let Model { shared, screens } = model;
            screens.get_mut(signal.tab()).triaged(shared, signal)
        }
        Signal::Feed(signal) => {
            let mut effects = Vec::new();
            if let feed::exchange::Signal::Started { result: Ok(start), .. } = &signal
                && model.shared.viewer.as_ref().is_some_and(|viewer| viewer.key != start.viewer.key)
            {
                return link::replaced(model, &start.viewer.name);
            }
            if let feed::exchange::Signal::Event { generation, event } = &signal
                && *generation == model.screens.feed.generation
            {
                effects.extend(tell(model, Told::Happening(&event.happening)));
            }
            effects.extend(feed::update::receive(&mut model.screens.feed, &mut model.shared, signal));
            effects
        }
        Signal::History(signal) => {
            let effects = model.screens.history.receive(&mut model.shared, signal);
            overlays::refresh(model);
            effects
        }
        Signal::Broadcasts(signal) => model.screens.broadcasts.receive(&mut model.shared, signal),
        Signal::Compose(signal) => model.screens.compose.receive(&mut model.shared, signal),
        Signal::Dashboard(signal) => model.screens.dashboard.receive(&model.shared, signal),
        Signal::Preferences(signal) => model.screens.preferences.receive(&mut model.shared, signal),
        Signal::Audit(signal) => model.screens.audit.receive(&mut model.shared, signal),
    }
}

/// Where a text is scrolled to, of which so many rows are shown.
pub fn scrolled(scroll: u16, action: Action, rows: u16) -> u16 {
    let page = rows.saturating_sub(1).max(1);
    match action {
        Action::Up => scroll.saturating_sub(1),
        Action::Down => scroll.saturating_add(1),
        Action::PageUp => scroll.saturating_sub(page),
        Action::PageDown => scroll.saturating_add(page),
        Action::Top => 0,
        Action::Bottom => u16::MAX,
        _ => scroll,
    }
}

/// The most that a text of so many lines can be scrolled, of which so many rows are shown.
pub fn beyond(lines: usize, rows: u16) -> u16 {
    u16::try_from(lines.saturating_sub(rows.into())).unwrap_or(u16::MAX)
}
