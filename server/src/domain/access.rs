//! Who may do what. Every door goes through these functions; each is pure.
//!
//! Source: the table "People and what they may do" of the design: members read their own feed; a campus's admins also
//! speak to that campus and see its numbers; services publish anywhere and keep the directory, and read nobody's feed; super admins may
//! do everything everywhere.

use super::broadcast::Broadcast;
use super::directory::{CampusRole, Role, User};
use super::entry::{Audience, Notification};
use super::id::{CampusId, UserId};
use super::visibility::Scope;

/// Whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who they are; their `role` is the greater of the directory's and the token's.
    pub user: User,
    /// What they can see.
    pub scope: Scope,
}

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// They may know that it is there, but may not do this.
    #[error("not allowed")]
    Forbidden,
    /// They may not even know that it is there.
    #[error("not found")]
    NotFound,
}

/// Of what somebody may see the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Of everything.
    Everything,
    /// Of these campuses, and nothing that tells of others.
    Campuses(Vec<CampusId>),
}

fn allowed(holds: bool) -> Result<(), Denied> {
    if holds { Ok(()) } else { Err(Denied::Forbidden) }
}

impl Caller {
    /// Whether they are on that campus.
    pub fn is_on(&self, campus: CampusId) -> bool {
        self.scope.memberships.get(campus).is_some()
    }

    /// Whether they are one of that campus's admins.
    pub fn administers(&self, campus: CampusId) -> bool {
        self.scope.memberships.get(campus).is_some_and(|m| m.role == CampusRole::Admin)
    }

    /// The campuses of which they are an admin.
    pub fn administered(&self) -> impl Iterator<Item = CampusId> {
        self.scope.memberships.iter().filter(|m| m.role == CampusRole::Admin).map(|m| m.campus)
    }

    fn is_everywhere(&self) -> bool {
        matches!(self.user.role, Role::Service | Role::SuperAdmin)
    }
}

/// To read a feed, its counts, and to mark it: everyone their own, but a service has none.
pub fn may_read_feed(caller: &Caller) -> Result<(), Denied> {
    allowed(caller.user.role != Role::Service)
}

/// To say what one wants to hear: whoever has a feed, and for themselves.
pub fn may_keep_preferences(caller: &Caller) -> Result<(), Denied> {
    may_read_feed(caller)
}

/// To know of a campus.
pub fn may_see_campus(caller: &Caller, campus: CampusId) -> Result<(), Denied> {
    if caller.is_everywhere() || caller.is_on(campus) { Ok(()) } else { Err(Denied::NotFound) }
}

/// To send to everyone on a campus.
pub fn may_broadcast_to_campus(caller: &Caller, campus: CampusId) -> Result<(), Denied> {
    may_see_campus(caller, campus)?;
    allowed(caller.is_everywhere() || caller.administers(campus))
}

/// To send to everyone on every campus.
pub fn may_broadcast_to_all(caller: &Caller) -> Result<(), Denied> {
    allowed(caller.is_everywhere())
}

/// To send to named users, within a campus or not. Whoever it names must then be on that campus.
pub fn may_notify_users(caller: &Caller, within: Option<CampusId>) -> Result<(), Denied> {
    match within {
        Some(campus) => may_broadcast_to_campus(caller, campus),
        None => allowed(caller.is_everywhere()),
    }
}

/// To send to this audience, whichever it is.
pub fn may_send(caller: &Caller, audience: &Audience, within: Option<CampusId>) -> Result<(), Denied> {
    match audience {
        Audience::System => may_broadcast_to_all(caller),
        Audience::Campus(campus) => may_broadcast_to_campus(caller, *campus),
        Audience::Users(_) => may_notify_users(caller, within),
    }
}

/// To hand in domain events.
pub fn may_ingest(caller: &Caller) -> Result<(), Denied> {
    allowed(caller.is_everywhere())
}

/// To change campuses, users and memberships.
pub fn may_keep_directory(caller: &Caller) -> Result<(), Denied> {
    allowed(caller.is_everywhere())
}

/// To take a notification back: its sender, the admins of the campus that it was sent to or within, super admins.
pub fn may_recall(caller: &Caller, notification: &Notification) -> Result<(), Denied> {
    let entitled = caller.user.role == Role::SuperAdmin
        || notification.sender.id == caller.user.id
        || notification.responsible_campus().is_some_and(|campus| caller.administers(campus));
    match entitled {
        true => Ok(()),
        false if is_recipient(caller, notification) && !notification.recalled => Err(Denied::Forbidden),
        false => Err(Denied::NotFound),
    }
}

/// To be shown a notification: whoever it was sent to, and whoever could take it back. One that was taken back is gone.
pub fn may_see_notification(caller: &Caller, notification: &Notification) -> bool {
    !notification.recalled && (is_recipient(caller, notification) || may_recall(caller, notification).is_ok())
}

/// Whether a notification is one of the caller's feed. A service has none.
pub fn is_recipient(caller: &Caller, notification: &Notification) -> bool {
    may_read_feed(caller).is_ok() && caller.scope.admits(&notification.audience, notification.seq)
}

/// To see how a broadcast fares, and to call it off while it waits: whoever could take it back. For others it is not there.
pub fn may_see_broadcast(caller: &Caller, broadcast: &Broadcast) -> Result<(), Denied> {
    let entitled = caller.user.role == Role::SuperAdmin
        || broadcast.sender.id == caller.user.id
        || broadcast.campus.is_some_and(|campus| caller.administers(campus));
    if entitled { Ok(()) } else { Err(Denied::NotFound) }
}

/// To list what was sent and what waits, of everything or of one campus: super admins everything, a campus's admins their
/// campuses. Services publish, and that is all.
pub fn may_list_broadcasts(caller: &Caller, of: Option<CampusId>) -> Result<Reach, Denied> {
    let reach = may_read_metrics(caller)?;
    match (of, reach) {
        (None, reach) => Ok(reach),
        (Some(campus), Reach::Everything) => Ok(Reach::Campuses(vec![campus])),
        (Some(campus), Reach::Campuses(own)) if own.contains(&campus) => Ok(Reach::Campuses(vec![campus])),
        (Some(campus), Reach::Campuses(_)) => {
            may_see_campus(caller, campus)?;
            Err(Denied::Forbidden)
        }
    }
}

/// To be shown a user with their memberships: the user, services and super admins, and the admins of a campus that
/// the user is on.
pub fn may_see_user(caller: &Caller, user: UserId, campuses: impl IntoIterator<Item = CampusId>) -> bool {
    caller.user.id == user
        || caller.is_everywhere()
        || campuses.into_iter().any(|campus| caller.administers(campus))
}

/// To ask why somebody did, or did not, get a notification: for oneself, as far as one may know of it; a campus's admins
/// about its members, of what they are responsible for or everyone got; super admins. `campuses` are the user's.
pub fn may_explain(
    caller: &Caller,
    notification: &Notification,
    user: UserId,
    campuses: impl IntoIterator<Item = CampusId>,
) -> Result<(), Denied> {
    let found = |holds: bool| if holds { Ok(()) } else { Err(Denied::NotFound) };
    match caller.user.role {
        Role::SuperAdmin => Ok(()),
        Role::Service => Err(Denied::Forbidden),
        Role::Member => {
            let told_theirs =
                notification.responsible_campus().is_some_and(|campus| caller.administers(campus));
            let is_own = user == caller.user.id
                && match notification.audience {
                    Audience::System => true,
                    Audience::Campus(campus) => caller.is_on(campus),
                    Audience::Users(_) => told_theirs || is_recipient(caller, notification),
                };
            let may_know = match notification.responsible_campus() {
                Some(campus) => campuses.into_iter().any(|one| one == campus) && told_theirs,
                None => {
                    notification.audience == Audience::System
                        && campuses.into_iter().any(|campus| caller.administers(campus))
                }
            };
            found(is_own || may_know)
        }
    }
}

/// To ask how many named users one would reach: whoever may notify them all, wherever that is; `campuses` are those that
/// all of them are on.
pub fn may_preview_users(
    caller: &Caller,
    campuses: impl IntoIterator<Item = CampusId>,
) -> Result<(), Denied> {
    let mut campuses = campuses.into_iter();
    may_notify_users(caller, None).or_else(|denied| match campuses.any(|campus| caller.administers(campus)) {
        true => Ok(()),
        false => Err(denied),
    })
}

/// To read how much is going on: super admins everything, a campus's admins their campuses. Services publish, and that is
/// all.
pub fn may_read_metrics(caller: &Caller) -> Result<Reach, Denied> {
    let campuses: Vec<CampusId> = caller.administered().collect();
    match caller.user.role {
        Role::SuperAdmin => Ok(Reach::Everything),
        Role::Member if !campuses.is_empty() => Ok(Reach::Campuses(campuses)),
        Role::Member | Role::Service => Err(Denied::Forbidden),
    }
}

/// To read the server's own numbers, which tell of no campus and of nobody: monitoring is software, so services may too.
pub fn may_monitor(role: Role) -> Result<(), Denied> {
    allowed(matches!(role, Role::Service | Role::SuperAdmin))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use rstest::rstest;

    use super::*;
    use crate::domain::broadcast::State;
    use crate::domain::content::{Content, ContentData, Priority};
    use crate::domain::directory::Membership;
    use crate::domain::entry::Sender;
    use crate::domain::id::{BroadcastId, Seq, TypeId};

    const NORTH: CampusId = CampusId(1);
    const SOUTH: CampusId = CampusId(2);

    fn caller(role: Role, memberships: &[(CampusId, CampusRole)]) -> Caller {
        let id = UserId(1);
        let memberships = memberships.iter().map(|(campus, role)| {
            let since_at = DateTime::UNIX_EPOCH;
            Membership { campus: *campus, role: *role, since: Seq(10), since_at }
        });
        let memberships = memberships.collect();
        let scope = Scope { user: id, as_of: Seq(20), memberships, preferences: Arc::default() };
        let user = User { id, key: "ada".into(), name: "Ada".into(), role, timezone: None, known: true };
        Caller { user, scope }
    }

    fn stranger() -> Caller {
        caller(Role::Member, &[])
    }
    fn member() -> Caller {
        caller(Role::Member, &[(NORTH, CampusRole::Member)])
    }
    fn admin() -> Caller {
        caller(Role::Member, &[(NORTH, CampusRole::Admin), (SOUTH, CampusRole::Member)])
    }
    fn service() -> Caller {
        caller(Role::Service, &[])
    }
    fn super_admin() -> Caller {
        caller(Role::SuperAdmin, &[])
    }

    fn notification(audience: Audience, sender: i64) -> Notification {
        let content = Content {
            type_id: TypeId(1),
            title: "t".into(),
            message: "m".into(),
            priority: Priority::Medium,
            data: ContentData::default(),
            expires_at: None,
        };
        Notification {
            seq: Seq(15),
            created_at: DateTime::UNIX_EPOCH,
            audience,
            within: None,
            content,
            sender: Sender { id: UserId(sender), key: "s".into(), name: "S".into() },
            audience_size: 1,
            recalled: false,
        }
    }

    const OK: Result<(), Denied> = Ok(());
    const FORBIDDEN: Result<(), Denied> = Err(Denied::Forbidden);
    const NOT_FOUND: Result<(), Denied> = Err(Denied::NotFound);

    #[rstest]
    #[case::stranger(stranger(), NOT_FOUND, FORBIDDEN, FORBIDDEN)]
    #[case::member(member(), FORBIDDEN, FORBIDDEN, FORBIDDEN)]
    #[case::admin(admin(), OK, FORBIDDEN, FORBIDDEN)]
    #[case::service(service(), OK, OK, OK)]
    #[case::super_admin(super_admin(), OK, OK, OK)]
    fn who_may_send(
        #[case] caller: Caller,
        #[case] to_north: Result<(), Denied>,
        #[case] to_all: Result<(), Denied>,
        #[case] directory: Result<(), Denied>,
    ) {
        assert_eq!(may_broadcast_to_campus(&caller, NORTH), to_north);
        assert_eq!(may_notify_users(&caller, Some(NORTH)), to_north);
        assert_eq!(may_send(&caller, &Audience::Campus(NORTH), None), to_north);
        assert_eq!(may_send(&caller, &Audience::users([UserId(9)]), Some(NORTH)), to_north);
        assert_eq!(may_send(&caller, &Audience::System, None), to_all);
        assert_eq!(may_broadcast_to_all(&caller), to_all);
        assert_eq!(may_notify_users(&caller, None), to_all);
        assert_eq!(may_ingest(&caller), directory);
        assert_eq!(may_keep_directory(&caller), directory);
    }

    #[test]
    fn an_admin_of_one_campus_is_a_member_on_another() {
        assert_eq!(may_broadcast_to_campus(&admin(), SOUTH), FORBIDDEN);
    }

    #[rstest]
    #[case::stranger(stranger(), NOT_FOUND)]
    #[case::member(member(), OK)]
    #[case::service(service(), OK)]
    fn who_may_know_of_a_campus(#[case] caller: Caller, #[case] expected: Result<(), Denied>) {
        assert_eq!(may_see_campus(&caller, NORTH), expected);
    }

    #[rstest]
    #[case::stranger(stranger(), NOT_FOUND, false)]
    #[case::member(member(), FORBIDDEN, true)]
    #[case::admin(admin(), OK, true)]
    #[case::service(service(), NOT_FOUND, false)]
    #[case::super_admin(super_admin(), OK, true)]
    fn who_may_recall_and_see(
        #[case] caller: Caller,
        #[case] recall: Result<(), Denied>,
        #[case] seen: bool,
    ) {
        let sent_to_north = notification(Audience::Campus(NORTH), 99);
        assert_eq!(may_recall(&caller, &sent_to_north), recall);
        assert_eq!(may_see_notification(&caller, &sent_to_north), seen);
        let recalled = Notification { recalled: true, ..sent_to_north };
        assert!(!may_see_notification(&caller, &recalled));
    }

    fn broadcast(audience: Audience, sender: i64) -> Broadcast {
        let waiting = Broadcast::sent(BroadcastId(1), None, &notification(audience, sender));
        Broadcast { state: State::Scheduled, ..waiting }
    }

    #[rstest]
    #[case::stranger(stranger(), NOT_FOUND, NOT_FOUND)]
    #[case::member(member(), NOT_FOUND, NOT_FOUND)]
    #[case::admin(admin(), OK, NOT_FOUND)]
    #[case::service(service(), NOT_FOUND, NOT_FOUND)]
    #[case::super_admin(super_admin(), OK, OK)]
    fn who_may_see_and_cancel_what_others_send(
        #[case] caller: Caller,
        #[case] to_north: Result<(), Denied>,
        #[case] to_all: Result<(), Denied>,
    ) {
        assert_eq!(may_see_broadcast(&caller, &broadcast(Audience::Campus(NORTH), 99)), to_north);
        assert_eq!(may_see_broadcast(&caller, &broadcast(Audience::System, 99)), to_all);
        assert_eq!(may_see_broadcast(&caller, &broadcast(Audience::System, 1)), OK, "one's own");
    }

    #[rstest]
    #[case::stranger(stranger(), Err(Denied::Forbidden), Err(Denied::Forbidden))]
    #[case::member(member(), Err(Denied::Forbidden), Err(Denied::Forbidden))]
    #[case::admin(admin(), Ok(Reach::Campuses(vec![NORTH])), Ok(Reach::Campuses(vec![NORTH])))]
    #[case::of_another(caller(Role::Member, &[(SOUTH, CampusRole::Admin)]), Ok(Reach::Campuses(vec![SOUTH])), Err(Denied::NotFound))]
    #[case::member_here(caller(Role::Member, &[(NORTH, CampusRole::Member), (SOUTH, CampusRole::Admin)]), Ok(Reach::Campuses(vec![SOUTH])), Err(Denied::Forbidden))]
    #[case::service(service(), Err(Denied::Forbidden), Err(Denied::Forbidden))]
    #[case::super_admin(super_admin(), Ok(Reach::Everything), Ok(Reach::Campuses(vec![NORTH])))]
    fn who_may_list_broadcasts(
        #[case] caller: Caller,
        #[case] all: Result<Reach, Denied>,
        #[case] of_north: Result<Reach, Denied>,
    ) {
        assert_eq!(may_list_broadcasts(&caller, None), all);
        assert_eq!(may_list_broadcasts(&caller, Some(NORTH)), of_north);
    }

    #[test]
    fn its_sender_may_recall_it_and_see_it() {
        let own = notification(Audience::Users(Arc::new([UserId(5)])), 1);
        assert_eq!(may_recall(&service(), &own), OK);
        assert!(may_see_notification(&service(), &own));
        assert!(!is_recipient(&service(), &own));
    }

    #[test]
    fn a_service_reads_nobodys_feed() {
        assert_eq!(may_read_feed(&service()), FORBIDDEN);
        assert!(!is_recipient(&service(), &notification(Audience::System, 99)));
        assert_eq!(may_read_feed(&super_admin()), OK);
    }

    // About oneself, a member of North, and a member of South only.
    #[rstest]
    #[case::stranger(stranger(), Audience::Campus(NORTH), [NOT_FOUND, NOT_FOUND, NOT_FOUND])]
    #[case::member(member(), Audience::Campus(NORTH), [OK, NOT_FOUND, NOT_FOUND])]
    #[case::admin(admin(), Audience::Campus(NORTH), [OK, OK, NOT_FOUND])]
    #[case::member_there(admin(), Audience::Campus(SOUTH), [OK, NOT_FOUND, NOT_FOUND])]
    #[case::member_of_all(member(), Audience::System, [OK, NOT_FOUND, NOT_FOUND])]
    #[case::admin_of_all(admin(), Audience::System, [OK, OK, NOT_FOUND])]
    #[case::named(member(), Audience::users([UserId(1)]), [OK, NOT_FOUND, NOT_FOUND])]
    #[case::not_named(member(), Audience::users([UserId(2)]), [NOT_FOUND, NOT_FOUND, NOT_FOUND])]
    #[case::of_another(admin(), Audience::users([UserId(2)]), [NOT_FOUND, NOT_FOUND, NOT_FOUND])]
    #[case::service(service(), Audience::System, [FORBIDDEN, FORBIDDEN, FORBIDDEN])]
    #[case::super_admin(super_admin(), Audience::users([UserId(2)]), [OK, OK, OK])]
    fn who_may_ask_why(
        #[case] caller: Caller,
        #[case] audience: Audience,
        #[case] expected: [Result<(), Denied>; 3],
    ) {
        let notification = notification(audience, 99);
        let about = |user, campus| may_explain(&caller, &notification, UserId(user), campus);
        let own = caller.scope.memberships.campuses().next();
        assert_eq!([about(1, own), about(2, Some(NORTH)), about(3, Some(SOUTH))], expected);
    }

    #[test]
    fn admins_are_responsible_for_whom_their_campus_names() {
        let within = Notification { within: Some(NORTH), ..notification(Audience::users([UserId(2)]), 99) };
        assert_eq!(may_explain(&admin(), &within, UserId(2), [NORTH]), OK);
        assert_eq!(may_explain(&admin(), &within, UserId(1), [NORTH]), OK, "why not they themselves");
        assert_eq!(may_explain(&member(), &within, UserId(1), [NORTH]), NOT_FOUND);
    }

    #[rstest]
    #[case::member(member(), FORBIDDEN)]
    #[case::admin(admin(), OK)]
    #[case::service(service(), OK)]
    fn who_may_preview_members_of_north(#[case] caller: Caller, #[case] expected: Result<(), Denied>) {
        assert_eq!(may_preview_users(&caller, [SOUTH, NORTH]), expected);
    }

    #[rstest]
    #[case::stranger(stranger(), Err(Denied::Forbidden))]
    #[case::member(member(), Err(Denied::Forbidden))]
    #[case::admin(admin(), Ok(Reach::Campuses(vec![NORTH])))]
    #[case::service(service(), Err(Denied::Forbidden))]
    #[case::service_and_admin(caller(Role::Service, &[(NORTH, CampusRole::Admin)]), Err(Denied::Forbidden))]
    #[case::super_admin(super_admin(), Ok(Reach::Everything))]
    #[case::super_admin_and_admin(caller(Role::SuperAdmin, &[(NORTH, CampusRole::Admin)]), Ok(Reach::Everything))]
    fn who_may_read_metrics(#[case] caller: Caller, #[case] expected: Result<Reach, Denied>) {
        assert_eq!(may_read_metrics(&caller), expected);
    }

    #[rstest]
    #[case(Role::Member, FORBIDDEN)]
    #[case(Role::Service, OK)]
    #[case(Role::SuperAdmin, OK)]
    fn who_may_monitor(#[case] role: Role, #[case] expected: Result<(), Denied>) {
        assert_eq!(may_monitor(role), expected);
    }

    #[rstest]
    #[case::oneself(stranger(), 1, true)]
    #[case::another(member(), 2, false)]
    #[case::an_admin_of_theirs(admin(), 2, true)]
    #[case::service(service(), 2, true)]
    fn who_may_see_a_user(#[case] caller: Caller, #[case] user: i64, #[case] seen: bool) {
        assert_eq!(may_see_user(&caller, UserId(user), [NORTH]), seen);
    }
}
