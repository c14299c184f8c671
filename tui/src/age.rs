//! How long ago something was, in as few letters as a column has.

use chrono::{DateTime, TimeDelta, Utc};

/// `12s`, `3m`, `2h`, `4d`; `0s` for what a clock in disagreement puts into the future.
pub fn short(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - then).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// The same, but that it changes once a minute at most: for those who want nothing to move.
pub fn calm(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if now - then < TimeDelta::minutes(1) { "now".to_owned() } else { short(then, now) }
}

/// `6 h 12 min`, `12 min`, `2 d 3 h`; `under a minute` for less, also for what is over.
pub fn spelled(span: TimeDelta) -> String {
    let minutes = span.num_minutes();
    match minutes {
        ..=0 => "under a minute".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1_440 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        60..1_440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", minutes / 1_440, minutes / 60 % 24),
    }
}

/// Between the server's clock and ours; and the time comes once a second.
const DISAGREEMENT: TimeDelta = TimeDelta::seconds(5);

/// A moment, and how long ago it was or how far off it is.
pub fn long(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let stamp = then.format("%Y-%m-%d %H:%M:%S UTC");
    if then - now > DISAGREEMENT {
        format!("{stamp} (in {})", short(now, then))
    } else {
        format!("{stamp} ({} ago)", short(then, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::moment;
    use rstest::rstest;

    #[rstest]
    #[case(-5, "0s")]
    #[case(0, "0s")]
    #[case(59, "59s")]
    #[case(60, "1m")]
    #[case(3_599, "59m")]
    #[case(3_600, "1h")]
    #[case(86_399, "23h")]
    #[case(86_400, "1d")]
    #[case(40_000_000, "462d")]
    fn ages(#[case] seconds: i64, #[case] shown: &str) {
        assert_eq!(short(moment() - TimeDelta::seconds(seconds), moment()), shown);
    }

    #[rstest]
    #[case(-5, "now")]
    #[case(59, "now")]
    #[case(60, "1m")]
    fn calm_ages(#[case] seconds: i64, #[case] shown: &str) {
        assert_eq!(calm(moment() - TimeDelta::seconds(seconds), moment()), shown);
    }

    #[rstest]
    #[case(-5, "under a minute")]
    #[case(59, "under a minute")]
    #[case(720, "12 min")]
    #[case(3_600, "1 h")]
    #[case(22_320, "6 h 12 min")]
    #[case(97_200, "1 d 3 h")]
    fn spans(#[case] seconds: i64, #[case] said: &str) {
        assert_eq!(spelled(TimeDelta::seconds(seconds)), said);
    }

    #[rstest]
    #[case(-3_600, "2026-11-21 19:00:00 UTC (in 1h)")]
    #[case(-1, "2026-11-21 18:00:01 UTC (0s ago)")]
    #[case(90, "2026-11-21 17:58:30 UTC (1m ago)")]
    fn moments(#[case] seconds: i64, #[case] shown: &str) {
        assert_eq!(long(moment() - TimeDelta::seconds(seconds), moment()), shown);
    }
}
