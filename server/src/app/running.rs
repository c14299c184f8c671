//! A server from its parts: the store, the log, the hub, the API, the doors; and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::config::LimitOptions;
use crate::clock::Clock;
use crate::delivery::Hub;
use crate::domain::notification_type;
use crate::graphql::{self, Api};
use crate::http::listen::{self, Tls};
use crate::http::{self, Doors, Keys, Open};
use crate::log::{Log, Scheduler};
use crate::store::{DatabaseUrl, Store};

/// How often what is past its time is looked for.
const UPKEEP: Duration = Duration::from_mins(1);

/// Everything behind the doors.
pub(super) async fn open(
    database: &DatabaseUrl,
    clock: Clock,
    limits: &LimitOptions,
) -> Result<Arc<Api>, Failure> {
    let store = Arc::new(Store::open(database, notification_type::built_in(), clock.clone()).await?);
    let (log, tail) = Log::start(Arc::clone(&store)).await?;
    let hub = Hub::start(Arc::clone(&store), log.clone(), tail, clock.clone(), limits.of_delivery())?;
    tokio::spawn(keep_up(log.clone()));
    Ok(Arc::new(Api { store, log, hub, clock }))
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
