//! The history: everything that was ever sent to the viewer, searched and filtered by the server, read page by page.
//!
//! What is asked for is a [`crate::config::view::View`]: the same that the config file names and `campanile history` takes.

pub mod actions;
pub mod exchange;
mod model;
mod update;
mod view;
pub mod views;

#[cfg(test)]
mod tests;

pub use self::model::History;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Screen, Told};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    keymap::Context,
    message::{Pointer, Ticket},
    model::{overlay::Answer, shared::Shared},
    triage::{self, Focus},
};

impl Screen for History {
    fn context(&self) -> Context {
        self.line.context().unwrap_or(match self.triage.focus {
            Focus::List => Context::HistoryList,
            Focus::Detail => Context::HistoryDetail,
        })
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        update::act(self, shared, action)
    }

    fn tell(&mut self, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
        update::tell(self, shared, told)
    }

    fn settle(&mut self, shared: &Shared) {
        // While it is hidden, a burst on the feed is not to pay for it.
        if self.shown {
            self.triage.above = view::rows_above(self, shared);
            self.triage.settle(shared);
        }
    }

    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect) {
        view::draw(self, shared, buffer, area);
    }

    fn works(&self, _: &Shared, action: Action) -> bool {
        match action {
            Action::Back => self.triage.works(action) || self.line.is_shown(),
            Action::ClearFilters => self.is_narrowed(),
            action => self.triage.works(action),
        }
    }

    fn typed(&mut self, shared: &mut Shared, typed: &Typed) -> Vec<Effect> {
        update::typed(self, shared, typed);
        Vec::new()
    }

    fn run(&mut self, shared: &mut Shared, action: Action, argument: &str) -> Vec<Effect> {
        update::run(self, shared, action, argument)
    }

    fn point(&mut self, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
        update::point(self, shared, pointer)
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
        update::answered(self, shared, &answer)
    }

    fn triaged(&mut self, shared: &mut Shared, signal: triage::exchange::Signal) -> Vec<Effect> {
        update::triaged(self, shared, signal)
    }

    fn undo(&mut self, shared: &mut Shared, ticket: Ticket) -> Vec<Effect> {
        self.triage.undo(shared, ticket)
    }

    fn choices(&self, _: &Shared, action: Action) -> Vec<(String, String)> {
        update::query::choices(self, action)
    }

    fn says(&self, _: &Shared) -> Vec<String> {
        let newer = (self.newer > 0).then(|| format!("{} arrived since", self.newer));
        let stale = (self.stale && self.answered.is_some()).then(|| "not up to date".to_owned());
        newer.into_iter().chain(stale).chain(self.triage.says()).collect()
    }
}
