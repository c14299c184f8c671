//! What the viewer says of their own notifications.

use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::domain::access::{self, Caller};
use crate::domain::entry::Notification;
use crate::domain::id::{GlobalId, Seq};
use crate::domain::invalid::Invalid;
use crate::domain::receipts::ReceiptChange;
use crate::graphql::api::{Api, api, caller};
use crate::graphql::copies;
use crate::graphql::error::ApiResult;
use crate::graphql::inputs::{self, MarkAllReadInput, MarkSeenInput, NotificationIdsInput};
use crate::graphql::types::{MarkAllReadPayload, MarkPayload, MarkSeenPayload, Viewer};

/// Notifications that one call may name.
const MOST_IDS: usize = 1_000;

#[derive(Default)]
pub(crate) struct ReceiptMutations;

/// What the viewer says of their own notifications.
#[Object]
impl ReceiptMutations {
    /// These are read. At most 1,000 ids a call; ids that the viewer cannot see are passed over.
    async fn mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: NotificationIdsInput,
    ) -> ApiResult<MarkPayload> {
        change(ctx, input, |theirs| read(theirs, true)).await
    }

    /// These are unread again. At most 1,000 ids a call; ids that the viewer cannot see are passed over.
    async fn mark_unread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: NotificationIdsInput,
    ) -> ApiResult<MarkPayload> {
        change(ctx, input, |theirs| read(theirs, false)).await
    }

    /// These are archived: left out of pages and counts, unless they ask for what is. At most 1,000 ids a call; ids that
    /// the viewer cannot see are passed over.
    async fn archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: NotificationIdsInput,
    ) -> ApiResult<MarkPayload> {
        change(ctx, input, |theirs| archived(theirs, true)).await
    }

    /// These are taken out of the archive, and do not come back by their age. At most 1,000 ids a call; ids that the viewer
    /// cannot see are passed over.
    async fn unarchive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: NotificationIdsInput,
    ) -> ApiResult<MarkPayload> {
        change(ctx, input, |theirs| archived(theirs, false)).await
    }

    /// Everything up to and including `through` is read, muted ones too: all of it, or one campus's.
    async fn mark_all_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to where.")] input: MarkAllReadInput,
    ) -> ApiResult<MarkAllReadPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_read_feed(&caller)?;
        let campus = match &input.campus_key {
            Some(key) => Some(api.campus(&caller, "campusKey", key).await?.id),
            None => None,
        };
        let through = position(api, &input.through).await?;
        api.hub.change_receipts(caller.user.id, ReceiptChange::ReadThrough { through, campus }).await?;
        Ok(MarkAllReadPayload { read_through: input.through, viewer: Viewer(caller) })
    }

    /// The viewer has looked at everything up to and including `through`.
    async fn mark_seen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to where.")] input: MarkSeenInput,
    ) -> ApiResult<MarkSeenPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_read_feed(&caller)?;
        let through = position(api, &input.through).await?;
        api.hub.change_receipts(caller.user.id, ReceiptChange::Seen { through }).await?;
        Ok(MarkSeenPayload { viewer: Viewer(caller) })
    }
}

async fn change(
    ctx: &Context<'_>,
    input: NotificationIdsInput,
    change: impl FnOnce(&[Arc<Notification>]) -> ReceiptChange,
) -> ApiResult<MarkPayload> {
    let (api, caller) = (api(ctx), caller(ctx).await?);
    access::may_read_feed(&caller)?;
    inputs::at_most("ids", &input.ids, MOST_IDS)?;
    let theirs = own_notifications(api, &caller, &input.ids).await?;
    if !theirs.is_empty() {
        api.hub.change_receipts(caller.user.id, change(&theirs)).await?;
    }
    let notifications = copies::of(api, &caller, theirs).await?;
    Ok(MarkPayload { notifications, viewer: Viewer(caller) })
}

fn read(notifications: &[Arc<Notification>], read: bool) -> ReceiptChange {
    let notifications = notifications.iter().map(|n| (n.seq, n.campus())).collect();
    ReceiptChange::Read { notifications, read }
}

fn archived(notifications: &[Arc<Notification>], archived: bool) -> ReceiptChange {
    let notifications = notifications.iter().map(|n| n.seq).collect();
    ReceiptChange::Archived { notifications, archived }
}

/// Those of the caller's feed that `ids` name, each once.
async fn own_notifications(api: &Api, caller: &Caller, ids: &[ID]) -> ApiResult<Vec<Arc<Notification>>> {
    let mut seqs: Vec<Seq> = Vec::with_capacity(ids.len());
    for id in ids {
        if let Ok(GlobalId::Notification(seq)) = GlobalId::from_str(id) {
            seqs.push(seq);
        }
    }
    let mut visible = copies::visible(api, caller, seqs).await?;
    visible.retain(|n| access::is_recipient(caller, n));
    Ok(visible)
}

/// The position of the notification that `through` names. Whose it is does not matter: only the caller's own feed
/// up to there is marked.
async fn position(api: &Api, through: &ID) -> ApiResult<Seq> {
    let named = match GlobalId::from_str(through) {
        Ok(GlobalId::Notification(seq)) => api.store.notification(seq).await?,
        _ => None,
    };
    let named = named.ok_or_else(|| Invalid::new("through", "must be the id of a notification"))?;
    Ok(named.seq)
}
