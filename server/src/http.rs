//! The doors: GraphQL over HTTP and WebSocket, GraphiQL, health, numbers for monitoring. Who comes in is looked at here,
//! and nowhere else; what they may do is the domain's to say.

mod admission;
mod auth;
mod graphiql;
mod graphql;
mod graphql_ws;
mod health;
pub mod listen;
mod metrics;
mod operation;
mod outcome;
mod over_http;
mod parameters;
mod request_id;
mod streams;
mod sweeper;
pub mod websocket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::admission::Admission;
use self::sweeper::Sweeper;
use crate::graphql::{Api, CampanileSchema};

pub use auth::{Keys, SecretTooShort, TokenRequest};

/// What the doors need.
pub struct Doors {
    /// The API.
    pub schema: CampanileSchema,
    /// The running server, for its health.
    pub api: Arc<Api>,
    /// What tokens are signed with.
    pub keys: Arc<Keys>,
    /// Limits and time-outs.
    pub settings: Settings,
    /// Cancelled when the server is about to stop.
    pub closing: CancellationToken,
    /// The open sockets and whatever is done for a stream, which the HTTP server does not wait for by itself.
    pub sockets: TaskTracker,
    admission: Arc<Admission>,
    sweeper: Arc<Sweeper>,
    /// For what begins on a thread of somebody else's.
    runtime: Handle,
}

impl Doors {
    /// Doors that close when `closing` is cancelled. To be made inside the runtime that serves them.
    pub fn new(
        schema: CampanileSchema,
        api: Arc<Api>,
        keys: Arc<Keys>,
        settings: Settings,
        closing: CancellationToken,
    ) -> Self {
        let admission = Admission::new(settings.user_sockets, settings.unacknowledged_sockets);
        let sweeper = Sweeper::start(api.clock.clone(), closing.clone());
        let (sockets, runtime) = (TaskTracker::new(), Handle::current());
        Self { schema, api, keys, settings, closing, sockets, admission, sweeper, runtime }
    }
}

/// Limits and time-outs of the doors.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Bytes of a request's body, at most.
    pub body_bytes: usize,
    /// How long a request's body may take to arrive.
    pub receive_timeout: Duration,
    /// Tokens of a document, at most: counted before it is parsed.
    pub document_tokens: usize,
    /// Bytes of a WebSocket message, at most.
    pub message_bytes: usize,
    /// How long a socket may be open without `connection_init`.
    pub init_timeout: Duration,
    /// Operations under way on one socket, at most.
    pub socket_operations: usize,
    /// Sockets and streams of one user, at most.
    pub user_sockets: usize,
    /// Sockets that have not said whose they are, at most.
    pub unacknowledged_sockets: usize,
    /// After how much silence a socket is pinged at the latest; after as much again it counts as dead.
    pub ping_interval: Duration,
    /// After how much silence a stream says that it is alive.
    pub heartbeat_interval: Duration,
    /// How long a socket or a stream may take nothing of what waits for it.
    pub drain_timeout: Duration,
    /// What may be looked at without a token.
    pub open: Open,
}

/// What may be looked at without a token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Open {
    /// The schema.
    pub introspection: bool,
    /// The server's own numbers, for monitoring.
    pub metrics: bool,
}

/// Every door.
pub fn router(doors: Arc<Doors>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::serve))
        .route("/graphql/stream", any(graphql::serve_stream))
        .route("/graphql/ws", any(graphql_ws::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::serve))
        .merge(graphiql::router())
        .layer(axum::middleware::from_fn(request_id::tag))
        .with_state(doors)
}
