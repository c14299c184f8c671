//! A feed as tests hold it: its events as they are, from a sink with as much room as they say.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use super::super::{
    Encoded, Ending, FeedError, FeedEvent, FeedRequest, Gone, Hub, Lifetime, Offer, Shape, Sink,
    Subscription, Viewer,
};
use crate::domain::id::UserId;
use crate::domain::visibility::Interest;

/// What a test asks for.
pub(crate) struct Asked {
    pub(crate) user: UserId,
    pub(crate) after: Vec<String>,
    pub(crate) lifetime: Arc<Lifetime>,
    /// Events that the sink holds, at most.
    pub(crate) room: usize,
    pub(crate) selection: u64,
}

/// A feed, and what it has told and nobody has taken yet.
pub(crate) struct Feed {
    #[expect(dead_code, reason = "held, so that the feed goes on")]
    subscription: Option<Subscription>,
    outlet: Arc<Outlet>,
}

impl Feed {
    pub(crate) async fn open(hub: &Arc<Hub>, asked: Asked) -> Result<Self, FeedError> {
        let (feed, request) = Self::unopened(asked);
        Ok(Self { subscription: Some(hub.subscribe(request).await?), ..feed })
    }

    /// A feed, and what is to be asked of somebody for it.
    pub(crate) fn unopened(asked: Asked) -> (Self, FeedRequest) {
        let outlet = Arc::new(Outlet { room: asked.room, ..Outlet::default() });
        let recorder = Arc::new(Recorder { selection: asked.selection, outlet: Arc::clone(&outlet) });
        let request = FeedRequest {
            user: asked.user,
            after: asked.after,
            interest: Interest::default(),
            lifetime: asked.lifetime,
            shape: Arc::clone(&recorder) as Arc<dyn Shape>,
            viewer: recorder,
            sink: Arc::clone(&outlet) as Arc<dyn Sink>,
        };
        (Self { subscription: None, outlet }, request)
    }

    /// Its reader goes away, and has not let go of it yet.
    pub(crate) fn hang_up(&self) {
        self.outlet.held.lock().unwrap().ended = Some("hung up".to_owned());
    }

    /// The next event; why the feed ended, where it did.
    pub(crate) async fn next(&mut self) -> Result<FeedEvent, String> {
        loop {
            let changed = self.outlet.changed.notified();
            {
                let mut held = self.outlet.held.lock().unwrap();
                if let Some(event) = held.events.pop_front() {
                    self.outlet.taken.notify_waiters();
                    return Ok(event);
                }
                if let Some(why) = &held.ended {
                    return Err(why.clone());
                }
            }
            changed.await;
        }
    }
}

#[derive(Default)]
struct Outlet {
    room: usize,
    held: Mutex<Held>,
    changed: Notify,
    taken: Notify,
}

#[derive(Default)]
struct Held {
    /// What was encoded, by the number that stands for it.
    encoded: Vec<FeedEvent>,
    events: VecDeque<FeedEvent>,
    ended: Option<String>,
}

impl Sink for Outlet {
    fn offer(&self, events: &[&Encoded]) -> Offer {
        let mut held = self.held.lock().unwrap();
        if held.ended.is_some() {
            return Offer::Gone;
        }
        let fit = events.len().min(self.room - held.events.len().min(self.room));
        for event in &events[..fit] {
            let number: usize = std::str::from_utf8(&event.payload).unwrap().parse().unwrap();
            let event = held.encoded[number].clone();
            held.events.push_back(event);
        }
        self.changed.notify_one();
        if fit == events.len() { Offer::Taken } else { Offer::Full(fit) }
    }

    fn room(&self) -> BoxFuture<'_, Result<(), Gone>> {
        Box::pin(async {
            loop {
                let taken = self.taken.notified();
                {
                    let held = self.held.lock().unwrap();
                    if held.ended.is_some() {
                        return Err(Gone);
                    }
                    if held.events.len() < self.room {
                        return Ok(());
                    }
                }
                taken.await;
            }
        })
    }

    fn end(&self, errors: Option<Bytes>) {
        let errors = errors.unwrap_or_default();
        self.held.lock().unwrap().ended = Some(String::from_utf8(errors.to_vec()).unwrap());
        self.changed.notify_one();
    }
}

/// Keeps the event and passes on a number that stands for it.
struct Recorder {
    selection: u64,
    outlet: Arc<Outlet>,
}

impl Recorder {
    fn record(&self, event: FeedEvent) -> Encoded {
        let encoded = &mut self.outlet.held.lock().unwrap().encoded;
        encoded.push(event);
        Encoded { payload: Bytes::from((encoded.len() - 1).to_string()), cursor: None }
    }
}

impl Shape for Recorder {
    fn id(&self) -> u64 {
        // Its numbers mean nothing to others.
        self.selection
    }

    fn encode<'s>(&'s self, event: &'s FeedEvent) -> BoxFuture<'s, Encoded> {
        Box::pin(async { self.record(event.clone()) })
    }
}

impl Viewer for Recorder {
    fn encode(&self, event: FeedEvent) -> BoxFuture<'_, Encoded> {
        Box::pin(async { self.record(event) })
    }

    fn may_go_on(&self) -> BoxFuture<'_, Result<(), Bytes>> {
        Box::pin(async { Ok(()) })
    }

    fn ending(&self, why: Ending) -> Bytes {
        Bytes::from_static(match why {
            Ending::TokenExpired => b"the token has expired",
            Ending::Deleted => b"what was to be told has been deleted",
            Ending::Renewed => b"the log has begun another life",
            Ending::Failed => b"the feed has failed",
        })
    }
}
