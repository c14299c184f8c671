//! The preferences: what the viewer wants to hear and when it is quiet, by default and on each campus, with what is set
//! where.

pub mod actions;
pub mod exchange;
pub mod grid;
mod layout;
mod model;
mod rows;
mod update;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use self::model::{Change, Hours, Now, Preferences, QuietChange, Told, Type};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, wheel};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Gesture, Pointer, Ticket},
    model::{overlay::Answer, shared::Shared},
};

impl Screen for Preferences {
    fn context(&self) -> Context {
        self.filter.context().unwrap_or(Context::Preferences)
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn tell(&mut self, shared: &mut Shared, told: super::Told<'_>) -> Vec<Effect> {
        update::asking::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        update::settle(self, shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn works(&self, _: &Shared, action: Action) -> bool {
        update::works(self, action)
    }

    fn typed(&mut self, _: &mut Shared, typed: &Typed) -> Vec<Effect> {
        self.filter.take(typed);
        Vec::new()
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        match pointer.gesture {
            Gesture::Press => {
                update::press(self, shared, pointer.at);
                Vec::new()
            }
            gesture => wheel(self, shared, gesture),
        }
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
        update::changing::answered(self, shared, &answer)
    }

    fn undo(&mut self, shared: &mut Shared, ticket: Ticket) -> Vec<Effect> {
        update::changing::undo(self, shared, ticket)
    }
}
