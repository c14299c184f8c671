//! `campanile prefs`: what the viewer wants to hear and when, from a script.

use cynic::{MutationBuilder, QueryBuilder};

use super::{
    CommandError,
    output::{Printer, table},
    persist,
};
use crate::{
    api::{
        NotificationType,
        preferences::{
            InheritQuietHours, InheritQuietHoursInput, InheritQuietHoursVariables, InheritedQuietHoursInput,
            NotificationPreferences, PreferencesQuery, PreferencesVariables, QuietHours, QuietHoursInput,
            ResetPreferences, ResetPreferencesInput, ResetPreferencesVariables, TimeOfDay,
            TypePreferenceInput, UpdatePreferences, UpdatePreferencesInput, UpdatePreferencesVariables,
        },
    },
    cli::{Output, Prefs, PrefsCommand, Quiet, Toggle},
    config::Settings,
    model::fault::Fault,
    net::session::Session,
    sanitise,
};

/// Changes what is asked for, and prints what applies then.
pub(super) async fn run(settings: &Settings, args: Prefs, output: Output) -> Result<(), CommandError> {
    let campus = args.campus;
    let preferences = match &args.command {
        None => persist(settings, |session| show(session, campus.clone())).await?,
        Some(PrefsCommand::Set { types, state }) => {
            persist(settings, |session| set(session, campus.clone(), types, *state)).await?
        }
        Some(PrefsCommand::Quiet { hours, timezone }) => {
            let timezone = timezone.map(|zone| zone.name().to_owned());
            persist(settings, |session| quiet(session, campus.clone(), hours, timezone.clone())).await?
        }
        Some(PrefsCommand::Reset { on }) => persist(settings, |session| reset(session, on.clone())).await?,
    };
    Printer::new(output).say(&preferences, || lines(&preferences))?;
    Ok(())
}

async fn show(session: Session, campus_key: Option<String>) -> Result<NotificationPreferences, Fault> {
    let query = PreferencesQuery::build(PreferencesVariables { campus_key });
    session.ask(query).await.map(|answer| answer.preferences)
}

async fn set(
    session: Session,
    campus_key: Option<String>,
    types: &[String],
    state: Toggle,
) -> Result<NotificationPreferences, Fault> {
    let enabled = match state {
        Toggle::On => Some(true),
        Toggle::Off => Some(false),
        Toggle::Inherit => None,
    };
    let types =
        types.iter().cloned().map(|kind| TypePreferenceInput { kind: NotificationType(kind), enabled });
    update(session, UpdatePreferencesInput { campus_key, types: Some(types.collect()), quiet_hours: None })
        .await
}

async fn quiet(
    session: Session,
    campus_key: Option<String>,
    hours: &Quiet,
    timezone: Option<String>,
) -> Result<NotificationPreferences, Fault> {
    let mut quiet_hours = QuietHoursInput { timezone, ..QuietHoursInput::default() };
    match hours {
        Quiet::Inherit => {
            let quiet_hours = InheritedQuietHoursInput { enabled: None };
            let input = InheritQuietHoursInput { campus_key, quiet_hours };
            let mutation = InheritQuietHours::build(InheritQuietHoursVariables { input });
            return session.ask(mutation).await.map(|answer| answer.update_preferences.preferences);
        }
        Quiet::On => quiet_hours.enabled = Some(true),
        Quiet::Off => quiet_hours.enabled = Some(false),
        Quiet::Between(start, end) => {
            quiet_hours.enabled = Some(true);
            quiet_hours.start_time = Some(TimeOfDay(start.clone()));
            quiet_hours.end_time = Some(TimeOfDay(end.clone()));
        }
    }
    update(session, UpdatePreferencesInput { campus_key, types: None, quiet_hours: Some(quiet_hours) }).await
}

async fn update(session: Session, input: UpdatePreferencesInput) -> Result<NotificationPreferences, Fault> {
    let mutation = UpdatePreferences::build(UpdatePreferencesVariables { input });
    session.ask(mutation).await.map(|answer| answer.update_preferences.preferences)
}

async fn reset(session: Session, campus_key: String) -> Result<NotificationPreferences, Fault> {
    let mutation =
        ResetPreferences::build(ResetPreferencesVariables { input: ResetPreferencesInput { campus_key } });
    session.ask(mutation).await.map(|answer| answer.reset_preferences.preferences)
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
