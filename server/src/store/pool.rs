//! The pool of the connections that read, with its bounds.

use deadpool::Runtime;
use deadpool::managed::{BuildError, Manager};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, PoolError, PoolableConnection};

use super::Options;

/// Connects when a connection is asked for and none is free.
pub(super) fn pool<C>(
    manager: AsyncDieselConnectionManager<C>,
    options: &Options,
) -> Result<Pool<C>, BuildError>
where
    C: PoolableConnection + 'static,
    AsyncDieselConnectionManager<C>: Manager<Type = C, Error = PoolError>,
{
    let bounded = Pool::builder(manager).max_size(options.readers).runtime(Runtime::Tokio1);
    bounded.wait_timeout(Some(options.timeout)).build()
}
