//! What the client knows, and nothing of how it is shown or where it came from.
//!
//! Plain data: no I/O, no clock, no GraphQL. [`crate::update`] alone changes it, [`crate::view`] draws it.

pub mod broadcast;
pub mod count;
pub mod event;
pub mod explanation;
pub mod fault;
pub mod frame;
pub mod letter;
pub mod link;
pub mod listing;
pub mod notification;
pub mod overlay;
pub mod selection;
pub mod shared;
pub mod viewer;
pub mod word;

use chrono::{DateTime, Utc};
use ratatui::layout::Size;

use self::{link::LinkState, overlay::Overlay, shared::Shared};
use crate::{
    action::{Action, Spec},
    keymap::{Binding, Context},
    options::Options,
    screens::{Screen, Screens, Tab},
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
    pub fn new(server: String, options: Options, now: DateTime<Utc>, size: Size, seed: u64) -> Self {
        Self { shared: Shared::new(server, options, now, size, seed), screens: Screens::default() }
    }

    /// The screen that is shown.
    pub fn screen(&self) -> &dyn Screen {
        self.screens.get(self.shared.tab)
    }

    /// Where the user is, as far as keys mean different things.
    pub fn context(&self) -> Context {
        let overlay = self.shared.overlays.last();
        overlay.map_or_else(|| self.screen().context(), Overlay::context)
    }

    /// What would do something now, of what a place has: the one answer for the footer, the palette and the keys.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.shared.options.keymap.bindings(context).filter(|binding| self.works(binding.spec))
    }

    /// Whether an action would do something now.
    pub fn works(&self, spec: &Spec) -> bool {
        let shared = &self.shared;
        if spec.mutates && shared.options.readonly {
            return false;
        }
        if let Some(tab) = Tab::of(spec.action) {
            return tab.is_for(shared);
        }
        match spec.action {
            Action::Tab | Action::NextTab | Action::PreviousTab => shared.tabs().len() > 1,
            Action::Undo => !shared.undo.is_empty(),
            Action::Reconnect => {
                matches!(shared.link.state, LinkState::Waiting { .. } | LinkState::Refused { .. })
            }
            Action::Server => !shared.options.profiles.is_empty(),
            Action::Campus => shared.viewer.as_ref().is_some_and(|viewer| {
                !viewer.campuses.is_empty() || !viewer.permissions.administers.is_empty()
            }),
            Action::Back if !shared.overlays.is_empty() => true,
            action => self.screen().works(shared, action),
        }
    }
}
