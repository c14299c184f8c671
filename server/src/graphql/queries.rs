//! What can be asked.

mod explain;
mod history;
mod preview;

use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use self::preview::AudiencePreview;
use super::api::{Api, api, caller, session};
use super::broadcasts::{self, page_cost};
use super::copies;
use super::error::{ApiError, ApiResult};
use super::inputs::{AudienceInput, NotificationFilter};
use super::metrics;
use super::types::{
    Broadcast, BroadcastConnection, Campus, Explanation, Metrics, Node, Notification, NotificationConnection,
    NotificationPreferences, TypeInfo, User, Viewer,
};
use crate::domain::id::{CampusId, GlobalId, Seq};
use crate::domain::{access, directory};

/// What can be asked.
pub struct Query;

/// What can be asked.
#[Object]
impl Query {
    /// Whatever has this id; null where there is nothing that the viewer may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of a notification, campus, user, viewer, broadcast or preferences.")] id: ID,
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
        let info = ctx.look_ahead().field("pageInfo");
        let (next, previous) = (info.field("hasNextPage").exists(), info.field("hasPreviousPage").exists());
        let asked = history::Ends { next, previous };
        let arguments = history::Arguments { first, after, last, before, asked };
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

    /// What applies to the viewer on that campus; without it, their default, which serves system-wide and personal
    /// notifications and every campus that they set nothing for.
    #[graphql(complexity = "20 + child_complexity")]
    async fn preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's own id.")] campus_key: Option<String>,
    ) -> ApiResult<NotificationPreferences> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        let campus = match campus_key {
            Some(key) => Some(api.campus(&caller, "campusKey", &key).await?),
            None => None,
        };
        preferences(api, &caller, campus).await
    }

    /// Every type of notifications that there is.
    async fn notification_types(&self, ctx: &Context<'_>) -> ApiResult<Vec<TypeInfo>> {
        caller(ctx).await?;
        Ok(api(ctx).types().current().map(TypeInfo::from).collect())
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

    /// Before sending: how many it would reach.
    #[graphql(complexity = "2_000 + child_complexity")]
    async fn preview_audience(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: AudienceInput,
    ) -> ApiResult<AudiencePreview> {
        preview::preview(api(ctx), &caller(ctx).await?, input).await
    }

    /// Why did, or did not, this user get this? For oneself; a campus's admins about its members; super admins.
    #[graphql(complexity = "20 + child_complexity")]
    async fn explain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A notification's.")] notification_id: ID,
        #[graphql(desc = "The platform's own id; the viewer without it.")] user_key: Option<String>,
    ) -> ApiResult<Explanation> {
        let caller = caller(ctx).await?;
        explain::explain(api(ctx), &caller, &notification_id, user_key).await.map(Explanation::from)
    }

    /// What was sent and what waits, newest first: a campus admin sees their campuses', a super admin all. 1 to 100 a page, 20
    /// unless said.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn broadcasts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what this campus was told, or users within it.")] campus_key: Option<String>,
        #[graphql(desc = "So many of the newest.")] first: Option<i32>,
        #[graphql(desc = "Only what is older than this cursor.")] after: Option<String>,
    ) -> ApiResult<BroadcastConnection> {
        broadcasts::page(api(ctx), &caller(ctx).await?, campus_key, first, after.as_deref()).await
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
        GlobalId::Broadcast(id) => {
            let found = broadcasts::visible(api(ctx), &caller, id).await?;
            found.map(Arc::new).map(Broadcast::new).map(Node::Broadcast)
        }
        GlobalId::Campus(key) => match api(ctx).campus(&caller, "id", &key).await {
            Ok(campus) => Some(Node::Campus(Campus(campus))),
            Err(ApiError::Store(error)) => return Err(error.into()),
            Err(_) => None,
        },
        GlobalId::User(key) => user(ctx, &caller, key).await?.map(Node::User),
        GlobalId::Preferences(campus, key) if key == caller.user.key => {
            let known = campus.filter(|campus| access::may_see_campus(&caller, *campus).is_ok());
            let found = api(ctx).store.campuses(Some(known.into_iter().collect())).await?.pop();
            match campus.is_none() || found.is_some() {
                true => Some(Node::Preferences(preferences(api(ctx), &caller, found).await?)),
                false => None,
            }
        }
        GlobalId::Preferences(..) => None,
        GlobalId::Viewer(key) => (key == caller.user.key).then_some(Node::Viewer(Viewer(caller))),
    })
}

async fn preferences(
    api: &Api,
    caller: &access::Caller,
    campus: Option<directory::Campus>,
) -> ApiResult<NotificationPreferences> {
    access::may_keep_preferences(caller)?;
    let settings = api.store.settings(caller.user.id).await?;
    Ok(NotificationPreferences::new(api, &caller.user, campus, &settings))
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
