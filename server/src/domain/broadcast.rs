//! Broadcasts: acts of publishing to a campus, to all or to named users, at once or at a time of their own.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::access::{self, Caller};
use super::content::Content;
use super::directory::Role;
use super::entry::{Audience, AudienceKind, Notification, Publication, Sender};
use super::id::{BroadcastId, CampusId, Seq};
use super::invalid::Invalid;
use super::visibility::is_expired;

/// How far ahead something may be scheduled: a year, a leap year included.
const LONGEST_AHEAD: TimeDelta = TimeDelta::days(366);
/// How far in the past a `sendAt` may lie, since clocks differ and calls take their time.
const LONGEST_AGO: TimeDelta = TimeDelta::minutes(5);

/// One act of publishing.
#[derive(Debug, Clone, PartialEq)]
pub struct Broadcast {
    /// Its identity. Later ones have greater ids.
    pub id: BroadcastId,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Who asked for it.
    pub sender: Sender,
    /// The campus that is told, or within which users are: its admins answer for it.
    pub campus: Option<CampusId>,
    /// Whom it is addressed to.
    pub audience: AudienceKind,
    /// How far it has come.
    pub state: State,
    /// When it was to be sent, if that was said.
    pub send_at: Option<DateTime<Utc>>,
    /// What it says.
    pub content: Content,
}

/// How far a broadcast has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waits for its time.
    Scheduled,
    /// Became a notification.
    Sent {
        /// Which.
        seq: Seq,
        /// How many people it was addressed to then.
        audience_size: i64,
        /// Taken back since.
        recalled: bool,
    },
    /// Called off before its time.
    Cancelled,
    /// Could not be sent when its time had come.
    Failed {
        /// Why, as a sentence.
        reason: String,
    },
}

impl Broadcast {
    /// What has just been sent.
    pub fn sent(id: BroadcastId, send_at: Option<DateTime<Utc>>, notification: &Notification) -> Self {
        Self {
            id,
            created_at: notification.created_at,
            sender: notification.sender.clone(),
            campus: notification.responsible_campus(),
            audience: notification.audience.kind(),
            state: State::Sent {
                seq: notification.seq,
                audience_size: notification.audience_size,
                recalled: notification.recalled,
            },
            send_at,
            content: notification.content.clone(),
        }
    }

    /// The notification that it became.
    pub fn seq(&self) -> Option<Seq> {
        match self.state {
            State::Sent { seq, .. } => Some(seq),
            State::Scheduled | State::Cancelled | State::Failed { .. } => None,
        }
    }

    /// The campus that everyone on is told.
    pub fn told_campus(&self) -> Option<CampusId> {
        self.campus.filter(|_| self.audience == AudienceKind::Campus)
    }
}

/// A broadcast that is asked for.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// What is to be sent.
    pub publication: Publication,
    /// When it is to be sent, as it was said.
    pub send_at: Option<DateTime<Utc>>,
    /// When it is to be sent, as it was understood; or why it cannot be any more, so that it is only looked up what its
    /// idempotency key was used for.
    pub when: Result<When, Invalid>,
    /// What the sender's token grants them, which the directory may not know.
    pub token_role: Role,
}

/// When something is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// At this moment, which lies ahead.
    At(DateTime<Utc>),
}

/// What became of a broadcast that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Announced {
    /// It is there, committed: sent, or waiting for its time.
    New {
        /// Its id.
        id: BroadcastId,
        /// What it became, unless it waits.
        notification: Option<Arc<Notification>>,
    },
    /// The idempotency key had been used for the same, which is this one.
    Known(BroadcastId),
    /// The idempotency key had been used for something else.
    Conflict,
    /// It cannot be sent any more, and its idempotency key is not remembered.
    Refused(Invalid),
}

/// What became of the wish to call a broadcast off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It will not be sent, whoever said so first.
    Yes,
    /// It has been sent, or has failed.
    TooLate,
}

/// What became of a scheduled broadcast whose time had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It stands in the log, committed.
    Sent(Seq),
    /// It will never be sent.
    Failed(Failure),
    /// It was not waiting any more, or its time has not come after all.
    Passed,
}

/// Why a scheduled broadcast was not sent when its time had come. Each is a sentence, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The sender has lost the right since.
    #[error("Its sender was not allowed to send it any more.")]
    NotAllowed,
    /// It would have been out of date.
    #[error("It had expired by the time it could be sent.")]
    Expired,
    /// Everybody whom it names has left the campus.
    #[error("Nobody whom it names was on the campus any more.")]
    NobodyLeft,
    /// Not for what it says, but for what the database holds by now.
    #[error("The database refused it.")]
    Refused,
}

/// When to send what is asked for with this `sendAt` and `expiresAt`, at the moment `now`; fields are named as in the API.
///
/// Up to a year ahead; a moment ago is at once, but whoever names a moment long past has made a mistake.
pub fn when(
    send_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<When, Invalid> {
    // As precise as the clock, and the database.
    let send_at = send_at.map_or(now, |at| at.trunc_subsecs(3));
    if send_at < now - LONGEST_AGO {
        return Err(Invalid::new("sendAt", "must not lie in the past"));
    }
    if send_at > now + LONGEST_AHEAD {
        let days = LONGEST_AHEAD.num_days();
        return Err(Invalid::new("sendAt", format!("must be at most {days} days ahead")));
    }
    if is_expired(expires_at, now) {
        return Err(Invalid::new("content.expiresAt", "must lie in the future"));
    }
    if is_expired(expires_at, send_at) {
        return Err(Invalid::new("content.expiresAt", "must be after sendAt"));
    }
    Ok(if send_at > now { When::At(send_at) } else { When::Now })
}

/// Whether what was scheduled may be sent, now that its time has come: the sender as they are by now, and of the users whom
/// it names those who are left.
pub fn look_again(sender: &Caller, publication: &Publication, now: DateTime<Utc>) -> Result<(), Failure> {
    let Publication { audience, within, content, .. } = publication;
    if is_expired(content.expires_at, now) {
        return Err(Failure::Expired);
    }
    access::may_send(sender, audience, *within).map_err(|_| Failure::NotAllowed)?;
    match audience {
        Audience::Users(users) if users.is_empty() => Err(Failure::NobodyLeft),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::content::{ContentData, Priority};
    use crate::domain::directory::{CampusRole, Membership, User};
    use crate::domain::id::{TypeId, UserId};
    use crate::domain::visibility::Scope;

    const NORTH: CampusId = CampusId(1);
    const DAY: i64 = 86_400;

    /// So many seconds after the beginning of the tests.
    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
    }

    #[rstest]
    #[case::not_said(None, None, Ok(When::Now))]
    #[case::now(Some(0), None, Ok(When::Now))]
    #[case::a_moment_ago(Some(-300), None, Ok(When::Now))]
    #[case::long_ago(Some(-301), None, Err("sendAt"))]
    #[case::in_a_second(Some(1), None, Ok(When::At(at(1))))]
    #[case::in_a_year(Some(366 * DAY), None, Ok(When::At(at(366 * DAY))))]
    #[case::later_than_that(Some(366 * DAY + 1), None, Err("sendAt"))]
    #[case::expires_afterwards(Some(10), Some(11), Ok(When::At(at(10))))]
    #[case::expires_at_once(Some(10), Some(10), Err("content.expiresAt"))]
    #[case::expires_before(Some(10), Some(9), Err("content.expiresAt"))]
    #[case::expires_later(None, Some(1), Ok(When::Now))]
    #[case::has_expired(None, Some(0), Err("content.expiresAt"))]
    #[case::has_expired_meanwhile(Some(-10), Some(-5), Err("content.expiresAt"))]
    fn a_time_to_send_is_near_enough(
        #[case] send_at: Option<i64>,
        #[case] expires_at: Option<i64>,
        #[case] expected: Result<When, &str>,
    ) {
        let when = when(send_at.map(at), expires_at.map(at), at(0));
        assert_eq!(when.map_err(|invalid| invalid.field), expected.map_err(str::to_owned));
    }

    #[test]
    fn a_time_to_send_is_to_the_millisecond() {
        let precise = at(1) + TimeDelta::microseconds(1_999);
        assert_eq!(when(Some(precise), None, at(0)), Ok(When::At(at(1) + TimeDelta::milliseconds(1))));
    }

    fn sender(role: Role, on_north: Option<CampusRole>) -> Caller {
        let id = UserId(1);
        let membership = |role| Membership { campus: NORTH, role, since: Seq(1), since_at: at(0) };
        let memberships = on_north.into_iter().map(membership).collect();
        let scope = Scope { user: id, as_of: Seq(9), memberships, preferences: Arc::default() };
        let user = User { id, key: "ada".into(), name: "Ada".into(), role, timezone: None, known: true };
        Caller { user, scope }
    }

    fn publication(audience: Audience, within: Option<CampusId>, expires_at: Option<i64>) -> Publication {
        Publication {
            sender: Sender { id: UserId(1), key: "ada".into(), name: "Ada".into() },
            audience,
            within,
            content: Content {
                type_id: TypeId(1),
                title: "t".into(),
                message: "m".into(),
                priority: Priority::Medium,
                data: ContentData::default(),
                expires_at: expires_at.map(at),
            },
            idempotency: None,
        }
    }

    const MEMBER: Role = Role::Member;
    const ADMIN: Option<CampusRole> = Some(CampusRole::Admin);

    #[rstest]
    #[case::an_admin(sender(MEMBER, ADMIN), Audience::Campus(NORTH), None, None, Ok(()))]
    #[case::no_admin_any_more(
        sender(MEMBER, Some(CampusRole::Member)),
        Audience::Campus(NORTH),
        None,
        None,
        Err(Failure::NotAllowed)
    )]
    #[case::not_there_any_more(
        sender(MEMBER, None),
        Audience::Campus(NORTH),
        None,
        None,
        Err(Failure::NotAllowed)
    )]
    #[case::a_service(sender(Role::Service, None), Audience::System, None, None, Ok(()))]
    #[case::no_service_any_more(
        sender(MEMBER, ADMIN),
        Audience::System,
        None,
        None,
        Err(Failure::NotAllowed)
    )]
    #[case::to_users(sender(MEMBER, ADMIN), Audience::users([UserId(2)]), Some(NORTH), None, Ok(()))]
    #[case::to_nobody(sender(MEMBER, ADMIN), Audience::users([]), Some(NORTH), None, Err(Failure::NobodyLeft))]
    #[case::not_expired(sender(MEMBER, ADMIN), Audience::Campus(NORTH), None, Some(61), Ok(()))]
    #[case::expired(sender(MEMBER, ADMIN), Audience::Campus(NORTH), None, Some(60), Err(Failure::Expired))]
    fn rights_are_looked_at_again(
        #[case] sender: Caller,
        #[case] audience: Audience,
        #[case] within: Option<CampusId>,
        #[case] expires_at: Option<i64>,
        #[case] expected: Result<(), Failure>,
    ) {
        assert_eq!(look_again(&sender, &publication(audience, within, expires_at), at(60)), expected);
    }
}
