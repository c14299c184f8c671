//! When their time comes.

use super::*;

#[tokio::test]
async fn nothing_is_sent_before_its_time_and_then_once() {
    let fixture = Fixture::start().await;
    let waiting = schedule(&fixture, "Open day", 60).await;
    assert_eq!(state(&fixture, waiting).await, State::Scheduled);
    later(&fixture, 59).await;
    assert_eq!(state(&fixture, waiting).await, State::Scheduled);
    later(&fixture, 1).await;
    for _ in 0..3 {
        assert_eq!(
            state(&fixture, waiting).await,
            State::Sent { seq: Seq(1), audience_size: 2, recalled: false }
        );
        later(&fixture, 60).await;
    }
    assert_eq!(titles(&fixture).await, ["Open day"]);
    assert_eq!(fixture.database.number("SELECT count(*) FROM unsent"), 0);
    let sent = fixture.store.notification(Seq(1)).await.unwrap().unwrap();
    assert_eq!(sent.sender, sender(&fixture.ada));
    assert_eq!(sent.content, fixture.to_all("Open day").content);
}

#[tokio::test]
async fn applied_twice_it_is_sent_once() {
    let fixture = Fixture::start().await;
    let waiting = schedule(&fixture, "Open day", 60).await;
    fixture.turn_clock(TimeDelta::seconds(60));
    let sent = fixture.log.send_broadcasts(vec![waiting, waiting]).await;
    let sent: Vec<Sending> = sent.into_iter().map(Result::unwrap).collect();
    assert_eq!(sent, [Sending::Sent(Seq(1)), Sending::Passed]);
}

#[tokio::test]
async fn a_clock_that_goes_back_makes_nothing_early() {
    let fixture = Fixture::start().await;
    let waiting = schedule(&fixture, "Open day", 60).await;
    // Whoever found it due had another clock.
    let early = fixture.log.send_broadcasts(vec![waiting]).await;
    assert_eq!(early.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [Sending::Passed]);
    assert_eq!(state(&fixture, waiting).await, State::Scheduled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_look_after_it_each_is_sent_once() {
    let fixture = Fixture::start().await;
    for i in 0..50 {
        schedule(&fixture, &format!("{i:02}"), 60).await;
    }
    fixture.turn_clock(TimeDelta::seconds(60));
    let sending = (0..4).map(|_| {
        let scheduler = scheduler(&fixture);
        tokio::spawn(async move { scheduler.send_due().await.unwrap() })
    });
    futures_util::future::join_all(sending).await.into_iter().for_each(Result::unwrap);
    let mut titles = titles(&fixture).await;
    titles.sort();
    assert_eq!(titles, (0..50).map(|i| format!("{i:02}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_group_that_is_tried_again_sends_once() {
    let fixture = Fixture::start().await;
    let waiting = schedule(&fixture, "Open day", 60).await;
    fixture.turn_clock(TimeDelta::seconds(60));
    let nowhere = fixture.publication(Audience::Campus(crate::domain::id::CampusId(999)), "to nobody");
    let (bad, sent, good) = tokio::join!(
        fixture.log.publish(nowhere),
        fixture.log.send_broadcasts(vec![waiting]),
        fixture.log.publish(fixture.to_all("a neighbour")),
    );
    assert!(matches!(bad, Err(StoreError::Refused(_))), "{bad:?}");
    assert_eq!(sent[0].clone().unwrap(), Sending::Sent(Seq(1)));
    good.unwrap();
    assert_eq!(titles(&fixture).await, ["Open day", "a neighbour"]);
}

#[tokio::test]
async fn late_ones_come_in_the_order_of_their_times() {
    let fixture = Fixture::start().await;
    // More than are sent together; those of one moment in the order of asking.
    let seconds = |i: i64| 1 + (i * 37) % 50;
    for i in 0..300 {
        schedule(&fixture, &format!("{} {i}", seconds(i)), seconds(i)).await;
    }
    later(&fixture, 86_400).await;
    let mut expected: Vec<i64> = (0..300).collect();
    expected.sort_by_key(|i| (seconds(*i), *i));
    let expected: Vec<String> = expected.into_iter().map(|i| format!("{} {i}", seconds(i))).collect();
    assert_eq!(titles(&fixture).await, expected);
}

#[tokio::test]
async fn what_is_refused_holds_nobody_up_and_is_not_tried_again() {
    let fixture = Fixture::start().await;
    let mut waiting = Vec::new();
    for title in ["before", "refused", "after"] {
        waiting.push(schedule(&fixture, title, 60).await);
    }
    // Somebody's tool has been at the tables.
    let id = waiting[1].0;
    fixture.database.run_unchecked(&format!("UPDATE unsent SET type_id = 999 WHERE broadcast_id = {id}"));
    later(&fixture, 60).await;
    assert_eq!(titles(&fixture).await, ["before", "after"]);
    assert_eq!(failure(&fixture, waiting[1]).await, "The database refused it.");
    let due = fixture.store.due_broadcasts(fixture.clock.now(), None, 10).await.unwrap();
    assert_eq!(due, []);
    assert_eq!(fixture.log.cancel_broadcast(waiting[1]).await.unwrap(), Cancelled::TooLate);
}

#[tokio::test]
async fn what_waits_outlives_the_server_and_late_ones_come_at_its_start() {
    let fixture = Fixture::start().await;
    let late = schedule(&fixture, "late", 60).await;
    let early = schedule(&fixture, "early", 2 * 86_400).await;
    fixture.store.close().await;
    fixture.turn_clock(TimeDelta::days(1));
    let Fixture { database, store, log, clock, .. } = fixture;
    drop((store, log));
    let store = loop {
        // The writer lets go of the file a moment after it has lost its last caller.
        match database.open(clock.clone()).await {
            Ok(store) => break Arc::new(store),
            Err(crate::store::OpenError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    let (log, mut tail) = crate::log::Log::start(Arc::clone(&store)).await.unwrap();
    let running = tokio::spawn(Scheduler::new(Arc::clone(&store), log, clock).run());
    let sent = given(&mut tail).await.unwrap();
    assert_eq!(notification(&sent[0]).content.title, "late");
    let state = async |id| store.broadcast(id).await.unwrap().unwrap().state;
    assert!(matches!(state(late).await, State::Sent { .. }));
    assert_eq!(state(early).await, State::Scheduled);
    running.abort();
}

#[tokio::test]
async fn rights_are_those_of_the_moment_of_sending() {
    let fixture = Fixture::start().await;
    let (ada, north) = (fixture.ada.id, fixture.north);
    let role = |role| fixture.log.set_memberships(vec![(ada, north, role)]);
    role(Some(CampusRole::Admin)).await.unwrap();
    let to_north = || fixture.publication(Audience::Campus(north), "news");
    let by_admin = id(&announce(&fixture, to_north(), Some(60), Role::Member).await.unwrap());
    let by_token = id(&announce(&fixture, to_north(), Some(60), Role::Service).await.unwrap());
    let still_admin = id(&announce(&fixture, to_north(), Some(30), Role::Member).await.unwrap());
    later(&fixture, 30).await;
    role(Some(CampusRole::Member)).await.unwrap();
    later(&fixture, 30).await;
    assert!(matches!(state(&fixture, still_admin).await, State::Sent { .. }));
    assert!(matches!(state(&fixture, by_token).await, State::Sent { .. }), "as the token granted then");
    assert_eq!(failure(&fixture, by_admin).await, "Its sender was not allowed to send it any more.");
    // What it said is still there to be read.
    assert_eq!(broadcast(&fixture, by_admin).await.content, to_north().content);
}

#[tokio::test]
async fn who_has_left_the_campus_is_left_out() {
    let fixture = Fixture::start().await;
    let many = ids(&people(&fixture.log, 6).await);
    let north = fixture.north;
    let set = |user: UserId, role| fixture.log.set_memberships(vec![(user, north, role)]);
    for user in &many {
        set(*user, Some(CampusRole::Member)).await.unwrap();
    }
    let within = |named: &[UserId], title| Publication {
        within: Some(north),
        ..fixture.publication(Audience::users(named.to_vec()), title)
    };
    let to_some = id(&ask(&fixture, within(&many[..4], "to some"), Some(60)).await);
    let to_nobody = id(&ask(&fixture, within(&many[..2], "to nobody"), Some(60)).await);
    let without_campus =
        id(&ask(&fixture, fixture.publication(Audience::users(many.clone()), "to all"), Some(60)).await);
    for gone in &many[..2] {
        set(*gone, None).await.unwrap();
    }
    assert_eq!(fixture.store.audience_size(&broadcast(&fixture, to_some).await).await.unwrap(), 2);
    later(&fixture, 60).await;
    for (sent, named) in [(to_some, &many[2..4]), (without_campus, &many[..])] {
        let State::Sent { seq, audience_size, .. } = state(&fixture, sent).await else { panic!() };
        let stored = fixture.store.notification(seq).await.unwrap().unwrap();
        assert_eq!(stored.audience, Audience::users(named.to_vec()));
        assert_eq!(usize::try_from(audience_size).unwrap(), named.len());
        let recipients = fixture.store.recipients_of(&broadcast(&fixture, sent).await).await.unwrap();
        assert_eq!(fixture.store.recipients_after(recipients, None, 10).await.unwrap(), named);
    }
    assert_eq!(failure(&fixture, to_nobody).await, "Nobody whom it names was on the campus any more.");
    let recipients = fixture.store.recipients_of(&broadcast(&fixture, to_nobody).await).await.unwrap();
    assert_eq!(
        fixture.store.recipients_after(recipients, None, 10).await.unwrap(),
        many[..2],
        "whom it named"
    );
}

#[tokio::test]
async fn nothing_is_sent_after_it_has_expired() {
    let fixture = Fixture::start().await;
    let mut publication = fixture.to_all("Doors open now");
    publication.content.expires_at = Some(fixture.clock.now() + TimeDelta::seconds(90));
    let in_time = id(&ask(&fixture, publication.clone(), Some(60)).await);
    let late = id(&ask(&fixture, publication, Some(80)).await);
    later(&fixture, 60).await;
    assert!(matches!(state(&fixture, in_time).await, State::Sent { .. }));
    // The server was away meanwhile.
    later(&fixture, 30).await;
    assert_eq!(failure(&fixture, late).await, "It had expired by the time it could be sent.");
    assert_eq!(titles(&fixture).await.len(), 1);
}
