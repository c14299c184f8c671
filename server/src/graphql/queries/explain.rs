//! Why somebody did, or did not, get a notification.

use std::str::FromStr as _;

use crate::domain::access::{self, Caller};
use crate::domain::explanation::{self, Explanation, Facts};
use crate::domain::id::GlobalId;
use crate::domain::text;
use crate::graphql::api::Api;
use crate::graphql::error::{ApiError, ApiResult};

/// What the rules say of this notification and that user; the caller without one.
pub(super) async fn explain(
    api: &Api,
    caller: &Caller,
    id: &str,
    user_key: Option<String>,
) -> ApiResult<Explanation> {
    // Of others, what is not there and what is not for the caller to know of must look the same.
    let field = if user_key.is_some() { "userKey" } else { "notificationId" };
    let not_found = || ApiError::not_found(field);
    let Ok(GlobalId::Notification(seq)) = GlobalId::from_str(id) else {
        return Err(ApiError::not_found("notificationId"));
    };
    let about = match user_key {
        Some(key) => someone(api, key).await?.ok_or_else(not_found)?,
        None => caller.clone(),
    };
    let notification = api.store.notification(seq).await?.ok_or_else(not_found)?;
    let campuses = about.scope.memberships.campuses();
    access::may_explain(caller, &notification, about.user.id, campuses).map_err(|denied| match denied {
        access::Denied::NotFound => not_found(),
        access::Denied::Forbidden => denied.into(),
    })?;
    let campus = match notification.campus() {
        Some(campus) => api.store.campuses(Some(vec![campus])).await?.pop(),
        None => None,
    };
    let receipts = api.store.receipts(about.user.id, vec![seq]).await?;
    let facts = Facts {
        notification: &notification,
        known: &api.type_of(notification.content.type_id).await?,
        campus: campus.as_ref().map(|campus| campus.name.as_str()),
        scope: &about.scope,
        has_feed: access::may_read_feed(&about).is_ok(),
        now: api.clock.now(),
        recalled_at: api.store.recalled_at(seq).await?,
        delivered_through: api.hub.delivered_through(about.user.id).await?,
        read_at: receipts.read_at(seq, notification.campus()),
    };
    Ok(explanation::explain(&facts))
}

/// Somebody as the directory knows them.
async fn someone(api: &Api, key: String) -> ApiResult<Option<Caller>> {
    text::key("userKey", &key)?;
    let found = api.store.user_and_scope(key).await?;
    Ok(found.map(|(user, scope)| Caller { user, scope }))
}
