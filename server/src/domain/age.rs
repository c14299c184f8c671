//! What of the log is old: two positions that move on with time.

use std::time::Duration;

use super::id::Seq;

/// How old a notification is when it is archived, unless told otherwise.
pub const ARCHIVE_AFTER: Duration = Duration::from_hours(30 * 24);

/// How far the log has aged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age {
    /// Everything up to and including this position is archived, unless its reader took it out of the archive.
    pub archived_through: Seq,
    /// Everything up to and including this position has been deleted, or is about to be: nobody is shown it, and no cursor
    /// from before it can be followed.
    pub deleted_through: Seq,
}
