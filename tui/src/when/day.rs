//! A day: `today`, `tomorrow`, `yesterday`, `mon`, `next monday`, `last fri`, `2026-12-01`, `1 dec`, `dec 1 2026`.

use chrono::{Datelike, Days, Month, NaiveDate, Weekday};

use super::Looking;

/// Where several days have the name, the nearest one that `fits`, on the side that is looked to.
pub(super) fn read(
    words: &[&str],
    today: NaiveDate,
    looking: Looking,
    fits: impl Fn(NaiveDate) -> bool,
) -> Option<NaiveDate> {
    match (words, looking) {
        (["today"], _) => Some(today),
        (["tomorrow"], _) => today.checked_add_days(Days::new(1)),
        (["yesterday"], _) => today.checked_sub_days(Days::new(1)),
        (["next", name], Looking::Ahead) => weekday(name, today, looking, |day| day > today && fits(day)),
        (["last", name], Looking::Back) => weekday(name, today, looking, |day| day < today && fits(day)),
        ([word], _) => {
            NaiveDate::parse_from_str(word, "%Y-%m-%d").ok().or_else(|| weekday(word, today, looking, fits))
        }
        ([a, b], _) => {
            let (month, day) = month_and_day(a, b)?;
            let years = (0..=8).map(|off| if looking == Looking::Ahead { off } else { -off });
            // Eight years may lie between two leap days.
            years
                .filter_map(|off| NaiveDate::from_ymd_opt(today.year() + off, month, day))
                .find(|day| fits(*day))
        }
        ([a, b, year], _) => {
            let (month, day) = month_and_day(a, b)?;
            NaiveDate::from_ymd_opt(year.parse().ok().filter(|_| year.len() == 4)?, month, day)
        }
        _ => None,
    }
}

fn weekday(
    name: &str,
    today: NaiveDate,
    looking: Looking,
    fits: impl Fn(NaiveDate) -> bool,
) -> Option<NaiveDate> {
    let name: Weekday = name.parse().ok()?;
    let days = (0..=7).filter_map(|off| match looking {
        Looking::Ahead => today.checked_add_days(Days::new(off)),
        Looking::Back => today.checked_sub_days(Days::new(off)),
    });
    days.filter(|day| day.weekday() == name).find(|day| fits(*day))
}

/// In either order.
fn month_and_day(a: &str, b: &str) -> Option<(u32, u32)> {
    let pair = |month: &str, day: &str| {
        let month: Month = month.parse().ok()?;
        let digits = day.trim_end_matches(['.', 's', 't', 'n', 'd', 'r', 'h']);
        let day = digits.parse().ok().filter(|_| digits.len() <= 2 && !digits.starts_with('+'))?;
        Some((month.number_from_month(), day))
    };
    pair(a, b).or_else(|| pair(b, a))
}
