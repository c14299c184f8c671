//! Moments in words: `tomorrow 9:00`, `in 2 hours`, `mon 14:30`. Pure: it is given the time and the place.
//!
//! Wall-clock times are those of a time zone, and follow its daylight saving: an hour that a night leaves out is an error,
//! of one that it has twice the first is meant.

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;

/// Further ahead nothing can be meant: a thousand years, so that no sum overflows.
const FURTHEST: i64 = 366_000;

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// Not one of the forms.
    #[error(
        "{0:?} is no time; write e.g. \"tomorrow 9:00\", \"mon 14:30\", \"in 2 hours\" or 2026-12-01T18:00:00Z"
    )]
    Unknown(String),
    /// A day without a time.
    #[error("at what time? e.g. \"{0} 9:00\"")]
    NoTime(String),
    /// The clocks go forward over it.
    #[error("there is no {time} on {date} in {zone}: the clocks go forward over it")]
    Skipped {
        /// The time of day.
        time: NaiveTime,
        /// The day.
        date: NaiveDate,
        /// Where.
        zone: Tz,
    },
}

/// The moment that `text` means to somebody in `zone` at the moment `now`.
///
/// A time of day alone is the next one; a weekday is the next such day, today if the time is still to come. Fails with what is
/// wrong, for people.
pub fn parse(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, WhenError> {
    let unknown = || WhenError::Unknown(text.trim().to_owned());
    if let Ok(moment) = DateTime::parse_from_rfc3339(text.trim()) {
        return Ok(moment.to_utc());
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "at").collect();
    if let Some(span) = span(&words) {
        return now.checked_add_signed(span.ok_or_else(unknown)?).ok_or_else(unknown);
    }
    let here = now.with_timezone(&zone);
    let (day, time) = match words.as_slice() {
        ["now"] => return Ok(now),
        [day] if named_day(day).is_some() => return Err(WhenError::NoTime((*day).to_owned())),
        [time] => (Day::Next, *time),
        ["next", day, time] | [day, time] => (named_day(day).ok_or_else(unknown)?, *time),
        _ => return Err(unknown()),
    };
    let time = time_of_day(time).ok_or_else(unknown)?;
    let to_come = time > here.time();
    let today = here.date_naive();
    let ahead = match day {
        Day::On(date) => return moment(date, time, zone),
        Day::Today => 0,
        Day::Tomorrow => 1,
        Day::Next => u64::from(!to_come),
        Day::Weekday(weekday) => match weekday.days_since(today.weekday()) {
            0 if !to_come => 7,
            days => u64::from(days),
        },
    };
    moment(today.checked_add_days(Days::new(ahead)).ok_or_else(unknown)?, time, zone)
}

/// Which day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    On(NaiveDate),
    Today,
    Tomorrow,
    Weekday(Weekday),
    /// Whichever comes first.
    Next,
}

fn named_day(word: &str) -> Option<Day> {
    match word {
        "today" => return Some(Day::Today),
        "tomorrow" => return Some(Day::Tomorrow),
        _ => {}
    }
    if let Ok(weekday) = word.parse::<Weekday>() {
        return Some(Day::Weekday(weekday));
    }
    NaiveDate::parse_from_str(word, "%Y-%m-%d").ok().map(Day::On)
}

/// `9:00`, `9.30`, `21:15`, `9am`, `9:30pm`, `noon`, `midnight`.
fn time_of_day(word: &str) -> Option<NaiveTime> {
    match word {
        "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return NaiveTime::from_hms_opt(0, 0, 0),
        _ => {}
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (word, None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        // A bare number might be anything.
        None if half.is_some() => (number(digits)?, 0),
        None => return None,
    };
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// `in 2 hours`, `in 90 min`, `2h`, `in 1 day`: `None` where it is none of these, and an inner `None` where it is too long.
fn span(words: &[&str]) -> Option<Option<TimeDelta>> {
    let words = words.strip_prefix(&["in"]).unwrap_or(words);
    let (count, unit) = match words {
        [count, unit] => (*count, *unit),
        [both] => both.split_at(both.find(|c: char| !c.is_ascii_digit())?),
        _ => return None,
    };
    let minutes = match unit {
        "m" | "min" | "mins" | "minute" | "minutes" => 1,
        "h" | "hour" | "hours" => 60,
        "d" | "day" | "days" => 24 * 60,
        "w" | "week" | "weeks" => 7 * 24 * 60,
        _ => return None,
    };
    let count = i64::from(if matches!(count, "a" | "an" | "one") { 1 } else { number(count)? });
    Some(count.checked_mul(minutes).filter(|total| *total <= FURTHEST * 24 * 60).map(TimeDelta::minutes))
}

fn moment(date: NaiveDate, time: NaiveTime, zone: Tz) -> Result<DateTime<Utc>, WhenError> {
    match zone.from_local_datetime(&date.and_time(time)) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Ok(moment.to_utc()),
        LocalResult::None => Err(WhenError::Skipped { time, date, zone }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    /// Saturday, 2026-11-21 18:30 in Rome.
    fn now() -> DateTime<Utc> {
        "2026-11-21T17:30:00Z".parse().unwrap()
    }

    #[rstest]
    #[case("2026-12-01T18:00:00Z", "2026-12-01T18:00:00Z")]
    #[case("2026-12-01T18:00:00+02:00", "2026-12-01T16:00:00Z")]
    #[case("now", "2026-11-21T17:30:00Z")]
    #[case("tomorrow 9:00", "2026-11-22T08:00:00Z")]
    #[case("  Tomorrow at 09:00 ", "2026-11-22T08:00:00Z")]
    #[case("today 19:00", "2026-11-21T18:00:00Z")]
    #[case("19:00", "2026-11-21T18:00:00Z")]
    #[case("9:00", "2026-11-22T08:00:00Z")]
    #[case("noon", "2026-11-22T11:00:00Z")]
    #[case("midnight", "2026-11-21T23:00:00Z")]
    #[case("9am", "2026-11-22T08:00:00Z")]
    #[case("12am", "2026-11-21T23:00:00Z")]
    #[case("9.30pm", "2026-11-21T20:30:00Z")]
    #[case("mon 14:30", "2026-11-23T13:30:00Z")]
    #[case("next friday 8:00", "2026-11-27T07:00:00Z")]
    #[case("sat 20:00", "2026-11-21T19:00:00Z")]
    #[case("saturday 8:00", "2026-11-28T07:00:00Z")]
    #[case("2026-12-24 16:00", "2026-12-24T15:00:00Z")]
    #[case("in 2 hours", "2026-11-21T19:30:00Z")]
    #[case("in 90 min", "2026-11-21T19:00:00Z")]
    #[case("in an hour", "2026-11-21T18:30:00Z")]
    #[case("3d", "2026-11-24T17:30:00Z")]
    // Summer time begins on 2027-03-28: the same wall-clock time is an hour earlier in UTC.
    #[case("2027-03-28 9:00", "2027-03-28T07:00:00Z")]
    // 2:30 comes twice on 2026-10-25.
    #[case("2026-10-25 2:30", "2026-10-25T00:30:00Z")]
    fn it_means(#[case] text: &str, #[case] moment: &str) {
        assert_eq!(parse(text, now(), Tz::Europe__Rome).unwrap(), moment.parse::<DateTime<Utc>>().unwrap());
    }

    #[rstest]
    #[case("", "is no time")]
    #[case("soon", "is no time")]
    #[case("9", "is no time")]
    #[case("25:00", "is no time")]
    #[case("13pm", "is no time")]
    #[case("9:5", "is no time")]
    #[case("tomorrow", "at what time")]
    #[case("mon", "at what time")]
    #[case("someday 9:00", "is no time")]
    #[case("in 99999999 weeks", "is no time")]
    #[case("in 99999999999999999999 days", "is no time")]
    #[case("2027-03-28 2:30", "the clocks go forward")]
    fn it_means_nothing(#[case] text: &str, #[case] why: &str) {
        let error = parse(text, now(), Tz::Europe__Rome).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    proptest! {
        #[test]
        fn no_text_is_more_than_an_error(text in "\\PC{0,40}") {
            let _ = parse(&text, now(), Tz::Pacific__Apia);
        }

        #[test]
        fn a_time_of_day_is_within_a_day(hour in 0_u32..24, minute in 0_u32..60) {
            let moment = parse(&format!("{hour}:{minute:02}"), now(), Tz::UTC).unwrap();
            prop_assert!(moment > now() && moment <= now() + TimeDelta::days(1));
        }
    }
}
