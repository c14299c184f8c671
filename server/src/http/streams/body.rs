//! The body of a response that goes on: takes what waits in the outlet whenever the connection can send it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::outlet::Outlet;
use crate::delivery::{Counted, Gone};
use crate::http::sweeper::Registered;

/// Ends the operation when it is dropped, as it is when the client has gone.
pub(super) struct StreamBody {
    outlet: Arc<Outlet>,
    _registered: Registered,
    _counted: Counted,
}

impl StreamBody {
    pub(super) fn new(outlet: Arc<Outlet>, registered: Registered, counted: Counted) -> Self {
        Self { outlet, _registered: registered, _counted: counted }
    }
}

impl Body for StreamBody {
    type Data = Bytes;
    /// The client did not take what there was.
    type Error = Gone;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Gone>>> {
        self.outlet.poll_take(context).map(|taken| taken.map(|taken| taken.map(Frame::data)))
    }
}

impl Drop for StreamBody {
    fn drop(&mut self) {
        self.outlet.leave();
    }
}
