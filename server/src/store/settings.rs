//! What people have set, as the database keeps it: JSON, whose parts are left out where they are inherited.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::id::{CampusId, TypeId};
use crate::domain::notification_type::TypeRegistry;
use crate::domain::preferences::{Choices, Preferences, QuietHours, Settings, TimeOfDay};

/// Makes of what the database says what applies to people.
#[derive(Clone)]
pub(super) struct Resolver(Arc<RwLock<Known>>);

/// The types that are known, and what follows from them.
#[derive(Clone)]
struct Known {
    types: Arc<TypeRegistry>,
    /// What most people have: one for all of them.
    nothing_set: Arc<Preferences>,
}

impl Known {
    fn new(types: TypeRegistry) -> Self {
        let nothing_set = Arc::new(Preferences::new(&Settings::default(), None, &types));
        Self { types: Arc::new(types), nothing_set }
    }
}

impl Resolver {
    pub(super) fn new(types: TypeRegistry) -> Self {
        Self(Arc::new(RwLock::new(Known::new(types))))
    }

    /// The types that are known by now.
    pub(super) fn types(&self) -> Arc<TypeRegistry> {
        self.known().types
    }

    /// These are the types that are known from now on.
    pub(super) fn learn(&self, types: TypeRegistry) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Known::new(types);
    }

    fn known(&self) -> Known {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What applies to somebody with this row of `preference`, if any, who lives by the clocks of `timezone`.
    pub(super) fn preferences(&self, settings: Option<&str>, timezone: Option<&str>) -> Arc<Preferences> {
        match settings {
            None => self.known().nothing_set,
            Some(settings) => self.apply(&read(settings), zone(timezone)),
        }
    }

    /// What applies to somebody with these settings, who lives by the clocks of `timezone`.
    pub(super) fn apply(&self, settings: &Settings, timezone: Option<Tz>) -> Arc<Preferences> {
        Arc::new(Preferences::new(settings, timezone, &self.types()))
    }

    /// What the `detail` of an entry says that applies from then on.
    pub(super) fn stated(&self, detail: Option<&str>) -> Arc<Preferences> {
        let Stated { timezone, settings } = detail.map(parse).unwrap_or_default();
        self.apply(&settings.into(), zone(timezone.as_deref()))
    }
}

/// The column of `preference`.
pub(super) fn write(settings: &Settings) -> String {
    json(&SettingsJson::from(settings))
}

/// What the column of `preference` says.
pub(super) fn read(settings: &str) -> Settings {
    parse::<SettingsJson>(settings).into()
}

/// The `detail` of an entry.
pub(super) fn detail(settings: &Settings, timezone: Option<Tz>) -> String {
    json(&Stated { timezone: timezone.map(|zone| zone.name().to_owned()), settings: settings.into() })
}

/// A time zone that a newer server's tables know, and ours do not, is as if there were none.
pub(super) fn zone(name: Option<&str>) -> Option<Tz> {
    name.and_then(|name| name.parse().ok())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn parse<T: for<'de> Deserialize<'de> + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::warn!(%error, "somebody's preferences cannot be read; they are as if nothing were set");
        T::default()
    })
}

#[derive(Default, Serialize, Deserialize)]
struct Stated {
    timezone: Option<String>,
    settings: SettingsJson,
}

#[derive(Default, Serialize, Deserialize)]
struct SettingsJson {
    #[serde(default)]
    default: ChoicesJson,
    #[serde(default)]
    campuses: BTreeMap<i64, ChoicesJson>,
}

#[derive(Default, Serialize, Deserialize)]
struct ChoicesJson {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    types: BTreeMap<i32, bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quiet_hours: Option<QuietHoursJson>,
}

#[derive(Serialize, Deserialize)]
struct QuietHoursJson {
    enabled: bool,
    /// Minutes after midnight.
    start: u16,
    /// Minutes after midnight.
    end: u16,
    timezone: Option<String>,
}

impl From<&Settings> for SettingsJson {
    fn from(settings: &Settings) -> Self {
        let campuses = settings.by_campus.iter().map(|(campus, choices)| (campus.0, choices.into()));
        Self { default: (&settings.default).into(), campuses: campuses.collect() }
    }
}

impl From<SettingsJson> for Settings {
    fn from(json: SettingsJson) -> Self {
        let by_campus = json.campuses.into_iter().map(|(campus, choices)| (CampusId(campus), choices.into()));
        Self { default: json.default.into(), by_campus: by_campus.collect() }
    }
}

impl From<&Choices> for ChoicesJson {
    fn from(choices: &Choices) -> Self {
        let quiet_hours = choices.quiet_hours.map(|hours| QuietHoursJson {
            enabled: hours.enabled,
            start: hours.start.minutes(),
            end: hours.end.minutes(),
            timezone: hours.timezone.map(|zone| zone.name().to_owned()),
        });
        Self { types: choices.types.iter().map(|(id, enabled)| (id.0, *enabled)).collect(), quiet_hours }
    }
}

impl From<ChoicesJson> for Choices {
    fn from(json: ChoicesJson) -> Self {
        let quiet_hours = json.quiet_hours.and_then(|hours| {
            Some(QuietHours {
                enabled: hours.enabled,
                start: TimeOfDay::from_minutes(hours.start)?,
                end: TimeOfDay::from_minutes(hours.end)?,
                timezone: zone(hours.timezone.as_deref()),
            })
        });
        Self {
            types: json.types.into_iter().map(|(id, enabled)| (TypeId(id), enabled)).collect(),
            quiet_hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_they_were_written() {
        let quiet_hours = QuietHours { timezone: Some(Tz::Europe__Rome), ..QuietHours::default() };
        let on_campus = Choices { types: [(TypeId(7), false)].into(), quiet_hours: Some(quiet_hours) };
        let default = Choices { types: [(TypeId(1), true)].into(), quiet_hours: Some(QuietHours::default()) };
        let settings = Settings { default, by_campus: [(CampusId(3), on_campus)].into() };
        assert_eq!(read(&write(&settings)), settings);
        assert_eq!(read(&write(&Settings::default())), Settings::default());
        let stated: Stated = parse(&detail(&settings, Some(Tz::UTC)));
        assert_eq!((Settings::from(stated.settings), stated.timezone.as_deref()), (settings, Some("UTC")));
    }

    #[test]
    fn what_cannot_be_read_sets_nothing() {
        assert_eq!(read("garbled"), Settings::default());
        let strange = r#"{"default":{"quiet_hours":{"enabled":true,"start":9999,"end":1,"timezone":"Mars/Olympus"}},"new":1}"#;
        assert_eq!(read(strange), Settings::default());
    }
}
