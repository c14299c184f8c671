//! What the platform states of campuses, users and memberships.

use async_graphql::InputObject;

use crate::domain::directory::{CampusStatement, UserStatement};
use crate::graphql::types::{CampusRole, Role};

/// Campuses to make or to change.
#[derive(InputObject)]
pub(crate) struct UpsertCampusesInput {
    /// At most 1,000.
    pub(in crate::graphql) campuses: Vec<CampusInput>,
}

/// A campus.
#[derive(InputObject)]
pub(crate) struct CampusInput {
    /// The platform's own id.
    key: String,
    /// As people read it.
    name: String,
    /// An IANA name, such as Europe/Rome.
    #[graphql(default_with = "Some(String::from(\"UTC\"))")]
    timezone: Option<String>,
}

impl From<CampusInput> for CampusStatement {
    fn from(input: CampusInput) -> Self {
        let timezone = input.timezone.unwrap_or_else(|| "UTC".to_owned());
        Self { key: input.key, name: input.name, timezone }
    }
}

/// Users to make or to change.
#[derive(InputObject)]
pub(crate) struct UpsertUsersInput {
    /// At most 1,000.
    pub(in crate::graphql) users: Vec<UserInput>,
}

/// A user.
#[derive(InputObject)]
pub(crate) struct UserInput {
    /// The platform's own id: a token's `sub`.
    key: String,
    /// As people read it.
    name: String,
    /// For the platform's own use; never shown.
    email: Option<String>,
    /// An IANA name, such as Europe/Rome.
    timezone: Option<String>,
    /// What they may do everywhere.
    #[graphql(default_with = "Some(Role::Member)")]
    role: Option<Role>,
}

impl From<UserInput> for UserStatement {
    fn from(input: UserInput) -> Self {
        let role = input.role.unwrap_or(Role::Member).into();
        Self { key: input.key, name: input.name, email: input.email, timezone: input.timezone, role }
    }
}

/// Memberships to make or to change.
#[derive(InputObject)]
pub(crate) struct SetMembershipsInput {
    /// At most 1,000.
    pub(in crate::graphql) memberships: Vec<MembershipInput>,
}

/// That a user is on a campus.
#[derive(InputObject)]
pub(crate) struct MembershipInput {
    /// Who.
    pub(in crate::graphql) user_key: String,
    /// Where.
    pub(in crate::graphql) campus_key: String,
    /// What they may do there.
    #[graphql(default_with = "CampusRole::Member")]
    pub(in crate::graphql) role: CampusRole,
}

/// Memberships to end.
#[derive(InputObject)]
pub(crate) struct RemoveMembershipsInput {
    /// At most 1,000.
    pub(in crate::graphql) memberships: Vec<MembershipKeyInput>,
}

/// Which membership.
#[derive(InputObject)]
pub(crate) struct MembershipKeyInput {
    /// Whose.
    pub(in crate::graphql) user_key: String,
    /// Where.
    pub(in crate::graphql) campus_key: String,
}
