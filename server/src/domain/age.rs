//! What of the log is old: two positions that move on with time.
//!
//! Each position belongs to a moment of *log time*, that of its entry. The moment moves towards "so long ago", but at most
//! [`PACE`] times as fast as time really passes, so that a wrong clock cannot empty the log. What really passes is said by no
//! clock that can be set: see [`Witness`].

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::id::Seq;

#[cfg(test)]
mod tests;

/// How old a notification is when it is archived, unless told otherwise.
pub const ARCHIVE_AFTER: Duration = Duration::from_hours(30 * 24);
/// Log time that is moved over, at most, in a given time: two days of log per day.
const PACE: u32 = 2;
/// How often it is looked whether something has come of age, at most and at least; see [`Ages::tick`].
const TICKS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_mins(1));
/// Rows that are deleted at once, at most.
const MOST_ROWS: i64 = 500;
/// Rows that are deleted at once, at first.
pub const FIRST_ROWS: i64 = 50;
/// How long the writer is to be held by one batch of deletions, about.
const BATCH: Duration = Duration::from_millis(2);

/// How far the log has aged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age {
    /// Everything up to and including this position is archived, unless its reader took it out of the archive.
    pub archived_through: Seq,
    /// Everything up to and including this position has been deleted, or is about to be: nobody is shown it, and no cursor
    /// from before it can be followed.
    pub deleted_through: Seq,
}

/// What counts as old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// What is older is archived.
    pub archive_after: Duration,
    /// What is older is deleted.
    pub keep_for: Duration,
}

impl Ages {
    /// How often to look whether something has come of age.
    pub fn tick(self) -> Duration {
        (self.archive_after.min(self.keep_for) / 10).clamp(TICKS.0, TICKS.1)
    }
}

/// Up to which moments of log time the two positions have moved; everything committed then or earlier lies behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// How often either has moved, whoever moved it.
    pub moves: i64,
    /// Up to here everything is archived; `None` before anything is.
    pub archived_until: Option<DateTime<Utc>>,
    /// Up to here everything is deleted; `None` before anything is.
    pub deleted_until: Option<DateTime<Utc>>,
}

impl Progress {
    /// Where both stand next, `passed` after they last moved; `None` where neither moves. `first` is when the log's first
    /// entry was committed: there they begin.
    pub fn next(
        self,
        first: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        ages: Ages,
        passed: Duration,
    ) -> Option<Self> {
        // The first entry itself has yet to come of age.
        let before_first = first.map(|first| first - TimeDelta::milliseconds(1));
        let next = |until: Option<DateTime<Utc>>, age| {
            let reached = until.or(before_first)?;
            let next = reach(reached, now, age, passed);
            (next > reached).then_some(next).or(until)
        };
        let (archived_until, deleted_until) =
            (next(self.archived_until, ages.archive_after), next(self.deleted_until, ages.keep_for));
        let has_moved = (archived_until, deleted_until) != (self.archived_until, self.deleted_until);
        has_moved.then_some(Self { moves: self.moves + 1, archived_until, deleted_until })
    }
}

/// The next moment of log time to reach from `reached`: what is older than `age` at `now`, but no more than [`PACE`] times the
/// time that `passed` further on. Never back.
fn reach(reached: DateTime<Utc>, now: DateTime<Utc>, age: Duration, passed: Duration) -> DateTime<Utc> {
    let old = TimeDelta::from_std(age).ok().and_then(|age| now.checked_sub_signed(age));
    let step = TimeDelta::from_std(passed.saturating_mul(PACE)).unwrap_or(TimeDelta::MAX);
    let furthest = reached.checked_add_signed(step).unwrap_or(DateTime::<Utc>::MAX_UTC);
    old.map_or(reached, |old| old.min(furthest)).max(reached)
}

/// How one process knows for how long the positions have stood still: by what it saw itself, on a watch of its own that
/// nobody can set. It claims the time since it last looked, if nobody has moved them since then. So the times claimed by all
/// processes never overlap, however often they start and whatever their clocks say.
#[derive(Debug, Default)]
pub struct Witness {
    /// The moves there were, and what the watch said.
    seen: Option<(i64, Duration)>,
}

impl Witness {
    /// The time for which the positions may be moved now, at `watch`, where there are so many `moves`. Whoever then moves them
    /// has to make sure that there still are no more.
    pub fn passed(&self, moves: i64, watch: Duration) -> Duration {
        match self.seen {
            Some((seen, at)) if seen == moves => watch.saturating_sub(at),
            _ => Duration::ZERO,
        }
    }

    /// At `watch` there are so many `moves`. The watch must have been read before the positions were moved by this process,
    /// and after it was seen that somebody else has moved them.
    pub fn saw(&mut self, moves: i64, watch: Duration) {
        self.seen = Some((moves, watch));
    }
}

/// How many rows the next batch deletes, after one of `rows` that held the writer for so long.
pub fn next_batch(rows: i64, held: Duration) -> i64 {
    let next = if held > BATCH {
        rows / 2
    } else if held < BATCH / 2 {
        rows * 2
    } else {
        rows
    };
    next.clamp(1, MOST_ROWS)
}
