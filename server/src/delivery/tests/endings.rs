//! A feed ends with the token that it was opened with.

use chrono::TimeDelta;

use super::*;

const EXPIRED: &str = "the token has expired";

#[tokio::test]
async fn a_feed_ends_when_its_token_does_after_a_warning() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    followed.log.turn_clock(TimeDelta::minutes(55));
    assert_eq!(in_words(&next(&mut feed).await), "expiring");
    followed.log.turn_clock(TimeDelta::minutes(5));
    assert_eq!(feed.next().await.unwrap_err(), EXPIRED);
}

#[tokio::test]
async fn a_feed_with_a_fresh_token_goes_on() {
    let followed = Followed::start().await;
    let asked = followed.asked(followed.log.ada.id);
    let lifetime = Arc::clone(&asked.lifetime);
    let mut feed = Feed::open(&followed.hub, asked).await.unwrap();
    assert_eq!(told_until(&mut feed, 0).await, ["live at 0"]);
    followed.log.turn_clock(TimeDelta::minutes(55));
    assert_eq!(in_words(&next(&mut feed).await), "expiring");
    lifetime.extend(followed.log.clock.now() + TimeDelta::hours(1));
    followed.log.turn_clock(TimeDelta::minutes(54));
    followed.log.tell_all("news").await;
    assert_eq!(in_words(&next(&mut feed).await), "added 1");
    followed.log.turn_clock(TimeDelta::minutes(1));
    assert_eq!(in_words(&next(&mut feed).await), "expiring");
}

#[tokio::test]
async fn news_after_the_tokens_end_is_not_told() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    followed.log.turn_clock(TimeDelta::hours(2));
    followed.log.tell_all("too late").await;
    assert_eq!(feed.next().await.unwrap_err(), EXPIRED);
}

#[tokio::test]
async fn a_long_replay_ends_with_the_token_too() {
    let followed = Followed::start().await;
    for i in 0..300 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let start = followed.cursor(0);
    let asked = Asked { after: vec![start], room: 1, ..followed.asked(followed.log.ada.id) };
    let mut feed = Feed::open(&followed.hub, asked).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "replayed 1");
    followed.log.turn_clock(TimeDelta::hours(2));
    let end = loop {
        match feed.next().await {
            Ok(event) => assert!(event.position() < Seq(300), "all of it was told"),
            Err(end) => break end,
        }
    };
    assert_eq!(end, EXPIRED);
}

#[tokio::test]
async fn a_silent_feed_moves_its_cursor_on_now_and_then() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    let to_ben = crate::domain::entry::Audience::users([followed.log.ben.id]);
    followed.log.log.publish(followed.log.publication(to_ben, "not for Ada")).await.unwrap();
    until(&followed, "it is routed", |now| (now.log_head, now.backlog) == (Seq(1), 0)).await;
    followed.log.turn_clock(TimeDelta::seconds(30));
    assert_eq!(in_words(&next(&mut feed).await), "live at 1");
}

#[tokio::test]
async fn what_was_offered_to_nobody_was_not_delivered() {
    let followed = Followed::start().await;
    let (ada, ben) = (followed.log.ada.id, followed.log.ben.id);
    let gone = followed.live(ada).await;
    let mut live = followed.live(ben).await;
    gone.hang_up();
    followed.log.tell_all("news").await;
    told_until(&mut live, 1).await;
    assert_eq!(followed.hub.delivered_through(ada).await.unwrap(), Seq::ZERO);
}

#[tokio::test]
async fn another_life_of_the_log_ends_every_feed_and_expires_every_cursor() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    followed.log.tell_all("before").await;
    let before = followed.cursor(1);
    let mut feeds = [followed.live(ada).await, followed.live(followed.log.ben.id).await];
    followed.log.log.renew().await.unwrap();
    for feed in &mut feeds {
        let ended = tokio::time::timeout(FOREVER, feed.next()).await.expect("the feed is silent");
        assert_eq!(ended.unwrap_err(), "the log has begun another life");
    }
    let expired = followed.after(ada, &[&before]).await;
    assert!(matches!(expired, Err(FeedError::Cursor(crate::domain::cursor::CursorError::Expired))));
    let mut feed = followed.after(ada, &[&followed.cursor(1)]).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "live at 1");
    followed.log.tell_all("after").await;
    assert_eq!(told_until(&mut feed, 2).await, ["added 2"]);
}
