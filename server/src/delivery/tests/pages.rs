//! Pages under new arrivals: what was there when the first page was read is shown once, whatever comes meanwhile.

use super::*;
use crate::delivery::{History, HistoryFilter, Page, PageRequest};
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;

const OLDEST: Seq = Seq(1);

async fn page(followed: &Followed, newest_first: bool, from: Option<Seq>) -> Page {
    let scope = followed.log.store.scope(followed.log.ada.id).await.unwrap();
    let history =
        History::open(Arc::clone(&followed.log.store), scope, followed.log.clock.now()).await.unwrap();
    let request = PageRequest {
        older_than: from.filter(|_| newest_first),
        newer_than: from.filter(|_| !newest_first),
        newest_first,
        limit: 7,
    };
    history.page(&HistoryFilter::default(), request).await.unwrap()
}

/// Something to everyone, to Ada alone, to somebody else, on a long list: one after the other.
async fn tell(followed: &Followed, i: usize, many: &[UserId]) {
    let (ada, ben) = (followed.log.ada.id, followed.log.ben.id);
    let audience = match i % 4 {
        0 => Audience::System,
        1 => Audience::users([ada]),
        2 => Audience::users([ben]),
        _ => Audience::users(many.iter().copied().chain([ada])),
    };
    followed.log.log.publish(followed.log.publication(audience, &i.to_string())).await.unwrap();
}

fn is_adas(position: Seq) -> bool {
    (position.0 - 1) % 4 != 2
}

#[tokio::test]
async fn turning_pages_while_more_arrives_repeats_nothing_and_leaves_nothing_out() {
    let followed = Followed::start().await;
    let many =
        crate::log::tests::fixture::ids(&crate::log::tests::fixture::people(&followed.log.log, 150).await);
    let mut arrived = 0;
    while arrived < 60 {
        tell(&followed, arrived, &many).await;
        arrived += 1;
    }
    let mut shown: Vec<Seq> = Vec::new();
    loop {
        let turned = page(&followed, true, shown.last().copied()).await;
        shown.extend(turned.rows.iter().map(|row| row.seq));
        for _ in 0..5 {
            tell(&followed, arrived, &many).await;
            arrived += 1;
        }
        if !turned.more {
            break;
        }
    }
    let mut expected: Vec<Seq> = (1..=60).map(Seq).filter(|position| is_adas(*position)).collect();
    expected.reverse();
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn turning_pages_towards_the_present_reaches_what_has_just_arrived() {
    let followed = Followed::start().await;
    for i in 0..20 {
        tell(&followed, i, &[]).await;
    }
    let mut shown: Vec<Seq> = vec![OLDEST];
    let mut arrived = 20;
    loop {
        let turned = page(&followed, false, shown.last().copied()).await;
        shown.extend(turned.rows.iter().map(|row| row.seq));
        if arrived < 40 {
            tell(&followed, arrived, &[]).await;
            arrived += 1;
        } else if !turned.more {
            break;
        }
    }
    assert_eq!(shown, (1..=40).map(Seq).filter(|position| is_adas(*position)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_of_few_among_many_of_others_is_full() {
    let followed = Followed::start().await;
    let ben = followed.log.ben.id;
    for _ in 0..10 {
        followed.log.tell_all("for all").await;
        for _ in 0..40 {
            let to_ben = followed.log.publication(Audience::users([ben]), "not for Ada");
            followed.log.log.publish(to_ben).await.unwrap();
        }
    }
    let first = page(&followed, true, None).await;
    assert_eq!((first.rows.len(), first.more), (7, true));
    let second = page(&followed, true, first.rows.last().map(|row| row.seq)).await;
    assert_eq!((second.rows.len(), second.more), (3, false));
}

#[tokio::test]
async fn who_leaves_while_a_page_is_read_sees_nothing_of_what_comes_afterwards() {
    let followed = Followed::start().await;
    let Fixture { store, log, clock, ada, north, .. } = &followed.log;
    let followed = &followed;
    let tell = |title: &'static str| async move {
        log.publish(followed.log.publication(Audience::Campus(*north), title)).await.unwrap();
    };
    log.set_memberships(vec![(ada.id, *north, Some(CampusRole::Member))]).await.unwrap();
    tell("before").await;
    let scope = store.scope(ada.id).await.unwrap();
    log.set_memberships(vec![(ada.id, *north, None)]).await.unwrap();
    tell("afterwards").await;
    let history = History::open(Arc::clone(store), scope, clock.now()).await.unwrap();
    for newest_first in [true, false] {
        let request = PageRequest { older_than: None, newer_than: None, newest_first, limit: 7 };
        let page = history.page(&HistoryFilter::default(), request).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [Seq(2)]);
    }
}
