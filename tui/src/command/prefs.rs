//! `campanile prefs`: what the viewer wants to hear and when, from a script.

use super::{
    CommandError,
    output::{Printer, table},
    persist,
};
use crate::{
    api::preferences::{NotificationPreferences, QuietHours},
    cli::{Output, Prefs, PrefsCommand, Quiet, Toggle},
    config::Settings,
    net::preferences::{ask, change},
    sanitise,
    screens::preferences::{Change, QuietChange},
};

/// Changes what is asked for, and prints what applies then.
pub(super) async fn run(settings: &Settings, args: Prefs, output: Output) -> Result<(), CommandError> {
    let wanted = match args.command {
        None => None,
        Some(PrefsCommand::Set { types, state }) => Some((args.campus.clone(), set(types, state))),
        Some(PrefsCommand::Quiet { hours, timezone }) => {
            let zone = timezone.map(|zone| zone.name().to_owned());
            Some((args.campus.clone(), Change::Quiet(quiet(hours, zone))))
        }
        Some(PrefsCommand::Reset { on }) => Some((Some(on), Change::Reset)),
    };
    let preferences = match &wanted {
        None => {
            let place = &args.campus;
            persist(settings, |session| async move { ask(&session, place.clone()).await }).await?
        }
        Some((place, wanted)) => {
            let changed = |session| async move { change(&session, place.clone(), wanted.clone()).await };
            persist(settings, changed).await?
        }
    };
    Printer::new(output).say(&preferences, || lines(&preferences))?;
    Ok(())
}

fn set(types: Vec<String>, state: Toggle) -> Change {
    let enabled = match state {
        Toggle::On => Some(true),
        Toggle::Off => Some(false),
        Toggle::Inherit => None,
    };
    Change::Types(types.into_iter().map(|kind| (kind, enabled)).collect())
}

fn quiet(hours: Quiet, zone: Option<String>) -> QuietChange {
    match hours {
        Quiet::Inherit => QuietChange::Inherit,
        Quiet::On => QuietChange::Set { enabled: Some(true), between: None, zone },
        Quiet::Off => QuietChange::Set { enabled: Some(false), between: None, zone },
        Quiet::Between(start, end) => {
            QuietChange::Set { enabled: Some(true), between: Some((start, end)), zone }
        }
    }
}

fn lines(preferences: &NotificationPreferences) -> Vec<String> {
    let place = preferences.campus.as_ref().map_or("by default", |campus| &campus.name);
    let rows: Vec<_> = preferences
        .types
        .iter()
        .map(|of| {
            let origin = match (of.mandatory, of.inherited) {
                (true, _) => "mandatory",
                (false, true) => "inherited",
                (false, false) => "set here",
            };
            let state = if of.enabled { "on" } else { "off" };
            [of.kind.0.as_str(), state, origin, of.label.as_str()].map(sanitise::line).to_vec()
        })
        .collect();
    let mut lines = vec![sanitise::line(place)];
    lines.extend(table(&rows));
    lines.push(quiet_line(&preferences.quiet_hours));
    lines
}

fn quiet_line(hours: &QuietHours) -> String {
    let origin = if hours.inherited { "inherited" } else { "set here" };
    if !hours.enabled {
        return format!("quiet hours: off ({origin})");
    }
    let moment = |at: &chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let next = match (hours.active, hours.next_start, hours.next_end) {
        (true, _, Some(end)) => format!("quiet now, until {}", moment(&end)),
        (false, Some(start), _) => format!("next from {}", moment(&start)),
        _ => String::new(),
    };
    let (start, end) = (&hours.start_time.0, &hours.end_time.0);
    sanitise::line(&format!("quiet hours: {start}-{end} {} ({origin}); {next}", hours.timezone))
}
