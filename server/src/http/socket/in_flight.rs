//! Counts the queries and mutations of a socket that are not answered yet, so that a server that stops can finish them.

use std::sync::Arc;

use async_graphql::{Data, Executor, Request, Response};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::watch;

use crate::graphql::{CampanileSchema, OperationKind};

/// How many are not answered yet.
#[derive(Clone)]
pub(super) struct InFlight(watch::Sender<usize>);

impl Default for InFlight {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl InFlight {
    pub(super) async fn wait_until_none(&self) {
        // Fails only when every sender is gone, and we hold one.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }

    fn begin(&self) -> Operation {
        self.0.send_modify(|count| *count += 1);
        Operation(self.clone())
    }
}

/// One that is not answered yet, until dropped.
struct Operation(InFlight);

impl Drop for Operation {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

/// The schema, with its operations counted.
#[derive(Clone)]
pub(super) struct Counted {
    schema: CampanileSchema,
    in_flight: InFlight,
}

impl Counted {
    pub(super) fn new(schema: CampanileSchema, in_flight: InFlight) -> Self {
        Self { schema, in_flight }
    }
}

impl Executor for Counted {
    async fn execute(&self, request: Request) -> Response {
        self.schema.execute(request).await
    }

    fn execute_stream(
        &self,
        mut request: Request,
        session_data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        // One that does not parse is answered with an error, at once.
        let listens = OperationKind::of(&mut request) == Some(OperationKind::Subscription);
        let operation = (!listens).then(|| self.in_flight.begin());
        let responses = Executor::execute_stream(&self.schema, request, session_data);
        // The operation ends when the stream of its responses is dropped.
        responses
            .map(move |response| {
                let _until_answered = &operation;
                response
            })
            .boxed()
    }
}
