//! A span: `2 hours`, `1h30m`, `a week`, `1 day and 2 hours`. Months, weeks and days are those of the calendar, so that
//! a day later the clocks show the same; hours, minutes and seconds are exact.

use chrono::{DateTime, Days, Months, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::local;

/// The moment that is a span ahead of `now` (`sign` 1), or back (-1). None where the words are no span, and where it
/// leads out of the calendar.
pub(super) fn add(now: DateTime<Utc>, zone: Tz, words: &[&str], sign: i64) -> Option<DateTime<Utc>> {
    let text = words.join(" ");
    let mut rest = text.as_str();
    let mut shown = now.with_timezone(&zone).naive_local();
    let today = shown;
    let mut exact = TimeDelta::zero();
    let mut some = false;
    while !rest.is_empty() {
        let (amount, unit, after) = part(rest)?;
        rest = after;
        some = true;
        match unit {
            Unit::Months(n) => shown = months(shown, amount.checked_mul(n)?, sign)?,
            Unit::Days(n) => shown = days(shown, amount.checked_mul(n)?, sign)?,
            Unit::Seconds(n) => {
                let seconds = i64::from(amount).checked_mul(n)?;
                exact = exact.checked_add(&TimeDelta::try_seconds(sign * seconds)?)?;
            }
        }
    }
    // The clocks may show this very time twice today: only a change of the day asks them again.
    let day = if shown == today { now } else { local(shown, zone) };
    day.checked_add_signed(exact).filter(|_| some)
}

enum Unit {
    Months(u32),
    Days(u32),
    Seconds(i64),
}

/// A number and its unit, and what is behind them.
fn part(text: &str) -> Option<(u32, Unit, &str)> {
    let text = text.strip_prefix("and ").unwrap_or(text);
    let (amount, rest) = if let Some(rest) = text.strip_prefix("an ").or_else(|| text.strip_prefix("a ")) {
        (1, rest)
    } else {
        let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
        (text.get(..digits)?.parse().ok()?, text.get(digits..)?.trim_start())
    };
    let letters = rest.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(letters);
    let unit = match name {
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Seconds(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Seconds(60),
        "h" | "hour" | "hours" => Unit::Seconds(3_600),
        "d" | "day" | "days" => Unit::Days(1),
        "w" | "week" | "weeks" => Unit::Days(7),
        "month" | "months" => Unit::Months(1),
        "year" | "years" => Unit::Months(12),
        _ => return None,
    };
    Some((amount, unit, rest.trim_start()))
}

fn months(from: NaiveDateTime, amount: u32, sign: i64) -> Option<NaiveDateTime> {
    let months = Months::new(amount);
    if sign > 0 { from.checked_add_months(months) } else { from.checked_sub_months(months) }
}

fn days(from: NaiveDateTime, amount: u32, sign: i64) -> Option<NaiveDateTime> {
    let days = Days::new(amount.into());
    if sign > 0 { from.checked_add_days(days) } else { from.checked_sub_days(days) }
}
