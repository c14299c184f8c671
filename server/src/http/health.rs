//! Health, for whatever watches over the server.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::time::timeout;

use super::Doors;

/// How long the database may take to answer: a balancer does not wait for long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The server can do its work: the database answers, and it is not about to stop.
pub(super) async fn ready(State(doors): State<Arc<Doors>>) -> (StatusCode, &'static str) {
    if doors.closing.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match timeout(PATIENCE, doors.api.store.head()).await {
        Ok(Ok(_)) => return (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => tracing::warn!(%error, "not ready"),
        Err(_) => tracing::warn!("not ready: the database does not answer in time"),
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
}
