//! Between the domain's values and the columns'.

use chrono::{DateTime, NaiveDateTime, SubsecRound as _, Utc};

use crate::domain::content::Priority;
use crate::domain::directory::{CampusRole, Role};
use crate::domain::entry::{Audience, AudienceKind};
use crate::domain::id::{CampusId, UserId};

/// UTC to the microsecond, as both databases keep it; SQLite would keep more.
pub(super) fn to_column(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().trunc_subsecs(6)
}

pub(super) fn from_column(at: NaiveDateTime) -> DateTime<Utc> {
    at.and_utc()
}

pub(super) fn role_column(role: Role) -> i16 {
    match role {
        Role::Member => 0,
        Role::Service => 1,
        Role::SuperAdmin => 2,
    }
}

/// A number that a newer server wrote gives no rights here.
pub(super) fn role(column: i16) -> Role {
    match column {
        1 => Role::Service,
        2 => Role::SuperAdmin,
        _ => Role::Member,
    }
}

pub(super) fn campus_role_column(role: CampusRole) -> i16 {
    match role {
        CampusRole::Member => 0,
        CampusRole::Admin => 1,
    }
}

/// A number that a newer server wrote gives no rights here.
pub(super) fn campus_role(column: i16) -> CampusRole {
    match column {
        1 => CampusRole::Admin,
        _ => CampusRole::Member,
    }
}

pub(super) fn priority_column(priority: Priority) -> i16 {
    match priority {
        Priority::Low => 0,
        Priority::Medium => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

pub(super) fn priority(column: i16) -> Priority {
    match column {
        0 => Priority::Low,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => Priority::Medium,
    }
}

/// The three kinds of audience, as `notification.audience_kind` has them.
pub(super) mod audience_kind {
    pub(in crate::store) const SYSTEM: i16 = 0;
    pub(in crate::store) const CAMPUS: i16 = 1;
    pub(in crate::store) const USERS: i16 = 2;
}

pub(super) fn audience_kind_column(audience: &Audience) -> i16 {
    match audience {
        Audience::System => audience_kind::SYSTEM,
        Audience::Campus(_) => audience_kind::CAMPUS,
        Audience::Users(_) => audience_kind::USERS,
    }
}

/// Of a kind that a newer server wrote: to those whom it names.
pub(super) fn audience_kind(column: i16) -> AudienceKind {
    match column {
        audience_kind::SYSTEM => AudienceKind::System,
        audience_kind::CAMPUS => AudienceKind::Campus,
        _ => AudienceKind::Users,
    }
}

/// How far a broadcast has come, as `broadcast.state` has it.
pub(super) mod broadcast_state {
    pub(in crate::store) const SCHEDULED: i16 = 0;
    pub(in crate::store) const SENT: i16 = 1;
    pub(in crate::store) const CANCELLED: i16 = 2;
    pub(in crate::store) const FAILED: i16 = 3;
}

/// An audience as one number: the first column of `feed_entry`'s key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AudienceTerm {
    System,
    Campus(CampusId),
    User(UserId),
    List(i64),
}

impl AudienceTerm {
    pub(super) const fn column(self) -> i64 {
        match self {
            Self::System => 0,
            Self::Campus(campus) => 4 * campus.0 + 1,
            Self::User(user) => 4 * user.0 + 2,
            Self::List(list) => 4 * list + 3,
        }
    }

    pub(super) fn from_column(column: i64) -> Self {
        match column % 4 {
            1 => Self::Campus(CampusId(column / 4)),
            2 => Self::User(UserId(column / 4)),
            3 => Self::List(column / 4),
            _ => Self::System,
        }
    }
}

/// A campus column that is part of a key and so cannot be null.
pub(super) fn campus_or_zero(campus: Option<CampusId>) -> i64 {
    campus.map_or(0, |campus| campus.0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(AudienceTerm::System)]
    #[case(AudienceTerm::Campus(CampusId(7)))]
    #[case(AudienceTerm::User(UserId(7)))]
    #[case(AudienceTerm::List(7))]
    fn audiences_are_numbered_apart(#[case] term: AudienceTerm) {
        assert_eq!(AudienceTerm::from_column(term.column()), term);
    }
}
