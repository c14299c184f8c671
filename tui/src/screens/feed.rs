//! The feed: what concerns the viewer, newest first and live, with the selected one whole beside it.
//!
//! It is the one screen that is always at work: what it follows is what the others are told of, too.

pub mod actions;
pub mod exchange;
pub mod model;
pub mod update;
mod view;

pub use self::model::Feed;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Pointer, Ticket},
    model::shared::Shared,
    triage::{self, Focus},
};

impl Screen for Feed {
    fn context(&self) -> Context {
        self.triage.context().unwrap_or(match self.triage.focus {
            Focus::List => Context::FeedList,
            Focus::Detail => Context::FeedDetail,
        })
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
        update::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        update::settle(self, shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        update::point(self, shared, pointer)
    }

    fn triaged(&mut self, shared: &mut Shared, signal: triage::exchange::Signal) -> Vec<Effect> {
        update::answered(self, shared, signal)
    }

    fn says(&self, _: &Shared) -> Vec<String> {
        self.triage.says()
    }

    fn works(&self, _: &Shared, action: Action) -> bool {
        self.triage.works(action)
    }

    fn typed(&mut self, shared: &mut Shared, typed: &Typed) -> Vec<Effect> {
        update::typed(self, shared, typed)
    }

    fn run(&mut self, shared: &mut Shared, action: Action, argument: &str) -> Vec<Effect> {
        update::run(self, shared, action, argument)
    }

    fn undo(&mut self, shared: &mut Shared, ticket: Ticket) -> Vec<Effect> {
        self.triage.undo(shared, ticket)
    }

    fn badge(&self, shared: &Shared) -> Option<String> {
        shared.unread.filter(|unread| unread.count > 0).map(|unread| unread.to_string())
    }
}
