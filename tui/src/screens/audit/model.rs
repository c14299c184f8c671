//! What the audit knows: the entries that were paged through, and what they are narrowed to.

use chrono::{DateTime, Utc};

use crate::model::selection::Selection;

/// The screen's model.
#[derive(Debug, Default)]
pub struct Audit {
    /// The newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none where there is no older one.
    pub end: Option<String>,
    /// What they are narrowed to.
    pub wanted: Wanted,
    /// A page is on its way.
    pub fetching: bool,
    /// Why the last one did not come.
    pub fault: Option<String>,
    /// Which question an answer is taken from; those to an earlier one are old news.
    pub generation: u64,
    /// It has been asked on this connection whether there is a log.
    pub asked: bool,
    /// The selected entry.
    pub selection: Selection,
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only what the user with this key did.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<String>,
}

/// Something that was done, or tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Campanile's own.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; none where nobody known did it.
    pub actor: Option<Actor>,
    /// What, in the server's word for it.
    pub action: String,
    /// To what; perhaps of several lines.
    pub target: Option<String>,
    /// From where.
    pub remote_address: Option<String>,
    /// How it went, in the server's word for it.
    pub outcome: String,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
}

impl Audit {
    /// The selected entry.
    pub fn selected(&self) -> Option<&Entry> {
        self.entries.get(self.selection.index)
    }
}
