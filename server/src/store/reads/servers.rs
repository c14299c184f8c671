//! Reads of the other servers that work on the same database.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use super::{check_out, in_own_task};
use crate::store::schema::server;
use crate::store::{Readers, Store, StoreError};

impl Store {
    /// The numbers of the other servers that have been alive in the last five seconds, as each of them wrote them.
    pub(crate) async fn figures_of_others(&self, own: i64) -> Result<Vec<String>, StoreError> {
        let Readers::Postgres(readers) = &self.readers else { return Ok(Vec::new()) };
        let readers = readers.clone();
        let query = server::table
            .filter(server::id.ne(own).and(sql::<Bool>("seen_at > now() - INTERVAL '5 seconds'")))
            .select(server::figures);
        in_own_task(self.timeout, async move { Ok(query.load(&mut check_out(&readers).await?).await?) }).await
    }
}
