//! A whole server without its doors: store, log, hub and schema in this process, asked as anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_graphql::{Request, Response, Variables};
use campanile_server::clock::Clock;
use campanile_server::delivery::Hub;
use campanile_server::domain::directory::Role;
use campanile_server::domain::notification_type;
use campanile_server::graphql::{self, Api, CampanileSchema, Identity, Limits, Session};
use campanile_server::log::Log;
use campanile_server::store::{DatabaseUrl, Store};
use chrono::DateTime;
use futures_util::Stream;
use serde_json::Value;
use tempfile::TempDir;

use super::model::{ROOT, USERS};

/// A server with a database of its own.
pub(crate) struct Server {
    schema: CampanileSchema,
    minutes: Arc<AtomicI64>,
    _folder: TempDir,
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
    fn from(response: &Response) -> Self {
        let whole = serde_json::to_value(response).unwrap();
        Self {
            text: whole.to_string(),
            data: whole["data"].clone(),
            code: whole["errors"][0]["extensions"]["code"].as_str().map(str::to_owned),
        }
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let minutes = Arc::new(AtomicI64::new(0));
        let clock = {
            let minutes = Arc::clone(&minutes);
            Clock::from_fn(move || moment(minutes.load(Ordering::SeqCst)))
        };
        let url = DatabaseUrl::Sqlite(folder.path().join("campanile.db"));
        let store = Store::open(&url, notification_type::built_in(), clock.clone()).await;
        let store = Arc::new(store.unwrap());
        let (log, tail) = Log::start(Arc::clone(&store)).await.unwrap();
        let hub = Hub::start(Arc::clone(&store), log.clone(), tail, clock.clone());
        let api = Api { store, log, hub, clock };
        Self { schema: graphql::schema(Arc::new(api), Limits::default()), minutes, _folder: folder }
    }

    pub(crate) fn set_time(&self, minutes: i64) {
        self.minutes.store(minutes, Ordering::SeqCst);
    }

    pub(crate) async fn ask(&self, user: usize, document: &str, variables: Value) -> Answer {
        Answer::from(&self.schema.execute(request(user, document, variables)).await)
    }

    pub(crate) fn subscribe(
        &self,
        user: usize,
        document: &str,
        variables: Value,
    ) -> impl Stream<Item = Answer> + Send + use<> {
        use futures_util::StreamExt as _;
        let responses = self.schema.execute_stream(request(user, document, variables));
        responses.map(|response| Answer::from(&response))
    }
}

fn request(user: usize, document: &str, variables: Value) -> Request {
    let identity = Identity {
        subject: USERS[user].to_owned(),
        // The software's role stands in the directory, the super admin's in their token.
        role: if user == ROOT { Role::SuperAdmin } else { Role::Member },
        expires_at: moment(1_000_000),
    };
    Request::new(document).variables(Variables::from_json(variables)).data(Arc::new(Session::new(identity)))
}

/// The moment so many minutes after the test's beginning.
pub(crate) fn moment(minutes: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_795_000_000 + 60 * minutes, 0).unwrap()
}
