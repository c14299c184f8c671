//! A person's feed as pages and counts: the same view of the log that live feeds show.

mod search;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{try_join, try_join_all};

use crate::domain::age::Age;
use crate::domain::archive::Archived;
use crate::domain::id::{CampusId, Seq};
use crate::domain::receipts::Marks;
use crate::domain::search::SearchQuery;
use crate::domain::visibility::{Interest, Scope};
use crate::store::{FeedRow, FeedScan, Source, Store, StoreError};

/// Rows that are read of one audience at once, at most; the first read is smaller, and each further one doubles.
const LARGEST_CHUNK: i64 = 1_024;
/// Positions that one query may name: SQLite takes 32,766 variables at most.
const POSITIONS_AT_ONCE: usize = 10_000;

/// What a page or a count is of.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// Campuses, types and urgency.
    pub interest: Interest,
    /// `Some(true)`: unread only; `Some(false)`: read only.
    pub unread: Option<bool>,
    /// From that moment on.
    pub since: Option<DateTime<Utc>>,
    /// Before that moment.
    pub until: Option<DateTime<Utc>>,
    /// What is archived too.
    pub archived: bool,
    /// What is past its expiry too.
    pub expired: bool,
    /// What is of a type that they mute too.
    pub muted: bool,
    /// Only what this finds.
    pub search: Option<Arc<SearchQuery>>,
}

/// Which part of a feed.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest {
    /// Only what is older than this position.
    pub older_than: Option<Seq>,
    /// Only what is newer than this position.
    pub newer_than: Option<Seq>,
    /// From the newest on, else from the oldest.
    pub newest_first: bool,
    /// At most so many.
    pub limit: usize,
}

/// Part of a feed.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// In the order that was asked for.
    pub rows: Vec<PageRow>,
    /// Whether there is more in that direction.
    pub more: bool,
}

/// One person's copy of a notification.
#[derive(Debug, Clone, Copy)]
pub struct PageRow {
    /// Its position.
    pub seq: Seq,
    /// When they read it.
    pub read_at: Option<DateTime<Utc>>,
    /// Whether it is archived.
    pub archived: Archived,
}

/// One person's feed.
pub struct History {
    store: Arc<Store>,
    scope: Scope,
    marks: Marks,
    age: Age,
    now: DateTime<Utc>,
}

/// The campus that was told, if one was; `None` where that is not known.
type Told = Option<Option<CampusId>>;

/// One audience's part of the walk.
struct Stream {
    scan: FeedScan,
    /// How what is searched for is found; `None` where nothing is.
    text: Option<search::Search>,
    rows: VecDeque<FeedRow>,
    exhausted: bool,
}

impl History {
    /// The feed that `scope` sees, as far as that goes, at the moment `now`.
    pub async fn open(store: Arc<Store>, scope: Scope, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let (marks, age) = try_join(store.marks(scope.user), store.age()).await?;
        Ok(Self { store, scope, marks, age, now })
    }

    /// Everything up to here has been deleted for its age, or is about to be.
    pub fn deleted_through(&self) -> Seq {
        self.age.deleted_through
    }

    /// Part of the feed.
    pub async fn page(&self, filter: &HistoryFilter, request: PageRequest) -> Result<Page, StoreError> {
        let scans = self.scans(filter, request).await?;
        let mut streams = match &filter.search {
            Some(query) => search::streams(&self.store, scans, query).await?,
            None => scans.into_iter().map(|scan| Stream::new(scan, None)).collect(),
        };
        let mut page = Page::default();
        loop {
            try_join_all(streams.iter_mut().filter(|s| s.is_dry()).map(|s| s.refill(&self.store))).await?;
            let Some((row, campus)) = take_next(&mut streams, request.newest_first) else {
                return Ok(page);
            };
            let read_at = self.marks.read_at(row.seq, campus, row.exception);
            let archived = self.age.archived(row.seq, row.archive_exception);
            let is_read_or_not = filter.unread.is_some_and(|unread| unread == read_at.is_some());
            if is_read_or_not || (archived.holds() && !filter.archived) {
                continue;
            }
            if page.rows.len() == request.limit {
                page.more = true;
                return Ok(page);
            }
            page.rows.push(PageRow { seq: row.seq, read_at, archived });
        }
    }

    /// How many there are, up to `at_most`; and whether there are more.
    pub async fn count(
        &self,
        filter: &HistoryFilter,
        newer_than: Option<Seq>,
        at_most: usize,
    ) -> Result<(usize, bool), StoreError> {
        let request = PageRequest { older_than: None, newer_than, newest_first: true, limit: at_most };
        let page = self.page(filter, request).await?;
        Ok((page.rows.len(), page.more))
    }

    async fn scans(&self, filter: &HistoryFilter, request: PageRequest) -> Result<Vec<FeedScan>, StoreError> {
        let (mut above, mut below) =
            (request.newer_than.unwrap_or(Seq::ZERO), request.older_than.unwrap_or(Seq(i64::MAX)));
        above = above.max(self.age.deleted_through);
        // What came after the scope was read, that does not say whose it is.
        below = below.min(self.scope.as_of.next());
        if let Some(since) = filter.since {
            above = above.max(self.store.last_before(since).await?);
        }
        if let Some(until) = filter.until {
            below = below.min(self.store.last_before(until).await?.next());
        }
        let template = FeedScan {
            user: self.scope.user,
            source: Source::System,
            above,
            below,
            among: None,
            types: filter.interest.types.clone(),
            except_types: Vec::new(),
            min_priority: filter.interest.min_priority,
            unexpired_at: (!filter.expired).then_some(self.now),
            unarchived: !filter.archived,
            newest_first: request.newest_first,
            limit: first_chunk(request.limit),
        };
        let scan = |source: Source, above: Seq, among: Option<Vec<Seq>>| {
            let muted = self.scope.preferences.muted(source.campus());
            let except_types = if filter.muted { Vec::new() } else { muted.collect() };
            FeedScan { except_types, ..template.within(source, above, among) }
        };
        // What a mark covers is read, and what is of age is archived, but for what its reader said otherwise of: that is
        // little, and known.
        let otherwise = self.said_otherwise(filter).await?;
        let mut scans = Vec::new();
        for (source, since) in self.sources(&filter.interest) {
            let covered = self.covered_through(filter, source);
            scans.push(scan(source, since.max(covered), None));
            let positions = (above.max(since).next(), below.min(covered.next()));
            let in_range = otherwise.range(positions.0..positions.1.max(positions.0));
            let of_source = in_range.filter(|(_, told)| told.is_none_or(|campus| campus == source.campus()));
            let among = of_source.map(|(seq, _)| *seq);
            for among in among.collect::<Vec<_>>().chunks(POSITIONS_AT_ONCE) {
                scans.push(scan(source, since, Some(among.to_vec())));
            }
        }
        Ok(scans)
    }

    /// Up to and including this position nothing of this audience is asked for, but for what its reader said otherwise of.
    fn covered_through(&self, filter: &HistoryFilter, source: Source) -> Seq {
        let read =
            if filter.unread == Some(true) { self.marks.read_through(source.campus()) } else { Seq::ZERO };
        let archived = if filter.archived { Seq::ZERO } else { self.age.archived_through };
        read.max(archived)
    }

    /// What this person marked unread again, or took out of the archive, where that matters, with whom it was told.
    async fn said_otherwise(&self, filter: &HistoryFilter) -> Result<BTreeMap<Seq, Told>, StoreError> {
        let mut otherwise = BTreeMap::new();
        if !filter.archived && self.age.archived_through > Seq::ZERO {
            let out = self.store.taken_out(self.scope.user, self.age.archived_through).await?;
            otherwise.extend(out.into_iter().map(|seq| (seq, None)));
        }
        if filter.unread == Some(true) {
            let unread = self.store.marked_unread(self.scope.user).await?;
            otherwise.extend(unread.into_iter().map(|(seq, campus)| (seq, Some(campus))));
        }
        Ok(otherwise)
    }

    /// The audiences that this person belongs to and asks for, each with the position from which on it is theirs.
    fn sources(&self, interest: &Interest) -> Vec<(Source, Seq)> {
        let asked = |campus: &CampusId| interest.campuses.as_ref().is_none_or(|asked| asked.contains(campus));
        let campuses = self.scope.memberships.iter().filter(|m| asked(&m.campus));
        let mut sources: Vec<_> = campuses.map(|m| (Source::Campus(m.campus), m.since)).collect();
        if interest.campuses.is_none() {
            sources.extend([Source::System, Source::User, Source::Lists].map(|source| (source, Seq::ZERO)));
        }
        sources
    }
}

impl Source {
    fn campus(self) -> Option<CampusId> {
        match self {
            Self::Campus(campus) => Some(campus),
            Self::System | Self::User | Self::Lists => None,
        }
    }
}

impl FeedScan {
    /// The same walk over another audience.
    fn within(&self, source: Source, above: Seq, among: Option<Vec<Seq>>) -> Self {
        Self { source, above: self.above.max(above), among, ..self.clone() }
    }
}

impl Stream {
    fn new(scan: FeedScan, text: Option<search::Search>) -> Self {
        Self { scan, text, rows: VecDeque::new(), exhausted: false }
    }

    fn is_dry(&self) -> bool {
        self.rows.is_empty() && !self.exhausted
    }

    /// Reads on until there is a row, or no more of them.
    async fn refill(&mut self, store: &Store) -> Result<(), StoreError> {
        while self.is_dry() {
            let rows = if let Some(search) = &mut self.text {
                let part = search.read(store, &self.scan).await?;
                self.pass(part.passed, part.last);
                part.rows
            } else {
                let rows = store.scan_feed(self.scan.clone()).await?;
                self.pass(rows.len(), rows.last().map(|row| row.seq));
                rows
            };
            self.rows.extend(rows);
        }
        Ok(())
    }

    /// Goes on behind what was read: so many rows, to `last`.
    fn pass(&mut self, rows: usize, last: Option<Seq>) {
        self.exhausted = i64::try_from(rows).is_ok_and(|n| n < self.scan.limit);
        if let Some(last) = last {
            if self.scan.newest_first {
                self.scan.below = last;
            } else {
                self.scan.above = last;
            }
        }
        let largest = self.text.as_ref().map_or(LARGEST_CHUNK, search::Search::largest_chunk);
        self.scan.limit = (2 * self.scan.limit).min(largest);
    }
}

/// Rows that are read of each audience at first where `asked` are wanted of all. A page can be of one audience, and one row more
/// tells whether there is another; of what is only counted, one audience seldom has more than a quarter.
fn first_chunk(asked: usize) -> i64 {
    let chunk = (asked / 4).max(asked.saturating_add(1).clamp(16, 64));
    i64::try_from(chunk).unwrap_or(LARGEST_CHUNK).min(LARGEST_CHUNK)
}

/// The next row of all streams, in order; none of them may be dry.
fn take_next(streams: &mut [Stream], newest_first: bool) -> Option<(FeedRow, Option<CampusId>)> {
    let position = |stream: &Stream| stream.rows.front().map(|row| row.seq);
    let with_rows = streams.iter_mut().filter(|stream| !stream.rows.is_empty());
    let next = if newest_first {
        with_rows.max_by_key(|stream| position(stream))
    } else {
        with_rows.min_by_key(|stream| position(stream))
    };
    next.and_then(|stream| stream.rows.pop_front()).map(|row| (row, row.campus))
}
