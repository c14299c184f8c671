//! The directory, as a test needs it: campuses and users whose names are their keys.

use anyhow::Result;
use serde_json::{Value, json};

use crate::caller::Caller;

/// Creates campuses, and users on them: `("ada", &["north", "south"])`.
pub async fn set_up(service: &Caller, campuses: &[&str], users: &[(&str, &[&str])]) -> Result<()> {
    let campuses: Vec<_> = campuses.iter().map(|key| json!({ "key": key, "name": key })).collect();
    let rows: Vec<_> = users.iter().map(|(key, _)| json!({ "key": key, "name": key })).collect();
    let memberships = users.iter().flat_map(|&(user, campuses)| {
        campuses.iter().map(move |campus| json!({ "userKey": user, "campusKey": campus }))
    });
    service
        .ask(
            "mutation ($campuses: [CampusInput!]!, $users: [UserInput!]!, $memberships: [MembershipInput!]!) {
               upsertCampuses(input: { campuses: $campuses }) { campuses { id } }
               upsertUsers(input: { users: $users }) { users { id } }
               setMemberships(input: { memberships: $memberships }) { changed }
             }",
            json!({ "campuses": campuses, "users": rows, "memberships": memberships.collect::<Value>() }),
        )
        .await?;
    Ok(())
}

/// Makes a user a member of a campus.
pub async fn join(service: &Caller, user: &str, campus: &str) -> Result<()> {
    set_role(service, user, campus, "MEMBER").await
}

/// Makes a user an admin of a campus.
pub async fn appoint(service: &Caller, user: &str, campus: &str) -> Result<()> {
    set_role(service, user, campus, "ADMIN").await
}

/// Takes a user off a campus.
pub async fn leave(service: &Caller, user: &str, campus: &str) -> Result<()> {
    service
        .ask(
            "mutation ($user: String!, $campus: String!) {
               removeMemberships(input: { memberships: [{ userKey: $user, campusKey: $campus }] }) { changed }
             }",
            json!({ "user": user, "campus": campus }),
        )
        .await?;
    Ok(())
}

async fn set_role(service: &Caller, user: &str, campus: &str, role: &str) -> Result<()> {
    service
        .ask(
            "mutation ($user: String!, $campus: String!, $role: CampusRole!) {
               setMemberships(input: { memberships: [{ userKey: $user, campusKey: $campus, role: $role }] }) { changed }
             }",
            json!({ "user": user, "campus": campus, "role": role }),
        )
        .await?;
    Ok(())
}
