//! What the viewer wants to hear and when: the query and the mutations. A fragment prints as the API has it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    NotificationType,
    fragments::{Campus, Category},
    schema,
};

/// A wall-clock time of day, HH:MM, as the server writes it.
#[derive(cynic::Scalar, Debug, Clone, PartialEq, Eq)]
pub struct TimeOfDay(pub String);

/// What applies in one place.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationPreferences {
    /// Null: the viewer's default.
    pub campus: Option<Campus>,
    /// One for every type.
    pub types: Vec<TypePreference>,
    /// When nothing shall make a sound.
    pub quiet_hours: QuietHours,
}

/// Whether one type is heard.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct TypePreference {
    /// Which of `notificationTypes`.
    #[cynic(rename = "type")]
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// The group that it belongs to.
    pub category: Category,
    /// As people read it.
    pub label: String,
    /// It is heard.
    pub enabled: bool,
    /// It is not set here.
    pub inherited: bool,
    /// It cannot be muted.
    pub mandatory: bool,
}

/// When nothing shall make a sound.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuietHours {
    /// They count.
    pub enabled: bool,
    /// When they begin.
    pub start_time: TimeOfDay,
    /// When they end; on the next day where that is before the start.
    pub end_time: TimeOfDay,
    /// An IANA name.
    pub timezone: String,
    /// They are not set here.
    pub inherited: bool,
    /// Null when disabled.
    pub next_start: Option<DateTime<Utc>>,
    /// Null when disabled.
    pub next_end: Option<DateTime<Utc>>,
    /// It is quiet now.
    pub active: bool,
}

/// Of [`PreferencesQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PreferencesVariables {
    /// Where; the default without it.
    pub campus_key: Option<String>,
}

/// What applies there.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PreferencesVariables")]
pub struct PreferencesQuery {
    /// It.
    #[arguments(campusKey: $campus_key)]
    pub preferences: NotificationPreferences,
}

/// What to change of one type.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct TypePreferenceInput {
    /// Which.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
    /// Null: as inherited.
    pub enabled: Option<bool>,
}

/// What to change of quiet hours.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct QuietHoursInput {
    /// Whether they count.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// When they begin.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<TimeOfDay>,
    /// When they end.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<TimeOfDay>,
    /// An IANA name.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// What to change.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct UpdatePreferencesInput {
    /// Where; the default without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_key: Option<String>,
    /// Each type once.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<TypePreferenceInput>>,
    /// When nothing shall make a sound.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHoursInput>,
}

/// Of [`UpdatePreferences`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct UpdatePreferencesVariables {
    /// What.
    pub input: UpdatePreferencesInput,
}

/// Changes them.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "UpdatePreferencesVariables")]
pub struct UpdatePreferences {
    /// The answer.
    #[arguments(input: $input)]
    pub update_preferences: PreferencesPayload,
}

/// Quiet hours as inherited, whatever has been set here.
#[derive(cynic::InputObject, Debug, Clone)]
#[cynic(graphql_type = "QuietHoursInput")]
pub struct InheritedQuietHoursInput {
    /// Always null, which says so.
    pub enabled: Option<bool>,
}

/// Where quiet hours are to be as inherited.
#[derive(cynic::InputObject, Debug, Clone)]
#[cynic(graphql_type = "UpdatePreferencesInput")]
pub struct InheritQuietHoursInput {
    /// Where; the default without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_key: Option<String>,
    /// As inherited.
    pub quiet_hours: InheritedQuietHoursInput,
}

/// Of [`InheritQuietHours`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct InheritQuietHoursVariables {
    /// Where.
    pub input: InheritQuietHoursInput,
}

/// Takes back what was set of quiet hours.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "InheritQuietHoursVariables")]
pub struct InheritQuietHours {
    /// The answer.
    #[arguments(input: $input)]
    pub update_preferences: PreferencesPayload,
}

/// Which campus.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct ResetPreferencesInput {
    /// Where.
    pub campus_key: String,
}

/// Of [`ResetPreferences`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ResetPreferencesVariables {
    /// Where.
    pub input: ResetPreferencesInput,
}

/// Takes back everything that was set on a campus.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "ResetPreferencesVariables")]
pub struct ResetPreferences {
    /// The answer.
    #[arguments(input: $input)]
    pub reset_preferences: PreferencesPayload,
}

/// What applies then.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PreferencesPayload {
    /// It.
    pub preferences: NotificationPreferences,
}
