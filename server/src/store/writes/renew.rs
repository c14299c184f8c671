//! Begins another life of the log.

use std::sync::Arc;

use diesel::QueryResult;

use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Has another life of the log begin: every cursor from before it is expired, on every server. Gives its epoch.
pub(crate) struct Renew;

impl Write for Renew {
    type Output = Arc<str>;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Arc<str>> {
        tx.renew();
        Ok(Arc::clone(tx.epoch()))
    }
}

/// Writes nothing: whoever holds the head looks whether the log is what it was.
pub(crate) struct Look;

impl Write for Look {
    type Output = ();

    fn apply(&self, _: &mut Transaction<'_>) -> QueryResult<()> {
        Ok(())
    }
}
