//! `campanile-server serve`, `migrate` and `new-epoch`.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use super::config::{DatabaseOptions, ServeOptions};
use super::{Failure, print_all, running, secret, types};
use crate::clock::Clock;
use crate::domain::notification_type;
use crate::http::Open;
use crate::http::listen::Tls;
use crate::log::Log;
use crate::store::{DatabaseUrl, Store};

pub(super) async fn serve(options: ServeOptions) -> Result<(), Failure> {
    start_logging();
    let data_dir = secret::data_dir(options.database.data_dir.clone())?;
    secret::make_data_dir(&data_dir)?;
    let secret = secret::load(options.secret, &data_dir, true)?;
    let database = database_url(&options.database, &data_dir);
    let store = options.database.of_store()?;
    let ages = options.ages.checked()?;
    let types = types::read(options.types.as_deref())?;
    let tls = options.tls.files().map(Tls::load).transpose()?;
    // Before the database: whoever finds the port taken has most likely started a second server.
    let listener = running::bind(options.listen).await?;
    let api = running::open((&database, store), types, Clock::system(), ages, &options.limits).await?;
    let address = listener.local_addr()?;
    let s = if tls.is_some() { "s" } else { "" };
    print_all(&format!(
        "campanile-server {version}\n\
         \x20 GraphQL    http{s}://{address}/graphql\n\
         \x20 WebSocket  ws{s}://{address}/graphql/ws\n\
         \x20 GraphiQL   http{s}://{address}/graphiql\n\
         \x20 Database   {database}\n\
         \x20 Secret     {origin}\n\
         \x20 A token    campanile-server token --subject KEY --role super-admin --data-dir '{data_dir}'\n",
        version = env!("CARGO_PKG_VERSION"),
        origin = secret.origin,
        data_dir = data_dir.display(),
    ));
    let open = Open { metrics: options.metrics_open, ..Open::default() };
    running::serve(listener, tls, api, secret.keys, &options.limits, open).await
}

pub(super) async fn migrate(options: DatabaseOptions) -> Result<(), Failure> {
    start_logging();
    let data_dir = secret::data_dir(options.data_dir.clone())?;
    secret::make_data_dir(&data_dir)?;
    let database = database_url(&options, &data_dir);
    Store::open_with(&database, options.of_store()?, notification_type::built_in(), Clock::system()).await?;
    print_all(&format!("{database} is up to date\n"));
    Ok(())
}

pub(super) async fn new_epoch(options: DatabaseOptions) -> Result<(), Failure> {
    start_logging();
    let data_dir = secret::data_dir(options.data_dir.clone())?;
    let database = database_url(&options, &data_dir);
    let store =
        Store::open_with(&database, options.of_store()?, notification_type::built_in(), Clock::system())
            .await?;
    let (log, _tail) = Log::start(Arc::new(store)).await?;
    let epoch = log.renew().await?;
    print_all(&format!("{database} begins another life, {epoch}: every cursor from before is expired\n"));
    Ok(())
}

fn database_url(options: &DatabaseOptions, data_dir: &Path) -> DatabaseUrl {
    options.database_url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("campanile.db")))
}

/// Lines on standard error, from warnings up; `RUST_LOG` says otherwise.
pub(super) fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,campanile_server=info"));
    // Another one is only there in tests.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        // A line that cannot be written, to a log on a full disk say, must not panic in whoever wrote it.
        .log_internal_errors(false);
    let _ = lines.try_init();
}
