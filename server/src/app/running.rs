//! A server from its parts: the store, the log, the hub, the API, the doors; and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::config::LimitOptions;
use super::indexing::index_texts;
use super::{Failure, aging};
use crate::clock::Clock;
use crate::delivery::{Bounds, Hub};
use crate::domain::age::Ages;
use crate::domain::notification_type::TypeDefinition;
use crate::graphql::{self, Api};
use crate::http::listen::{self, Tls};
use crate::http::{self, Doors, Keys, Open};
use crate::log::{Log, Scheduler};
use crate::store::{self, DatabaseUrl, Store};

/// How often what is past its time is looked for.
const UPKEEP: Duration = Duration::from_mins(1);

/// Everything behind the doors.
pub(super) async fn open(
    (database, options): (&DatabaseUrl, store::Options),
    types: Vec<TypeDefinition>,
    clock: Clock,
    ages: Ages,
    limits: &LimitOptions,
) -> Result<Arc<Api>, Failure> {
    let store = Arc::new(Store::open_with(database, options, types, clock.clone()).await?);
    let (log, tail) = Log::start_with(Arc::clone(&store), limits.write_timeout).await?;
    let bounds = Bounds { archive_after: ages.archive_after, ..limits.of_delivery() };
    let hub = Hub::start(Arc::clone(&store), log.clone(), tail, clock.clone(), bounds)?;
    tokio::spawn(keep_up(log.clone()));
    let api = Arc::new(Api { store, log, hub, clock });
    tokio::spawn(aging::grow_old(Arc::clone(&api), ages));
    Ok(api)
}

/// Takes the address; one line says why not.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}").into())
}

/// Serves until SIGTERM or SIGINT, then drains: what is under way is answered, sockets are told to come back.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    api: Arc<Api>,
    keys: Keys,
    limits: &LimitOptions,
    open: Open,
) -> Result<(), Failure> {
    let scheduler = Scheduler::new(Arc::clone(&api.store), api.log.clone(), api.clock.clone());
    let sending = tokio::spawn(scheduler.run());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let closing = CancellationToken::new();
    let indexing = tokio::spawn(index_texts(Arc::clone(&api.store), api.log.clone(), closing.clone()));
    let doors = Arc::new(Doors::new(
        graphql::schema(Arc::clone(&api), limits.of_documents()),
        Arc::clone(&api),
        Arc::new(keys),
        limits.settings(open),
        closing.clone(),
    ));
    let sockets = doors.sockets.clone();
    let serving = tokio::spawn(listen::serve(
        listener,
        tls,
        http::router(doors),
        limits.of_connections(),
        closing.clone(),
    ));
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM: draining"),
        _ = interrupt.recv() => tracing::info!("SIGINT: draining"),
    }
    closing.cancel();
    sockets.close();
    let drained = tokio::time::timeout(limits.shutdown_timeout, async {
        sockets.wait().await;
        serving.await
    });
    if let Ok(served) = drained.await {
        served?;
    } else {
        tracing::warn!("gave up on what was still under way");
    }
    // It ends with the batch that is under way.
    let _ = indexing.await;
    sending.abort();
    let flushed = api.hub.flush().await;
    api.store.close().await;
    Ok(flushed?)
}

async fn keep_up(log: Log) {
    let mut every = tokio::time::interval(UPKEEP);
    loop {
        every.tick().await;
        loop {
            match log.upkeep().await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "failed to sweep; trying again later");
                    break;
                }
            }
        }
    }
}
