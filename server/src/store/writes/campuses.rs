//! Campuses, as the platform states them.

use diesel::prelude::*;

use crate::domain::directory::{Campus, CampusStatement};
use crate::store::rows::{CampusRow, columns};
use crate::store::schema::campus;
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Makes the directory say this of these campuses, all or none; gives them in the same order.
pub(crate) struct UpsertCampuses(pub(crate) Vec<CampusStatement>);

impl Write for UpsertCampuses {
    type Output = Vec<Campus>;

    fn bytes(&self) -> usize {
        256 * self.0.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Vec<Campus>> {
        self.0.iter().map(|statement| upsert(tx, statement)).collect()
    }
}

fn upsert(tx: &mut Transaction<'_>, statement: &CampusStatement) -> QueryResult<Campus> {
    let values = (campus::name.eq(&statement.name), campus::timezone.eq(&statement.timezone));
    tx.conn
        .get_result::<CampusRow>(
            diesel::insert_into(campus::table)
                .values((campus::key.eq(&statement.key), values))
                .on_conflict(campus::key)
                .do_update()
                .set(values)
                .returning(columns::<CampusRow>()),
        )
        .map(Campus::from)
}
