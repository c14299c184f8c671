//! The audit: who did what, from where, and how it went. Only where the server has a log of it and shows it to the viewer:
//! it is asked once on each connection.

pub mod actions;
pub mod exchange;
mod model;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use self::model::{Actor, Audit, Entry, Wanted};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told, wheel};
use crate::{
    action::Action,
    effect::Effect,
    keymap::Context,
    message::{Gesture, Pointer},
    model::{overlay::Answer, shared::Shared},
};

impl Screen for Audit {
    fn context(&self) -> Context {
        Context::Audit
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

    fn works(&self, _: &Shared, action: Action) -> bool {
        update::works(self, action)
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        match pointer.gesture {
            Gesture::Press => update::press(self, shared, pointer.at),
            gesture => wheel(self, shared, gesture),
        }
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
        update::answered(self, shared, answer)
    }
}
