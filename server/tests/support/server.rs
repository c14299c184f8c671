//! A whole server without its doors: store, log, hub and schema in this process, asked as anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_graphql::{Request, Variables};
use bytes::Bytes;
use campanile_server::clock::Clock;
use campanile_server::delivery::{Bounds, Encoded, Gone, Hub, Offer, Sink};
use campanile_server::domain::cursor::Cursor;
use campanile_server::domain::directory::Role;
use campanile_server::domain::id::Seq;
use campanile_server::domain::notification_type;
use campanile_server::graphql::{self, Api, Begun, CampanileSchema, Identity, Limits, Session};
use campanile_server::log::Log;
use campanile_server::store::Store;
use campanile_test_database::Database;
use chrono::DateTime;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::model::{ROOT, USERS};

/// When the test begins, in minutes since 1970.
pub(crate) const FIRST_MINUTE: i64 = 29_916_666;

/// A server with a database of its own.
pub(crate) struct Server {
    schema: CampanileSchema,
    store: Arc<Store>,
    log: Log,
    minutes: Arc<AtomicI64>,
    /// Which life of the log.
    epoch: Arc<str>,
    database: Database,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// All of it, as a client would read it.
    pub(crate) text: String,
    pub(crate) data: Value,
    /// The first error's code.
    pub(crate) code: Option<String>,
}

impl Answer {
    fn from(whole: &Value) -> Self {
        Self {
            text: whole.to_string(),
            data: whole["data"].clone(),
            code: whole["errors"][0]["extensions"]["code"].as_str().map(str::to_owned),
        }
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let database = Database::new();
        let minutes = Arc::new(AtomicI64::new(0));
        let clock = {
            let minutes = Arc::clone(&minutes);
            Clock::from_fn(move || moment(minutes.load(Ordering::SeqCst)))
        };
        let url = database.url().parse().unwrap();
        let store = Store::open(&url, notification_type::built_in(), clock.clone()).await;
        let store = Arc::new(store.unwrap());
        let (log, tail) = Log::start(Arc::clone(&store)).await.unwrap();
        let hub = Hub::start(
            Arc::clone(&store),
            log.clone(),
            tail,
            clock.clone(),
            Bounds { threads: 2, ..Bounds::default() },
        )
        .unwrap();
        let epoch = store.epoch();
        let api = Api { store: Arc::clone(&store), log: log.clone(), hub, clock };
        let schema = graphql::schema(Arc::new(api), Limits::default());
        Self { schema, store, log, minutes, epoch, database }
    }

    pub(crate) fn set_time(&self, minutes: i64) {
        self.minutes.store(minutes, Ordering::SeqCst);
    }

    /// Everything up to this position is of age from now on.
    pub(crate) fn archive_through(&self, position: usize) {
        self.database.run(&format!("UPDATE log_head SET archived_through = {position}"));
    }

    /// Brings the index of texts up with the log.
    pub(crate) async fn index_texts(&self) {
        while self.log.index_text(&self.store).await.unwrap() {}
    }

    /// The cursor that stands for this position.
    pub(crate) fn cursor(&self, position: usize) -> String {
        Cursor::encode(&self.epoch, Seq(i64::try_from(position).unwrap()))
    }

    pub(crate) async fn ask(&self, user: usize, document: &str, variables: Value) -> Answer {
        let response = self.schema.execute(request(user, document, variables)).await;
        Answer::from(&serde_json::to_value(&response).unwrap())
    }

    /// Subscribes; what it answers ends with the subscription.
    pub(crate) async fn subscribe(&self, user: usize, document: &str, variables: Value) -> Subscribed {
        // Some have little room, and fall behind again and again.
        let (outgoing, incoming) = mpsc::channel(if has_little_room(user) { 2 } else { 100_000 });
        let identity = identity(user);
        let request = Request::new(document).variables(Variables::from_json(variables));
        let session = Some(Arc::new(Session::new(identity)));
        let begun = graphql::begin(&self.schema, request, session, Arc::new(Outlet(outgoing.clone()))).await;
        if let Begun::Answer(response) = &begun {
            outgoing.try_send(Answer::from(&serde_json::to_value(response).unwrap())).unwrap();
        }
        Subscribed { incoming, _begun: begun }
    }
}

/// A subscription, for as long as it is held.
pub(crate) struct Subscribed {
    pub(crate) incoming: mpsc::Receiver<Answer>,
    _begun: Begun,
}

/// Reads what it is offered, as a client would.
struct Outlet(mpsc::Sender<Answer>);

impl Sink for Outlet {
    fn offer(&self, events: &[&Encoded]) -> Offer {
        for (taken, event) in events.iter().enumerate() {
            let answer = Answer::from(&serde_json::from_slice(&event.payload).unwrap());
            match self.0.try_send(answer) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => return Offer::Full(taken),
                Err(TrySendError::Closed(_)) => return Offer::Gone,
            }
        }
        Offer::Taken
    }

    fn room(&self) -> BoxFuture<'_, Result<(), Gone>> {
        Box::pin(async { self.0.reserve().await.map(drop).map_err(|_| Gone) })
    }

    fn end(&self, errors: Option<Bytes>) {
        let errors = errors.map(|errors| serde_json::from_slice::<Value>(&errors).unwrap());
        let _ = self.0.try_send(Answer::from(&json!({ "errors": errors })));
    }
}

/// Whether this user's clients take only a little at a time.
pub(crate) fn has_little_room(user: usize) -> bool {
    user % 2 == 1
}

fn request(user: usize, document: &str, variables: Value) -> Request {
    let session = Arc::new(Session::new(identity(user)));
    Request::new(document).variables(Variables::from_json(variables)).data(session)
}

fn identity(user: usize) -> Identity {
    Identity {
        subject: USERS[user].to_owned(),
        // The software's role stands in the directory, the super admin's in their token.
        role: if user == ROOT { Role::SuperAdmin } else { Role::Member },
        expires_at: moment(1_000_000_000),
    }
}

/// The moment so many minutes after the test's beginning.
pub(crate) fn moment(minutes: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(60 * (FIRST_MINUTE + minutes), 0).unwrap()
}
