//! Hours in which nothing makes a sound: wall-clock times in a time zone.
//!
//! On the two nights of the year on which clocks are changed, an hour is missing or comes twice. Quiet hours begin when the
//! clock first shows their start and end when it last shows their end, so that they are one stretch of time; a time that the
//! clock skips is the moment of the skip.

use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;

use crate::domain::invalid::Invalid;

/// A time of day on a clock, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// So many minutes after midnight, on a clock; `None` for more than a day has.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < 24 * 60 { Some(Self(minutes)) } else { None }
    }

    /// Minutes after midnight, on a clock.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// Reads `HH:MM`, from 00:00 to 23:59.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let number = |digits: &str, most: u16| {
            let are_digits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|number: &u16| are_digits && *number <= most)
        };
        Some(Self(60 * number(hours, 23)? + number(minutes, 59)?))
    }

    fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(self.0.into())
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// When it shall be quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Whether they count.
    pub enabled: bool,
    /// When they begin.
    pub start: TimeOfDay,
    /// When they end: on the next day, where that is not after `start`.
    pub end: TimeOfDay,
    /// Whose clocks they go by; `None`: the person's own.
    pub timezone: Option<Tz>,
}

impl Default for QuietHours {
    /// What is built in: none, and at night where somebody only turns them on.
    fn default() -> Self {
        Self { enabled: false, start: TimeOfDay(22 * 60), end: TimeOfDay(7 * 60), timezone: None }
    }
}

impl QuietHours {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        match self.start == self.end {
            true => Err(Invalid::new("quietHours.endTime", "must be another time than the start")),
            false => Ok(self),
        }
    }

    /// Whose clocks they go by, for somebody who lives by the clocks of `own`.
    pub fn zone(&self, own: Option<Tz>) -> Tz {
        self.timezone.or(own).unwrap_or(Tz::UTC)
    }

    /// When that is, for somebody who lives by the clocks of `own`; `None` where they are not enabled.
    pub fn window(&self, own: Option<Tz>) -> Option<Window> {
        self.enabled.then(|| Window { start: self.start, end: self.end, zone: self.zone(own) })
    }
}

/// Quiet hours in a time zone, every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: TimeOfDay,
    end: TimeOfDay,
    zone: Tz,
}

impl Window {
    /// Whether it is quiet at this moment.
    pub fn contains(self, at: DateTime<Utc>) -> bool {
        self.around(at, 1).any(|(begin, end)| begin <= at && at < end)
    }

    /// The next moment after `at` at which they begin.
    pub fn next_start(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.around(at, 3).map(|(begin, _)| begin).find(|begin| *begin > at)
    }

    /// The next moment after `at` at which they end.
    pub fn next_end(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.around(at, 3).map(|(_, end)| end).find(|end| *end > at)
    }

    /// Those that begin from the day before `at` until so many days after it, in order, where there are any: the clock may
    /// skip them altogether.
    fn around(self, at: DateTime<Utc>, days: u64) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let today = at.with_timezone(&self.zone).date_naive();
        let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        let dates = (0..=days + 1).filter_map(move |n| first.checked_add_days(Days::new(n)));
        dates.map(move |date| self.beginning_on(date)).filter(|(begin, end)| begin < end)
    }

    fn beginning_on(self, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let last = if self.end > self.start { Some(date) } else { date.checked_add_days(Days::new(1)) };
        (self.first(self.start.on(date)), self.last(self.end.on(last.unwrap_or(date))))
    }

    /// When the clock first shows this.
    fn first(self, shown: NaiveDateTime) -> DateTime<Utc> {
        self.shows(shown, LocalResult::earliest)
    }

    /// When the clock last shows this.
    fn last(self, shown: NaiveDateTime) -> DateTime<Utc> {
        self.shows(shown, LocalResult::latest)
    }

    fn shows(
        self,
        shown: NaiveDateTime,
        which: impl Fn(LocalResult<DateTime<Tz>>) -> Option<DateTime<Tz>>,
    ) -> DateTime<Utc> {
        // What is skipped: an hour in spring, and a whole day once, where the date line was moved.
        let after = (0..=25 * 60).map(|minutes| shown + TimeDelta::minutes(minutes));
        let mut moments = after.filter_map(|shown| which(self.zone.from_local_datetime(&shown)));
        moments.next().map_or_else(|| shown.and_utc(), |moment| moment.to_utc())
    }
}
