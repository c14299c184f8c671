//! What the history asks of the world, and what it is told.

use crate::{
    api::queries::NotificationFilter,
    config::view::View,
    message::Page,
    model::{count::Count, fault::Fault},
};

/// How many notifications a page has.
pub const PAGE: u8 = 50;

/// Something to be done. Each is answered by a [`Signal`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Asks for a page.
    Page {
        /// To be told with the answer: that to an earlier question is old news.
        generation: u64,
        /// Which notifications.
        filter: Box<NotificationFilter>,
        /// Where the page begins; at the newest without.
        after: Option<String>,
    },
    /// Asks how many are unread of a saved part.
    Count {
        /// What it is called.
        name: String,
        /// Which notifications.
        filter: Box<NotificationFilter>,
    },
    /// Asks which types there are.
    Types,
    /// Writes what was saved at run time, and nothing else of what is written there.
    Save {
        /// Under which name.
        name: String,
        /// What; without, it is forgotten.
        view: Option<Box<View>>,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Page`].
    Page {
        /// As asked.
        generation: u64,
        /// As asked.
        after: Option<String>,
        /// What came.
        result: Result<Page, Fault>,
    },
    /// The answer to [`Effect::Count`].
    Count {
        /// What it is called.
        name: String,
        /// The unread of it.
        result: Result<Count, Fault>,
    },
    /// The answer to [`Effect::Types`]: names, and what people call them.
    Types(Result<Vec<(String, String)>, Fault>),
    /// The answer to [`Effect::Save`].
    Saved(Result<(), String>),
}
