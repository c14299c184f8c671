//! Notifications as the caller's own copies: with what they have read, archived and been delivered.

use std::sync::Arc;

use super::api::Api;
use super::error::ApiResult;
use super::types::Notification;
use crate::delivery::CopyState;
use crate::domain::access::{self, Caller};
use crate::domain::entry;
use crate::domain::id::Seq;

/// The caller's copies of these. For one that was not sent to the caller, the copy of somebody who never looked.
pub(super) async fn of(
    api: &Api,
    caller: &Caller,
    notifications: Vec<Arc<entry::Notification>>,
) -> ApiResult<Vec<Notification>> {
    let receipts = api.store.receipts(caller.user.id, notifications.iter().map(|n| n.seq).collect()).await?;
    let delivered_through = api.hub.delivered_through(caller.user.id).await?;
    let copy = |n: &entry::Notification| {
        if !access::is_recipient(caller, n) {
            return CopyState::default();
        }
        api.hub.copy(n, &receipts, n.seq <= delivered_through)
    };
    Ok(notifications.into_iter().map(|n| Notification { copy: copy(&n), notification: n }).collect())
}

/// The caller's copy of this.
pub(super) async fn of_one(
    api: &Api,
    caller: &Caller,
    notification: Arc<entry::Notification>,
) -> ApiResult<Option<Notification>> {
    Ok(of(api, caller, vec![notification]).await?.pop())
}

/// The notifications at these positions that the caller may see, in this order.
pub(super) async fn visible(
    api: &Api,
    caller: &Caller,
    seqs: Vec<Seq>,
) -> ApiResult<Vec<Arc<entry::Notification>>> {
    let mut found = api.store.notifications(seqs.clone()).await?;
    let found = seqs.into_iter().filter_map(|seq| found.remove(&seq));
    Ok(found.filter(|n| access::may_see_notification(caller, n)).collect())
}
