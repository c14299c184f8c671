//! Searching feeds finds what the domain's rule says, whether the index has come so far or not: random texts and queries.

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::Index;
use rstest::rstest;

use crate::delivery::{History, HistoryFilter, PageRequest};
use crate::domain::directory::{CampusRole, CampusStatement};
use crate::domain::entry::{Audience, Publication};
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::receipts::ReceiptChange;
use crate::domain::search::{SearchQuery, SearchText};
use crate::log::tests::fixture::{Fixture, added, ids, people, seq};

/// Whom a notification of the tests is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whom {
    Everyone,
    Campus,
    AnotherCampus,
    Ada,
    AdaAndBen,
    Ben,
    /// As many as have an entry each.
    Some,
    /// So many that they are a list.
    Many,
    /// The same without Ada.
    ManyOthers,
}

/// Ada, who is on one of two campuses, and what she has been told.
pub(super) struct World {
    fixture: Fixture,
    another: CampusId,
    many: Vec<UserId>,
}

impl World {
    pub(super) async fn start() -> Self {
        let fixture = Fixture::start().await;
        let south =
            CampusStatement { key: "south".to_owned(), name: "South".to_owned(), timezone: "UTC".to_owned() };
        let another = fixture.log.upsert_campuses(vec![south]).await.unwrap()[0].id;
        let ada = (fixture.ada.id, fixture.north, Some(CampusRole::Member));
        fixture.log.set_memberships(vec![ada]).await.unwrap();
        let mut many = ids(&people(&fixture.log, 130).await);
        many.retain(|user| *user != fixture.ada.id);
        many.insert(0, fixture.ada.id);
        Self { fixture, another, many }
    }

    fn publication(&self, whom: Whom, title: &str, message: &str) -> Publication {
        let (ada, ben) = (self.fixture.ada.id, self.fixture.ben.id);
        let audience = match whom {
            Whom::Everyone => Audience::System,
            Whom::Campus => Audience::Campus(self.fixture.north),
            Whom::AnotherCampus => Audience::Campus(self.another),
            Whom::Ada => Audience::users([ada]),
            Whom::AdaAndBen => Audience::users([ada, ben]),
            Whom::Ben => Audience::users([ben]),
            Whom::Some => Audience::users(self.many[..100].iter().copied()),
            Whom::Many => Audience::users(self.many.iter().copied()),
            Whom::ManyOthers => Audience::users(self.many[1..].iter().copied()),
        };
        let mut publication = self.fixture.publication(audience, title);
        message.clone_into(&mut publication.content.message);
        publication
    }

    pub(super) async fn tell(&self, whom: Whom, title: &str, message: &str) -> Seq {
        seq(&self.fixture.log.publish(self.publication(whom, title, message)).await.unwrap())
    }

    /// Lets the index have everything that there is.
    pub(super) async fn index(&self) {
        while self.fixture.log.index_text(&self.fixture.store).await.unwrap() {}
        assert_eq!(self.fixture.store.indexed_through().await.unwrap(), self.head().await);
    }

    async fn head(&self) -> Seq {
        self.fixture.store.head().await.unwrap().seq
    }

    async fn history(&self) -> History {
        let store = Arc::clone(&self.fixture.store);
        let scope = store.scope(self.fixture.ada.id).await.unwrap();
        History::open(store, scope, self.fixture.clock.now()).await.unwrap()
    }

    /// All that Ada finds, a few at a time.
    pub(super) async fn found(&self, filter: &HistoryFilter, newest_first: bool) -> Vec<Seq> {
        let history = self.history().await;
        let mut found: Vec<Seq> = Vec::new();
        loop {
            let (older_than, newer_than) =
                if newest_first { (found.last().copied(), None) } else { (None, found.last().copied()) };
            let request = PageRequest { older_than, newer_than, newest_first, limit: 3 };
            let page = history.page(filter, request).await.unwrap();
            assert!(page.rows.len() == 3 || !page.more);
            found.extend(page.rows.iter().map(|row| row.seq));
            if !page.more {
                return found;
            }
        }
    }
}

pub(super) fn searching(text: &str) -> HistoryFilter {
    HistoryFilter {
        search: SearchQuery::parse("search", text).unwrap().map(Arc::new),
        ..HistoryFilter::default()
    }
}

fn whom() -> impl Strategy<Value = Whom> {
    use Whom::{Ada, AdaAndBen, AnotherCampus, Ben, Campus, Everyone, Many, ManyOthers, Some};
    let fellows = [AdaAndBen, Ben, Some, Many, Many, ManyOthers];
    let all = [Everyone, Campus, Campus, AnotherCampus, Ada, Ada].into_iter().chain(fellows);
    prop::sample::select(all.collect::<Vec<_>>())
}

fn text() -> impl Strategy<Value = String> {
    "([abcé学校ガ]{1,3}[ ,'-]){1,5}"
}

fn query() -> impl Strategy<Value = String> {
    "(-?(\"[abc学校ガ ]{1,6}[*]?\"|[abce学校ガ]{1,3}[*]?) ){0,3}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_the_rule_finds(
        told in prop::collection::vec((whom(), text(), text()), 1..40),
        taken_back in prop::collection::vec(any::<Index>(), 0..4),
        indexed in any::<Index>(),
        queries in prop::collection::vec(query(), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::start().await;
            let mut adas = Vec::new();
            for (place, (whom, title, message)) in told.iter().enumerate() {
                if place == indexed.index(told.len()) {
                    world.index().await;
                }
                // Too long for the index, which has it for each of a hundred.
                let message = if matches!(whom, Whom::Some) { message.repeat(90) } else { message.clone() };
                let appended = world.fixture.log.publish(world.publication(*whom, title, &message)).await.unwrap();
                if taken_back.iter().any(|taken| taken.index(told.len()) == place) {
                    world.fixture.log.recall(added(&appended)).await.unwrap();
                } else if !matches!(whom, Whom::Ben | Whom::AnotherCampus | Whom::ManyOthers) {
                    adas.push((seq(&appended), SearchText::of(title, &message)));
                }
            }
            for index_everything in [false, true] {
                if index_everything {
                    world.index().await;
                }
                for text in &queries {
                    let filter = searching(text);
                    let is_found = |words: &SearchText| filter.search.as_ref().is_none_or(|query| query.matches(words));
                    let mut expected: Vec<Seq> =
                        adas.iter().filter(|(_, words)| is_found(words)).map(|(seq, _)| *seq).collect();
                    assert_eq!(world.found(&filter, false).await, expected, "{text}, from the oldest on");
                    expected.reverse();
                    assert_eq!(world.found(&filter, true).await, expected, "{text}, from the newest on");
                    let (count, more) = world.history().await.count(&filter, None, 1_000).await.unwrap();
                    assert_eq!((count, more), (expected.len(), false), "{text}");
                }
            }
        });
    }
}

#[rstest]
#[case::before_it_is_indexed(false)]
#[case::after(true)]
#[tokio::test]
async fn a_search_goes_together_with_every_other_filter(#[case] index: bool) {
    let world = World::start().await;
    let (ada, now) = (world.fixture.ada.id, world.fixture.clock.now());
    let mut said = Vec::new();
    for i in 0..300 {
        let whom = [Whom::Everyone, Whom::Campus, Whom::Ada, Whom::Many][i % 4];
        let title = if i % 3 == 0 { "library" } else { "museum" };
        let mut publication = world.publication(whom, title, "");
        if i % 5 == 0 {
            publication.content.expires_at = Some(now + TimeDelta::minutes(1));
        }
        said.push((seq(&world.fixture.log.publish(publication).await.unwrap()), i));
        world.fixture.turn_clock(TimeDelta::seconds(1));
    }
    let through = said[200].0;
    let change = ReceiptChange::ReadThrough { through, campus: None };
    world.fixture.log.change_receipts(ada, change).await.unwrap();
    let again: Vec<Seq> = said[50..60].iter().map(|(seq, _)| *seq).collect();
    let told = |(seq, i): &(Seq, usize)| (*seq, (i % 4 == 1).then_some(world.fixture.north));
    let unread = ReceiptChange::Read { notifications: said[50..60].iter().map(told).collect(), read: false };
    world.fixture.log.change_receipts(ada, unread).await.unwrap();
    if index {
        world.index().await;
    }
    let of = |expected: &dyn Fn(Seq, usize) -> bool| -> Vec<Seq> {
        said.iter().filter(|(seq, i)| i % 3 == 0 && expected(*seq, *i)).map(|(seq, _)| *seq).collect()
    };
    let is_unread = |seq: Seq| seq > through || again.contains(&seq);
    let unexpired = |i: usize| !i.is_multiple_of(5);
    let unread = HistoryFilter { unread: Some(true), ..searching("libr*") };
    assert_eq!(world.found(&unread, false).await, of(&|seq, i| is_unread(seq) && unexpired(i)));
    let read = HistoryFilter { unread: Some(false), expired: true, ..searching("-museum") };
    assert_eq!(world.found(&read, false).await, of(&|seq, _| !is_unread(seq)));
    let since = HistoryFilter {
        since: Some(now + TimeDelta::seconds(100)),
        until: Some(now + TimeDelta::seconds(200)),
        expired: true,
        ..searching("\"library\"")
    };
    assert_eq!(world.found(&since, false).await, of(&|_, i| (100..200).contains(&i)));
}

// Others' lists may have a word so often that one's own texts are read instead.
#[rstest]
#[case::few_have_it(2)]
#[case::many_have_it(600)]
#[tokio::test]
async fn what_was_sent_to_long_lists_is_found_however_many_others_were(#[case] others: usize) {
    let world = World::start().await;
    let mut expected = Vec::new();
    for i in 0..others {
        if i % 2 == 0 {
            expected.push(world.tell(Whom::Many, "library", "").await);
            world.tell(Whom::Many, "museum", "").await;
        }
        world.tell(Whom::ManyOthers, "library", "").await;
    }
    world.index().await;
    assert_eq!(world.found(&searching("library"), false).await, expected);
    expected.reverse();
    assert_eq!(world.found(&searching("libr* -museum"), true).await, expected);
}

// So many that they are compared with the texts instead of being looked up.
#[tokio::test]
async fn what_begins_like_many_words_is_found() {
    let world = World::start().await;
    let mut told = Vec::new();
    for i in 0..60 {
        let words: Vec<String> = (0..100).map(|n| format!("libr{i}a{n}")).collect();
        let message = if i % 3 == 0 { "nothing of that".to_owned() } else { words.join(" ") };
        let whom = [Whom::Campus, Whom::Many][i % 2];
        let title = if i % 5 == 0 { "museum" } else { "archive" };
        told.push((world.tell(whom, title, &message).await, i));
    }
    let mut also = told.clone();
    for i in 0..120 {
        let whom = [Whom::Campus, Whom::Many][i % 2];
        also.push((world.tell(whom, "library", &"libr ".repeat(40)).await, 1));
    }
    world.index().await;
    let of = |told: &[(Seq, usize)], is_found: fn(usize) -> bool| -> Vec<Seq> {
        told.iter().filter(|(_, i)| is_found(*i)).map(|(seq, _)| *seq).collect()
    };
    assert_eq!(world.found(&searching("libr*"), false).await, of(&also, |i| i % 3 != 0));
    let expected = of(&told, |i| i % 3 != 0 && i % 5 == 0);
    assert_eq!(world.found(&searching("libr* museum"), false).await, expected);
    let mut expected = of(&told, |i| i % 3 == 0 && i % 5 != 0);
    expected.reverse();
    assert_eq!(world.found(&searching("archive -libr*"), true).await, expected);
}

#[tokio::test]
async fn what_is_found_stays_in_its_place_while_the_index_grows() {
    let world = World::start().await;
    let mut expected = Vec::new();
    for _ in 0..40 {
        expected.push(world.tell(Whom::Campus, "library", "").await);
    }
    expected.reverse();
    let history = world.history().await;
    let mut found: Vec<Seq> = Vec::new();
    loop {
        let older_than = found.last().copied();
        let request = PageRequest { older_than, newer_than: None, newest_first: true, limit: 7 };
        let page = history.page(&searching("library"), request).await.unwrap();
        found.extend(page.rows.iter().map(|row| row.seq));
        if !page.more {
            break;
        }
        world.tell(Whom::Campus, "library", "").await;
        world.fixture.log.index_text(&world.fixture.store).await.unwrap();
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_server_goes_on_indexing_where_the_last_one_left_off() {
    let world = World::start().await;
    for _ in 0..200 {
        world.tell(Whom::Campus, "library", "").await;
    }
    assert!(world.fixture.log.index_text(&world.fixture.store).await.unwrap(), "not all at once");
    let indexed = world.fixture.store.indexed_through().await.unwrap();
    assert!(indexed > Seq::ZERO && indexed < world.head().await);
    let World { fixture, .. } = world;
    let Fixture { database, store, log, clock, .. } = fixture;
    drop(log);
    store.close().await;
    drop(store);
    let store = Arc::new(database.open(clock).await.unwrap());
    assert_eq!(store.indexed_through().await.unwrap(), indexed);
    let (log, _tail) = crate::log::Log::start(Arc::clone(&store)).await.unwrap();
    while log.index_text(&store).await.unwrap() {}
    assert_eq!(database.number("SELECT count(*) FROM notification_text"), 200);
}

#[tokio::test]
async fn the_index_forgets_what_is_taken_back() {
    let world = World::start().await;
    for _ in 0..3 {
        world.tell(Whom::Campus, "library", "").await;
    }
    world.index().await;
    let indexed = || world.fixture.database.number("SELECT count(*) FROM notification_text");
    assert_eq!(indexed(), 3);
    let last = world.fixture.store.notification(world.head().await).await.unwrap().unwrap();
    world.fixture.log.recall(last).await.unwrap();
    assert_eq!(indexed(), 2);
}
