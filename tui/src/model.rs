//! What the client knows, and nothing of how it is shown or where it came from.
//!
//! Plain data: no I/O, no clock, no GraphQL. [`crate::update`] alone changes it, [`crate::view`] draws it.

pub mod count;
pub mod event;
pub mod fault;
pub mod frame;
pub mod link;
pub mod listing;
pub mod notification;
pub mod selection;
pub mod shared;
pub mod viewer;

use chrono::{DateTime, Utc};
use ratatui::layout::Size;

use self::shared::Shared;
use crate::{
    keymap::Context,
    screens::{Screen, Screens},
};

/// Everything that a frame is drawn from.
#[derive(Debug)]
pub struct Model {
    /// What all screens share.
    pub shared: Shared,
    /// What each has for itself.
    pub screens: Screens,
}

impl Model {
    /// Before anything is known. `seed` makes the delays before reconnecting differ from other clients'.
    pub fn new(server: String, now: DateTime<Utc>, size: Size, seed: u64) -> Self {
        Self { shared: Shared::new(server, now, size, seed), screens: Screens::default() }
    }

    /// Where the user is, as far as keys mean different things.
    pub fn context(&self) -> Context {
        if self.shared.help.is_some() { Context::Help } else { self.screens.feed.context() }
    }
}
