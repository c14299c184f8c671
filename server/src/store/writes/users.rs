//! Users: as the platform states them, and as they turn up with a token.

use diesel::prelude::*;

use super::preferences::settings_of;
use crate::domain::directory::{User, UserStatement};
use crate::domain::entry::Change;
use crate::store::convert::role_column;
use crate::store::rows::{UserRow, columns};
use crate::store::schema::app_user;
use crate::store::settings;
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Makes the directory say this of these users, all or none; gives them in the same order.
pub(crate) struct UpsertUsers(pub(crate) Vec<UserStatement>);

impl Write for UpsertUsers {
    type Output = Vec<User>;

    fn entries(&self) -> usize {
        self.0.len()
    }

    fn bytes(&self) -> usize {
        256 * self.0.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Vec<User>> {
        self.0.iter().map(|statement| upsert(tx, statement)).collect()
    }
}

fn upsert(tx: &mut Transaction<'_>, statement: &UserStatement) -> QueryResult<User> {
    let before = find(tx, &statement.key)?;
    let values = (
        app_user::name.eq(&statement.name),
        app_user::email.eq(&statement.email),
        app_user::timezone.eq(&statement.timezone),
        app_user::role.eq(role_column(statement.role)),
        app_user::known.eq(true),
    );
    let row: UserRow = match &before {
        Some(user) => tx.conn.get_result::<UserRow>(
            diesel::update(app_user::table.find(user.id.0)).set(values).returning(columns::<UserRow>()),
        )?,
        None => tx.conn.get_result::<UserRow>(
            diesel::insert_into(app_user::table)
                .values((app_user::key.eq(&statement.key), values))
                .returning(columns::<UserRow>()),
        )?,
    };
    if !before.as_ref().is_some_and(|user| user.known) {
        tx.user_count += 1;
    }
    if let Some(before) = before {
        if before.role != statement.role {
            tx.append(Change::Standing { user: before.id })?;
        }
        if before.timezone != statement.timezone {
            move_quiet_hours(tx, &before, statement)?;
        }
    }
    Ok(row.into())
}

/// Quiet hours go by the person's own clocks, unless they say otherwise.
fn move_quiet_hours(tx: &mut Transaction<'_>, before: &User, now: &UserStatement) -> QueryResult<()> {
    let Some(set) = settings_of(tx, before.id)? else { return Ok(()) };
    let [before_zone, zone] = [&before.timezone, &now.timezone].map(|name| settings::zone(name.as_deref()));
    if tx.resolver.apply(&set, before_zone) != tx.resolver.apply(&set, zone) {
        tx.append_preferences(before.id, &set, zone)?;
    }
    Ok(())
}

/// Gives a caller whom the directory does not know a number, so that they can have receipts and be a sender.
pub(crate) struct InternUser(pub(crate) String);

impl Write for InternUser {
    type Output = User;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<User> {
        if let Some(user) = find(tx, &self.0)? {
            return Ok(user);
        }
        let stranger = (app_user::key.eq(&self.0), app_user::name.eq(&self.0));
        tx.conn
            .get_result::<UserRow>(
                diesel::insert_into(app_user::table)
                    .values((stranger, app_user::role.eq(0_i16), app_user::known.eq(false)))
                    .returning(columns::<UserRow>()),
            )
            .map(User::from)
    }
}

fn find(tx: &mut Transaction<'_>, key: &str) -> QueryResult<Option<User>> {
    let user = app_user::table.filter(app_user::key.eq(key)).select(columns::<UserRow>());
    Ok(tx.conn.get_result::<UserRow>(user).optional()?.map(User::from))
}
