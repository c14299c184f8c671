//! What waits to be sent on a stream: filled by whoever has events, drained by the response's body.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::framing::Ending;
use crate::delivery::{Encoded, Gone, Offer, Sink};
use crate::graphql::{Code, Session};
use crate::http::Settings;
use crate::http::admission::Place;
use crate::http::operation::Running;
use crate::http::outcome;
use crate::http::over_http::StreamType;
use crate::http::sweeper::{Moment, Swept};

/// No further event is taken while so many bytes wait.
const BOUND: usize = 64 * 1024;

/// One stream.
pub(super) struct Outlet {
    stream_type: StreamType,
    /// Who listens, if they said so.
    session: Option<Arc<Session>>,
    /// Whether it is a subscription, which is cut when the server stops; anything else is answered first.
    listens: bool,
    keep_alive_after: Duration,
    drain_timeout: Duration,
    state: Mutex<State>,
    /// Told when something was taken, or nobody is there any more.
    drained: Notify,
}

struct State {
    waiting: BytesMut,
    /// Since when `waiting` has not been looked at; without meaning while it is empty.
    waits_since: Instant,
    /// When something was last put there.
    last_put: Instant,
    /// Whether an event was written.
    has_begun: bool,
    /// Nothing is added any more.
    is_over: bool,
    /// Nobody takes anything any more.
    is_gone: bool,
    body: Option<Waker>,
    /// What the operation needs, for as long as it goes on.
    running: Option<Running>,
    /// One of its user's.
    place: Option<Place>,
}

impl Outlet {
    pub(super) fn new(
        stream_type: StreamType,
        session: Option<Arc<Session>>,
        listens: bool,
        place: Option<Place>,
        settings: &Settings,
    ) -> Self {
        let now = Instant::now();
        let mut waiting = BytesMut::new();
        stream_type.open(&mut waiting);
        Self {
            stream_type,
            session,
            listens,
            keep_alive_after: settings.heartbeat_interval,
            drain_timeout: settings.drain_timeout,
            state: Mutex::new(State {
                waiting,
                waits_since: now,
                last_put: now,
                has_begun: false,
                is_over: false,
                is_gone: false,
                body: None,
                running: None,
                place,
            }),
            drained: Notify::new(),
        }
    }

    /// Keeps the operation going for as long as somebody listens.
    pub(super) fn hold(&self, running: Option<Running>) {
        let mut state = self.state();
        let unwanted = if state.is_over || state.is_gone {
            running
        } else {
            state.running = running;
            None
        };
        drop(state);
        drop(unwanted);
    }

    /// Everything that waits, at once; `None` when there will be nothing more.
    pub(super) fn poll_take(&self, context: &Context<'_>) -> Poll<Option<Result<Bytes, Gone>>> {
        let mut state = self.state();
        if state.waiting.is_empty() {
            if state.is_gone {
                return Poll::Ready(Some(Err(Gone)));
            }
            if state.is_over {
                return Poll::Ready(None);
            }
            state.body = Some(context.waker().clone());
            return Poll::Pending;
        }
        let taken = state.waiting.split().freeze();
        drop(state);
        self.drained.notify_waiters();
        Poll::Ready(Some(Ok(taken)))
    }

    /// Nobody takes anything any more. What a body has not been given by now it never will: it breaks off.
    pub(super) fn leave(&self) {
        let mut state = self.state();
        state.is_gone = true;
        state.waiting = BytesMut::new();
        let held = (state.running.take(), state.place.take());
        drop(state);
        // Not under our lock: to let go of a feed takes locks of delivery's, which may be held by who waits for ours.
        drop(held);
        self.drained.notify_waiters();
    }

    fn close<'e>(&self, ending: impl FnOnce(&State) -> Ending<'e>) {
        let mut state = self.state();
        if state.is_over || state.is_gone {
            return;
        }
        state.is_over = true;
        let mut last = BytesMut::new();
        self.stream_type.end(&mut last, ending(&state));
        state.put(|waiting| waiting.unsplit(last));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, write: impl FnOnce(&mut BytesMut)) {
        let now = Instant::now();
        if self.waiting.is_empty() {
            self.waits_since = now;
        }
        self.last_put = now;
        write(&mut self.waiting);
        if let Some(body) = self.body.take() {
            body.wake();
        }
    }
}

impl Sink for Outlet {
    fn offer(&self, events: &[&Encoded]) -> Offer {
        let mut state = self.state();
        if state.is_over || state.is_gone {
            return Offer::Gone;
        }
        for (taken, event) in events.iter().enumerate() {
            if state.waiting.len() >= BOUND {
                return Offer::Full(taken);
            }
            let cursor = event.cursor.as_deref();
            state.put(|waiting| self.stream_type.event(waiting, &event.payload, cursor));
            state.has_begun = true;
        }
        Offer::Taken
    }

    fn room(&self) -> BoxFuture<'_, Result<(), Gone>> {
        async move {
            loop {
                let drained = self.drained.notified();
                tokio::pin!(drained);
                // From here on, so that nothing is missed between the look and the wait.
                drained.as_mut().enable();
                {
                    let state = self.state();
                    if state.is_over || state.is_gone {
                        return Err(Gone);
                    }
                    if state.waiting.len() < BOUND {
                        return Ok(());
                    }
                }
                drained.await;
            }
        }
        .boxed()
    }

    fn end(&self, errors: Option<Bytes>) {
        self.close(|state| match &errors {
            None => Ending::Complete,
            Some(errors) if state.has_begun => Ending::Failed(errors),
            Some(errors) => Ending::Refused(errors),
        });
    }
}

impl Swept for Outlet {
    fn sweep(&self, at: Moment) {
        if self.session.as_ref().is_some_and(|session| session.has_ended(at.now)) && self.listens {
            let errors = outcome::one_error(Code::Unauthenticated.name(), "the token has expired");
            self.close(|_| Ending::Failed(&errors));
        }
        let mut state = self.state();
        if !state.waiting.is_empty() {
            if at.instant.duration_since(state.waits_since) >= self.drain_timeout {
                drop(state);
                self.leave();
            }
        } else if !state.is_over && at.instant.duration_since(state.last_put) >= self.keep_alive_after {
            state.put(|waiting| self.stream_type.keep_alive(waiting));
        }
    }

    fn shut_down(&self) {
        if self.listens {
            let errors = outcome::one_error(Code::Unavailable.name(), "the server restarts");
            self.close(|_| Ending::ComeBack(&errors));
        }
    }
}

#[cfg(test)]
mod tests;
