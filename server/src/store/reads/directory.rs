//! Reads of campuses, users and memberships.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::directory::{Campus, Membership, User};
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::visibility::Scope;
use crate::store::rows::{CampusRow, MembershipRow, UserRow, columns};
use crate::store::schema::{app_user, campus, log_head, membership, preference};
use crate::store::{Store, StoreError};

/// Whoever asks, the head, what they have set, and one of their memberships.
type CallerRow = (UserRow, i64, Option<String>, Option<MembershipRow>);
/// The head, somebody's time zone, what they have set, and one of their memberships.
type ScopeRow = (i64, Option<String>, Option<String>, Option<MembershipRow>);

impl Store {
    /// The user of that key, whether the directory knows them or they only called.
    pub async fn user_by_key(&self, key: String) -> Result<Option<User>, StoreError> {
        let user = app_user::table.filter(app_user::key.eq(key)).select(columns::<UserRow>());
        let row = read!(self, |conn| user.get_result::<UserRow>(&mut conn).await.optional()?)?;
        Ok(row.map(User::from))
    }

    /// The user of that key, whether the directory knows them or they only called, and what they can see as of the head. One
    /// statement, so that all of it belongs together.
    pub async fn user_and_scope(&self, key: String) -> Result<Option<(User, Scope)>, StoreError> {
        let query = app_user::table
            .inner_join(log_head::table.on(log_head::id.eq(1)))
            .left_join(preference::table.on(preference::user_id.eq(app_user::id)))
            .left_join(membership::table.on(membership::user_id.eq(app_user::id)))
            .filter(app_user::key.eq(key))
            .select((
                columns::<UserRow>(),
                log_head::seq,
                preference::settings.nullable(),
                columns::<Option<MembershipRow>>(),
            ));
        let rows = read!(self, |conn| query.load::<CallerRow>(&mut conn).await?)?;
        let mut found = None;
        let mut memberships = Vec::new();
        for (user, head, settings, membership) in rows {
            found = Some((user, head, settings));
            memberships.extend(membership.map(Membership::from));
        }
        Ok(found.map(|(user, head, settings)| {
            let user = User::from(user);
            let preferences = self.resolver.preferences(settings.as_deref(), user.timezone.as_deref());
            let memberships = memberships.into_iter().collect();
            let scope = Scope { user: user.id, as_of: Seq(head), memberships, preferences };
            (user, scope)
        }))
    }

    /// The campus of that key.
    pub async fn campus_by_key(&self, key: String) -> Result<Option<Campus>, StoreError> {
        let campus = campus::table.filter(campus::key.eq(key)).select(columns::<CampusRow>());
        let row = read!(self, |conn| campus.get_result::<CampusRow>(&mut conn).await.optional()?)?;
        Ok(row.map(Campus::from))
    }

    /// The users of those keys that the directory knows, in no particular order.
    pub async fn known_users(&self, keys: Vec<String>) -> Result<Vec<User>, StoreError> {
        let mut users = Vec::with_capacity(keys.len());
        // SQLite takes at most 32,766 variables, PostgreSQL 65,535.
        for keys in keys.chunks(10_000) {
            let known = app_user::key.eq_any(keys.to_vec()).and(app_user::known.eq(true));
            let query = app_user::table.filter(known).select(columns::<UserRow>());
            users.extend(
                read!(self, |conn| query.load::<UserRow>(&mut conn).await?)?.into_iter().map(User::from),
            );
        }
        Ok(users)
    }

    /// The campuses of those keys, in no particular order.
    pub async fn campuses_by_key(&self, keys: Vec<String>) -> Result<Vec<Campus>, StoreError> {
        let campuses = campus::table.filter(campus::key.eq_any(keys)).select(columns::<CampusRow>());
        let rows = read!(self, |conn| campuses.load::<CampusRow>(&mut conn).await?)?;
        Ok(rows.into_iter().map(Campus::from).collect())
    }

    /// Those campuses, by name; all there are for `None`.
    pub async fn campuses(&self, ids: Option<Vec<CampusId>>) -> Result<Vec<Campus>, StoreError> {
        let campuses = campus::table.select(columns::<CampusRow>()).order((campus::name, campus::id));
        let rows = match ids {
            None => read!(self, |conn| campuses.load::<CampusRow>(&mut conn).await?)?,
            Some(ids) => {
                let campuses = campuses.filter(campus::id.eq_any(ids.into_iter().map(|id| id.0)));
                read!(self, |conn| campuses.load::<CampusRow>(&mut conn).await?)?
            }
        };
        Ok(rows.into_iter().map(Campus::from).collect())
    }

    /// That user's memberships, by campus.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        let memberships = membership::table
            .filter(membership::user_id.eq(user.0))
            .order(membership::campus_id)
            .select(columns::<MembershipRow>());
        let rows = read!(self, |conn| memberships.load::<MembershipRow>(&mut conn).await?)?;
        Ok(rows.into_iter().map(Membership::from).collect())
    }

    /// Those of `users` that are on that campus, in no particular order.
    pub async fn members_among(
        &self,
        campus: CampusId,
        users: Vec<UserId>,
    ) -> Result<Vec<UserId>, StoreError> {
        let mut members = Vec::with_capacity(users.len());
        for users in users.chunks(10_000) {
            let users: Vec<i64> = users.iter().map(|user| user.0).collect();
            let among = membership::campus_id.eq(campus.0).and(membership::user_id.eq_any(users));
            let query = membership::table.filter(among).select(membership::user_id);
            members.extend(read!(self, |conn| query.load::<i64>(&mut conn).await?)?.into_iter().map(UserId));
        }
        Ok(members)
    }

    /// What that user can see as of the head. One statement, so that memberships and head belong together.
    pub async fn scope(&self, user: UserId) -> Result<Scope, StoreError> {
        let query = log_head::table
            .left_join(app_user::table.on(app_user::id.eq(user.0)))
            .left_join(preference::table.on(preference::user_id.eq(user.0)))
            .left_join(membership::table.on(membership::user_id.eq(user.0)))
            .select((
                log_head::seq,
                app_user::timezone.nullable(),
                preference::settings.nullable(),
                columns::<Option<MembershipRow>>(),
            ));
        let rows = read!(self, |conn| query.load::<ScopeRow>(&mut conn).await?)?;
        let (mut as_of, mut preferences, mut memberships) = (Seq::ZERO, None, Vec::new());
        for (head, timezone, settings, membership) in rows {
            as_of = Seq(head);
            // The same in every row.
            preferences = Some((settings, timezone));
            memberships.extend(membership.map(Membership::from));
        }
        let (settings, timezone) = preferences.unwrap_or_default();
        let preferences = self.resolver.preferences(settings.as_deref(), timezone.as_deref());
        Ok(Scope { user, as_of, memberships: memberships.into_iter().collect(), preferences })
    }
}
