//! What a notification shall say.

use async_graphql::InputObject;

use crate::domain::content::{Content, ContentData};
use crate::domain::invalid::Invalid;
use crate::domain::notification_type::TypeRegistry;
use crate::graphql::scalars::{DateTime, NotificationType};
use crate::graphql::types::Priority;

/// What a notification shall say. Plain text: no control characters but line feeds and tabs in the message.
#[derive(InputObject)]
pub(crate) struct NotificationContentInput {
    /// What kind of happening it tells of.
    r#type: NotificationType,
    /// 1 to 200 characters.
    title: String,
    /// 1 to 4,000 characters.
    message: String,
    /// How urgent it is.
    #[graphql(default_with = "Some(Priority::Medium)")]
    priority: Option<Priority>,
    /// What it refers to.
    data: Option<NotificationDataInput>,
    /// From then on it is left out of feeds; must lie in the future.
    expires_at: Option<DateTime>,
}

/// What a notification refers to.
#[derive(InputObject)]
pub(crate) struct NotificationDataInput {
    /// The platform's id of an event.
    event_id: Option<String>,
    /// The platform's id of an attendance.
    attendance_id: Option<String>,
    /// An http(s) or site-relative address.
    action_url: Option<String>,
    /// At most 8 KiB and 8 levels.
    metadata: Option<serde_json::Value>,
}

impl NotificationContentInput {
    /// As the domain takes it, with its limits held to it, but for `expiresAt`.
    pub(in crate::graphql) fn checked(self, types: &TypeRegistry) -> Result<Content, Invalid> {
        let data = self.data.map_or_else(ContentData::default, |data| ContentData {
            event_id: data.event_id,
            attendance_id: data.attendance_id,
            action_url: data.action_url,
            metadata: data.metadata,
        });
        let known = types.require_current("type", &self.r#type.0);
        let known = known.map_err(|invalid| invalid.within("content"))?;
        let content = Content {
            type_id: known.id,
            title: self.title,
            message: self.message,
            priority: self.priority.unwrap_or(Priority::Medium).into(),
            data,
            expires_at: self.expires_at.map(|at| at.0),
        };
        content.checked().map_err(|invalid| invalid.within("content"))
    }
}
