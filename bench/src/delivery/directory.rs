//! Who is there: the directory as the platform would keep it.

use std::ops::Range;

use anyhow::{Context as _, Result};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::content;
use crate::http::Connection;

/// Rows of one call.
const ROWS: usize = 1_000;

const CAMPUSES: &str = "mutation Campuses($rows: [CampusInput!]!) {
    upsertCampuses(input: { campuses: $rows }) { __typename }
}";
const USERS: &str =
    "mutation Users($rows: [UserInput!]!) { upsertUsers(input: { users: $rows }) { __typename } }";
const MEMBERSHIPS: &str = "mutation Memberships($rows: [MembershipInput!]!) {
    setMemberships(input: { memberships: $rows }) { __typename }
}";

/// The platform's own id of a user.
pub(super) fn key(user: u32) -> String {
    format!("user-{user:05}")
}

/// Makes campuses and users.
pub(super) async fn set_up(keeper: &mut Connection, campuses: &[(&str, Range<u32>)]) -> Result<()> {
    let rows = campuses.iter().map(
        |(campus, _)| json!({ "key": campus, "name": content::CAMPUS_NAME, "timezone": content::TIMEZONE }),
    );
    write(keeper, CAMPUSES, rows).await?;
    let sender = json!({ "key": content::SENDER, "name": content::SENDER_NAME, "role": "SERVICE" });
    let users = campuses.iter().flat_map(|(_, users)| users.clone());
    let users = users.map(|user| json!({ "key": key(user), "name": format!("User {user}") }));
    write(keeper, USERS, users.chain([sender])).await?;
    let memberships = campuses.iter().flat_map(|(campus, users)| {
        users.clone().map(move |user| json!({ "userKey": key(user), "campusKey": campus }))
    });
    write(keeper, MEMBERSHIPS, memberships).await
}

async fn write(keeper: &mut Connection, mutation: &str, rows: impl Iterator<Item = Value>) -> Result<()> {
    let rows: Vec<Value> = rows.collect();
    for rows in rows.chunks(ROWS) {
        let _: IgnoredAny = keeper
            .execute(mutation, &json!({ "rows": rows }))
            .await
            .context("failed to keep the directory")?;
    }
    Ok(())
}
