//! What of a list is shown, and in which order.

use super::sort::Sort;
use crate::{filter::Filter, model::notification::Notification};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Only what matches this text.
    pub text: Filter,
    /// Only what this campus was told, by its key.
    pub campus: Option<String>,
    /// In this order.
    pub sort: Sort,
}

impl Narrow {
    /// Everything is shown, as the server has it.
    pub fn is_none(&self) -> bool {
        !self.leaves_out() && self.sort == Sort::default()
    }

    /// Something may not be shown.
    pub fn leaves_out(&self) -> bool {
        self.campus.is_some() || !self.text.line().0.text().trim().is_empty()
    }

    /// Whether one is shown.
    pub fn has(&self, notification: &Notification) -> bool {
        let of_campus = |key: &String| notification.campus.as_ref().is_some_and(|campus| campus.key == **key);
        self.campus.as_ref().is_none_or(of_campus) && self.matches(notification)
    }

    fn matches(&self, notification: &Notification) -> bool {
        if self.text.line().0.text().trim().is_empty() {
            return true;
        }
        let Notification { title, message, kind, priority, sender, .. } = notification;
        let sender = sender.as_ref().map_or("", |sender| &sender.name);
        let (place, label) = (notification.place(), notification.label());
        let parts = [title, message, place, sender, kind, &label, priority.as_str()];
        self.text.matches(&parts.join("\n"))
    }
}
