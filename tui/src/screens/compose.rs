//! Compose: a draft, field by field, with what it will look like and how many it will reach; and sent, once, however often it
//! takes.
//!
//! A draft is the user's: it is kept as they type, and nothing but the server's word that it was sent, or theirs that it is not
//! wanted, takes it away.

pub mod actions;
pub mod exchange;
mod layout;
mod model;
mod notes;
mod update;
mod view;

pub use self::model::Compose;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told};
use crate::{
    action::Action,
    draft::Field,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Gesture, Pointer},
    model::{overlay::Answer, shared::Shared},
};

impl Screen for Compose {
    fn context(&self) -> Context {
        match (self.typing, self.field) {
            (false, _) => Context::ComposeForm,
            (true, Field::Message) => Context::ComposeText,
            (true, _) => Context::ComposeLine,
        }
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

    fn works(&self, shared: &Shared, action: Action) -> bool {
        match action {
            Action::Discard => !self.draft.is_empty(),
            Action::NextChoice | Action::PreviousChoice => !update::edit::is_text(self.field),
            // Where both have room there is nothing to switch.
            Action::Preview => self.layout(shared.body()).divider.is_empty(),
            _ => true,
        }
    }

    fn typed(&mut self, shared: &mut Shared, typed: &Typed) -> Vec<Effect> {
        update::edit::typed(self, shared, typed);
        Vec::new()
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        match pointer.gesture {
            Gesture::Press => update::press(self, shared, pointer.at),
            gesture => {
                update::wheel(self, gesture);
                Vec::new()
            }
        }
    }

    fn choices(&self, shared: &Shared, action: Action) -> Vec<(String, String)> {
        update::choose::choices(self, shared, action)
    }

    fn run(&mut self, shared: &mut Shared, action: Action, word: &str) -> Vec<Effect> {
        update::choose::choose(self, shared, action, word);
        Vec::new()
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
        update::answered(self, shared, &answer)
    }

    fn badge(&self, _shared: &Shared) -> Option<String> {
        (!self.draft.is_empty()).then(|| "●".to_owned())
    }
}
