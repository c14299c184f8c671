//! Publishing to a campus, to all, to named users, now or later; calling off, and taking back.

use std::collections::{HashMap, HashSet};
use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::domain::access::{self, Caller};
use crate::domain::broadcast::{self, Announced, Announcement, Cancelled, State};
use crate::domain::content::Content;
use crate::domain::directory::User;
use crate::domain::entry::{Appended, Audience, Change, Idempotency, Notification, Publication, Sender};
use crate::domain::id::{CampusId, GlobalId, Seq, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::text;
use crate::graphql::api::{Api, api, caller, session};
use crate::graphql::broadcasts;
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::{
    self, CampusBroadcastInput, CancelBroadcastInput, NotificationContentInput, NotifyUsersInput,
    RecallInput, SystemBroadcastInput,
};
use crate::graphql::scalars::DateTime;
use crate::graphql::types::{Broadcast, CancelBroadcastPayload, PublishPayload, RecallPayload};

/// Users that one call may name.
const MOST_USERS: usize = 10_000;

#[derive(Default)]
pub(crate) struct PublishMutations;

/// Publishing, and taking back.
#[Object]
impl PublishMutations {
    /// To everyone on one campus: its admins, services, super admins.
    async fn broadcast_to_campus(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send, and where.")] input: CampusBroadcastInput,
    ) -> ApiResult<PublishPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        let campus = api.campus(&caller, "campusKey", &input.campus_key).await?;
        access::may_broadcast_to_campus(&caller, campus.id)?;
        let content = check(api, input.content)?;
        let timing = Timing { send_at: input.send_at, key: input.idempotency_key };
        announce(ctx, &caller, Audience::Campus(campus.id), None, content, timing).await
    }

    /// To everyone on every campus: services, super admins.
    async fn broadcast_to_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send.")] input: SystemBroadcastInput,
    ) -> ApiResult<PublishPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_broadcast_to_all(&caller)?;
        let content = check(api, input.content)?;
        let timing = Timing { send_at: input.send_at, key: input.idempotency_key };
        announce(ctx, &caller, Audience::System, None, content, timing).await
    }

    /// To named users: services, super admins, and a campus's admins within their campus.
    async fn notify_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send, and to whom.")] input: NotifyUsersInput,
    ) -> ApiResult<PublishPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        let within = match &input.campus_key {
            Some(key) => Some(api.campus(&caller, "campusKey", key).await?.id),
            None => None,
        };
        access::may_notify_users(&caller, within)?;
        if input.user_keys.is_empty() {
            return Err(Invalid::new("userKeys", "must name somebody").into());
        }
        inputs::at_most("userKeys", &input.user_keys, MOST_USERS)?;
        let content = check(api, input.content)?;
        let users = named_users(api, &input.user_keys, within).await?;
        let timing = Timing { send_at: input.send_at, key: input.idempotency_key };
        announce(ctx, &caller, Audience::users(users), within, content, timing).await
    }

    /// Calls a broadcast off before it is sent, as whoever could recall it may; CONFLICT once it has been sent or has failed.
    /// Once is enough: the second time changes nothing.
    async fn cancel_broadcast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: CancelBroadcastInput,
    ) -> ApiResult<CancelBroadcastPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        let not_found = || ApiError::not_found("id");
        let Ok(GlobalId::Broadcast(id)) = GlobalId::from_str(&input.id) else { return Err(not_found()) };
        let broadcast = broadcasts::visible(api, &caller, id).await?.ok_or_else(not_found)?;
        match api.log.cancel_broadcast(id).await? {
            Cancelled::Yes => {
                let broadcast = broadcast::Broadcast { state: State::Cancelled, ..broadcast };
                Ok(CancelBroadcastPayload { broadcast: Broadcast::new(Arc::new(broadcast)) })
            }
            Cancelled::TooLate => Err(ApiError::TooLate),
        }
    }

    /// Takes a notification back from every feed: its sender, the campus's admins, super admins. Once is enough: the
    /// second time changes nothing.
    async fn recall(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: RecallInput,
    ) -> ApiResult<RecallPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        let Ok(GlobalId::Notification(seq)) = GlobalId::from_str(&input.id) else {
            return Err(ApiError::not_found("id"));
        };
        let notification = api.store.notification(seq).await?.ok_or_else(|| ApiError::not_found("id"))?;
        access::may_recall(&caller, &notification)?;
        api.log.recall(notification).await?;
        Ok(RecallPayload { notification_id: input.id })
    }
}

fn check(api: &Api, content: NotificationContentInput) -> ApiResult<Content> {
    Ok(content.checked(&api.types())?)
}

/// The users of these keys. Within a campus, one who is not on it is as unknown as one who does not exist.
async fn named_users(api: &Api, keys: &[String], within: Option<CampusId>) -> ApiResult<Vec<UserId>> {
    let users: Vec<UserId> = api.users("userKeys", keys).await?.into_iter().map(|user| user.id).collect();
    if let Some(campus) = within {
        let members: HashSet<UserId> =
            api.store.members_among(campus, users.clone()).await?.into_iter().collect();
        if users.iter().any(|user| !members.contains(user)) {
            return Err(ApiError::not_found("userKeys"));
        }
    }
    Ok(users)
}

/// When to send something, and how to tell it apart from something new.
struct Timing {
    send_at: Option<DateTime>,
    key: Option<String>,
}

/// Sends it, or sees to it that it will be.
async fn announce(
    ctx: &Context<'_>,
    caller: &Caller,
    audience: Audience,
    within: Option<CampusId>,
    content: Content,
    Timing { send_at, key }: Timing,
) -> ApiResult<PublishPayload> {
    let api = api(ctx);
    let send_at = send_at.map(|at| at.0);
    if let Some(key) = &key {
        text::key("idempotencyKey", key)?;
    }
    let now = api.clock.now();
    let when = match (broadcast::when(send_at, content.expires_at, now), &key) {
        // The same again is no mistake, however late: the key says what became of it.
        (Err(late), Some(key)) if api.store.has_used_key(caller.user.id, key.clone(), now).await? => {
            Err(late)
        }
        (when, _) => Ok(when?),
    };
    let idempotency = key.map(|key| Idempotency::of_broadcast(key, &audience, within, &content, send_at));
    let publication = Publication { sender: sender(&caller.user), audience, within, content, idempotency };
    let token_role = session(ctx)?.identity().role;
    let announcement = Announcement { publication, send_at, when, token_role };
    let (id, notification, created) = match api.log.announce(announcement).await? {
        Announced::New { id, notification } => (id, notification, true),
        Announced::Known(id) => (id, None, false),
        Announced::Conflict => return Err(ApiError::Conflict),
        Announced::Refused(invalid) => return Err(invalid.into()),
    };
    let broadcast = if let Some(notification) = &notification {
        broadcast::Broadcast::sent(id, send_at, notification)
    } else {
        let found = api.store.broadcast(id).await?;
        found.ok_or(ApiError::Internal("a broadcast is remembered but not there"))?
    };
    Ok(PublishPayload { broadcast: Arc::new(broadcast), notification, created })
}

/// What this sender publishes, ready for the log.
pub(super) fn publication(
    sender: &User,
    audience: Audience,
    within: Option<CampusId>,
    content: Content,
    key: Option<String>,
) -> ApiResult<Publication> {
    let idempotency = match key {
        Some(key) => {
            text::key("idempotencyKey", &key)?;
            Some(Idempotency::new(key, &audience, within, &content))
        }
        None => None,
    };
    let sender = self::sender(sender);
    Ok(Publication { sender, audience, within, content, idempotency })
}

fn sender(user: &User) -> Sender {
    Sender { id: user.id, key: user.key.clone(), name: user.name.clone() }
}

/// The notification that a publish became, and whether it is new. `earlier` holds what the duplicates stand for.
pub(super) fn settle(
    appended: Appended,
    earlier: &HashMap<Seq, Arc<Notification>>,
) -> ApiResult<(Arc<Notification>, bool)> {
    match appended {
        Appended::New(entry) => match &entry.change {
            Change::Added(notification) => Ok((Arc::clone(notification), true)),
            _ => Err(ApiError::Internal("a publish became another kind of entry")),
        },
        Appended::Duplicate(seq) => {
            let earlier = earlier.get(&seq).cloned();
            Ok((earlier.ok_or(ApiError::Internal("a publish is remembered but not there"))?, false))
        }
        Appended::Conflict => Err(ApiError::Conflict),
        Appended::Unchanged => Err(ApiError::Internal("a publish changed nothing")),
    }
}
