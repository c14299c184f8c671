//! One act of publishing, and how it fared.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{AudienceKind, BroadcastState, Campus, Notification, Priority, Sender};
use crate::domain::entry;
use crate::domain::id::GlobalId;
use crate::graphql::api::{api, caller};
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::{DateTime, NotificationType};
use crate::graphql::{campuses, copies};

/// What was sent.
#[derive(SimpleObject)]
pub(crate) struct BroadcastContent {
    /// What kind of happening it tells of.
    r#type: NotificationType,
    /// One line.
    title: String,
    /// The whole text.
    message: String,
    /// How urgent it is.
    priority: Priority,
    /// From then on it is left out of feeds.
    expires_at: Option<DateTime>,
}

/// One act of publishing.
pub(crate) struct Broadcast(pub(in crate::graphql) Arc<entry::Notification>);

impl Broadcast {
    pub(super) async fn own_copy(&self, ctx: &Context<'_>) -> ApiResult<Option<Notification>> {
        if self.0.recalled {
            return Ok(None);
        }
        copies::of_one(api(ctx), &caller(ctx).await?, Arc::clone(&self.0)).await
    }
}

/// One act of publishing to a campus, to all or to named users, and how it fared.
#[Object]
impl Broadcast {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::Broadcast(self.0.seq).to_string().into()
    }

    /// What became of it.
    async fn state(&self) -> BroadcastState {
        if self.0.recalled { BroadcastState::Recalled } else { BroadcastState::Sent }
    }

    /// What was sent.
    async fn content(&self, ctx: &Context<'_>) -> ApiResult<BroadcastContent> {
        let content = &self.0.content;
        Ok(BroadcastContent {
            r#type: NotificationType(api(ctx).type_of(content.type_id)?.definition.name.clone()),
            title: content.title.clone(),
            message: content.message.clone(),
            priority: content.priority.into(),
            expires_at: content.expires_at.map(DateTime),
        })
    }

    /// The notification that it became; null when it was recalled.
    async fn notification(&self, ctx: &Context<'_>) -> Option<ApiResult<Notification>> {
        self.own_copy(ctx).await.transpose()
    }

    /// Who sent it.
    async fn sender(&self) -> Sender {
        Sender::from(&self.0.sender)
    }

    /// Whom it is addressed to.
    async fn audience(&self) -> AudienceKind {
        AudienceKind::of(&self.0.audience)
    }

    /// The campus that was told.
    async fn campus(&self, ctx: &Context<'_>) -> Option<ApiResult<Campus>> {
        Some(campuses::load(ctx, self.0.campus()?).await)
    }

    /// When it was to be sent, if not at once.
    async fn send_at(&self) -> Option<DateTime> {
        None
    }

    /// How many people it was addressed to when it was sent.
    async fn audience_size(&self) -> i64 {
        self.0.audience_size
    }
}
