//! The directory, kept in step by the platform: services and super admins.

use std::collections::HashMap;

use async_graphql::{Context, Object};

use crate::domain::access;
use crate::domain::directory::{CampusRole, CampusStatement, UserStatement};
use crate::domain::id::{CampusId, UserId};
use crate::domain::text;
use crate::graphql::api::{Api, api, caller};
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::{
    self, RemoveMembershipsInput, SetMembershipsInput, UpsertCampusesInput, UpsertUsersInput,
};
use crate::graphql::types::{Campus, MembershipsPayload, UpsertCampusesPayload, UpsertUsersPayload, User};

/// Rows that one call may hold.
const MOST_ROWS: usize = 1_000;

#[derive(Default)]
pub(crate) struct DirectoryMutations;

/// The directory, kept in step by the platform.
#[Object]
impl DirectoryMutations {
    /// Makes or changes campuses, all or none. Services and super admins. At most 1,000 rows a call.
    async fn upsert_campuses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make so.")] input: UpsertCampusesInput,
    ) -> ApiResult<UpsertCampusesPayload> {
        let api = keeper(ctx).await?;
        inputs::at_most("campuses", &input.campuses, MOST_ROWS)?;
        let campuses: Vec<CampusStatement> = input.campuses.into_iter().map(Into::into).collect();
        for (row, campus) in campuses.iter().enumerate() {
            campus.check().map_err(|invalid| invalid.within(&format!("campuses.{row}")))?;
        }
        let campuses = api.log.upsert_campuses(campuses).await?;
        Ok(UpsertCampusesPayload { campuses: campuses.into_iter().map(Campus).collect() })
    }

    /// Makes or changes users, all or none. Services and super admins. At most 1,000 rows a call.
    async fn upsert_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make so.")] input: UpsertUsersInput,
    ) -> ApiResult<UpsertUsersPayload> {
        let api = keeper(ctx).await?;
        inputs::at_most("users", &input.users, MOST_ROWS)?;
        let users: Vec<UserStatement> = input.users.into_iter().map(Into::into).collect();
        for (row, user) in users.iter().enumerate() {
            user.check().map_err(|invalid| invalid.within(&format!("users.{row}")))?;
        }
        let users = api.log.upsert_users(users).await?;
        Ok(UpsertUsersPayload { users: users.into_iter().map(User).collect() })
    }

    /// Puts users on campuses, or gives them another role there; all or none. Whoever joins sees what the campus is
    /// told from then on. Services and super admins. At most 1,000 rows a call.
    async fn set_memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make so.")] input: SetMembershipsInput,
    ) -> ApiResult<MembershipsPayload> {
        let api = keeper(ctx).await?;
        let rows = input.memberships.into_iter().map(|m| (m.user_key, m.campus_key, Some(m.role.into())));
        change(api, rows.collect()).await
    }

    /// Takes users off campuses, all or none: what those were told is hidden from them. Services and super admins. At
    /// most 1,000 rows a call.
    async fn remove_memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to end.")] input: RemoveMembershipsInput,
    ) -> ApiResult<MembershipsPayload> {
        let api = keeper(ctx).await?;
        let rows = input.memberships.into_iter().map(|m| (m.user_key, m.campus_key, None));
        change(api, rows.collect()).await
    }
}

async fn keeper<'c>(ctx: &Context<'c>) -> ApiResult<&'c Api> {
    access::may_keep_directory(&caller(ctx).await?)?;
    Ok(api(ctx))
}

async fn change(api: &Api, rows: Vec<(String, String, Option<CampusRole>)>) -> ApiResult<MembershipsPayload> {
    inputs::at_most("memberships", &rows, MOST_ROWS)?;
    for (row, (user, campus, _)) in rows.iter().enumerate() {
        text::key("userKey", user)
            .and_then(|()| text::key("campusKey", campus))
            .map_err(|invalid| invalid.within(&format!("memberships.{row}")))?;
    }
    let users = api.store.known_users(rows.iter().map(|(user, ..)| user.clone()).collect()).await?;
    let users: HashMap<String, UserId> = users.into_iter().map(|user| (user.key, user.id)).collect();
    let campuses =
        api.store.campuses_by_key(rows.iter().map(|(_, campus, _)| campus.clone()).collect()).await?;
    let campuses: HashMap<String, CampusId> =
        campuses.into_iter().map(|campus| (campus.key, campus.id)).collect();
    let mut changes = Vec::with_capacity(rows.len());
    for (row, (user, campus, role)) in rows.into_iter().enumerate() {
        let missing = |field: &str| ApiError::not_found(format!("memberships.{row}.{field}"));
        let user = *users.get(&user).ok_or_else(|| missing("userKey"))?;
        let campus = *campuses.get(&campus).ok_or_else(|| missing("campusKey"))?;
        changes.push((user, campus, role));
    }
    let changed = api.log.set_memberships(changes).await?;
    Ok(MembershipsPayload { changed: i32::try_from(changed).unwrap_or(i32::MAX) })
}
