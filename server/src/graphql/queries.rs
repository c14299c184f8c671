//! What can be asked.

mod history;

use std::str::FromStr as _;

use async_graphql::{Context, ID, Object};

use super::api::{api, caller, session};
use super::copies;
use super::error::{ApiError, ApiResult};
use super::inputs::NotificationFilter;
use super::metrics;
use super::types::{
    Broadcast, Campus, Metrics, Node, Notification, NotificationConnection, TypeInfo, User, Viewer,
};
use crate::domain::access;
use crate::domain::id::{CampusId, GlobalId, Seq};

/// What can be asked.
pub struct Query;

/// What can be asked.
#[Object]
impl Query {
    /// Whatever has this id; null where there is nothing that the viewer may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of a notification, campus, user, viewer or broadcast.")] id: ID,
    ) -> Option<ApiResult<Node>> {
        node(ctx, &id).await.transpose()
    }

    /// Whoever asks.
    async fn viewer(&self, ctx: &Context<'_>) -> ApiResult<Viewer> {
        Ok(Viewer(caller(ctx).await?))
    }

    /// The viewer's history, newest first; 1 to 100 a page, 20 unless said.
    #[graphql(complexity = "page_size(first, last) * child_complexity")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many of the newest.")] first: Option<i32>,
        #[graphql(desc = "Only what is older than this cursor.")] after: Option<String>,
        #[graphql(desc = "So many of the oldest; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what is newer than this cursor.")] before: Option<String>,
        #[graphql(desc = "Only these.")] filter: Option<NotificationFilter>,
    ) -> ApiResult<NotificationConnection> {
        let ends = ctx.look_ahead().field("pageInfo");
        // What lies behind a page, seen from where it was asked for, is looked for only where that is asked too.
        let behind = if last.is_some() { ends.field("hasNextPage") } else { ends.field("hasPreviousPage") };
        let arguments = history::Arguments { first, after, last, before, behind: behind.exists() };
        history::page(api(ctx), &caller(ctx).await?, arguments, filter.unwrap_or_default()).await
    }

    /// The notification of that id; null where there is none that the viewer may see.
    async fn notification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A notification's.")] id: ID,
    ) -> Option<ApiResult<Notification>> {
        match GlobalId::from_str(&id) {
            Ok(GlobalId::Notification(seq)) => notification_at(ctx, seq).await.transpose(),
            _ => None,
        }
    }

    /// Every type of notifications that there is.
    async fn notification_types(&self, ctx: &Context<'_>) -> ApiResult<Vec<TypeInfo>> {
        caller(ctx).await?;
        Ok(api(ctx).types().iter().map(TypeInfo::from).collect())
    }

    /// The campuses that the viewer may know of, by name: their own; services and super admins get all.
    #[graphql(complexity = "20 * child_complexity")]
    async fn campuses(&self, ctx: &Context<'_>) -> ApiResult<Vec<Campus>> {
        let caller = caller(ctx).await?;
        let all = access::may_broadcast_to_all(&caller).is_ok();
        let own: Vec<CampusId> = caller.scope.memberships.campuses().collect();
        Ok(api(ctx).store.campuses((!all).then_some(own)).await?.into_iter().map(Campus).collect())
    }

    /// The campus of that key; `NOT_FOUND` where the viewer may not know of one.
    async fn campus(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's own id.")] key: String,
    ) -> Option<ApiResult<Campus>> {
        Some(campus(ctx, &key).await)
    }

    /// How much is going on: campus admins get their campuses' part, super admins all.
    async fn metrics(&self, ctx: &Context<'_>) -> ApiResult<Metrics> {
        metrics::reading(api(ctx), session(ctx)?).await
    }
}

async fn node(ctx: &Context<'_>, id: &str) -> ApiResult<Option<Node>> {
    let caller = caller(ctx).await?;
    let Ok(id) = GlobalId::from_str(id) else {
        return Ok(None);
    };
    Ok(match id {
        GlobalId::Notification(seq) => notification(ctx, &caller, seq).await?.map(Node::Notification),
        GlobalId::Broadcast(seq) => {
            let published = api(ctx).store.notification(seq).await?;
            let theirs = published.filter(|n| access::may_recall(&caller, n).is_ok());
            theirs.map(Broadcast).map(Node::Broadcast)
        }
        GlobalId::Campus(key) => match api(ctx).campus(&caller, "id", &key).await {
            Ok(campus) => Some(Node::Campus(Campus(campus))),
            Err(ApiError::Store(error)) => return Err(error.into()),
            Err(_) => None,
        },
        GlobalId::User(key) => user(ctx, &caller, key).await?.map(Node::User),
        GlobalId::Viewer(key) => (key == caller.user.key).then_some(Node::Viewer(Viewer(caller))),
    })
}

fn page_size(first: Option<i32>, last: Option<i32>) -> usize {
    first.or(last).and_then(|n| usize::try_from(n).ok()).unwrap_or(20).min(100)
}

async fn campus(ctx: &Context<'_>, key: &str) -> ApiResult<Campus> {
    let caller = caller(ctx).await?;
    api(ctx).campus(&caller, "key", key).await.map(Campus)
}

async fn notification_at(ctx: &Context<'_>, seq: Seq) -> ApiResult<Option<Notification>> {
    notification(ctx, &caller(ctx).await?, seq).await
}

async fn notification(
    ctx: &Context<'_>,
    caller: &access::Caller,
    seq: Seq,
) -> ApiResult<Option<Notification>> {
    let found = copies::visible(api(ctx), caller, vec![seq]).await?.pop();
    match found {
        Some(found) => copies::of_one(api(ctx), caller, found).await,
        None => Ok(None),
    }
}

async fn user(ctx: &Context<'_>, caller: &access::Caller, key: String) -> ApiResult<Option<User>> {
    let Some(user) = api(ctx).store.user_by_key(key).await? else {
        return Ok(None);
    };
    let campuses = api(ctx).store.memberships(user.id).await?.into_iter().map(|membership| membership.campus);
    Ok(access::may_see_user(caller, user.id, campuses).then_some(User(user)))
}
