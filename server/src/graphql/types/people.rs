//! Campuses, users and memberships.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{CampusRole, Role};
use crate::domain::id::GlobalId;
use crate::domain::{access, directory};
use crate::graphql::api::{api, caller};
use crate::graphql::campuses;
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::DateTime;

/// A campus.
pub(crate) struct Campus(pub(in crate::graphql) directory::Campus);

/// A campus: whoever is on it hears what it is told.
#[Object]
impl Campus {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::Campus(self.0.key.clone()).to_string().into()
    }

    /// The platform's own id.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// As people read it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// An IANA name, such as Europe/Rome.
    async fn timezone(&self) -> &str {
        &self.0.timezone
    }

    /// How many users are on it.
    async fn member_count(&self) -> i64 {
        self.0.member_count
    }
}

/// A user.
pub(crate) struct User(pub(in crate::graphql) directory::User);

/// A user, as the directory knows them.
#[Object]
impl User {
    /// Opaque, and unique over all types.
    pub(super) async fn id(&self) -> ID {
        GlobalId::User(self.0.key.clone()).to_string().into()
    }

    /// The platform's own id: a token's `sub`.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// As people read it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they may do everywhere.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// An IANA name, such as Europe/Rome.
    async fn timezone(&self) -> Option<&str> {
        self.0.timezone.as_deref()
    }

    /// The campuses that they are on; none where the viewer may not be shown that.
    #[graphql(complexity = "10 * child_complexity")]
    async fn memberships(&self, ctx: &Context<'_>) -> ApiResult<Vec<Membership>> {
        let found = api(ctx).store.memberships(self.0.id).await?;
        let campuses = found.iter().map(|membership| membership.campus);
        if !access::may_see_user(&caller(ctx).await?, self.0.id, campuses) {
            return Ok(vec![]);
        }
        let mut memberships = Vec::with_capacity(found.len());
        for membership in found {
            memberships.push(Membership {
                campus: campuses::load(ctx, membership.campus).await?,
                role: membership.role.into(),
                since: DateTime(membership.since_at),
            });
        }
        Ok(memberships)
    }
}

/// That a user is on a campus.
#[derive(SimpleObject)]
pub(crate) struct Membership {
    /// Where.
    campus: Campus,
    /// What they may do there.
    role: CampusRole,
    /// When they joined: what the campus was told before is not theirs.
    since: DateTime,
}
