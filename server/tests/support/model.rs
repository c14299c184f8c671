//! What should be so: a list of everything that happened, and the contract's rules over it, as naively as can be. It
//! knows nothing of the server's code.

use super::operations::{Aim, Role};
use super::receipts::Receipts;
use super::settings::Settings;

/// Everyone who asks: three people, the platform's software, a super admin (by their token), and somebody whom the
/// directory does not know.
pub(crate) const USERS: [&str; 6] = ["ada", "ben", "cyd", "software", "root", "eve"];
/// So many of them, from the beginning of the list, are in the directory.
pub(crate) const KNOWN: usize = 5;
/// The platform's software.
pub(crate) const SERVICE: usize = 3;
/// The super admin.
pub(crate) const ROOT: usize = 4;
/// Where.
pub(crate) const CAMPUSES: [&str; 3] = ["north", "south", "west"];

/// Some of the built-in types, each with its category: one that others share, and one that cannot be muted.
pub(crate) const KINDS: [(&str, &str); 5] = [
    ("CAMPUS_UPDATE", "SYSTEM"),
    ("SYSTEM_WARNING", "SYSTEM"),
    ("EVENT_CREATED", "EVENTS"),
    ("EVENT_CANCELLED", "EVENTS"),
    ("ATTENDANCE_UPDATED", "ATTENDANCE"),
];
/// The one among them that cannot be muted, and passes quiet hours.
pub(crate) const MANDATORY: usize = 1;
pub(crate) const CATEGORIES: [&str; 5] = ["EVENTS", "ATTENDANCE", "TRANSCRIPTION", "SYSTEM", "ACCOUNT"];
/// From the least urgent on.
pub(crate) const PRIORITIES: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "URGENT"];
/// Passes quiet hours.
pub(crate) const URGENT: usize = 3;
/// Words in titles.
pub(crate) const WORDS: [&str; 4] = ["exam", "canteen", "library", "choir"];

/// A notification.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) sender: usize,
    pub(crate) aim: Aim,
    /// Its type.
    pub(crate) kind: usize,
    pub(crate) priority: usize,
    /// What its title says.
    pub(crate) words: Vec<usize>,
    /// When it was sent, in minutes.
    pub(crate) at: i64,
    /// In minutes.
    pub(crate) expires_at: Option<i64>,
}

/// What stands at one position of the log.
#[derive(Debug, Clone)]
pub(crate) enum Happened {
    Added(Told),
    Recalled(usize),
    Membership {
        user: usize,
        campus: usize,
        role: Option<Role>,
    },
    /// What the user wants to hear from here on.
    Settings {
        user: usize,
        settings: Settings,
    },
}

/// What a feed should tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    Added { position: usize, replayed: bool, silent: bool },
    Recalled { position: usize, notification: usize },
    ViewerChanged { position: usize },
    Live { position: usize },
}

/// Everything that happened, from position 1 on.
#[derive(Clone, Default)]
pub(crate) struct Model {
    pub(crate) happened: Vec<Happened>,
    /// In minutes.
    pub(crate) now: i64,
    /// What stands up to here is of age.
    pub(crate) archived_through: usize,
    pub(crate) receipts: [Receipts; USERS.len()],
}

/// A refusal's code.
pub(crate) type Code = &'static str;

pub(crate) fn is_everywhere(user: usize) -> bool {
    user == SERVICE || user == ROOT
}

pub(crate) fn reads_a_feed(user: usize) -> bool {
    user != SERVICE
}

fn allowed(holds: bool) -> Result<(), Code> {
    holds.then_some(()).ok_or("FORBIDDEN")
}

impl Model {
    /// The last position.
    pub(crate) fn head(&self) -> usize {
        self.happened.len()
    }

    /// The positions of all notifications.
    pub(crate) fn notifications(&self) -> Vec<usize> {
        (1..=self.head()).filter(|position| matches!(self.at(*position), Happened::Added(_))).collect()
    }

    pub(crate) fn at(&self, position: usize) -> &Happened {
        &self.happened[position - 1]
    }

    pub(crate) fn told(&self, position: usize) -> &Told {
        match self.at(position) {
            Happened::Added(told) => told,
            other => panic!("{position} is no notification but {other:?}"),
        }
    }

    /// From which position on, and as whom, that user is on that campus, as things stood at `as_of`.
    pub(crate) fn membership(&self, of: usize, on: usize, as_of: usize) -> Option<(usize, Role)> {
        let mut membership = None;
        for position in 1..=as_of {
            if let Happened::Membership { user, campus, role } = self.at(position)
                && (*user, *campus) == (of, on)
            {
                let since = membership.map_or(position, |(since, _)| since);
                membership = role.map(|role| (since, role));
            }
        }
        membership
    }

    pub(crate) fn is_on(&self, user: usize, campus: usize) -> bool {
        self.membership(user, campus, self.head()).is_some()
    }

    /// The campuses that the user is on.
    pub(crate) fn campuses_of(&self, user: usize) -> Vec<usize> {
        (0..CAMPUSES.len()).filter(|campus| self.is_on(user, *campus)).collect()
    }

    pub(crate) fn administers(&self, user: usize, campus: usize) -> bool {
        matches!(self.membership(user, campus, self.head()), Some((_, Role::Admin)))
    }

    /// Whether a notification is addressed to that user, as things stood at `as_of`.
    pub(crate) fn is_for(&self, user: usize, notification: usize, as_of: usize) -> bool {
        match &self.told(notification).aim {
            Aim::Everyone => true,
            Aim::Campus(campus) => {
                self.membership(user, *campus, as_of).is_some_and(|(since, _)| since < notification)
            }
            Aim::Users { named, .. } => named.contains(&user),
        }
    }

    pub(crate) fn is_recalled(&self, notification: usize) -> bool {
        let recalled = |happened: &Happened| matches!(happened, Happened::Recalled(n) if *n == notification);
        self.happened.iter().any(recalled)
    }

    pub(crate) fn is_expired(&self, notification: usize) -> bool {
        self.told(notification).expires_at.is_some_and(|at| at <= self.now)
    }

    /// One of the user's own, and not taken back.
    pub(crate) fn is_theirs(&self, user: usize, notification: usize) -> bool {
        reads_a_feed(user) && !self.is_recalled(notification) && self.is_for(user, notification, self.head())
    }

    /// Whether somebody who gets to it late need not be told of it any more.
    pub(crate) fn may_be_passed_over(&self, user: usize, expected: &Expected) -> bool {
        let left = |notification: &usize| !self.is_for(user, *notification, self.head());
        let muted = |position: &usize, notification: &usize| {
            (*position..=self.head()).any(|as_of| self.mutes(user, *notification, as_of))
        };
        match expected {
            Expected::Added { position, .. } => {
                self.is_recalled(*position)
                    || self.is_expired(*position)
                    || left(position)
                    || muted(position, position)
            }
            Expected::Recalled { position, notification } => {
                left(notification) || muted(position, notification)
            }
            Expected::ViewerChanged { .. } | Expected::Live { .. } => false,
        }
    }

    /// Whether somebody who gets to it late may be told this: it goes by what they had set then, or later.
    pub(crate) fn may_come_late(&self, user: usize, told: &Expected) -> bool {
        let position = told.position();
        (position..=self.head()).any(|as_of| self.event(user, position, as_of, false).as_ref() == Some(told))
    }

    fn may_take_back(&self, user: usize, notification: usize) -> bool {
        let told = self.told(notification);
        let campus = match told.aim {
            Aim::Campus(campus) => Some(campus),
            Aim::Users { within, .. } => within,
            Aim::Everyone => None,
        };
        user == ROOT || told.sender == user || campus.is_some_and(|campus| self.administers(user, campus))
    }

    /// Whether the user may be shown a notification when they ask for it by its id.
    pub(crate) fn may_see(&self, user: usize, notification: usize) -> bool {
        !self.is_recalled(notification)
            && (self.is_theirs(user, notification) || self.may_take_back(user, notification))
    }

    pub(crate) fn may_see_campus(&self, user: usize, campus: usize) -> Result<(), Code> {
        (is_everywhere(user) || self.is_on(user, campus)).then_some(()).ok_or("NOT_FOUND")
    }

    pub(crate) fn may_publish(&self, user: usize, aim: &Aim) -> Result<(), Code> {
        let speaks_to = |campus: usize| {
            self.may_see_campus(user, campus)?;
            allowed(is_everywhere(user) || self.administers(user, campus))
        };
        match aim {
            Aim::Everyone => allowed(is_everywhere(user)),
            Aim::Campus(campus) => speaks_to(*campus),
            Aim::Users { named, within } => {
                match within {
                    Some(campus) => speaks_to(*campus)?,
                    None => allowed(is_everywhere(user))?,
                }
                let is_there =
                    |named: &usize| *named < KNOWN && within.is_none_or(|campus| self.is_on(*named, campus));
                named.iter().all(is_there).then_some(()).ok_or("NOT_FOUND")
            }
        }
    }

    pub(crate) fn may_recall(&self, user: usize, notification: usize) -> Result<(), Code> {
        if self.may_take_back(user, notification) {
            Ok(())
        } else if self.is_theirs(user, notification) {
            Err("FORBIDDEN")
        } else {
            Err("NOT_FOUND")
        }
    }

    /// How many people a notification reaches that is sent now.
    pub(crate) fn reach(&self, aim: &Aim) -> usize {
        match aim {
            Aim::Everyone => KNOWN,
            Aim::Campus(campus) => self.members(*campus),
            Aim::Users { named, .. } => (0..USERS.len()).filter(|user| named.contains(user)).count(),
        }
    }

    pub(crate) fn members(&self, campus: usize) -> usize {
        (0..USERS.len()).filter(|user| self.is_on(*user, campus)).count()
    }

    /// What a feed tells that begins behind `after`: what had happened when it was opened, then what came.
    pub(crate) fn replay(&self, user: usize, after: usize) -> Vec<Expected> {
        let head = self.head();
        let mut events: Vec<Expected> =
            (after + 1..=head).filter_map(|position| self.event(user, position, head, true)).collect();
        events.push(Expected::Live { position: head });
        events
    }

    /// What a live feed tells of a position, when that has just been written.
    pub(crate) fn news(&self, user: usize, position: usize) -> Option<Expected> {
        self.event(user, position, position, false)
    }

    fn event(&self, user: usize, position: usize, as_of: usize, replayed: bool) -> Option<Expected> {
        match self.at(position) {
            Happened::Added(_) if replayed && (self.is_recalled(position) || self.is_expired(position)) => {
                None
            }
            Happened::Added(_) => self.is_told_of(user, position, as_of).then(|| Expected::Added {
                position,
                replayed,
                silent: self.silences(user, position, as_of),
            }),
            Happened::Recalled(notification) => self
                .is_told_of(user, *notification, as_of)
                .then_some(Expected::Recalled { position, notification: *notification }),
            Happened::Membership { user: changed, .. } | Happened::Settings { user: changed, .. } => {
                (*changed == user).then_some(Expected::ViewerChanged { position })
            }
        }
    }

    /// Whether it is for the user, who wants to hear of it, as things stood at `as_of`.
    fn is_told_of(&self, user: usize, notification: usize, as_of: usize) -> bool {
        self.is_for(user, notification, as_of) && !self.mutes(user, notification, as_of)
    }
}

impl Expected {
    /// Where it stands in the log.
    pub(crate) fn position(&self) -> usize {
        match self {
            Self::Added { position, .. }
            | Self::Recalled { position, .. }
            | Self::ViewerChanged { position }
            | Self::Live { position } => *position,
        }
    }
}
