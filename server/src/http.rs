//! The doors: GraphQL over HTTP and WebSocket, GraphiQL, health. Who comes in is looked at here, and nowhere else; what
//! they may do is the domain's to say.

mod auth;
mod graphiql;
mod graphql;
mod health;
pub mod listen;
mod over_http;
mod request_id;
mod socket;
pub mod websocket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::graphql::{Api, CampanileSchema};

pub use auth::{Keys, SecretTooShort, TokenRequest};

/// What the doors need.
#[derive(Clone)]
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
    /// The open sockets, which the HTTP server does not wait for by itself.
    pub sockets: TaskTracker,
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
    /// Whether the schema may be looked at without a token.
    pub open_introspection: bool,
}

/// Every door.
pub fn router(doors: Doors) -> Router {
    Router::new()
        .route("/graphql", any(graphql::serve))
        .route("/graphql/ws", any(socket::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(graphiql::router())
        .layer(axum::middleware::from_fn(request_id::tag))
        .with_state(doors)
}
