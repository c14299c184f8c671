//! Whoever asks, with their counts.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{Campus, User};
use crate::delivery::HistoryFilter;
use crate::domain::access::{self, Caller};
use crate::domain::directory::Role;
use crate::domain::id::{CampusId, GlobalId};
use crate::graphql::api::api;
use crate::graphql::error::ApiResult;
use crate::graphql::inputs::NotificationFilter;

/// Counts are exact up to this.
const COUNT_UP_TO: usize = 1_000;

/// Whoever asks.
pub(crate) struct Viewer(pub(in crate::graphql) Caller);

impl Viewer {
    pub(super) async fn unread(&self, ctx: &Context<'_>, filter: HistoryFilter) -> ApiResult<CappedCount> {
        let history = api(ctx).history(&self.0).await?;
        if filter.unread == Some(false) {
            return Ok(CappedCount { count: 0, at_least: false });
        }
        let filter = HistoryFilter { unread: Some(true), ..filter };
        let (count, more) = history.count(&filter, None, COUNT_UP_TO).await?;
        Ok(CappedCount::new(count, more))
    }

    pub(super) async fn unseen(&self, ctx: &Context<'_>) -> ApiResult<CappedCount> {
        let api = api(ctx);
        let history = api.history(&self.0).await?;
        let seen = api.store.reader_state(self.0.user.id).await?.seen_through;
        let (count, more) = history.count(&HistoryFilter::default(), Some(seen), COUNT_UP_TO).await?;
        Ok(CappedCount::new(count, more))
    }
}

/// Whoever asks. Mutations return it too, so that a client's cache follows by itself.
#[Object]
impl Viewer {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::Viewer(self.0.user.key.clone()).to_string().into()
    }

    /// The user behind the token.
    async fn user(&self) -> User {
        User(self.0.user.clone())
    }

    /// How many of the viewer's notifications are unread, and not archived.
    #[graphql(complexity = "20 + child_complexity")]
    async fn unread_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Count only these.")] filter: Option<NotificationFilter>,
    ) -> ApiResult<CappedCount> {
        let filter = filter.unwrap_or_default().resolve(api(ctx), &self.0).await?;
        self.unread(ctx, filter).await
    }

    /// How many arrived since the viewer last looked (`markSeen`): the number on a bell.
    #[graphql(complexity = "20 + child_complexity")]
    async fn unseen_count(&self, ctx: &Context<'_>) -> ApiResult<CappedCount> {
        self.unseen(ctx).await
    }

    /// What the viewer may do, for clients that hide what they cannot use.
    async fn permissions(&self, ctx: &Context<'_>) -> ApiResult<Permissions> {
        let everywhere = access::may_broadcast_to_all(&self.0).is_ok();
        let administered: Vec<CampusId> = self.0.administered().collect();
        let campuses = api(ctx).store.campuses((!everywhere).then_some(administered)).await?;
        Ok(Permissions {
            broadcast_to_all: everywhere,
            administers: campuses.into_iter().map(Campus).collect(),
            audit_log: self.0.user.role == Role::SuperAdmin,
        })
    }
}

/// What the viewer may do.
#[derive(SimpleObject)]
pub(crate) struct Permissions {
    /// Send to everyone on every campus.
    broadcast_to_all: bool,
    /// The campuses that they may speak to.
    administers: Vec<Campus>,
    /// Read who did what.
    audit_log: bool,
}

/// A number that is exact up to 1,000.
#[derive(SimpleObject)]
pub(crate) struct CappedCount {
    /// How many, 1,000 at most.
    pub(in crate::graphql) count: i32,
    /// There are more than `count`.
    pub(in crate::graphql) at_least: bool,
}

impl CappedCount {
    fn new(count: usize, more: bool) -> Self {
        Self { count: i32::try_from(count).unwrap_or(i32::MAX), at_least: more }
    }
}
