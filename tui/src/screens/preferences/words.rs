//! Preferences in words: what a cell says, what it means, and when it is quiet next.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    Preferences,
    grid::{Cell, Origin, Place},
    model::{Column, Hours},
    rows::{self, Row},
};
use crate::{age, text};

/// What has yet to be told.
pub(super) const UNKNOWN: &str = "…";

/// Whether it is on.
pub(super) fn state(enabled: Option<bool>) -> &'static str {
    match enabled {
        Some(true) => "on",
        Some(false) => "off",
        None => UNKNOWN,
    }
}

/// Quiet hours, as a cell says it.
pub(super) fn hours(hours: Option<&Hours>) -> String {
    match hours {
        Some(hours) if hours.enabled => format!("{}–{}", hours.start, hours.end),
        hours => state(hours.map(|hours| hours.enabled)).to_owned(),
    }
}

/// What the selected cell means.
pub(super) fn selected(screen: &Preferences) -> Option<String> {
    let column = screen.columns.get(screen.column)?;
    let place = screen.grid.place(screen.column)?;
    let on = if column.place.is_none() { "by default".to_owned() } else { format!("on {}", column.name) };
    Some(match rows::selected(screen)? {
        Row::Category(name) => {
            let types: Vec<_> = screen.grid.of_category(&name).collect();
            let heard =
                types.iter().filter_map(|at| place.cells.get(*at)).filter(|cell| cell.enabled == Some(true));
            format!("{} {on}: {} of {} on", text::words(&name), heard.count(), types.len())
        }
        Row::Type(at) => {
            let (kind, cell) = (screen.grid.kinds.get(at)?, place.cells.get(at)?);
            format!("{} {on}: {}, {}", kind.label, state(cell.enabled), why(*cell, column))
        }
        Row::Quiet => format!("Quiet hours {on}: urgent and mandatory notifications pass them"),
    })
}

fn why(cell: Cell, column: &Column) -> &'static str {
    match (cell.origin, column.place.is_some()) {
        (Origin::Mandatory, _) => "mandatory: it cannot be muted",
        (Origin::Here, true) => "set on this campus",
        (Origin::Here, false) => "set in the default, for every campus that says nothing else",
        (Origin::Default, _) => "inherited from the default",
        (Origin::BuiltIn, true) => "built in: set neither here nor in the default",
        (Origin::BuiltIn, false) => "built in",
    }
}

/// When it is quiet in a place, and what that means now.
pub(super) fn quiet(place: &Place, now: DateTime<Utc>) -> String {
    let origin = place.quiet_origin.words();
    let Some(hours) = &place.quiet else {
        return format!("{UNKNOWN} ({origin})");
    };
    let Hours { start, end, zone, .. } = hours;
    if !hours.enabled {
        return format!("off ({origin}); {start}–{end} {zone} once they are on");
    }
    format!("{start}–{end} ({origin}); {}", next(hours, now))
}

/// "quiet now, until 07:00 Europe/Rome, in 6 h 12 min"
fn next(hours: &Hours, now: DateTime<Utc>) -> String {
    let Some(told) = hours.now else {
        return format!("{} {UNKNOWN}", hours.zone);
    };
    let zone = hours.zone.parse::<Tz>();
    let clock = |at: DateTime<Utc>| match zone {
        Ok(zone) => at.with_timezone(&zone).format("%H:%M").to_string(),
        // Of a zone that this build does not know the moment is known all the same.
        Err(_) => format!("{} UTC", at.format("%H:%M")),
    };
    let place = if zone.is_ok() { format!(" {}", hours.zone) } else { String::new() };
    let away = |at: DateTime<Utc>| age::spelled(at - now);
    match (told.active, told.next_start, told.next_end) {
        (true, start, Some(end)) => {
            let again = start.map_or_else(String::new, |start| format!("; next from {}", clock(start)));
            format!("quiet now, until {}{place}, in {}{again}", clock(end), away(end))
        }
        (false, Some(start), end) => {
            let until = end.map_or_else(String::new, |end| format!(", until {}", clock(end)));
            format!("next from {}{place}, in {}{until}", clock(start), away(start))
        }
        _ => format!("never, by the clocks of {}", hours.zone),
    }
}

/// What was told of a place is over: it is quiet no more, or by now.
pub(super) fn is_over(hours: &Hours, now: DateTime<Utc>) -> bool {
    let next = hours.now.and_then(|told| if told.active { told.next_end } else { told.next_start });
    next.is_some_and(|next| next <= now)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use rstest::rstest;

    use super::*;
    use crate::{fixture::moment, screens::preferences::model::Now};

    const NIGHT: (i64, i64) = (180, 720);

    fn place(enabled: bool, zone: &str, now: Option<(bool, i64, i64)>) -> Place {
        let at = |minutes| moment() + TimeDelta::minutes(minutes);
        let quiet = Hours {
            enabled,
            start: "22:00".into(),
            end: "07:00".into(),
            zone: zone.into(),
            inherited: false,
            now: now.map(|(active, start, end)| Now {
                active,
                next_start: enabled.then(|| at(start)),
                next_end: enabled.then(|| at(end)),
            }),
        };
        Place { cells: Vec::new(), quiet: Some(quiet), quiet_origin: Origin::Here }
    }

    #[rstest]
    #[case::later(true, "Europe/Rome", Some((false, NIGHT.0, NIGHT.1)),
        "22:00–07:00 (set here); next from 22:00 Europe/Rome, in 3 h, until 07:00")]
    #[case::now(true, "Europe/Rome", Some((true, 1_620, 372)),
        "22:00–07:00 (set here); quiet now, until 01:12 Europe/Rome, in 6 h 12 min; next from 22:00")]
    #[case::off(false, "Europe/Rome", Some((false, 0, 0)), "off (set here); 22:00–07:00 Europe/Rome once they are on")]
    #[case::to_be_told(true, "Europe/Rome", None, "22:00–07:00 (set here); Europe/Rome …")]
    #[case::a_zone_of_tomorrow(true, "Mars/Olympus", Some((false, NIGHT.0, NIGHT.1)),
        "22:00–07:00 (set here); next from 21:00 UTC, in 3 h, until 06:00 UTC")]
    fn it_is_quiet(
        #[case] enabled: bool,
        #[case] zone: &str,
        #[case] now: Option<(bool, i64, i64)>,
        #[case] said: &str,
    ) {
        assert_eq!(quiet(&place(enabled, zone, now), moment()), said);
    }
}
