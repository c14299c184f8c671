//! What the viewer wants to hear.

use std::collections::HashSet;

use async_graphql::{InputObject, MaybeUndefined};
use chrono_tz::Tz;

use crate::domain::invalid::Invalid;
use crate::domain::notification_type::TypeRegistry;
use crate::domain::preferences::{Adjustment, QuietHoursAdjustment};
use crate::graphql::scalars::{NotificationType, TimeOfDay};

/// What is to change. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdatePreferencesInput {
    /// Where; the viewer's default without it.
    pub(in crate::graphql) campus_key: Option<String>,
    /// Each type at most once.
    types: Option<Vec<TypePreferenceInput>>,
    /// When nothing shall make a sound.
    quiet_hours: Option<QuietHoursInput>,
}

/// Whether a type is heard.
#[derive(InputObject)]
pub(crate) struct TypePreferenceInput {
    /// Which.
    r#type: NotificationType,
    /// false: muted; null: as inherited. A mandatory type cannot be muted.
    enabled: Option<bool>,
}

/// When nothing shall make a sound. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct QuietHoursInput {
    /// Whether they count; null: all of them as inherited, whatever else is said here.
    enabled: MaybeUndefined<bool>,
    /// When they begin.
    start_time: Option<TimeOfDay>,
    /// When they end: on the next day, where that is before they begin.
    end_time: Option<TimeOfDay>,
    /// An IANA name, such as Europe/Rome; null: the viewer's own, as the directory has it.
    timezone: MaybeUndefined<String>,
}

/// Where everything goes back to the viewer's default.
#[derive(InputObject)]
pub(crate) struct ResetPreferencesInput {
    /// The platform's own id of the campus.
    pub(in crate::graphql) campus_key: String,
}

impl UpdatePreferencesInput {
    /// As the domain takes it.
    pub(in crate::graphql) fn checked(self, types: &TypeRegistry) -> Result<Adjustment, Invalid> {
        let inputs = self.types.unwrap_or_default();
        let mut named = HashSet::new();
        let mut choices = Vec::with_capacity(inputs.len());
        for (place, input) in inputs.into_iter().enumerate() {
            let field = format!("types.{place}.type");
            let id = types.require_current(&field, &input.r#type.0)?.id;
            if !named.insert(id) {
                return Err(Invalid::new(field, "is named twice"));
            }
            choices.push((id, input.enabled));
        }
        let quiet_hours = self.quiet_hours.map(QuietHoursInput::checked).transpose()?;
        let adjustment = Adjustment { types: choices, quiet_hours };
        adjustment.check(types)?;
        Ok(adjustment)
    }
}

impl QuietHoursInput {
    fn checked(self) -> Result<QuietHoursAdjustment, Invalid> {
        let timezone = match self.timezone {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(name) => Some(Some(zone(&name)?)),
        };
        Ok(match self.enabled {
            MaybeUndefined::Null => QuietHoursAdjustment::Inherit,
            enabled => QuietHoursAdjustment::Set {
                enabled: enabled.take(),
                start: self.start_time.map(|time| time.0),
                end: self.end_time.map(|time| time.0),
                timezone,
            },
        })
    }
}

fn zone(name: &str) -> Result<Tz, Invalid> {
    let refused = |_| Invalid::new("quietHours.timezone", "must be an IANA time zone, such as Europe/Rome");
    name.parse().map_err(refused)
}
