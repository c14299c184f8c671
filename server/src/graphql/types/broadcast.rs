//! One act of publishing, and how it fared.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tokio::sync::OnceCell;

use super::{AudienceKind, BroadcastState, Campus, Notification, PageInfo, Priority, Sender, User};
use crate::delivery::Fared;
use crate::domain::broadcast::{self, State};
use crate::domain::cursor::{CursorError, Place};
use crate::domain::entry;
use crate::domain::id::GlobalId;
use crate::graphql::api::{api, caller};
use crate::graphql::broadcasts::{page_cost, page_size};
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::scalars::{DateTime, NotificationType};
use crate::graphql::{campuses, copies};

/// What it costs a document to have a broadcast's recipients counted: a page of 100 can be, and not two.
const COUNT: usize = 40;

/// What a broadcast says.
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
    /// From then on it is left out of feeds; what waits is not sent any more.
    expires_at: Option<DateTime>,
}

/// One act of publishing.
pub(crate) struct Broadcast {
    act: Arc<broadcast::Broadcast>,
    /// What it became, where that is known already.
    notification: Option<Arc<entry::Notification>>,
    audience_size: Option<i64>,
    /// Counted when the first asks.
    fared: OnceCell<Fared>,
}

impl Broadcast {
    pub(in crate::graphql) fn new(act: Arc<broadcast::Broadcast>) -> Self {
        Self { act, notification: None, audience_size: None, fared: OnceCell::new() }
    }

    /// One whose notification is at hand.
    pub(in crate::graphql) fn with(
        act: Arc<broadcast::Broadcast>,
        notification: Option<Arc<entry::Notification>>,
    ) -> Self {
        Self { notification, ..Self::new(act) }
    }

    /// One whose numbers are at hand.
    pub(in crate::graphql) fn counted(
        act: Arc<broadcast::Broadcast>,
        audience_size: i64,
        fared: Fared,
    ) -> Self {
        let fared = OnceCell::new_with(Some(fared));
        Self { audience_size: Some(audience_size), fared, ..Self::new(act) }
    }

    pub(super) async fn own_copy(&self, ctx: &Context<'_>) -> ApiResult<Option<Notification>> {
        let State::Sent { seq, recalled: false, .. } = self.act.state else { return Ok(None) };
        let notification = match &self.notification {
            Some(notification) => Some(Arc::clone(notification)),
            None => api(ctx).store.notification(seq).await?,
        };
        match notification.filter(|notification| !notification.recalled) {
            Some(notification) => copies::of_one(api(ctx), &caller(ctx).await?, notification).await,
            None => Ok(None),
        }
    }

    async fn fared(&self, ctx: &Context<'_>) -> ApiResult<Fared> {
        let counting = || async { Ok(api(ctx).hub.fared(&self.act).await?) };
        self.fared.get_or_try_init(counting).await.copied()
    }
}

/// One act of publishing to a campus, to all or to named users, and how it fared.
#[Object]
impl Broadcast {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::Broadcast(self.act.id).to_string().into()
    }

    /// What became of it.
    async fn state(&self) -> BroadcastState {
        match self.act.state {
            State::Scheduled => BroadcastState::Scheduled,
            State::Sent { recalled: false, .. } => BroadcastState::Sent,
            State::Sent { recalled: true, .. } => BroadcastState::Recalled,
            State::Cancelled => BroadcastState::Cancelled,
            State::Failed { .. } => BroadcastState::Failed,
        }
    }

    /// Why it failed, as a sentence for people; null where it did not.
    async fn failure(&self) -> Option<&str> {
        match &self.act.state {
            State::Failed { reason } => Some(reason),
            _ => None,
        }
    }

    /// What was sent, or was to be sent.
    async fn content(&self, ctx: &Context<'_>) -> ApiResult<BroadcastContent> {
        let content = &self.act.content;
        Ok(BroadcastContent {
            r#type: NotificationType(api(ctx).type_of(content.type_id).await?.definition.name),
            title: content.title.clone(),
            message: content.message.clone(),
            priority: content.priority.into(),
            expires_at: content.expires_at.map(DateTime),
        })
    }

    /// The notification that it became; null where it did not, or was recalled.
    async fn notification(&self, ctx: &Context<'_>) -> Option<ApiResult<Notification>> {
        self.own_copy(ctx).await.transpose()
    }

    /// Who sent it.
    async fn sender(&self) -> Sender {
        Sender::from(&self.act.sender)
    }

    /// Whom it is addressed to.
    async fn audience(&self) -> AudienceKind {
        self.act.audience.into()
    }

    /// The campus that was told, or within which users were.
    async fn campus(&self, ctx: &Context<'_>) -> Option<ApiResult<Campus>> {
        Some(campuses::load(ctx, self.act.campus?).await)
    }

    /// When it was to be sent, if that was said.
    async fn send_at(&self) -> Option<DateTime> {
        self.act.send_at.map(DateTime)
    }

    /// How many people it was addressed to when it was sent; as things are now, where it was not.
    async fn audience_size(&self, ctx: &Context<'_>) -> ApiResult<i64> {
        match self.audience_size {
            Some(size) => Ok(size),
            None => Ok(api(ctx).store.audience_size(&self.act).await?),
        }
    }

    /// Recipients of whom a client has been on the feed, or fetched a page, since it was sent. On a campus, those who left it
    /// count no more; of what everyone was told, those who came later count too.
    #[graphql(complexity = "COUNT")]
    async fn delivered_count(&self, ctx: &Context<'_>) -> ApiResult<i64> {
        Ok(self.fared(ctx).await?.delivered)
    }

    /// Recipients who have read it.
    #[graphql(complexity = "COUNT")]
    async fn read_count(&self, ctx: &Context<'_>) -> ApiResult<i64> {
        Ok(self.fared(ctx).await?.read)
    }

    /// Whom it named, for `USERS`; nobody for others. 1 to 100 a page, 20 unless said; in an order that stays.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn recipients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.")] first: Option<i32>,
        #[graphql(desc = "Only those who come after this cursor.")] after: Option<String>,
    ) -> ApiResult<UserConnection> {
        let limit = page_size(first)?;
        let after = match after.as_deref().map(Place::decode).transpose() {
            Ok(Some(Place::User(id))) => Some(id),
            Ok(None) => None,
            Ok(Some(Place::Broadcast(_))) | Err(_) => {
                return Err(ApiError::cursor("after", CursorError::Garbled));
            }
        };
        let store = &api(ctx).store;
        let mut named = vec![];
        if self.act.audience == entry::AudienceKind::Users {
            let recipients = store.recipients_of(&self.act).await?;
            // One more, to know whether there is more.
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            named = store.recipients_after(recipients, after, one_more).await?;
        }
        let has_next_page = named.len() > limit;
        named.truncate(limit);
        let users = store.users(named).await?;
        let edge = |user: crate::domain::directory::User| UserEdge {
            cursor: Place::User(user.id).encode(),
            node: User(user),
        };
        let edges: Vec<UserEdge> = users.into_iter().map(edge).collect();
        let page_info = PageInfo {
            has_next_page,
            // Whoever begins somewhere has left something behind.
            has_previous_page: after.is_some(),
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Ok(UserConnection { edges, page_info })
    }
}

/// A page of broadcasts, newest first.
#[derive(SimpleObject)]
pub(crate) struct BroadcastConnection {
    /// The broadcasts with their places.
    pub(in crate::graphql) edges: Vec<BroadcastEdge>,
    /// Where the page stands among its neighbours.
    pub(in crate::graphql) page_info: PageInfo,
}

/// A broadcast's place on a page.
#[derive(SimpleObject)]
pub(crate) struct BroadcastEdge {
    /// Where it stands: for `after`.
    pub(in crate::graphql) cursor: String,
    /// The broadcast.
    pub(in crate::graphql) node: Broadcast,
}

/// A page of users.
#[derive(SimpleObject)]
pub(crate) struct UserConnection {
    /// The users with their places.
    edges: Vec<UserEdge>,
    /// Where the page stands among its neighbours.
    page_info: PageInfo,
}

/// A user's place on a page.
#[derive(SimpleObject)]
pub(crate) struct UserEdge {
    /// Where they stand: for `after`.
    cursor: String,
    /// The user.
    node: User,
}
