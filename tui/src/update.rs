//! What a message changes, and what is to be done about it. Pure: the model, a message, and the effects.
//!
//! No I/O, no clock, no keys: time is a message, and what a key means the keymap has said before.

mod link;

use crate::{
    document,
    effect::Effect,
    keymap::Action,
    message::{Message, Signal},
    model::{Model, shared::Shared},
    screens::{Screen, Told, feed},
};

pub use self::link::begin;

/// Takes a message in.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = match message {
        Message::Tick(now) => {
            model.shared.now = now;
            model.shared.status.take_if(|status| status.until <= now);
            tell(model, Told::Tick)
        }
        Message::Resize(size) => {
            model.shared.size = size;
            Vec::new()
        }
        Message::Act(action) => act(model, action),
        Message::Terminate => {
            model.shared.quit = true;
            Vec::new()
        }
        Message::Net(signal) => receive(model, signal),
    };
    if let Some(fault) = model.shared.broken.take() {
        effects.extend(link::lost(model, &fault));
    }
    for screen in model.screens.all() {
        screen.settle(&model.shared);
    }
    settle_help(&mut model.shared);
    effects
}

/// Tells every screen.
fn tell(model: &mut Model, told: Told) -> Vec<Effect> {
    let Model { shared, screens, .. } = model;
    screens.all().flat_map(|screen| screen.tell(shared, told)).collect()
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let shared = &mut model.shared;
    match action {
        Action::Quit => shared.quit = true,
        Action::Help => shared.help = Some(0),
        Action::Back if shared.help.is_some() => shared.help = None,
        Action::Reconnect => return link::reconnect(shared),
        action => match &mut shared.help {
            Some(scroll) => *scroll = scrolled(*scroll, action, shared.size.height),
            None => return model.screens.feed.act(shared, action),
        },
    }
    Vec::new()
}

fn receive(model: &mut Model, signal: Signal) -> Vec<Effect> {
    match signal {
        Signal::Connected => link::connected(model),
        Signal::Lost(fault) => link::lost(model, &fault),
        Signal::Feed(signal) => feed::update::receive(&mut model.screens.feed, &mut model.shared, signal),
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

fn settle_help(shared: &mut Shared) {
    if let Some(scroll) = shared.help {
        let body = shared.body();
        let lines = document::help(body.width.into()).len();
        shared.help = Some(scroll.min(beyond(lines, body.height)));
    }
}
