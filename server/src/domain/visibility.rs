//! What of the log is a person's: the rule that live feeds, replays, pages and counts all call.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::content::{Content, Priority};
use super::directory::{CampusRole, Membership};
use super::entry::{Audience, Change, Entry, Notification};
use super::id::{CampusId, Seq, TypeId, UserId};
use super::memberships::Memberships;
use super::preferences::Preferences;

/// What a person can see, as of a position of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Whose.
    pub user: UserId,
    /// Everything up to and including this position is in what follows.
    pub as_of: Seq,
    /// The campuses that they are on.
    pub memberships: Memberships,
    /// What they want to hear.
    pub preferences: Arc<Preferences>,
}

impl Scope {
    /// Whether what stands at `seq`, addressed to `audience`, is theirs.
    pub fn admits(&self, audience: &Audience, seq: Seq) -> bool {
        matches!(self.addressing(audience, seq), Addressing::Theirs)
    }

    /// How what stands at `seq`, addressed to `audience`, concerns them.
    ///
    /// A member sees a campus from the moment they joined; leaving hides it.
    pub fn addressing(&self, audience: &Audience, seq: Seq) -> Addressing {
        match audience {
            Audience::System => Addressing::Theirs,
            Audience::Campus(campus) => match self.memberships.get(*campus) {
                Some(membership) if membership.since < seq => Addressing::Theirs,
                Some(_) => Addressing::BeforeTheyJoined,
                None => Addressing::NotTheirCampus,
            },
            Audience::Users(users) if users.binary_search(&self.user).is_ok() => Addressing::Theirs,
            Audience::Users(_) => Addressing::NotNamed,
        }
    }

    /// Follows the log by one entry, which must be the next one or one that the scope has already seen.
    /// True when it changed what this person sees as a whole.
    pub fn follow(&mut self, entry: &Entry) -> bool {
        let seen = entry.seq <= self.as_of;
        self.as_of = self.as_of.max(entry.seq);
        match &entry.change {
            Change::Membership { user, campus, role } if *user == self.user => {
                if !seen {
                    self.set_membership(entry, *campus, *role);
                }
                true
            }
            Change::Preferences { user, preferences } if *user == self.user => {
                if !seen {
                    self.preferences = Arc::clone(preferences);
                }
                true
            }
            Change::Standing { user } => *user == self.user,
            _ => false,
        }
    }

    /// What the next entry tells this person, who asked for `interest`; at `now`, since what is past its time is not told.
    /// This is the whole rule, on whichever path the entry comes.
    pub fn hear(&mut self, interest: &Interest, entry: &Entry, now: DateTime<Utc>) -> Option<Told> {
        if self.follow(entry) {
            return Some(Told::ViewerChanged);
        }
        let notification = match &entry.change {
            // What was taken back since is not caught up with.
            Change::Added(n) if !n.recalled && !is_expired(n.content.expires_at, now) => n,
            Change::Recalled(n) => n,
            _ => return None,
        };
        let theirs = self.admits(&notification.audience, notification.seq)
            && !self.mutes(notification)
            && interest.covers_notification(notification);
        theirs.then(|| match entry.change {
            Change::Recalled(_) => Told::Recalled,
            _ => Told::Added { silent: self.silences(notification) },
        })
    }

    /// Whether they do not want to hear of this, nor see it.
    pub fn mutes(&self, notification: &Notification) -> bool {
        self.preferences.mutes(notification.content.type_id, notification.campus())
    }

    /// Whether it was written in their quiet hours: shown, but without a sound.
    pub fn silences(&self, notification: &Notification) -> bool {
        let Content { type_id, priority, .. } = notification.content;
        self.preferences.silences(type_id, priority, notification.campus(), notification.created_at)
    }

    fn set_membership(&mut self, entry: &Entry, campus: CampusId, role: Option<CampusRole>) {
        match role {
            Some(role) => {
                self.memberships.set(Membership {
                    campus,
                    role,
                    since: entry.seq,
                    since_at: entry.created_at,
                });
            }
            None => self.memberships.remove(campus),
        }
    }
}

/// How something concerns a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// It is theirs.
    Theirs,
    /// It was for others, by name.
    NotNamed,
    /// It was for a campus that they are not on.
    NotTheirCampus,
    /// It was for a campus of theirs, before they joined it.
    BeforeTheyJoined,
}

/// What one entry of the log tells one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A notification.
    Added {
        /// Written in their quiet hours.
        silent: bool,
    },
    /// A notification was taken back.
    Recalled,
    /// What they can see has changed as a whole.
    ViewerChanged,
}

/// What a feed asks for, resolved: `None` asks for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interest {
    /// Only what these campuses were told.
    pub campuses: Option<Vec<CampusId>>,
    /// Only these types (those of the categories asked for included).
    pub types: Option<Vec<TypeId>>,
    /// Only this urgent or more.
    pub min_priority: Option<Priority>,
}

impl Interest {
    /// Whether something of this campus, type and priority was asked for.
    pub fn covers(&self, campus: Option<CampusId>, type_id: TypeId, priority: Priority) -> bool {
        self.campuses.as_ref().is_none_or(|asked| campus.is_some_and(|c| asked.contains(&c)))
            && self.types.as_ref().is_none_or(|asked| asked.contains(&type_id))
            && self.min_priority.is_none_or(|least| priority >= least)
    }

    /// Whether this notification was asked for.
    pub fn covers_notification(&self, notification: &Notification) -> bool {
        let content = &notification.content;
        self.covers(notification.campus(), content.type_id, content.priority)
    }
}

/// Whether something with this `expiresAt` is past it at `now`.
pub fn is_expired(expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    expires_at.is_some_and(|at| at <= now)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ADA: UserId = UserId(1);
    const NORTH: CampusId = CampusId(1);

    fn scope_of_ada() -> Scope {
        Scope { user: ADA, as_of: Seq(0), memberships: Memberships::default(), preferences: Arc::default() }
    }

    fn membership(seq: i64, user: UserId, role: Option<CampusRole>) -> Entry {
        let change = Change::Membership { user, campus: NORTH, role };
        Entry { seq: Seq(seq), created_at: DateTime::UNIX_EPOCH, change }
    }

    #[test]
    fn a_campus_is_seen_from_joining_until_leaving() {
        let mut scope = scope_of_ada();
        let north = Audience::Campus(NORTH);
        assert!(!scope.admits(&north, Seq(1)));
        assert!(scope.follow(&membership(5, ADA, Some(CampusRole::Member))));
        assert!(!scope.admits(&north, Seq(4)), "older than joining");
        assert!(scope.admits(&north, Seq(6)));
        assert!(scope.follow(&membership(7, ADA, Some(CampusRole::Admin))));
        assert!(scope.admits(&north, Seq(6)), "a new role is not a new beginning");
        assert!(scope.follow(&membership(8, ADA, None)));
        assert!(!scope.admits(&north, Seq(6)), "leaving hides it");
        assert!(scope.follow(&membership(9, ADA, Some(CampusRole::Member))));
        assert!(!scope.admits(&north, Seq(6)), "joining again does not bring it back");
    }

    #[test]
    fn what_the_scope_already_holds_is_not_applied_again() {
        let mut scope = Scope { as_of: Seq(10), ..scope_of_ada() };
        assert!(scope.follow(&membership(5, ADA, Some(CampusRole::Member))), "still a change to tell of");
        assert!(scope.memberships.is_empty());
        assert_eq!(scope.as_of, Seq(10));
    }

    #[test]
    fn others_changes_are_not_theirs() {
        let mut scope = scope_of_ada();
        assert!(!scope.follow(&membership(5, UserId(2), Some(CampusRole::Member))));
        assert!(scope.memberships.is_empty());
        assert_eq!(scope.as_of, Seq(5));
    }

    #[rstest]
    #[case(Audience::System, true)]
    #[case(Audience::users([UserId(3), ADA, UserId(2)]), true)]
    #[case(Audience::users([UserId(3), UserId(2)]), false)]
    #[case(Audience::Campus(NORTH), false)]
    fn a_member_of_nothing_sees_what_names_them_or_everyone(#[case] audience: Audience, #[case] seen: bool) {
        assert_eq!(scope_of_ada().admits(&audience, Seq(1)), seen);
    }

    #[rstest]
    #[case(Interest::default(), true)]
    #[case(Interest { campuses: Some(vec![NORTH]), ..Interest::default() }, true)]
    #[case(Interest { campuses: Some(vec![CampusId(2)]), ..Interest::default() }, false)]
    #[case(Interest { campuses: Some(vec![]), ..Interest::default() }, false)]
    #[case(Interest { types: Some(vec![TypeId(2)]), ..Interest::default() }, false)]
    #[case(Interest { min_priority: Some(Priority::Medium), ..Interest::default() }, true)]
    #[case(Interest { min_priority: Some(Priority::High), ..Interest::default() }, false)]
    fn a_filter_is_all_of_its_parts(#[case] interest: Interest, #[case] covered: bool) {
        assert_eq!(interest.covers(Some(NORTH), TypeId(1), Priority::Medium), covered);
    }
}
