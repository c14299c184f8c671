//! Whoever reads on from wherever gets everything once, in order, whether it is in memory or not.

use chrono::DateTime;
use futures_util::future::join_all;
use rstest::rstest;

use super::*;
use crate::domain::id::{CampusId, UserId};
use crate::domain::notification_type::TypeRegistry;
use crate::domain::preferences::{Choices, Settings};
use crate::log::tests::fixture::{Fixture, added, notification};

/// A log with so many notifications, of which the last so many are in memory.
async fn log(entries: usize, in_memory: usize) -> (Fixture, Pages) {
    let fixture = Fixture::start().await;
    let publishing = (0..entries).map(|i| fixture.log.publish(fixture.to_all(&i.to_string())));
    join_all(publishing).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    let written = fixture.entries().await;
    let forgotten = entries - in_memory;
    let pages = Pages::new(Arc::clone(&fixture.store), Seq(i64::try_from(forgotten).unwrap()));
    pages.push(&written[forgotten..]);
    (fixture, pages)
}

/// Everything after `position` up to `through`, as it is read bit by bit.
async fn read_on(pages: &Pages, mut position: Seq, through: Seq) -> Vec<i64> {
    let mut read = Vec::new();
    while position < through {
        let (entries, covered) = pages.after(position, through).await.unwrap().unwrap();
        assert!(covered > position, "nothing was read behind {}", position.0);
        read.extend(entries.iter().map(|entry| entry.seq.0));
        position = covered;
    }
    assert_eq!(position, through);
    read
}

#[tokio::test]
async fn from_anywhere_to_anywhere_everything_comes_once_in_order() {
    let (_fixture, pages) = log(600, 100).await;
    for from in [0, 1, 63, 64, 255, 256, 257, 499, 500, 501, 599] {
        for through in [from + 1, 256, 257, 512, 600] {
            if through > from && through <= 600 {
                let read = read_on(&pages, Seq(from), Seq(through)).await;
                assert_eq!(read, (from + 1..=through).collect::<Vec<_>>(), "from {from} through {through}");
            }
        }
    }
}

#[rstest]
#[case::in_the_database_alone(0)]
#[case::in_memory_too(300)]
#[tokio::test]
async fn nobody_reads_across_what_was_deleted_for_its_age(#[case] in_memory: usize) {
    let (fixture, pages) = log(300, in_memory).await;
    fixture
        .database
        .run("UPDATE log_head SET deleted_through = 260; DELETE FROM log_entry WHERE seq <= 250;");
    if in_memory > 0 {
        // From memory nobody asks the database.
        pages.forget_through(Seq(260));
    }
    for before in [0, 100, 259] {
        assert!(pages.after(Seq(before), Seq(300)).await.unwrap().is_none(), "after {before}");
    }
    assert_eq!(read_on(&pages, Seq(260), Seq(300)).await, (261..=300).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_that_was_read_in_time_is_not_given_out_later() {
    let (_fixture, pages) = log(300, 0).await;
    read_on(&pages, Seq(0), Seq(300)).await;
    pages.forget_through(Seq(10));
    assert!(pages.after(Seq(9), Seq(300)).await.unwrap().is_none());
    assert_eq!(read_on(&pages, Seq(10), Seq(300)).await, (11..=300).collect::<Vec<_>>());
}

#[tokio::test]
async fn those_who_ask_for_the_same_range_share_it() {
    let (_fixture, pages) = log(300, 0).await;
    let asking = (0..10).map(|position| pages.after(Seq(position), Seq(300)));
    let read: Vec<_> = join_all(asking).await.into_iter().map(|read| read.unwrap().unwrap().0).collect();
    // The tenth of the first is the first of the last.
    assert!(Arc::ptr_eq(&read[0][9], &read[9][0]));
}

#[tokio::test]
async fn what_was_taken_back_is_known_as_such_in_memory_and_in_pages() {
    let (fixture, pages) = log(300, 30).await;
    for seq in [5, 290] {
        // It may be in a page already.
        read_on(&pages, Seq(seq - 1), Seq(seq)).await;
        let told = fixture.store.notifications(vec![Seq(seq)]).await.unwrap().remove(&Seq(seq)).unwrap();
        let recall = fixture.log.recall(told).await.unwrap();
        let crate::domain::entry::Appended::New(recall) = recall else { panic!("{recall:?}") };
        pages.push(&[recall]);
        let (entries, _) = pages.after(Seq(seq - 1), Seq(seq)).await.unwrap().unwrap();
        assert!(notification(&entries[0]).recalled, "{seq}");
    }
}

#[tokio::test]
async fn memory_holds_no_more_than_its_bound() {
    let (fixture, pages) = log(0, 0).await;
    let long = "x".repeat(4_000);
    for i in 0..40 {
        let publishing = (0..100).map(|_| {
            let mut publication = fixture.to_all(&i.to_string());
            publication.content.message.clone_from(&long);
            fixture.log.publish(publication)
        });
        let mut told: Vec<_> =
            join_all(publishing).await.iter().map(|answer| added(answer.as_ref().unwrap())).collect();
        told.sort_by_key(|told| told.seq);
        for told in told {
            let change = Change::Added(Arc::clone(&told));
            pages.push(&[Arc::new(Entry { seq: told.seq, created_at: told.created_at, change })]);
        }
    }
    let recent = pages.recent.read().unwrap();
    assert_eq!(recent.bytes, recent.entries.iter().map(|entry| size(entry)).sum::<usize>());
    assert!(recent.bytes <= RECENT_BYTES && recent.bytes > RECENT_BYTES / 2, "{} bytes", recent.bytes);
    assert_eq!(recent.head, Seq(4_000));
}

#[tokio::test]
async fn what_people_set_is_counted_among_what_is_in_memory() {
    let (_fixture, pages) = log(0, 0).await;
    let by_campus = (1..=1_000).map(|campus| (CampusId(campus), Choices::default())).collect();
    let settings = Settings { by_campus, ..Settings::default() };
    let preferences = Arc::new(Preferences::new(&settings, None, &TypeRegistry::new(vec![])));
    let entry = |seq| {
        let change = Change::Preferences { user: UserId(1), preferences: Arc::clone(&preferences) };
        Arc::new(Entry { seq: Seq(seq), created_at: DateTime::UNIX_EPOCH, change })
    };
    let entries: Vec<_> = (1..=1_000).map(entry).collect();
    pages.push(&entries);
    let recent = pages.recent.read().unwrap();
    let each = 1_000 * size_of::<CampusId>();
    assert!(recent.entries.len() < RECENT_BYTES / each, "{} are in memory", recent.entries.len());
}
