//! Broadcasts: an act of publishing and its notification are one, and what is scheduled is sent once, in time, if it still
//! may be.

mod histories;
mod sending;

use std::sync::Arc;

use chrono::TimeDelta;

use super::fixture::*;
use crate::domain::broadcast::{Announced, Announcement, Broadcast, Cancelled, Sending, State, When};
use crate::domain::directory::{CampusRole, Role};
use crate::domain::entry::{Audience, Idempotency, Publication};
use crate::domain::id::{BroadcastId, Seq, UserId};
use crate::domain::invalid::Invalid;
use crate::log::Scheduler;
use crate::store::StoreError;

/// Asks for it: at once, or in so many seconds; Ada's token is a service's.
async fn ask(fixture: &Fixture, publication: Publication, seconds: Option<i64>) -> Announced {
    announce(fixture, publication, seconds, Role::Service).await.unwrap()
}

async fn announce(
    fixture: &Fixture,
    publication: Publication,
    seconds: Option<i64>,
    token_role: Role,
) -> Result<Announced, StoreError> {
    let send_at = seconds.map(|seconds| fixture.clock.now() + TimeDelta::seconds(seconds));
    let when = send_at.filter(|at| *at > fixture.clock.now()).map_or(When::Now, When::At);
    fixture.log.announce(Announcement { publication, send_at, when: Ok(when), token_role }).await
}

/// What is new.
fn id(announced: &Announced) -> BroadcastId {
    match announced {
        Announced::New { id, .. } => *id,
        other => panic!("nothing new: {other:?}"),
    }
}

/// Something that waits for so many seconds.
async fn schedule(fixture: &Fixture, title: &str, seconds: i64) -> BroadcastId {
    id(&ask(fixture, fixture.to_all(title), Some(seconds)).await)
}

fn scheduler(fixture: &Fixture) -> Scheduler {
    Scheduler::new(Arc::clone(&fixture.store), fixture.log.clone(), fixture.clock.clone())
}

/// So many seconds later, what is due has been sent.
async fn later(fixture: &Fixture, seconds: i64) {
    fixture.turn_clock(TimeDelta::seconds(seconds));
    scheduler(fixture).send_due().await.unwrap();
}

async fn broadcast(fixture: &Fixture, id: BroadcastId) -> Broadcast {
    fixture.store.broadcast(id).await.unwrap().unwrap()
}

async fn state(fixture: &Fixture, id: BroadcastId) -> State {
    broadcast(fixture, id).await.state
}

async fn failure(fixture: &Fixture, id: BroadcastId) -> String {
    match state(fixture, id).await {
        State::Failed { reason } => reason,
        other => panic!("it has not failed, but is {other:?}"),
    }
}

/// The titles of all notifications, in the order of the log.
async fn titles(fixture: &Fixture) -> Vec<String> {
    let entries = fixture.entries().await;
    let added = entries.iter().filter(|e| matches!(e.change, crate::domain::entry::Change::Added(_)));
    added.map(|entry| notification(entry).content.title.clone()).collect()
}

/// The same broadcast under a key of the sender's.
fn keyed_broadcast(
    fixture: &Fixture,
    publication: Publication,
    key: &str,
    seconds: Option<i64>,
) -> Publication {
    let at = seconds.map(|seconds| fixture.clock.now() + TimeDelta::seconds(seconds));
    let Publication { audience, within, content, .. } = &publication;
    let idempotency = Idempotency::of_broadcast(key.to_owned(), audience, *within, content, at);
    Publication { idempotency: Some(idempotency), ..publication }
}

#[tokio::test]
async fn what_is_sent_at_once_is_one_with_its_notification() {
    let fixture = Fixture::start().await;
    let to_north = fixture.publication(Audience::Campus(fixture.north), "Open day");
    let announced = ask(&fixture, to_north, None).await;
    let Announced::New { id, notification: Some(notification) } = announced else { panic!("{announced:?}") };
    assert_eq!(notification.seq, Seq(1));
    let stored = broadcast(&fixture, id).await;
    assert_eq!(stored, Broadcast::sent(id, None, &notification));
    assert_eq!(stored.campus, Some(fixture.north));
    fixture.log.recall(notification).await.unwrap();
    let recalled = state(&fixture, id).await;
    assert_eq!(recalled, State::Sent { seq: Seq(1), audience_size: 0, recalled: true });
}

#[tokio::test]
async fn what_software_hands_in_is_no_broadcast() {
    let fixture = Fixture::start().await;
    fixture.tell_all("an event").await;
    assert_eq!(fixture.database.number("SELECT count(*) FROM broadcast"), 0);
}

#[tokio::test]
async fn a_refused_broadcast_leaves_nothing_behind() {
    let fixture = Fixture::start().await;
    let many = ids(&people(&fixture.log, 150).await);
    for seconds in [None, Some(60)] {
        let mut nowhere = fixture.publication(Audience::users(many.clone()), "within no campus");
        nowhere.within = Some(crate::domain::id::CampusId(999));
        let nowhere = keyed_broadcast(&fixture, nowhere, "k1", seconds);
        let refused = announce(&fixture, nowhere, seconds, Role::Service).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    for table in ["broadcast", "unsent", "recipient_list", "recipient_list_member", "idempotency"] {
        assert_eq!(fixture.database.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[tokio::test]
async fn the_same_again_is_the_same_broadcast_before_and_after_it_is_sent() {
    let fixture = Fixture::start().await;
    let publication = keyed_broadcast(&fixture, fixture.to_all("Open day"), "k1", Some(60));
    let first = id(&ask(&fixture, publication.clone(), Some(60)).await);
    assert_eq!(ask(&fixture, publication.clone(), Some(60)).await, Announced::Known(first));
    later(&fixture, 60).await;
    assert_eq!(state(&fixture, first).await, State::Sent { seq: Seq(1), audience_size: 2, recalled: false });
    // By now its time has passed.
    assert_eq!(ask(&fixture, publication, None).await, Announced::Known(first));
    assert_eq!(titles(&fixture).await, ["Open day"]);

    let at_once = keyed_broadcast(&fixture, fixture.to_all("Now"), "k2", None);
    let second = id(&ask(&fixture, at_once.clone(), None).await);
    assert_eq!(ask(&fixture, at_once, None).await, Announced::Known(second));
}

#[tokio::test]
async fn the_same_again_is_known_though_no_broadcast_was_kept_of_it() {
    let fixture = Fixture::start().await;
    let published = fixture.log.publish(keyed(fixture.to_all("Open day"), "k1")).await.unwrap();
    let again = keyed_broadcast(&fixture, fixture.to_all("Open day"), "k1", None);
    let Announced::Known(id) = ask(&fixture, again.clone(), None).await else { panic!("it is not known") };
    assert_eq!(broadcast(&fixture, id).await, Broadcast::sent(id, None, &added(&published)));
    assert_eq!(ask(&fixture, again, None).await, Announced::Known(id));
    assert_eq!(titles(&fixture).await, ["Open day"]);
}

#[tokio::test]
async fn another_time_or_another_way_under_the_same_key_is_a_conflict() {
    let fixture = Fixture::start().await;
    let open_day = || fixture.to_all("Open day");
    ask(&fixture, keyed_broadcast(&fixture, open_day(), "k1", Some(60)), Some(60)).await;
    for (publication, seconds) in [
        (keyed_broadcast(&fixture, open_day(), "k1", Some(61)), Some(61)),
        (keyed_broadcast(&fixture, open_day(), "k1", None), None),
        (keyed_broadcast(&fixture, fixture.to_all("Closed day"), "k1", Some(60)), Some(60)),
    ] {
        assert_eq!(ask(&fixture, publication, seconds).await, Announced::Conflict);
    }
    // A domain event that says the same.
    let event = fixture.log.publish(keyed(open_day(), "k1")).await.unwrap();
    assert_eq!(event, crate::domain::entry::Appended::Conflict);
    assert_eq!(titles(&fixture).await, [""; 0]);
    assert_eq!(fixture.database.number("SELECT count(*) FROM broadcast"), 1);
}

#[tokio::test]
async fn what_comes_too_late_is_looked_up_and_never_sent() {
    let fixture = Fixture::start().await;
    let everyone = Audience::users(ids(&people(&fixture.log, 150).await));
    let publication = keyed_broadcast(&fixture, fixture.publication(everyone, "Open day"), "k1", None);
    let late = || {
        let (publication, when) = (publication.clone(), Err(Invalid::new("content.expiresAt", "has passed")));
        fixture.log.announce(Announcement { publication, send_at: None, when, token_role: Role::Service })
    };
    for _ in 0..2 {
        let refused = late().await.unwrap();
        assert_eq!(refused, Announced::Refused(Invalid::new("content.expiresAt", "has passed")));
    }
    for table in ["broadcast", "notification", "recipient_list", "idempotency"] {
        assert_eq!(fixture.database.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let first = id(&ask(&fixture, publication.clone(), None).await);
    assert_eq!(late().await.unwrap(), Announced::Known(first));
    fixture.turn_clock(Idempotency::KEPT);
    assert!(matches!(late().await.unwrap(), Announced::Refused(_)), "the key is forgotten");
    assert_eq!(titles(&fixture).await, ["Open day"]);
}

#[tokio::test]
async fn a_key_of_what_is_deleted_is_free_again() {
    let fixture = Fixture::start().await;
    let publication = keyed_broadcast(&fixture, fixture.to_all("Open day"), "k1", Some(60));
    let first = id(&ask(&fixture, publication.clone(), Some(60)).await);
    later(&fixture, 60).await;
    fixture.database.run("UPDATE log_head SET deleted_through = 1");
    assert_eq!(fixture.store.broadcast(first).await.unwrap(), None, "before its rows are gone, too");
    assert_eq!(fixture.store.broadcasts(None, None, 10).await.unwrap(), []);
    let second = id(&ask(&fixture, publication.clone(), Some(60)).await);
    assert_eq!(ask(&fixture, publication.clone(), Some(60)).await, Announced::Known(second));
    fixture.database.run("UPDATE idempotency SET broadcast_id = 999");
    assert!(id(&ask(&fixture, publication, Some(60)).await) > second);
}

#[tokio::test]
async fn cancelling_is_before_it_is_sent() {
    let fixture = Fixture::start().await;
    let many = Audience::users(ids(&people(&fixture.log, 3).await));
    let called_off = id(&ask(&fixture, fixture.publication(many, "called off"), Some(60)).await);
    let sent = schedule(&fixture, "sent", 60).await;
    assert_eq!(fixture.log.cancel_broadcast(called_off).await.unwrap(), Cancelled::Yes);
    assert_eq!(fixture.log.cancel_broadcast(called_off).await.unwrap(), Cancelled::Yes, "once is enough");
    later(&fixture, 60).await;
    assert_eq!(fixture.log.cancel_broadcast(sent).await.unwrap(), Cancelled::TooLate);
    assert_eq!(titles(&fixture).await, ["sent"]);
    let called_off = broadcast(&fixture, called_off).await;
    assert_eq!(
        (called_off.state.clone(), called_off.content.title.as_str()),
        (State::Cancelled, "called off")
    );
    assert_eq!(fixture.store.audience_size(&called_off).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_first_decides_between_cancelling_and_sending() {
    let fixture = Fixture::start().await;
    let mut waiting = Vec::new();
    for i in 0..40 {
        waiting.push(schedule(&fixture, &i.to_string(), 60).await);
    }
    fixture.turn_clock(TimeDelta::seconds(60));
    let cancelling = waiting.iter().rev().map(|id| fixture.log.cancel_broadcast(*id));
    let scheduler = scheduler(&fixture);
    let (cancelled, sent) = tokio::join!(futures_util::future::join_all(cancelling), scheduler.send_due());
    sent.unwrap();
    let mut expected = Vec::new();
    for (i, cancelled) in cancelled.into_iter().rev().enumerate() {
        let state = state(&fixture, waiting[i]).await;
        match cancelled.unwrap() {
            Cancelled::Yes => assert_eq!(state, State::Cancelled),
            Cancelled::TooLate => {
                assert!(matches!(state, State::Sent { .. }), "{state:?}");
                expected.push(i.to_string());
            }
        }
    }
    assert_eq!(titles(&fixture).await, expected);
}

#[tokio::test]
async fn a_list_that_waits_is_not_swept_away() {
    let fixture = Fixture::start().await;
    let many = ids(&people(&fixture.log, 150).await);
    let to_many = fixture.publication(Audience::users(many.clone()), "for many");
    let broadcast = id(&ask(&fixture, to_many, Some(3 * 86_400)).await);
    fixture.turn_clock(TimeDelta::days(2));
    while fixture.log.upkeep().await.unwrap() {}
    later(&fixture, 86_400).await;
    let State::Sent { seq, audience_size: 150, .. } = state(&fixture, broadcast).await else { panic!() };
    let sent = fixture.store.notification(seq).await.unwrap().unwrap();
    assert_eq!(sent.audience, Audience::users(many));
}
