//! What the viewer wants to hear.

use async_graphql::{Context, Object};

use crate::domain::access::{self, Caller};
use crate::domain::directory::Campus;
use crate::domain::preferences::SettingsChange;
use crate::graphql::api::{api, caller};
use crate::graphql::error::ApiResult;
use crate::graphql::inputs::{ResetPreferencesInput, UpdatePreferencesInput};
use crate::graphql::types::{NotificationPreferences, PreferencesPayload, Viewer};

#[derive(Default)]
pub(crate) struct PreferenceMutations;

/// What the viewer wants to hear.
#[Object]
impl PreferenceMutations {
    /// What the viewer wants to hear, by default or on one campus. Live feeds follow at once, and are told so.
    async fn update_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to change, and where.")] input: UpdatePreferencesInput,
    ) -> ApiResult<PreferencesPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_keep_preferences(&caller)?;
        let campus = match &input.campus_key {
            Some(key) => Some(api.campus(&caller, "campusKey", key).await?),
            None => None,
        };
        let adjustment = input.checked(&api.types())?;
        let place = campus.as_ref().map(|campus| campus.id);
        change(ctx, &caller, campus, SettingsChange::Adjust(place, adjustment)).await
    }

    /// Everything on that campus back to the viewer's default.
    async fn reset_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where.")] input: ResetPreferencesInput,
    ) -> ApiResult<PreferencesPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_keep_preferences(&caller)?;
        let campus = api.campus(&caller, "campusKey", &input.campus_key).await?;
        let reset = SettingsChange::Reset(campus.id);
        change(ctx, &caller, Some(campus), reset).await
    }
}

async fn change(
    ctx: &Context<'_>,
    before: &Caller,
    campus: Option<Campus>,
    change: SettingsChange,
) -> ApiResult<PreferencesPayload> {
    let settings = api(ctx).log.change_settings(before.user.id, change).await??;
    // Anew: what they see has changed.
    let caller = caller(ctx).await?;
    let preferences = NotificationPreferences::new(api(ctx), &caller.user, campus, &settings);
    Ok(PreferencesPayload { preferences, viewer: Viewer(caller) })
}
