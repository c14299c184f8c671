//! Broadcasts: what was sent and what waits, newest first, with how far each has come, live for those on the screen.

pub mod actions;
pub mod exchange;
mod layout;
mod model;
mod update;
mod view;

pub use self::model::Broadcasts;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told, wheel};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Gesture, Pointer},
    model::{overlay::Answer, shared::Shared},
    triage::Focus,
};

impl Screen for Broadcasts {
    fn context(&self) -> Context {
        self.filter.context().unwrap_or(match self.focus {
            Focus::List => Context::BroadcastList,
            Focus::Detail => Context::BroadcastDetail,
        })
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
        update::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        update::moves::settle(self, shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn works(&self, shared: &Shared, action: Action) -> bool {
        update::works(self, shared, action)
    }

    fn typed(&mut self, shared: &mut Shared, typed: &Typed) -> Vec<Effect> {
        update::moves::narrow(self, |filter| filter.take(typed));
        update::moves::older(self, shared)
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        match pointer.gesture {
            Gesture::Press => update::moves::press(self, shared, pointer.at),
            gesture => wheel(self, shared, gesture),
        }
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
        update::changes::answered(self, shared, &answer)
    }
}
