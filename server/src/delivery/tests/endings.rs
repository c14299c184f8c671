//! A feed ends with the token that it was opened with.

use std::time::Duration;

use chrono::TimeDelta;

use super::*;
use crate::clock::Clock;

#[tokio::test]
async fn a_feed_ends_when_its_token_does() {
    let (log, tail) = Fixture::start_with_tail().await;
    // From here on time passes as soon as there is nothing else to do, on this clock too.
    tokio::time::pause();
    let (noon, began) = (log.clock.now(), tokio::time::Instant::now());
    let clock = Clock::from_fn(move || noon + began.elapsed());
    let hub = Hub::start(Arc::clone(&log.store), log.log.clone(), tail, clock);
    let followed = Followed { log, hub };
    let ends_at = noon + TimeDelta::minutes(10);
    let request = FeedRequest { ends_at, ..followed.request(followed.log.ada.id) };
    let mut feed = Feed::open(Arc::clone(&followed.hub), request).await.unwrap();
    assert_eq!(told_until(&mut feed, 0).await, ["live at 0"]);
    assert!(matches!(feed.next().await, Some(Err(FeedError::TokenExpired))));
    let lasted = began.elapsed();
    assert!(lasted.abs_diff(Duration::from_mins(10)) < Duration::from_secs(1), "{lasted:?}");
}

#[tokio::test]
async fn news_after_the_tokens_end_is_not_told() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    followed.log.turn_clock(TimeDelta::hours(2));
    followed.log.tell_all("too late").await;
    assert!(matches!(feed.next().await, Some(Err(FeedError::TokenExpired))));
}

#[tokio::test]
async fn a_long_replay_ends_with_the_token_too() {
    let followed = Followed::start().await;
    for i in 0..300 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let start = followed.cursor(0);
    let mut feed = followed.after(followed.log.ada.id, &[&start]).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "replayed 1");
    followed.log.turn_clock(TimeDelta::hours(2));
    let end = loop {
        match feed.next().await {
            Some(Ok(event)) => assert!(event.position() < Seq(300), "all of it was told"),
            end => break end,
        }
    };
    assert!(matches!(end, Some(Err(FeedError::TokenExpired))));
}

#[tokio::test]
async fn a_silent_feed_moves_its_cursor_on_now_and_then() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    let to_ben = crate::domain::entry::Audience::users([followed.log.ben.id]);
    followed.log.log.publish(followed.log.publication(to_ben, "not for Ada")).await.unwrap();
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert_eq!(in_words(&next(&mut feed).await), "live at 1");
    assert!(began.elapsed() < Duration::from_secs(31), "half a minute is now and then");
}
