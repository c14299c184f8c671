//! What the viewer wants to hear, and when nothing shall make a sound.

use async_graphql::{ID, Object, SimpleObject};
use chrono::Utc;

use super::{Campus, Category};
use crate::domain::directory::{self, User};
use crate::domain::id::{CampusId, GlobalId};
use crate::domain::notification_type::TypeRegistry;
use crate::domain::preferences::Settings;
use crate::graphql::api::Api;
use crate::graphql::scalars::{DateTime, NotificationType, TimeOfDay};

/// What the viewer wants to hear on one campus, or by default.
pub(crate) struct NotificationPreferences {
    user_key: String,
    campus: Option<directory::Campus>,
    types: Vec<TypePreference>,
    quiet_hours: QuietHours,
}

impl NotificationPreferences {
    /// What follows from `settings` for their owner, as things are now.
    pub(in crate::graphql) fn new(
        api: &Api,
        user: &User,
        campus: Option<directory::Campus>,
        settings: &Settings,
    ) -> Self {
        let place = campus.as_ref().map(|campus| campus.id);
        Self {
            user_key: user.key.clone(),
            types: types(&api.types(), settings, place),
            quiet_hours: quiet_hours(user, settings, place, api.clock.now()),
            campus,
        }
    }
}

/// What the viewer wants to hear on one campus, or by default.
#[Object]
impl NotificationPreferences {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        let campus = self.campus.as_ref().map(|campus| campus.id);
        GlobalId::Preferences(campus, self.user_key.clone()).to_string().into()
    }

    /// Where; null: the viewer's default.
    async fn campus(&self) -> Option<Campus> {
        self.campus.clone().map(Campus)
    }

    /// One for every type, in `notificationTypes`' order.
    async fn types(&self) -> &[TypePreference] {
        &self.types
    }

    /// When nothing shall make a sound.
    async fn quiet_hours(&self) -> &QuietHours {
        &self.quiet_hours
    }
}

/// Whether a type is heard.
#[derive(SimpleObject)]
pub(crate) struct TypePreference {
    /// Its name.
    r#type: NotificationType,
    /// What it is about.
    category: Category,
    /// As people read it.
    label: String,
    /// It is heard; otherwise it is muted.
    enabled: bool,
    /// Not set here: from the default, or built in.
    inherited: bool,
    /// Cannot be muted, and passes quiet hours.
    mandatory: bool,
}

/// When nothing shall make a sound: local to `timezone`, across midnight where the end is before the start. Urgent and
/// mandatory notifications pass.
#[derive(SimpleObject)]
pub(crate) struct QuietHours {
    /// Whether they count.
    enabled: bool,
    /// When they begin.
    start_time: TimeOfDay,
    /// When they end.
    end_time: TimeOfDay,
    /// An IANA name.
    timezone: String,
    /// Not set here: from the default, or built in.
    inherited: bool,
    /// When they begin the next time; null when disabled.
    next_start: Option<DateTime>,
    /// When they end the next time; null when disabled.
    next_end: Option<DateTime>,
    /// It is quiet now.
    active: bool,
}

fn types(known: &TypeRegistry, settings: &Settings, campus: Option<CampusId>) -> Vec<TypePreference> {
    let preference = |known: &crate::domain::notification_type::NotificationType| TypePreference {
        r#type: NotificationType(known.definition.name.clone()),
        category: known.definition.category.into(),
        label: known.definition.label.clone(),
        enabled: settings.hears(known, campus),
        inherited: !settings.sets(known.id, campus),
        mandatory: known.definition.mandatory,
    };
    known.current().map(preference).collect()
}

fn quiet_hours(
    user: &User,
    settings: &Settings,
    campus: Option<CampusId>,
    now: chrono::DateTime<Utc>,
) -> QuietHours {
    let hours = settings.quiet_hours(campus);
    let own = user.timezone.as_deref().and_then(|name| name.parse().ok());
    let window = hours.window(own);
    QuietHours {
        enabled: hours.enabled,
        start_time: TimeOfDay(hours.start),
        end_time: TimeOfDay(hours.end),
        timezone: hours.zone(own).name().to_owned(),
        inherited: !settings.sets_quiet_hours(campus),
        next_start: window.and_then(|window| window.next_start(now)).map(DateTime),
        next_end: window.and_then(|window| window.next_end(now)).map(DateTime),
        active: window.is_some_and(|window| window.contains(now)),
    }
}
