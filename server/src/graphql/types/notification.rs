//! A notification, as one reader's copy.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{AudienceKind, Campus, Category, NotificationStatus, Priority};
use crate::delivery::CopyState;
use crate::domain::entry;
use crate::domain::id::GlobalId;
use crate::domain::notification_type;
use crate::graphql::api::api;
use crate::graphql::campuses;
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::{DateTime, NotificationType};

/// A type of notifications.
#[derive(SimpleObject)]
pub(crate) struct TypeInfo {
    /// Its name.
    r#type: NotificationType,
    /// What it is about.
    category: Category,
    /// As people read it.
    label: String,
    /// Cannot be muted, and passes quiet hours.
    mandatory: bool,
}

impl From<&notification_type::NotificationType> for TypeInfo {
    fn from(known: &notification_type::NotificationType) -> Self {
        let definition = known.definition.clone();
        Self {
            r#type: NotificationType(definition.name),
            category: definition.category.into(),
            label: definition.label,
            mandatory: definition.mandatory,
        }
    }
}

/// Who sent something, as recipients may know them.
#[derive(SimpleObject)]
pub(crate) struct Sender {
    /// The id of a user.
    id: ID,
    /// As people read it.
    name: String,
}

impl From<&entry::Sender> for Sender {
    fn from(sender: &entry::Sender) -> Self {
        Self { id: GlobalId::User(sender.key.clone()).to_string().into(), name: sender.name.clone() }
    }
}

/// What a notification refers to.
#[derive(SimpleObject)]
pub(crate) struct NotificationData {
    /// The platform's id of an event.
    event_id: Option<String>,
    /// The platform's id of an attendance.
    attendance_id: Option<String>,
    /// Where it leads: an http(s) or site-relative address.
    action_url: Option<String>,
    /// Whatever else the platform's clients want to know.
    metadata: Option<serde_json::Value>,
}

/// One thing that a person was told.
#[derive(Clone)]
pub(crate) struct Notification {
    pub(in crate::graphql) notification: Arc<entry::Notification>,
    pub(in crate::graphql) copy: CopyState,
}

/// One thing that a person was told, as the viewer's own copy.
#[Object]
impl Notification {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::Notification(self.notification.seq).to_string().into()
    }

    /// What kind of happening it tells of.
    async fn r#type(&self, ctx: &Context<'_>) -> ApiResult<NotificationType> {
        let known = api(ctx).type_of(self.notification.content.type_id).await?;
        Ok(NotificationType(known.definition.name.clone()))
    }

    /// What its type is about.
    async fn category(&self, ctx: &Context<'_>) -> ApiResult<Category> {
        Ok(api(ctx).type_of(self.notification.content.type_id).await?.definition.category.into())
    }

    /// Whom it is addressed to.
    async fn audience(&self) -> AudienceKind {
        self.notification.audience.kind().into()
    }

    /// The campus that was told; null on a system-wide or personal notification.
    async fn campus(&self, ctx: &Context<'_>) -> Option<ApiResult<Campus>> {
        Some(campuses::load(ctx, self.notification.campus()?).await)
    }

    /// One line of plain text: 1 to 200 characters.
    async fn title(&self) -> &str {
        &self.notification.content.title
    }

    /// Plain text, of several lines perhaps: 1 to 4,000 characters.
    async fn message(&self) -> &str {
        &self.notification.content.message
    }

    /// What it refers to.
    async fn data(&self) -> NotificationData {
        let data = self.notification.content.data.clone();
        NotificationData {
            event_id: data.event_id,
            attendance_id: data.attendance_id,
            action_url: data.action_url,
            metadata: data.metadata,
        }
    }

    /// How urgent it is.
    async fn priority(&self) -> Priority {
        self.notification.content.priority.into()
    }

    /// How far it has come, as the viewer's own copy stands.
    async fn status(&self) -> NotificationStatus {
        match self.copy {
            CopyState { read_at: Some(_), .. } => NotificationStatus::Read,
            CopyState { delivered: true, .. } => NotificationStatus::Delivered,
            CopyState { .. } => NotificationStatus::Sent,
        }
    }

    /// Who sent it.
    async fn sender(&self) -> Option<Sender> {
        Some(Sender::from(&self.notification.sender))
    }

    /// When it was sent; never before one that stands before it.
    async fn created_at(&self) -> DateTime {
        DateTime(self.notification.created_at)
    }

    /// From then on it is left out of feeds, unless they ask for what has expired.
    async fn expires_at(&self) -> Option<DateTime> {
        self.notification.content.expires_at.map(DateTime)
    }

    /// When the viewer read it.
    async fn read_at(&self) -> Option<DateTime> {
        self.copy.read_at.map(DateTime)
    }

    /// When it was archived, by the viewer or by its age.
    async fn archived_at(&self) -> Option<DateTime> {
        self.copy.archived_at.map(DateTime)
    }
}
