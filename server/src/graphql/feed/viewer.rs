//! One subscriber of a feed: what is theirs alone is executed for them alone, through the same selection.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{ServerError, Value};
use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::shape::{FeedShape, encoded};
use crate::delivery::{Encoded, Ending, FeedEvent, Viewer};
use crate::domain::access;
use crate::graphql::error::ApiError;
use crate::graphql::{Code, Session};

/// How long to wait before something is asked again that could not be answered.
const RETRY: Duration = Duration::from_millis(200);
/// How often what is told is tried again before it is told that it could not be.
const RETRIES: usize = 25;

pub(super) struct FeedViewer {
    shape: Arc<FeedShape>,
    session: Arc<Session>,
}

impl FeedViewer {
    pub(super) fn new(shape: Arc<FeedShape>, session: Arc<Session>) -> Self {
        Self { shape, session }
    }

    async fn look(&self) -> Result<(), ApiError> {
        let caller = self.shape.api().caller(&self.session).await?;
        Ok(access::may_read_feed(&caller)?)
    }
}

impl Viewer for FeedViewer {
    fn encode(&self, event: FeedEvent) -> BoxFuture<'_, Encoded> {
        Box::pin(async move {
            let cursor = self.shape.cursor(&event);
            let mut response = self.shape.execute_for(Arc::clone(&self.session), event.clone()).await;
            for _ in 0..RETRIES {
                if !response.errors.iter().any(is_for_now) {
                    break;
                }
                tokio::time::sleep(RETRY).await;
                response = self.shape.execute_for(Arc::clone(&self.session), event.clone()).await;
            }
            encoded(cursor, &response)
        })
    }

    fn may_go_on(&self) -> BoxFuture<'_, Result<(), Bytes>> {
        Box::pin(async move {
            loop {
                match self.look().await {
                    // Nothing is told before the answer is known.
                    Err(ApiError::Store(_)) => tokio::time::sleep(RETRY).await,
                    looked => return looked.map_err(|error| error.to_json()),
                }
            }
        })
    }

    fn ending(&self, why: Ending) -> Bytes {
        let error = match why {
            Ending::TokenExpired => ApiError::Unauthenticated,
            Ending::Deleted | Ending::Renewed => ApiError::CursorExpired,
            Ending::Failed => ApiError::Internal("a feed has failed"),
        };
        error.to_json()
    }
}

fn is_for_now(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    code == Some(&Value::from(Code::Unavailable.name()))
}
