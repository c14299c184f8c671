//! The preferences' questions and changes, as their effects want them, and `campanile prefs`.

use cynic::{MutationBuilder, QueryBuilder};
use futures_util::{StreamExt, stream};

use super::{convert, link::Link, session::Session};
use crate::{
    api::{
        NotificationType,
        preferences::{
            InheritQuietHours, InheritQuietHoursInput, InheritQuietHoursVariables, InheritedQuietHoursInput,
            NotificationPreferences, PreferencesQuery, PreferencesVariables, QuietHoursInput,
            ResetPreferences, ResetPreferencesInput, ResetPreferencesVariables, TimeOfDay,
            TypePreferenceInput, UpdatePreferences, UpdatePreferencesInput, UpdatePreferencesVariables,
        },
    },
    model::fault::Fault,
    sanitise::line,
    screens::preferences::{
        Change, Hours, Now, QuietChange, Told, Type,
        exchange::{Effect, Signal},
    },
};

/// So many places are asked for at once.
const AT_ONCE: usize = 8;

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Ask { generation, places } => link.answer(move |asker| async move {
            let asker = &asker;
            let asked =
                places.into_iter().map(|place| async move { ask(asker.session()?, place).await.map(told) });
            let results = stream::iter(asked).buffered(AT_ONCE).collect().await;
            Signal::Told { generation, results }
        }),
        Effect::Change { ticket, place, change } => link.answer(move |asker| async move {
            let changed = match asker.session() {
                Ok(session) => self::change(session, place, change).await,
                Err(fault) => Err(fault),
            };
            Signal::Changed { ticket, result: changed.map(|applies| Box::new(told(applies))) }
        }),
    }
}

/// Asks what applies on a campus, or by default.
pub(crate) async fn ask(
    session: &Session,
    campus_key: Option<String>,
) -> Result<NotificationPreferences, Fault> {
    let query = PreferencesQuery::build(PreferencesVariables { campus_key });
    session.ask(query).await.map(|answer| answer.preferences)
}

/// Changes what is set on a campus, or by default. Says what applies there then.
pub(crate) async fn change(
    session: &Session,
    campus_key: Option<String>,
    change: Change,
) -> Result<NotificationPreferences, Fault> {
    let input = match change {
        Change::Reset => {
            // Of the default there is nothing to go back to, and nobody asks for it.
            let input = ResetPreferencesInput { campus_key: campus_key.unwrap_or_default() };
            let mutation = ResetPreferences::build(ResetPreferencesVariables { input });
            return session.ask(mutation).await.map(|answer| answer.reset_preferences.preferences);
        }
        Change::Quiet(QuietChange::Inherit) => {
            let quiet_hours = InheritedQuietHoursInput { enabled: None };
            let input = InheritQuietHoursInput { campus_key, quiet_hours };
            let mutation = InheritQuietHours::build(InheritQuietHoursVariables { input });
            return session.ask(mutation).await.map(|answer| answer.update_preferences.preferences);
        }
        Change::Types(types) => {
            let types = types
                .into_iter()
                .map(|(kind, enabled)| TypePreferenceInput { kind: NotificationType(kind), enabled });
            UpdatePreferencesInput { campus_key, types: Some(types.collect()), quiet_hours: None }
        }
        Change::Quiet(QuietChange::Set { enabled, between, zone }) => {
            let (start, end) = between.unzip();
            let quiet_hours = QuietHoursInput {
                enabled,
                start_time: start.map(TimeOfDay),
                end_time: end.map(TimeOfDay),
                timezone: zone,
            };
            UpdatePreferencesInput { campus_key, types: None, quiet_hours: Some(quiet_hours) }
        }
    };
    let mutation = UpdatePreferences::build(UpdatePreferencesVariables { input });
    session.ask(mutation).await.map(|answer| answer.update_preferences.preferences)
}

fn told(applies: NotificationPreferences) -> Told {
    let of = applies.types.into_iter().map(|of| Type {
        kind: line(&of.kind.0),
        label: line(&of.label),
        category: convert::category(&of.category),
        enabled: of.enabled,
        inherited: of.inherited,
        mandatory: of.mandatory,
    });
    let quiet = applies.quiet_hours;
    Told {
        types: of.collect(),
        quiet: Hours {
            enabled: quiet.enabled,
            start: line(&quiet.start_time.0),
            end: line(&quiet.end_time.0),
            zone: line(&quiet.timezone),
            inherited: quiet.inherited,
            now: Some(Now { active: quiet.active, next_start: quiet.next_start, next_end: quiet.next_end }),
        },
    }
}
