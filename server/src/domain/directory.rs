//! Campuses, users and memberships: what the platform keeps in step, and the limits on it.

use chrono::{DateTime, Utc};

use super::id::{CampusId, Seq, UserId};
use super::invalid::Invalid;
use super::text;

/// What a person may do on a campus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CampusRole {
    /// Reads.
    #[default]
    Member,
    /// Also speaks to the campus.
    Admin,
}

/// What a caller may do everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// Their own feed.
    #[default]
    Member,
    /// The platform's software: publishes and keeps the directory.
    Service,
    /// Everything.
    SuperAdmin,
}

/// A campus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campus {
    /// The store's number.
    pub id: CampusId,
    /// The platform's id.
    pub key: String,
    /// As people read it.
    pub name: String,
    /// An IANA name.
    pub timezone: String,
    /// How many users have a membership.
    pub member_count: i64,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The store's number.
    pub id: UserId,
    /// The platform's id: a token's `sub`.
    pub key: String,
    /// As people read it.
    pub name: String,
    /// What the directory says that they may do everywhere.
    pub role: Role,
    /// An IANA name.
    pub timezone: Option<String>,
    /// False for a caller whose `sub` the platform has not put into the directory: a member of nothing.
    pub known: bool,
}

/// That a user belongs to a campus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub campus: CampusId,
    /// What they may do there.
    pub role: CampusRole,
    /// The position at which they joined: what is older is not theirs.
    pub since: Seq,
    /// When they joined.
    pub since_at: DateTime<Utc>,
}

/// A campus as the platform states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampusStatement {
    /// The platform's id.
    pub key: String,
    /// As people read it.
    pub name: String,
    /// An IANA name.
    pub timezone: String,
}

impl CampusStatement {
    /// Holds the limits to it.
    pub fn check(&self) -> Result<(), Invalid> {
        text::key("key", &self.key)?;
        text::line("name", &self.name, text::MAX_NAME)?;
        check_timezone(&self.timezone)
    }
}

/// A user as the platform states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStatement {
    /// The platform's id.
    pub key: String,
    /// As people read it.
    pub name: String,
    /// For the platform's own use; never shown.
    pub email: Option<String>,
    /// An IANA name.
    pub timezone: Option<String>,
    /// What they may do everywhere.
    pub role: Role,
}

impl UserStatement {
    /// Holds the limits to it.
    pub fn check(&self) -> Result<(), Invalid> {
        text::key("key", &self.key)?;
        text::line("name", &self.name, text::MAX_NAME)?;
        if let Some(email) = &self.email {
            // RFC 5321 4.5.3.1.3 leaves 254 octets for an address between its brackets.
            text::line("email", email, 254)?;
            if !email.contains('@') {
                return Err(Invalid::new("email", "must be an e-mail address"));
            }
        }
        self.timezone.as_deref().map_or(Ok(()), check_timezone)
    }
}

fn check_timezone(name: &str) -> Result<(), Invalid> {
    match name.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Invalid::new("timezone", "must be an IANA time zone, such as Europe/Rome")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Europe/Rome", true)]
    #[case("UTC", true)]
    #[case("Mars/Olympus", false)]
    #[case("", false)]
    fn time_zones_are_the_worlds(#[case] name: &str, #[case] accepted: bool) {
        assert_eq!(check_timezone(name).is_ok(), accepted);
    }
}
