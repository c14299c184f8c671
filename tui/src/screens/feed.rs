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
    keymap::Context,
    message::{Gesture, Pointer},
    model::shared::Shared,
    screens::wheel,
    triage::{self, Focus, inbox::Filter},
};

impl Screen for Feed {
    fn context(&self) -> Context {
        match self.triage.focus {
            Focus::List => Context::FeedList,
            Focus::Detail => Context::FeedDetail,
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
        update::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        self.triage.settle(shared);
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        match pointer.gesture {
            Gesture::Press => update::press(self, shared, pointer.at),
            gesture => wheel(self, shared, gesture),
        }
    }

    fn triaged(&mut self, shared: &mut Shared, signal: triage::exchange::Signal) -> Vec<Effect> {
        update::answered(self, shared, signal)
    }

    fn says(&self, _: &Shared) -> Vec<String> {
        let above = self.triage.inbox.selection.offset;
        let above = (above > 0).then(|| format!("↑ {above} newer"));
        let unread = (self.triage.inbox.filter == Filter::Unread).then(|| "unread only".to_owned());
        above.into_iter().chain(unread).collect()
    }

    fn badge(&self, shared: &Shared) -> Option<String> {
        shared.unread.filter(|unread| unread.count > 0).map(|unread| unread.to_string())
    }
}
