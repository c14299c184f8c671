//! The screens: what is behind each tab, one folder each, with its own model, update and view.
//!
//! A screen is pure. It is asked through [`Screen`], changes itself and what it may of [`Shared`], and returns effects; it
//! knows no other screen, no key and no network.

pub mod feed;

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    effect::Effect,
    keymap::{Action, Context},
    model::shared::Shared,
};

/// What the frame asks of a screen.
pub trait Screen {
    /// Where the user is on it, as far as keys mean different things there.
    fn context(&self) -> Context;

    /// The user wants something that is the screen's own.
    fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect>;

    /// Something happened that is no screen's own.
    fn tell(&mut self, shared: &mut Shared, told: Told) -> Vec<Effect>;

    /// After whatever changed, the terminal's size included: brings selection and scrolling back to where there is
    /// something.
    fn settle(&mut self, shared: &Shared);

    /// Draws it, as large as the area is.
    fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect);
}

/// What every screen is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// There is a connection, and no subscription on it yet.
    Connected,
    /// The connection is gone, with all that was asked on it.
    Lost,
    /// A second has passed.
    Tick,
}

/// One model for each screen.
#[derive(Debug, Default)]
pub struct Screens {
    /// The inbox.
    pub feed: feed::Feed,
}

impl Screens {
    /// All of them.
    pub fn all(&mut self) -> impl Iterator<Item = &mut dyn Screen> {
        [&mut self.feed as &mut dyn Screen].into_iter()
    }
}
