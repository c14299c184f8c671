//! Before sending: how many it would reach, and how many of them would hear it.

use std::collections::HashSet;

use async_graphql::SimpleObject;

use crate::domain::access::{self, Caller};
use crate::domain::content::Priority;
use crate::domain::entry::Audience;
use crate::domain::id::{CampusId, UserId};
use crate::domain::invalid::Invalid;
use crate::graphql::api::Api;
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::{self, AudienceInput, AudienceKeys};

/// Users that one call may name.
const MOST_USERS: usize = 10_000;

/// How many something would reach that is sent now.
#[derive(SimpleObject)]
pub(crate) struct AudiencePreview {
    /// To how many it would be addressed.
    size: i64,
    /// How many of them mute its type there.
    muted: i64,
    /// How many of them would be shown it without a sound now, were it not urgent.
    in_quiet_hours: i64,
    /// How many of them have a feed open.
    connected: i64,
}

pub(super) async fn preview(
    api: &Api,
    caller: &Caller,
    mut input: AudienceInput,
) -> ApiResult<AudiencePreview> {
    let keys = input.keys()?;
    let type_id = api.types().require_current("type", &input.r#type.0)?.id;
    let (audience, size) = match keys {
        AudienceKeys::Campus(key) => {
            let campus = api.campus(caller, "campusKey", &key).await?;
            access::may_broadcast_to_campus(caller, campus.id)?;
            (Audience::Campus(campus.id), campus.member_count)
        }
        AudienceKeys::Users(keys) => {
            let audience = Audience::users(users(api, caller, &keys).await?);
            let size = if let Audience::Users(users) = &audience { users.len() } else { 0 };
            (audience, i64::try_from(size).unwrap_or(i64::MAX))
        }
        AudienceKeys::All => {
            access::may_broadcast_to_all(caller)?;
            (Audience::System, api.store.user_count().await?)
        }
    };
    let campus = if let Audience::Campus(campus) = audience { Some(campus) } else { None };
    let now = api.clock.now();
    let (mut muted, mut in_quiet_hours, mut set_something, mut after) = (0, 0, 0, None);
    loop {
        let (some, last) = api.store.preferences_among(&audience, after).await?;
        for preferences in &some {
            muted += i64::from(preferences.mutes(type_id, campus));
            in_quiet_hours += i64::from(preferences.silences(type_id, Priority::Medium, campus, now));
        }
        set_something += i64::try_from(some.len()).unwrap_or(i64::MAX);
        after = last;
        if after.is_none() {
            break;
        }
    }
    if api.store.nothing_set().mutes(type_id, campus) {
        muted += (size - set_something).max(0);
    }
    let connected = i64::try_from(api.hub.connected(&audience).await).unwrap_or(i64::MAX);
    Ok(AudiencePreview { size, muted, in_quiet_hours, connected })
}

/// The users of these keys, where the caller may notify them all. Whom an admin may not know is as unknown as one who does
/// not exist.
async fn users(api: &Api, caller: &Caller, keys: &[String]) -> ApiResult<Vec<UserId>> {
    if keys.is_empty() {
        return Err(Invalid::new("userKeys", "must name somebody").into());
    }
    inputs::at_most("userKeys", keys, MOST_USERS)?;
    let everywhere = access::may_notify_users(caller, None);
    let administered: Vec<CampusId> = caller.administered().collect();
    if administered.is_empty() {
        everywhere?;
    }
    let users: Vec<UserId> = api.users("userKeys", keys).await?.into_iter().map(|user| user.id).collect();
    if everywhere.is_ok() {
        return Ok(users);
    }
    let mut shared = Vec::new();
    for campus in administered {
        let members: HashSet<UserId> =
            api.store.members_among(campus, users.clone()).await?.into_iter().collect();
        if users.iter().all(|user| members.contains(user)) {
            shared.push(campus);
        }
    }
    access::may_preview_users(caller, shared).map_err(|_| ApiError::not_found("userKeys"))?;
    Ok(users)
}
