//! The SQLite side: a file that no server has open, read as it was at one moment, and not written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{BufMut as _, Bytes, BytesMut};
use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::catalogue::Table;
use super::{CopyError, INDEX, Sum, quoted};
use crate::domain::search::SearchText;
use crate::store::{postgres, sqlite, text};

/// Bytes that are sent at once, about.
const CHUNK: usize = 256 * 1024;

/// A file. All of its methods block.
pub(super) struct Source {
    conn: Mutex<SqliteConnection>,
    _lock: File,
}

/// Some rows in PostgreSQL's text format.
pub(super) struct Chunk {
    pub(super) rows: u64,
    pub(super) bytes: Bytes,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct ColumnName {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// A notification that the index has, and whom it was sent to.
#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    message: String,
    #[diesel(sql_type = Nullable<Text>)]
    audiences: Option<String>,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, CopyError> {
        let opened = sqlite::open_unserved(path)?;
        let (lock, mut conn) = opened.ok_or_else(|| CopyError::Version(path.to_owned()))?;
        // Everything is read as it is now, whatever somebody else's tool does.
        conn.batch_execute("BEGIN")?;
        Ok(Self { conn: Mutex::new(conn), _lock: lock })
    }

    fn conn(&self) -> MutexGuard<'_, SqliteConnection> {
        self.conn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each table and its columns; without those that SQLite keeps for itself, and what belongs to its index of texts.
    pub(super) fn columns(&self) -> Result<BTreeMap<String, BTreeSet<String>>, CopyError> {
        let query = "SELECT l.name AS \"of\", c.name AS name FROM pragma_table_list l, pragma_table_info(l.name) c \
            WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for ColumnName { of, name } in sql_query(query).load::<ColumnName>(&mut *self.conn())? {
            tables.entry(of).or_default().insert(name);
        }
        Ok(tables)
    }

    pub(super) fn count(&self, table: &Table) -> Result<u64, CopyError> {
        let name = if table.is_index() { format!("{INDEX}_docsize") } else { table.name.clone() };
        let query = format!("SELECT count(*) AS rows FROM {}", quoted(&name));
        let count = sql_query(query).get_result::<Count>(&mut *self.conn())?;
        Ok(u64::try_from(count.rows).unwrap_or_default())
    }

    /// Sends all rows, until nobody takes them any more.
    pub(super) fn send(&self, table: &Table, to: &mpsc::Sender<Chunk>) -> Result<(), CopyError> {
        let mut sending = Sending { to, rows: 0, bytes: BytesMut::with_capacity(CHUNK) };
        let mut conn = self.conn();
        if table.is_index() {
            let documents = format!(
                "SELECT n.seq, n.title, n.message, (SELECT group_concat(audience, ' ') FROM feed_entry WHERE seq = n.seq) \
                 AS audiences FROM {INDEX}_docsize d JOIN notification n ON n.seq = d.id"
            );
            for document in sql_query(documents).load_iter::<Document, DefaultLoadingMode>(&mut *conn)? {
                let line = index_row(&document?);
                if !sending.row(&line) {
                    return Ok(());
                }
            }
        } else {
            let lines = sql_query(table.sqlite_rows()).load_iter::<Line, DefaultLoadingMode>(&mut *conn)?;
            for line in lines {
                if !sending.row(&line?.line) {
                    return Ok(());
                }
            }
        }
        sending.flush();
        Ok(())
    }

    /// What the rows add up to.
    pub(super) fn sum(&self, table: &Table) -> Result<Sum, CopyError> {
        let mut sum = Sum { rows: 0, checksum: 0 };
        let mut conn = self.conn();
        for line in sql_query(table.sqlite_sums()).load_iter::<Line, DefaultLoadingMode>(&mut *conn)? {
            let hash = Sha256::digest(line?.line.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&hash[..8]);
            sum.rows += 1;
            sum.checksum = sum.checksum.wrapping_add(u64::from_be_bytes(first));
        }
        Ok(sum)
    }
}

/// A row of PostgreSQL's index. Words are letters and digits, and their quotes nothing that would have to be escaped.
fn index_row(document: &Document) -> String {
    let audiences = document.audiences.iter().flat_map(|all| all.split(' '));
    let audiences: Vec<i64> =
        audiences.filter_map(|audience| audience.parse().ok()).map(text::audience).collect();
    let (terms, _) = text::terms(&audiences, &SearchText::of(&document.title, &document.message));
    let vector = if terms.is_empty() { String::new() } else { postgres::text::vector(&terms) };
    format!("{}\t{vector}", document.seq)
}

/// Rows on their way.
struct Sending<'a> {
    to: &'a mpsc::Sender<Chunk>,
    rows: u64,
    bytes: BytesMut,
}

impl Sending<'_> {
    /// Whether somebody still takes them.
    fn row(&mut self, line: &str) -> bool {
        self.bytes.put_slice(line.as_bytes());
        self.bytes.put_u8(b'\n');
        self.rows += 1;
        self.bytes.len() < CHUNK || self.flush()
    }

    fn flush(&mut self) -> bool {
        let bytes = std::mem::replace(&mut self.bytes, BytesMut::with_capacity(CHUNK)).freeze();
        let rows = std::mem::take(&mut self.rows);
        self.to.blocking_send(Chunk { rows, bytes }).is_ok()
    }
}
