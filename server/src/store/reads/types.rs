//! Reads of the notification types that another server has brought since this one started.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::id::TypeId;
use crate::store::schema::notification_type;
use crate::store::setup::{TypeRow, registry};
use crate::store::{Store, StoreError};

impl Store {
    /// Sees to it that these types are known, if the database knows them. Nothing is published here with one that another
    /// server has brought.
    pub async fn know_types(&self, ids: impl IntoIterator<Item = TypeId>) -> Result<(), StoreError> {
        let known = self.types();
        if ids.into_iter().all(|id| known.get(id).is_some()) {
            return Ok(());
        }
        let query = notification_type::table.order(notification_type::id);
        let rows = read!(self, |conn| query.load::<TypeRow>(&mut conn).await?)?;
        self.resolver.learn(registry(rows, |name| known.named(name).is_some_and(|known| !known.retired)));
        Ok(())
    }
}
