//! One subscriber of a feed: what is theirs alone is executed for them alone, through the same selection.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::shape::{FeedShape, encoded};
use crate::delivery::{Encoded, FeedEvent, Viewer};
use crate::domain::access;
use crate::graphql::Session;
use crate::graphql::error::ApiError;

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
            let response = self.shape.execute(Some(Arc::clone(&self.session))).answer(event).await;
            encoded(cursor, &response)
        })
    }

    fn may_go_on(&self) -> BoxFuture<'_, Result<(), Bytes>> {
        Box::pin(async move {
            match self.look().await {
                // What cannot be asked now is asked again by whatever they do next.
                Ok(()) | Err(ApiError::Store(_)) => Ok(()),
                Err(error) => Err(error.to_json()),
            }
        })
    }

    fn token_expired(&self) -> Bytes {
        ApiError::Unauthenticated.to_json()
    }
}
