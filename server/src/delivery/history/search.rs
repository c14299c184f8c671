//! A walk that looks for something: through the index of texts as far as that has come, and by reading what it lacks.

use std::sync::Arc;

use super::Stream;
use crate::domain::id::Seq;
use crate::domain::search::SearchQuery;
use crate::store::{FeedRow, FeedScan, Store, StoreError, TextLookup};

/// Texts that are read and taken apart at once, at most: some MiB of long ones.
const LARGEST_READ: i64 = 512;
/// Positions that the index gives at once, at most.
const LARGEST_LOOKUP: i64 = 1_024;

/// How one stream finds what is searched for.
pub(super) struct Search {
    query: Arc<SearchQuery>,
    /// What the index is asked for; `None` where it has nothing of the stream.
    lookup: Option<TextLookup>,
    /// What the index finds is what is searched for; else it may be, and is read.
    exact: bool,
}

/// What one read of a stream gave.
pub(super) struct Part {
    /// What was found.
    pub(super) rows: Vec<FeedRow>,
    /// How many were looked at,
    pub(super) passed: usize,
    /// and where the last of them stands.
    pub(super) last: Option<Seq>,
}

/// The same walks, looking for `query`: each in parts, by where its texts are found.
pub(super) async fn streams(
    store: &Store,
    scans: Vec<FeedScan>,
    query: &Arc<SearchQuery>,
) -> Result<Vec<Stream>, StoreError> {
    // Read before anything is walked: what is indexed meanwhile is found by reading it.
    let indexed = store.indexed_through().await?;
    let mut streams = Vec::new();
    for scan in scans {
        let mut look = |scan: FeedScan, lookup: Option<TextLookup>, exact: bool| {
            if scan.above.next() < scan.below {
                streams.push(Stream::new(scan, Some(Search { query: Arc::clone(query), lookup, exact })));
            }
        };
        if scan.among.is_some() {
            // Known already, and few.
            look(scan, None, false);
            continue;
        }
        let Some(narrowed) = store.narrowed(&scan, query).await? else {
            look(scan, None, false);
            continue;
        };
        let in_index = FeedScan { below: scan.below.min(indexed.next()), ..scan.clone() };
        if store.may_be_too_long(scan.source) {
            look(in_index.clone(), Some(TextLookup::TooLong), false);
        }
        let exact = narrowed == *query;
        look(in_index, Some(TextLookup::Matching(narrowed)), exact);
        look(FeedScan { above: scan.above.max(indexed), ..scan }, None, false);
    }
    Ok(streams)
}

impl Search {
    /// The next part of the walk.
    pub(super) async fn read(&mut self, store: &Store, scan: &FeedScan) -> Result<Part, StoreError> {
        let found = match &self.lookup {
            Some(lookup) => store.find_text(scan, lookup).await?,
            None => None,
        };
        let Some(found) = found else {
            // From here on.
            self.lookup = None;
            let rows = store.scan_feed(scan.clone()).await?;
            let (passed, last) = (rows.len(), rows.last().map(|row| row.seq));
            return Ok(Part { rows: self.matching(store, rows).await?, passed, last });
        };
        let (passed, last) = (found.len(), found.last().copied());
        if found.is_empty() {
            return Ok(Part { rows: Vec::new(), passed, last });
        }
        let rows = store.scan_feed(FeedScan { among: Some(found), ..scan.clone() }).await?;
        let rows = if self.reads_texts() { self.matching(store, rows).await? } else { rows };
        Ok(Part { rows, passed, last })
    }

    /// The most that a part should look at.
    pub(super) fn largest_chunk(&self) -> i64 {
        if self.reads_texts() { LARGEST_READ } else { LARGEST_LOOKUP }
    }

    fn reads_texts(&self) -> bool {
        !self.exact || self.lookup.is_none()
    }

    async fn matching(&self, store: &Store, mut rows: Vec<FeedRow>) -> Result<Vec<FeedRow>, StoreError> {
        if !rows.is_empty() {
            let texts = store.texts(rows.iter().map(|row| row.seq).collect()).await?;
            rows.retain(|row| texts.get(&row.seq).is_some_and(|text| self.query.matches(text)));
        }
        Ok(rows)
    }
}
