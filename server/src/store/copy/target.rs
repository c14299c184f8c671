//! The PostgreSQL side: one transaction, which takes everything or nothing.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio::sync::mpsc;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::catalogue::{Column, Kind, Table};
use super::source::Chunk;
use super::{CopyError, Sum, in_thread, is_copied, quoted};
use crate::store::{DatabaseUrl, OpenError, PostgresAddress, postgres};

/// For how long whoever else sets the database up is waited for: a copy that was cut off may need a moment to go.
const PATIENCE: Duration = Duration::from_secs(30);
/// A copy that was cut off while PostgreSQL was busy is found to be gone after so long.
const PROBE: &str = "SET client_connection_check_interval = '5s'";

/// What the migrations put into a new database, and a condition that it has been left alone since.
const SEEDED: [(&str, &str); 2] = [("log_head", "seq = 0"), ("text_index", "indexed_through = 0")];

/// Of what outlasts a crash: a table that does not (`UNLOGGED`) says who is there now, and is nothing to be moved.
const COLUMNS: &str =
    "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attidentity <> ''
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND c.relpersistence = 'p' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum";

/// What takes what slows down loading away, and what brings it back: what refers to something, and indexes that are no keys.
const SLOW: &str = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

/// A database that no server sets up meanwhile.
pub(super) struct Target(Client);

/// Everything that is done to it.
pub(super) struct Loading<'c> {
    transaction: Transaction<'c>,
    /// What brings back what was taken away for loading.
    afterwards: Vec<String>,
}

impl Target {
    /// Connects, and keeps out servers that start, and other copies.
    pub(super) async fn connect(address: &PostgresAddress) -> Result<Self, CopyError> {
        let connected = postgres::connect_client(address).await;
        let (client, connection) = connected.map_err(|error| unusable(address, &error))?;
        // How it ends, the client is told.
        tokio::spawn(connection);
        // Not everywhere can it be asked for.
        let _ = client.batch_execute(PROBE).await;
        client.batch_execute(postgres::PATIENT).await?;
        client.batch_execute(&format!("SET lock_timeout = {}", PATIENCE.as_millis())).await?;
        match client.batch_execute(postgres::SETTING_UP).await {
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Err(CopyError::Busy),
            other => Ok(other.map(|()| Self(client))?),
        }
    }

    /// Makes the tables in a database that has none, or brings up to date what an earlier version made.
    pub(super) async fn make_tables(&self, address: &PostgresAddress) -> Result<(), CopyError> {
        let found = self.tables().await?;
        if let Some(first) = found.first()
            && found.iter().all(is_copied)
        {
            return Err(CopyError::NotEmpty(first.name.clone()));
        }
        let address = address.clone();
        in_thread(move || postgres::make_tables(&address).map_err(|reason| unusable(&address, &reason))).await
    }

    /// The tables that it has.
    pub(super) async fn tables(&self) -> Result<Vec<Table>, CopyError> {
        let mut tables: Vec<Table> = Vec::new();
        for row in self.0.query(COLUMNS, &[]).await? {
            let (of, name, of_type): (String, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let kind = Kind::from_type(&of_type);
            if tables.last().is_none_or(|table| table.name != of) {
                tables.push(Table { name: of.clone(), columns: Vec::new() });
            }
            let Some(table) = tables.last_mut() else { continue };
            if let Some(kind) = kind {
                table.columns.push(Column { name, kind, numbered: row.try_get(3)? });
            } else if is_copied(table) {
                return Err(CopyError::Unlike(format!("{of}.{name}, which is of the type {of_type}")));
            }
        }
        Ok(tables)
    }

    /// Begins, once it is sure that nothing is there and that nobody else writes.
    pub(super) async fn begin(&mut self, tables: &[Table]) -> Result<Loading<'_>, CopyError> {
        let begin =
            self.0.build_transaction().isolation_level(IsolationLevel::ReadCommitted).read_only(false);
        let transaction = begin.start().await?;
        let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
        let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
        transaction.batch_execute(&lock).await?;
        for table in tables {
            let seeded = SEEDED.iter().find(|(name, _)| *name == table.name);
            let untouched = seeded.map_or("false", |(_, condition)| condition);
            let something = format!("SELECT 1 FROM {} WHERE NOT ({untouched}) LIMIT 1", quoted(&table.name));
            if transaction.query_opt(&something, &[]).await?.is_some() {
                return Err(CopyError::NotEmpty(table.name.clone()));
            }
        }
        let mut afterwards = Vec::new();
        for row in transaction.query(SLOW, &[]).await? {
            transaction.batch_execute(row.try_get(0)?).await?;
            afterwards.push(row.try_get(1)?);
        }
        Ok(Loading { transaction, afterwards })
    }
}

impl Loading<'_> {
    /// Puts all rows that come into the table, which was empty but for what the migrations made.
    pub(super) async fn load(
        &self,
        table: &Table,
        mut chunks: mpsc::Receiver<Chunk>,
        mut sent: impl FnMut(u64),
    ) -> Result<(), CopyError> {
        // In the same transaction, so that the rows may be frozen.
        self.transaction.batch_execute(&format!("TRUNCATE {}", quoted(&table.name))).await?;
        let mut sink = pin!(self.transaction.copy_in::<_, Bytes>(&table.copy_in()).await?);
        while let Some(Chunk { rows, bytes }) = chunks.recv().await {
            // Once it is refused, whoever reads need not go on; why, the end says.
            if sink.send(bytes).await.is_err() {
                break;
            }
            sent(rows);
        }
        drop(chunks);
        sink.finish().await?;
        Ok(())
    }

    /// Once all rows are there: their indexes, what refers to them, their numbers to come, and statistics.
    pub(super) async fn finish_tables(&self, tables: &[Table]) -> Result<(), CopyError> {
        self.transaction.batch_execute("SET LOCAL maintenance_work_mem = '256MB'").await?;
        for statement in &self.afterwards {
            self.transaction.batch_execute(statement).await?;
        }
        for table in tables {
            let name = quoted(&table.name);
            for column in table.columns.iter().filter(|column| column.numbered) {
                let highest = format!("SELECT coalesce(max({}), 0) + 1 FROM {name}", quoted(&column.name));
                let sequence =
                    format!("SELECT setval(pg_get_serial_sequence($1, $2), ({highest})::bigint, false)");
                self.transaction.query_one(&sequence, &[&name, &column.name]).await?;
            }
            self.transaction.batch_execute(&format!("ANALYZE {name}")).await?;
        }
        Ok(())
    }

    /// What the rows add up to.
    pub(super) async fn sum(&self, table: &Table) -> Result<Sum, CopyError> {
        let row = self.transaction.query_one(&table.postgres_sum(), &[]).await?;
        let (rows, checksum): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        // Each is added as a number with a sign; what overflows is of no account.
        let sum = checksum.parse::<i128>().map(|sum| sum.rem_euclid(1 << 64)).map(u64::try_from);
        let Ok(Ok(sum)) = sum else {
            return Err(CopyError::Target(format!("a sum that is no number: {checksum}")));
        };
        Ok(Sum { rows: u64::try_from(rows).unwrap_or_default(), checksum: sum })
    }

    pub(super) async fn commit(self) -> Result<(), CopyError> {
        Ok(self.transaction.commit().await?)
    }
}

fn unusable(address: &PostgresAddress, reason: &impl ToString) -> CopyError {
    OpenError::unusable(&DatabaseUrl::Postgres(address.clone()), reason).into()
}
