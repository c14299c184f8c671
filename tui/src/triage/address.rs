//! The address that a notification links to: opened on the desktop, or copied.

use super::{Triage, exchange};
use crate::{
    effect::{Effect, Gesture},
    model::shared::Shared,
    net::endpoint::linked,
};

impl Triage {
    /// Has the desktop show it.
    pub(super) fn open_link(&self, shared: &mut Shared) -> Vec<Effect> {
        let Some(address) = self.address(shared) else {
            return Vec::new();
        };
        shared.say(format!("opening {address}"));
        vec![exchange::Effect::Open { tab: self.tab, address }.into()]
    }

    /// Puts it onto the clipboard.
    pub(super) fn copy_link(&self, shared: &mut Shared) -> Vec<Effect> {
        let Some(address) = self.address(shared) else {
            return Vec::new();
        };
        shared.say(format!("copied {address}"));
        vec![Gesture::Copy(address).into()]
    }

    /// Whole; says so where there is none, or none to be trusted.
    fn address(&self, shared: &mut Shared) -> Option<String> {
        let linked_to = &self.inbox.selected()?.data.action_url;
        let Some(address) = linked_to else {
            shared.say("there is no link in it");
            return None;
        };
        let whole = linked(&shared.server, address);
        if whole.is_none() {
            shared.complain(format!("not an address to be opened: {address}"));
        }
        whole
    }
}
