//! Health, for whatever watches over the server.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::Doors;

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The server can do its work: the database answers, and it is not about to stop.
pub(super) async fn ready(State(doors): State<Arc<Doors>>) -> (StatusCode, &'static str) {
    if doors.closing.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match doors.api.store.head().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
