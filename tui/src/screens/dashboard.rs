//! The dashboard: how much goes on, in numbers, live while it is shown.

pub mod actions;
pub mod exchange;
pub mod history;
mod layout;
mod model;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use self::model::{Campus, Dashboard, Latency, Reading};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told, wheel};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Gesture, Pointer},
    model::shared::Shared,
};

impl Screen for Dashboard {
    fn context(&self) -> Context {
        self.filter.context().unwrap_or(Context::Dashboard)
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn works(&self, _: &Shared, action: Action) -> bool {
        update::works(self, action)
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

    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
        update::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        update::settle(self, shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn typed(&mut self, _: &mut Shared, typed: &Typed) -> Vec<Effect> {
        self.filter.take(typed);
        Vec::new()
    }
}
