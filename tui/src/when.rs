//! Moments as people write them, `tomorrow 9:00` say, in a time zone. Pure: now and the zone are handed in.
//!
//! A moment ahead is read by [`parse`] (when to send), one that is over by [`since`]. What is read is said
//! back by [`spelled`], so that nobody has to trust the reading.
//!
//! A wall-clock time that a change of the clocks leaves out, or shows twice, is read as RFC 5545 (section 3.3.5) has it:
//! the first by the offset from before the change, the second as the earlier of the two.

mod day;
mod span;
#[cfg(test)]
mod tests;
mod time;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

use crate::age;

/// Nobody writes a longer one; in bytes.
const LONGEST: usize = 100;

/// What may be written, for an error and for the help.
pub const EXAMPLES: &str = "2026-12-01T09:00:00Z, tomorrow 9:00, mon 14:30, 1 dec 9am, in 2 hours";

/// The same, for what is over.
pub const EXAMPLES_BACK: &str = "yesterday, mon 14:30, 1 dec, 2 hours ago, 2026-11-01T09:00:00Z";

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// It is none of the forms that are known.
    #[error("{0:?} is no moment; write e.g. {EXAMPLES}")]
    NotUnderstood(String),
    /// It is a whole day.
    #[error("{0:?} is a whole day; say at what time, e.g. {0} 9:00")]
    NoTime(String),
    /// It lies before 1970 or after 9999.
    #[error("{0:?} is too far away")]
    TooFar(String),
}

/// Where a moment is looked for that several would fit: which Monday, which nine o'clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looking {
    Ahead,
    Back,
}

/// What a text means.
enum Meaning {
    Moment(DateTime<Utc>),
    Day(NaiveDate),
}

/// When something is to happen. A whole day is an error: nobody knows at what time.
pub fn parse(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, WhenError> {
    match (Reading { now, zone, looking: Looking::Ahead }).read(text)? {
        Meaning::Moment(at) => Ok(at),
        Meaning::Day(_) => Err(WhenError::NoTime(text.trim().to_owned())),
    }
}

/// Since when, or until when. A whole day is its beginning; `mon` is the last one.
pub fn since(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, WhenError> {
    match (Reading { now, zone, looking: Looking::Back }).read(text)? {
        Meaning::Moment(at) => Ok(at),
        Meaning::Day(day) => Ok(local(day.and_time(NaiveTime::MIN), zone)),
    }
}

/// A moment as the clocks of the zone show it, and how far off it is: `Tue 2026-12-01 09:00 CET (Europe/Rome), in 2d`.
pub fn spelled(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let shown = at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z");
    let off =
        if at > now { format!("in {}", age::short(now, at)) } else { format!("{} ago", age::short(at, now)) };
    format!("{shown} ({zone}), {off}")
}

/// From when to when on every day, as `HH:MM` each: `22:00-07:00`, `10pm - 7am`, `22:00 to 7:00`. None where a text is no
/// two times of day, to the minute, with one of these between them.
pub fn hours(text: &str) -> Option<(String, String)> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.to_lowercase().replace(" to ", "-").replace('–', "-");
    let (start, end) = text.split_once('-')?;
    let read = |half: &str| {
        let words: Vec<&str> = half.split_whitespace().collect();
        let time = time::read(&words).filter(|time| time.second() == 0)?;
        Some(time.format("%H:%M").to_string())
    };
    Some((read(start)?, read(end)?))
}

/// The moment at which the clocks of a zone show a time.
fn local(shown: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    // Some islands left out a whole day when they changed sides of the date line.
    const LONGEST_GAP: i64 = 25 * 4;
    let quarter = TimeDelta::minutes(15);
    if let Some(at) = zone.from_local_datetime(&shown).earliest() {
        return at.to_utc();
    }
    let before = (1..=LONGEST_GAP).find_map(|quarters| {
        let earlier = shown.checked_sub_signed(quarter * i32::try_from(quarters).ok()?)?;
        let at = zone.from_local_datetime(&earlier).latest()?;
        Some(at.to_utc() + (shown - earlier))
    });
    before.unwrap_or_else(|| shown.and_utc())
}

/// What a text is read by.
#[derive(Clone, Copy)]
struct Reading {
    now: DateTime<Utc>,
    zone: Tz,
    looking: Looking,
}

impl Reading {
    fn read(self, text: &str) -> Result<Meaning, WhenError> {
        let text = text.trim();
        let not_understood = || WhenError::NotUnderstood(text.chars().take(LONGEST).collect());
        if text.len() > LONGEST {
            return Err(not_understood());
        }
        let meaning = self.exact(text).or_else(|| self.words(text)).ok_or_else(not_understood)?;
        let year = match meaning {
            Meaning::Moment(at) => at.year(),
            Meaning::Day(day) => day.year(),
        };
        if (1970..=9999).contains(&year) { Ok(meaning) } else { Err(WhenError::TooFar(text.to_owned())) }
    }

    /// RFC 3339, and the same without an offset.
    fn exact(self, text: &str) -> Option<Meaning> {
        let at = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).or_else(|_| {
            let shown = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
                .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"));
            shown.map(|shown| local(shown, self.zone))
        });
        at.ok().map(Meaning::Moment)
    }

    fn words(self, text: &str) -> Option<Meaning> {
        let text = text.to_lowercase().replace(',', " ");
        let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "at" | "on")).collect();
        match words.as_slice() {
            [] => None,
            ["now"] => Some(Meaning::Moment(self.now)),
            ["in", span @ ..] => span::add(self.now, self.zone, span, 1).map(Meaning::Moment),
            [span @ .., "ago"] => span::add(self.now, self.zone, span, -1).map(Meaning::Moment),
            words => self.day_and_time(words),
        }
    }

    /// The time behind the day, or before it, or the one without the other.
    fn day_and_time(self, words: &[&str]) -> Option<Meaning> {
        let splits = (1..=2.min(words.len())).flat_map(|n| {
            let (front, back) = (words.split_at(n), words.split_at(words.len() - n));
            [(back.0, back.1), (front.1, front.0)]
        });
        for (day, time) in splits {
            if let Some(time) = time::read(time)
                && let Some(at) = self.at(day, time)
            {
                return Some(Meaning::Moment(at));
            }
        }
        let today = self.today();
        let fits = |day: NaiveDate| match self.looking {
            Looking::Ahead => day >= today,
            Looking::Back => day <= today,
        };
        day::read(words, today, self.looking, fits).map(Meaning::Day)
    }

    fn at(self, day: &[&str], time: NaiveTime) -> Option<DateTime<Utc>> {
        let moment = |day: NaiveDate| local(day.and_time(time), self.zone);
        let fits = |day: NaiveDate| match self.looking {
            Looking::Ahead => moment(day) > self.now,
            Looking::Back => moment(day) <= self.now,
        };
        let today = self.today();
        let day = if day.is_empty() {
            let other = match self.looking {
                Looking::Ahead => today.checked_add_days(Days::new(1)),
                Looking::Back => today.checked_sub_days(Days::new(1)),
            };
            [Some(today), other].into_iter().flatten().find(|day| fits(*day))?
        } else {
            day::read(day, today, self.looking, fits)?
        };
        Some(moment(day))
    }

    fn today(self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}
