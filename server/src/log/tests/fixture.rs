//! A log over a database of its own, with a clock that tests set, a campus and some people. Serves the tests of the
//! layers above too.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;
use crate::domain::content::{Content, ContentData, Priority};
use crate::domain::directory::{CampusStatement, Role, User, UserStatement};
use crate::domain::entry::{
    Appended, Audience, Change, Entry, Idempotency, Notification, Publication, Sender,
};
use crate::domain::id::{CampusId, Seq, UserId};
use crate::log::{Log, Step, Tail};
use crate::store::Store;
use crate::store::tests::Database;

/// A log that has just been started.
pub(crate) struct Fixture {
    pub(crate) database: Database,
    pub(crate) store: Arc<Store>,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
    pub(crate) north: CampusId,
    pub(crate) ada: User,
    pub(crate) ben: User,
    pub(super) millis: Arc<AtomicI64>,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::start_with_tail().await.0
    }

    pub(crate) async fn start_with_tail() -> (Self, Tail) {
        let database = Database::new();
        let millis = Arc::new(AtomicI64::new(1_795_003_200_000));
        let clock = {
            let millis = Arc::clone(&millis);
            Clock::from_fn(move || DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).unwrap())
        };
        let store = Arc::new(database.open(clock.clone()).await.unwrap());
        let (log, tail) = Log::start(Arc::clone(&store)).await.unwrap();
        let north =
            CampusStatement { key: "north".to_owned(), name: "North".to_owned(), timezone: "UTC".to_owned() };
        let campuses = log.upsert_campuses(vec![north]).await.unwrap();
        let [ada, ben] = people(&log, 2).await.try_into().unwrap();
        (Self { database, store, log, clock, north: campuses[0].id, ada, ben, millis }, tail)
    }

    /// Sets the clock forward, or back.
    pub(crate) fn turn_clock(&self, by: TimeDelta) {
        self.millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// From Ada, to everyone.
    pub(crate) fn to_all(&self, title: &str) -> Publication {
        self.publication(Audience::System, title)
    }

    /// From Ada.
    pub(crate) fn publication(&self, audience: Audience, title: &str) -> Publication {
        Publication {
            sender: sender(&self.ada),
            audience,
            within: None,
            content: Content {
                type_id: self.store.types().named("CAMPUS_UPDATE").unwrap().id,
                title: title.to_owned(),
                message: "Hear, hear.".to_owned(),
                priority: Priority::Medium,
                data: ContentData::default(),
                expires_at: None,
            },
            idempotency: None,
        }
    }

    /// Publishes something to everyone; gives it as it stands in the log.
    pub(crate) async fn tell_all(&self, title: &str) -> Arc<Notification> {
        added(&self.log.publish(self.to_all(title)).await.unwrap())
    }

    /// The whole log, as the database has it.
    pub(crate) async fn entries(&self) -> Vec<Arc<Entry>> {
        let head = self.store.head().await.unwrap().seq;
        self.store.entries(Seq::ZERO, head, 10_000).await.unwrap()
    }
}

/// What the tail gives next, of one life of the log.
pub(crate) async fn given(tail: &mut Tail) -> Option<Vec<Arc<Entry>>> {
    match tail.next().await? {
        Step::Entries(entries) => Some(entries),
        Step::Renewed(head) => panic!("another life begins at {head:?}"),
    }
}

/// So many people, whom the directory knows.
pub(crate) async fn people(log: &Log, many: usize) -> Vec<User> {
    let statement = |i: usize| UserStatement {
        key: format!("user-{i}"),
        name: format!("User {i}"),
        email: None,
        timezone: None,
        role: Role::Member,
    };
    log.upsert_users((0..many).map(statement).collect()).await.unwrap()
}

pub(crate) fn ids(users: &[User]) -> Vec<UserId> {
    users.iter().map(|user| user.id).collect()
}

pub(crate) fn sender(user: &User) -> Sender {
    Sender { id: user.id, key: user.key.clone(), name: user.name.clone() }
}

/// The same under a key of the sender's.
pub(crate) fn keyed(publication: Publication, key: &str) -> Publication {
    let idempotency =
        Idempotency::new(key.to_owned(), &publication.audience, publication.within, &publication.content);
    Publication { idempotency: Some(idempotency), ..publication }
}

/// The notification that was just published.
pub(crate) fn added(appended: &Appended) -> Arc<Notification> {
    match appended {
        Appended::New(entry) => notification(entry),
        other => panic!("nothing new was published, but {other:?}"),
    }
}

pub(crate) fn notification(entry: &Entry) -> Arc<Notification> {
    match &entry.change {
        Change::Added(notification) => Arc::clone(notification),
        other => panic!("no notification was added, but {other:?}"),
    }
}

/// Where a publish stands.
pub(crate) fn seq(appended: &Appended) -> Seq {
    added(appended).seq
}

pub(crate) fn times(entries: &[Arc<Entry>]) -> Vec<DateTime<Utc>> {
    entries.iter().map(|entry| entry.created_at).collect()
}
