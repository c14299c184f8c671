//! What a message changes, and what is to be done about it. Pure: the model, a message, and the effects.
//!
//! No I/O, no clock, no keys: time is a message, and what a key means the keymap has said before.

mod happenings;
mod link;
mod moves;
pub mod receipts;

use chrono::TimeDelta;

use crate::{
    effect::Effect,
    keymap::Action,
    message::{Message, Signal},
    model::{Model, Status, layout::Layout},
};

/// How long a status line is worth reading.
const STATUS: TimeDelta = TimeDelta::seconds(6);

/// What is to be done first of all.
pub fn begin() -> Vec<Effect> {
    vec![Effect::Connect { after: std::time::Duration::ZERO }]
}

/// Takes a message in.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let effects = match message {
        Message::Tick(now) => {
            model.now = now;
            model.status.take_if(|status| status.until <= now);
            receipts::see(model)
        }
        Message::Resize(size) => {
            model.size = size;
            Vec::new()
        }
        Message::Act(action) => act(model, action),
        Message::Terminate => {
            model.quit = true;
            Vec::new()
        }
        Message::Net(signal) => receive(model, signal),
    };
    moves::settle(model);
    effects
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => model.quit = true,
        Action::Help => model.help = Some(0),
        Action::Back if model.help.is_some() => model.help = None,
        Action::Back => moves::back(model),
        Action::SwitchFocus => moves::switch_focus(model),
        Action::MarkRead => return receipts::mark(model, true),
        Action::MarkUnread => return receipts::mark(model, false),
        Action::MarkAllRead => return receipts::mark_all(model),
        Action::ToggleUnread => return moves::toggle_unread(model),
        Action::Reconnect => return link::reconnect(model),
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
            return moves::go(model, action);
        }
    }
    Vec::new()
}

fn receive(model: &mut Model, signal: Signal) -> Vec<Effect> {
    match signal {
        Signal::Connected => link::connected(model),
        Signal::Lost(fault) => link::lost(model, &fault),
        Signal::Started { replace, result } => link::started(model, replace, result),
        Signal::Page { filter, older, result } => link::page(model, filter, older, result),
        Signal::FeedEnded { generation, fault } if generation == model.generation => {
            link::feed_ended(model, fault)
        }
        Signal::Event { generation, event } if generation == model.generation => {
            happenings::happen(model, *event)
        }
        Signal::FeedEnded { .. } | Signal::Event { .. } => Vec::new(),
        Signal::Marked { ticket, result } => receipts::marked(model, ticket, result),
        Signal::Seen(result) => {
            receipts::seen(model, &result);
            Vec::new()
        }
    }
}

/// Says something at the bottom, for a while.
fn say(model: &mut Model, text: String, bad: bool) {
    model.status = Some(Status { text, bad, until: model.now + STATUS });
}

fn layout(model: &Model) -> Layout {
    Layout::of(model.size, model.focus)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
