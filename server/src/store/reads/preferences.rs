//! What people have set.

use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::entry::Audience;
use crate::domain::id::UserId;
use crate::domain::preferences::{Preferences, Settings};
use crate::store::schema::{app_user, membership, preference};
use crate::store::{Store, StoreError, settings};

/// People whose settings are read in one go, at most.
const AT_ONCE: i64 = 5_000;

/// Somebody's number, what they have set, and their time zone.
type SettingsRow = (i64, String, Option<String>);

impl Store {
    /// What that user has set.
    pub async fn settings(&self, user: UserId) -> Result<Settings, StoreError> {
        let query = preference::table.find(user.0).select(preference::settings);
        let row = read!(self, |conn| query.get_result::<String>(&mut conn).await.optional()?)?;
        Ok(row.map_or_else(Settings::default, |settings| settings::read(&settings)))
    }

    /// What applies to somebody who has never set anything.
    pub fn nothing_set(&self) -> Arc<Preferences> {
        self.resolver.preferences(None, None)
    }

    /// What applies to those among these people who have ever set anything: some of them, and behind whom to go on; `None`
    /// with the last ones.
    pub async fn preferences_among(
        &self,
        audience: &Audience,
        after: Option<UserId>,
    ) -> Result<(Vec<Arc<Preferences>>, Option<UserId>), StoreError> {
        let after = after.map_or(0, |user| user.0);
        let columns = (preference::user_id, preference::settings, app_user::timezone);
        let people = preference::table.inner_join(app_user::table.on(app_user::id.eq(preference::user_id)));
        let (rows, last) = match audience {
            Audience::System => {
                // Said of both: whichever the database walks, it need not begin at the first.
                let query = people
                    .filter(preference::user_id.gt(after).and(app_user::id.gt(after)))
                    .filter(app_user::known.eq(true))
                    .order(preference::user_id)
                    .limit(AT_ONCE)
                    .select(columns);
                full(read!(self, |conn| query.load::<SettingsRow>(&mut conn).await?)?)
            }
            Audience::Campus(campus) => {
                // By membership: a walk over the index of the campus.
                let query = people
                    .inner_join(membership::table.on(membership::user_id.eq(preference::user_id)))
                    .filter(membership::campus_id.eq(campus.0).and(membership::user_id.gt(after)))
                    .order(membership::user_id)
                    .limit(AT_ONCE)
                    .select(columns);
                full(read!(self, |conn| query.load::<SettingsRow>(&mut conn).await?)?)
            }
            Audience::Users(users) => {
                let rest = &users[users.partition_point(|user| user.0 <= after)..];
                let at_once = rest.len().min(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
                let (some, rest) = rest.split_at(at_once);
                let ids: Vec<i64> = some.iter().map(|user| user.0).collect();
                let query = people.filter(preference::user_id.eq_any(ids)).select(columns);
                let rows = read!(self, |conn| query.load::<SettingsRow>(&mut conn).await?)?;
                (rows, some.last().filter(|_| !rest.is_empty()).copied())
            }
        };
        let applied = rows
            .iter()
            .map(|(_, settings, timezone)| self.resolver.preferences(Some(settings), timezone.as_deref()));
        Ok((applied.collect(), last))
    }
}

/// These rows, and whose is the last, where there may be more.
fn full(rows: Vec<SettingsRow>) -> (Vec<SettingsRow>, Option<UserId>) {
    let is_full = i64::try_from(rows.len()) == Ok(AT_ONCE);
    let last = rows.last().filter(|_| is_full).map(|(user, ..)| UserId(*user));
    (rows, last)
}
