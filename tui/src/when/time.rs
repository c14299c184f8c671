//! A time of day: `9:00`, `9:00:30`, `21h`, `9am`, `9.30 pm`, `noon`, `midnight`.

use chrono::NaiveTime;

/// From one word or two.
pub(super) fn read(words: &[&str]) -> Option<NaiveTime> {
    match *words {
        ["noon"] => NaiveTime::from_hms_opt(12, 0, 0),
        ["midnight"] => Some(NaiveTime::MIN),
        [word] => {
            let half = ["am", "pm"].into_iter().find_map(|half| Some((word.strip_suffix(half)?, half)));
            half.map_or_else(|| of_day(word), |(clock, half)| of_half(clock, half))
        }
        [clock, half @ ("am" | "pm")] => of_half(clock, half),
        _ => None,
    }
}

/// On a clock of 24 hours. A bare number is none: it could be a day's.
fn of_day(word: &str) -> Option<NaiveTime> {
    if let Some(hour) = word.strip_suffix('h') {
        return NaiveTime::from_hms_opt(number(hour)?, 0, 0);
    }
    let (hour, rest) = word.split_once(':')?;
    let (minute, second) = rest.split_once(':').unwrap_or((rest, "00"));
    NaiveTime::from_hms_opt(number(hour)?, two_digits(minute)?, two_digits(second)?)
}

/// On a clock of 12 hours.
fn of_half(clock: &str, half: &str) -> Option<NaiveTime> {
    let (hour, minute) = clock.split_once([':', '.']).unwrap_or((clock, "00"));
    let hour = number(hour).filter(|hour| (1..=12).contains(hour))? % 12;
    NaiveTime::from_hms_opt(if half == "pm" { hour + 12 } else { hour }, two_digits(minute)?, 0)
}

fn two_digits(text: &str) -> Option<u32> {
    if text.len() == 2 { number(text) } else { None }
}

/// Of at most two digits.
fn number(text: &str) -> Option<u32> {
    if text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
