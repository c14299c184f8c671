//! The demo's campuses and the people on them.

use crate::app::Failure;
use crate::domain::directory::{Campus, CampusRole, CampusStatement, Role, User, UserStatement};
use crate::domain::entry::Sender;
use crate::graphql::Api;

/// Campuses: key, name, time zone.
const CAMPUSES: [(&str, &str, &str); 3] = [
    ("north", "North Campus", "Europe/Rome"),
    ("harbour", "Harbour Campus", "Europe/Lisbon"),
    ("hill", "Hill Campus", "America/New_York"),
];
const GIVEN: [&str; 20] = [
    "Ada", "Ben", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jun", "Kofi", "Lena",
    "Mateo", "Nadia", "Olu", "Priya", "Quentin", "Rosa", "Sven", "Tomoko",
];
const FAMILY: [&str; 15] = [
    "Abe", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ivanov", "Jensen",
    "Kowalski", "Lopes", "Moretti", "Nakamura", "Okafor",
];

/// Who takes part.
#[derive(Clone)]
pub(super) struct Cast {
    pub(super) campuses: Vec<Campus>,
    /// Person `i` is on campus `i` modulo their number, and every tenth on the next one too. The first of each campus
    /// is its admin.
    pub(super) people: Vec<User>,
    head_of_it: User,
    /// The platform itself, which sends what its workflows tell.
    pub(super) platform: Sender,
}

impl Cast {
    /// Somebody who is on two campuses, so that there is something to see.
    pub(super) fn member(&self) -> &User {
        &self.people[10]
    }

    pub(super) fn campus_admin(&self) -> &User {
        &self.people[0]
    }

    pub(super) fn super_admin(&self) -> &User {
        &self.head_of_it
    }
}

/// Puts everybody into the directory.
pub(super) async fn enrol(api: &Api) -> Result<Cast, Failure> {
    let campuses = CAMPUSES.map(|(key, name, timezone)| CampusStatement {
        key: key.to_owned(),
        name: name.to_owned(),
        timezone: timezone.to_owned(),
    });
    let campuses = api.log.upsert_campuses(campuses.to_vec()).await?;
    let mut people = Vec::new();
    for (family_index, family) in FAMILY.iter().enumerate() {
        for (given_index, given) in GIVEN.iter().enumerate() {
            // Neighbours in the list bear different names.
            let family = FAMILY[(family_index + given_index) % FAMILY.len()].min(family).max(family);
            people.push(statement(&format!("{given} {family}"), Role::Member));
        }
    }
    let people = api.log.upsert_users(people).await?;
    let staff = vec![statement("Bell Ringer", Role::Service), statement("Iris Admin", Role::SuperAdmin)];
    let mut staff = api.log.upsert_users(staff).await?.into_iter();
    let (Some(platform), Some(head_of_it)) = (staff.next(), staff.next()) else {
        return Err("the demo's staff did not turn up".into());
    };
    let mut memberships = Vec::new();
    for (i, person) in people.iter().enumerate() {
        let role = if i < campuses.len() { CampusRole::Admin } else { CampusRole::Member };
        memberships.push((person.id, campuses[i % campuses.len()].id, Some(role)));
        if i % 10 == 0 {
            memberships.push((person.id, campuses[(i + 1) % campuses.len()].id, Some(CampusRole::Member)));
        }
    }
    memberships.push((head_of_it.id, campuses[0].id, Some(CampusRole::Member)));
    api.log.set_memberships(memberships).await?;
    let platform = Sender { id: platform.id, key: platform.key, name: platform.name };
    Ok(Cast { campuses, people, head_of_it, platform })
}

fn statement(name: &str, role: Role) -> UserStatement {
    UserStatement {
        key: name.to_lowercase().replace(' ', "."),
        name: name.to_owned(),
        email: None,
        timezone: None,
        role,
    }
}
