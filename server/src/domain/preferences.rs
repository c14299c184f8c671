//! What a person wants to hear, and when it shall make no sound: what they set ([`Settings`]), and what follows from it
//! ([`Preferences`]), which live feeds, counts, pages and explanations all ask.

mod quiet_hours;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub use self::quiet_hours::{QuietHours, TimeOfDay, Window};
use super::content::Priority;
use super::id::{CampusId, TypeId};
use super::invalid::Invalid;
use super::notification_type::{NotificationType, TypeRegistry};

/// What a person has set. What is not set on a campus is as in their default; what is not set there is built in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Serves system-wide and personal notifications, and every campus that says nothing else.
    pub default: Choices,
    /// What differs on a campus.
    pub by_campus: BTreeMap<CampusId, Choices>,
}

/// What is set in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Types that are to be heard, or not.
    pub types: BTreeMap<TypeId, bool>,
    /// When it shall be quiet: all of it, or as inherited.
    pub quiet_hours: Option<QuietHours>,
}

/// A change of what is set in one place. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adjustment {
    /// Types that are to be heard, not to be heard, or (`None`) as inherited.
    pub types: Vec<(TypeId, Option<bool>)>,
    /// What of the quiet hours.
    pub quiet_hours: Option<QuietHoursAdjustment>,
}

/// A change of quiet hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuietHoursAdjustment {
    /// All of them as inherited.
    Inherit,
    /// These parts.
    Set {
        /// Whether they count.
        enabled: Option<bool>,
        /// When they begin.
        start: Option<TimeOfDay>,
        /// When they end.
        end: Option<TimeOfDay>,
        /// Whose clocks they go by; `Some(None)`: the person's own.
        timezone: Option<Option<Tz>>,
    },
}

impl Choices {
    fn is_empty(&self) -> bool {
        self.types.is_empty() && self.quiet_hours.is_none()
    }
}

impl Settings {
    /// What is set on `campus`, or by default.
    fn choices(&self, campus: Option<CampusId>) -> Option<&Choices> {
        campus.map_or(Some(&self.default), |campus| self.by_campus.get(&campus))
    }

    /// Where to look for what applies to `campus`: the nearer first.
    fn inheritance(&self, campus: Option<CampusId>) -> impl Iterator<Item = &Choices> {
        campus.and_then(|campus| self.by_campus.get(&campus)).into_iter().chain([&self.default])
    }

    /// Whether a type is to be heard on that campus, or by default. Mandatory ones always are.
    pub fn hears(&self, known: &NotificationType, campus: Option<CampusId>) -> bool {
        known.definition.mandatory
            || self
                .inheritance(campus)
                .find_map(|choices| choices.types.get(&known.id).copied())
                .unwrap_or(known.definition.default_enabled)
    }

    /// Whether a type is set there itself.
    pub fn sets(&self, type_id: TypeId, campus: Option<CampusId>) -> bool {
        self.choices(campus).is_some_and(|choices| choices.types.contains_key(&type_id))
    }

    /// The quiet hours that apply on that campus, or by default.
    pub fn quiet_hours(&self, campus: Option<CampusId>) -> QuietHours {
        self.inheritance(campus).find_map(|choices| choices.quiet_hours).unwrap_or_default()
    }

    /// Whether quiet hours are set there themselves.
    pub fn sets_quiet_hours(&self, campus: Option<CampusId>) -> bool {
        self.choices(campus).is_some_and(|choices| choices.quiet_hours.is_some())
    }

    /// The same with this changed, on that campus or by default.
    fn adjusted(&self, campus: Option<CampusId>, change: &Adjustment) -> Result<Self, Invalid> {
        let mut choices = self.choices(campus).cloned().unwrap_or_default();
        for (type_id, enabled) in &change.types {
            match enabled {
                Some(enabled) => choices.types.insert(*type_id, *enabled),
                None => choices.types.remove(type_id),
            };
        }
        match &change.quiet_hours {
            // Nothing of them: they stay inherited where they were.
            None
            | Some(QuietHoursAdjustment::Set { enabled: None, start: None, end: None, timezone: None }) => {}
            Some(QuietHoursAdjustment::Inherit) => choices.quiet_hours = None,
            Some(QuietHoursAdjustment::Set { enabled, start, end, timezone }) => {
                let before = self.quiet_hours(campus);
                let hours = QuietHours {
                    enabled: enabled.unwrap_or(before.enabled),
                    start: start.unwrap_or(before.start),
                    end: end.unwrap_or(before.end),
                    timezone: timezone.unwrap_or(before.timezone),
                };
                choices.quiet_hours = Some(hours.checked()?);
            }
        }
        let mut settings = self.clone();
        match campus {
            None => settings.default = choices,
            Some(campus) if choices.is_empty() => drop(settings.by_campus.remove(&campus)),
            Some(campus) => drop(settings.by_campus.insert(campus, choices)),
        }
        Ok(settings)
    }

    /// The same with nothing set on that campus.
    fn reset(&self, campus: CampusId) -> Self {
        let mut settings = self.clone();
        settings.by_campus.remove(&campus);
        settings
    }
}

/// A change of what a person has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsChange {
    /// This, on that campus or by default.
    Adjust(Option<CampusId>, Adjustment),
    /// Everything on that campus back to the default.
    Reset(CampusId),
}

impl SettingsChange {
    /// What becomes of these settings.
    pub fn apply(&self, settings: &Settings) -> Result<Settings, Invalid> {
        match self {
            Self::Adjust(campus, adjustment) => settings.adjusted(*campus, adjustment),
            Self::Reset(campus) => Ok(settings.reset(*campus)),
        }
    }
}

impl Adjustment {
    /// Refuses to mute what cannot be muted.
    pub fn check(&self, types: &TypeRegistry) -> Result<(), Invalid> {
        let is_mandatory = |id: &TypeId| types.get(*id).is_some_and(|known| known.definition.mandatory);
        match self.types.iter().position(|(id, enabled)| *enabled == Some(false) && is_mandatory(id)) {
            Some(place) => {
                Err(Invalid::new(format!("types.{place}.enabled"), "cannot be false: the type is mandatory"))
            }
            None => Ok(()),
        }
    }
}

/// What applies to a person: their settings, resolved, ready to be asked for every notification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    default: Applied,
    by_campus: BTreeMap<CampusId, Applied>,
    /// Pass quiet hours.
    mandatory: Arc<BTreeSet<TypeId>>,
}

/// What applies in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Applied {
    muted: BTreeSet<TypeId>,
    quiet: Option<Window>,
}

impl Preferences {
    /// What follows from `settings` for somebody who lives by the clocks of `timezone`.
    pub fn new(settings: &Settings, timezone: Option<Tz>, types: &TypeRegistry) -> Self {
        let applied = |campus| Applied {
            muted: types
                .iter()
                .filter(|known| !settings.hears(known, campus))
                .map(|known| known.id)
                .collect(),
            quiet: settings.quiet_hours(campus).window(timezone),
        };
        Self {
            default: applied(None),
            by_campus: settings.by_campus.keys().map(|campus| (*campus, applied(Some(*campus)))).collect(),
            mandatory: types.mandatory(),
        }
    }

    /// Whether notifications of this type are left out of the person's feed, history and counts, where `campus` was told.
    pub fn mutes(&self, type_id: TypeId, campus: Option<CampusId>) -> bool {
        self.applied(campus).muted.contains(&type_id)
    }

    /// The types that are muted where `campus` was told.
    pub fn muted(&self, campus: Option<CampusId>) -> impl Iterator<Item = TypeId> {
        self.applied(campus).muted.iter().copied()
    }

    /// Whether such a notification shall make no sound at that moment. What is urgent or mandatory does.
    pub fn silences(
        &self,
        type_id: TypeId,
        priority: Priority,
        campus: Option<CampusId>,
        at: DateTime<Utc>,
    ) -> bool {
        priority < Priority::Urgent
            && self.applied(campus).quiet.is_some_and(|window| window.contains(at))
            && !self.mandatory.contains(&type_id)
    }

    /// Bytes that it has on the heap, about, without what all of them share.
    pub fn heap_bytes(&self) -> usize {
        // A node of a tree has room for eleven, however few there are.
        let nodes = |len: usize, item: usize| len.div_ceil(11) * 11 * item;
        let muted = |applied: &Applied| nodes(applied.muted.len(), size_of::<TypeId>());
        nodes(self.by_campus.len(), size_of::<(CampusId, Applied)>())
            + self.by_campus.values().chain([&self.default]).map(muted).sum::<usize>()
    }

    fn applied(&self, campus: Option<CampusId>) -> &Applied {
        campus.and_then(|campus| self.by_campus.get(&campus)).unwrap_or(&self.default)
    }
}

#[cfg(test)]
mod tests;
