//! Reads for searches: what the index finds, how far it has come, and texts themselves.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::feed::{FeedScan, Source};
use super::{check_out, in_own_task, read};
use crate::domain::id::Seq;
use crate::domain::search::{Clause, SearchQuery, SearchText};
use crate::store::convert::AudienceTerm;
use crate::store::schema::{feed_entry, log_head, notification, notification_text, text_index};
use crate::store::writes::IndexText;
use crate::store::{Readers, Store, StoreError, postgres, sqlite, text};

/// Notifications that are indexed at once, at most.
const NOTIFICATIONS: i64 = 32;
/// Words that are indexed at once, about: a millisecond of work.
const TERMS: usize = 1_500;

/// Texts to long lists that the index names, at most, before those of one's own are read instead: looking whose they are takes
/// about a fifth of reading one.
const MOST_OF_LISTS: i64 = 512;

/// Places at which words stand that begin alike, at most, before texts are walked instead: FTS5 gathers all of them before it
/// names the first text, which is a few milliseconds of work.
const MOST_BEGINNING: i64 = 4_096;

/// What to look for in the index.
#[derive(Debug, Clone)]
pub enum TextLookup {
    /// What matches.
    Matching(Arc<SearchQuery>),
    /// What may match and is too long for the index.
    TooLong,
}

impl Store {
    /// The position up to which the index has every text.
    pub async fn indexed_through(&self) -> Result<Seq, StoreError> {
        let query = text_index::table.select(text_index::indexed_through);
        read!(self, |conn| query.get_result::<i64>(&mut conn).await?).map(Seq)
    }

    /// The next positions of a walk at which the index finds something; the walk's other conditions are not looked at, and of
    /// long lists not whose they are. `None` where so much was sent to long lists that matches that one's own are sooner read.
    pub async fn find_text(
        &self,
        scan: &FeedScan,
        lookup: &TextLookup,
    ) -> Result<Option<Vec<Seq>>, StoreError> {
        let audience = audience_of(scan);
        let readers = self.readers.clone();
        let (scan, lookup) = (scan.clone(), lookup.clone());
        let found = in_own_task(self.timeout, async move {
            match readers {
                Readers::Sqlite(readers) => find_in_sqlite(&readers, audience, &scan, &lookup).await,
                Readers::Postgres(readers) => find_in_postgres(&readers, audience, &scan, &lookup).await,
            }
        });
        Ok(found.await?.map(|found| found.into_iter().map(Seq).collect()))
    }

    /// As much of a query as the index of a walk's texts finds soon, which may find more: without beginnings that so many words
    /// have that they are better compared with texts as those are walked. `None` where nothing is left of it.
    ///
    /// PostgreSQL looks at the nearest texts one by one before it asks its index for anything, so there it is all of the query.
    pub async fn narrowed(
        &self,
        scan: &FeedScan,
        query: &Arc<SearchQuery>,
    ) -> Result<Option<Arc<SearchQuery>>, StoreError> {
        let Readers::Sqlite(readers) = self.readers.clone() else { return Ok(Some(Arc::clone(query))) };
        let beginnings = query.all().iter().chain(query.none()).filter(|clause| clause.is_prefix());
        let beginnings: Vec<Clause> = beginnings.cloned().collect();
        if beginnings.is_empty() {
            return Ok(Some(Arc::clone(query)));
        }
        let audience = audience_of(scan);
        let frequent = in_own_task(self.timeout, async move {
            let mut conn = check_out(&readers).await?;
            let mut frequent = Vec::new();
            for clause in beginnings {
                let places = sqlite::text::places(text::beginning(audience, &clause), MOST_BEGINNING + 1);
                let places: Vec<i64> = places.load(&mut conn).await?;
                if i64::try_from(places.len()).is_ok_and(|n| n > MOST_BEGINNING) {
                    frequent.push(clause);
                }
            }
            Ok(frequent)
        });
        let frequent = frequent.await?;
        Ok(if frequent.is_empty() { Some(Arc::clone(query)) } else { query.without(&frequent).map(Arc::new) })
    }

    /// Whether the index may have texts of such a source that it does not have whole.
    pub fn may_be_too_long(&self, source: Source) -> bool {
        match &self.readers {
            // Only those to many are too many words.
            Readers::Sqlite(_) => source == Source::User,
            Readers::Postgres(_) => true,
        }
    }

    /// The words of the notifications at these positions.
    pub async fn texts(&self, seqs: Vec<Seq>) -> Result<HashMap<Seq, SearchText>, StoreError> {
        let query = notification::table
            .filter(notification::seq.eq_any(seqs.into_iter().map(|seq| seq.0)))
            .select((notification::seq, notification::title, notification::message));
        let rows = read!(self, |conn| query.load::<(i64, String, String)>(&mut conn).await?)?;
        Ok(rows
            .into_iter()
            .map(|(seq, title, message)| (Seq(seq), SearchText::of(&title, &message)))
            .collect())
    }

    /// What the index lacks, as much as is written at once; `None` where it has everything.
    pub(crate) async fn unindexed(&self) -> Result<Option<IndexText>, StoreError> {
        let positions = text_index::table
            .inner_join(log_head::table.on(text_index::id.eq(log_head::id)))
            .select((text_index::indexed_through, log_head::seq));
        let (after, head) = read!(self, |conn| positions.get_result::<(i64, i64)>(&mut conn).await?)?;
        if after == head {
            return Ok(None);
        }
        let missing = notification::table
            .filter(notification::seq.gt(after).and(notification::seq.le(head)))
            .filter(notification::recalled_seq.is_null())
            .order(notification::seq)
            .limit(NOTIFICATIONS)
            .select((notification::seq, notification::title, notification::message));
        let missing = read!(self, |conn| missing.load::<(i64, String, String)>(&mut conn).await?)?;
        let all = i64::try_from(missing.len()).is_ok_and(|n| n < NOTIFICATIONS);
        let last = if all { head } else { missing.last().map_or(head, |(seq, ..)| *seq) };
        let audiences = feed_entry::table
            .filter(feed_entry::seq.gt(after).and(feed_entry::seq.le(last)))
            .select((feed_entry::seq, feed_entry::audience));
        let mut sent_to: HashMap<i64, Vec<i64>> = HashMap::new();
        for (seq, audience) in read!(self, |conn| audiences.load::<(i64, i64)>(&mut conn).await?)? {
            sent_to.entry(seq).or_default().push(text::audience(audience));
        }
        let mut batch =
            IndexText { after: Seq(after), through: Seq(last), documents: Vec::new(), more: last < head };
        let mut written = 0;
        for (seq, title, message) in missing {
            let Some(audiences) = sent_to.get(&seq) else { continue };
            if written > TERMS {
                (batch.through, batch.more) = (Seq(seq - 1), true);
                break;
            }
            let (terms, count) = text::terms(audiences, &SearchText::of(&title, &message));
            batch.documents.push((Seq(seq), terms));
            written += count;
        }
        Ok(Some(batch))
    }
}

/// As the index numbers it.
fn audience_of(scan: &FeedScan) -> i64 {
    match scan.source {
        Source::System => AudienceTerm::System.column(),
        Source::Campus(campus) => AudienceTerm::Campus(campus).column(),
        Source::User => AudienceTerm::User(scan.user).column(),
        Source::Lists => text::ANY_LIST,
    }
}

async fn find_in_sqlite(
    readers: &sqlite::Readers,
    audience: i64,
    scan: &FeedScan,
    lookup: &TextLookup,
) -> Result<Option<Vec<i64>>, StoreError> {
    let expression = match lookup {
        TextLookup::Matching(query) => sqlite::text::matching(audience, query),
        TextLookup::TooLong => sqlite::text::too_long(audience),
    };
    let rowid = notification_text::rowid;
    let query = notification_text::table
        .filter(sqlite::text::found_by(expression))
        .filter(rowid.gt(scan.above.0).and(rowid.lt(scan.below.0)))
        .select(rowid);
    // Of long lists all, if they are few: others' are among them.
    let of_lists = (scan.source == Source::Lists).then(|| MOST_OF_LISTS.max(scan.limit));
    let query = query.limit(of_lists.map_or(scan.limit, |most| most + 1));
    let mut conn = check_out(readers).await?;
    let mut found: Vec<i64> = if scan.newest_first {
        query.order(rowid.desc()).load(&mut conn).await?
    } else {
        query.order(rowid.asc()).load(&mut conn).await?
    };
    let too_many = of_lists.is_some_and(|most| i64::try_from(found.len()).is_ok_and(|n| n > most));
    found.truncate(usize::try_from(scan.limit).unwrap_or(usize::MAX));
    Ok((!too_many).then_some(found))
}

async fn find_in_postgres(
    readers: &postgres::Readers,
    audience: i64,
    scan: &FeedScan,
    lookup: &TextLookup,
) -> Result<Option<Vec<i64>>, StoreError> {
    use postgres::text::{Among, FIRST, Find, NEAREST};

    let mut find = Find {
        expression: match lookup {
            TextLookup::Matching(query) => postgres::text::matching(audience, query),
            TextLookup::TooLong => postgres::text::too_long(audience),
        },
        above: scan.above.0,
        below: scan.below.0,
        newest_first: scan.newest_first,
        limit: scan.limit,
        among: Among::All,
    };
    let mut conn = check_out(readers).await?;
    // What is too long is always rare.
    if matches!(lookup, TextLookup::Matching(_)) {
        let user = scan.user.0;
        for most in [FIRST, NEAREST] {
            find.among = match scan.source {
                Source::Lists => Among::NearestLists { of: user, most },
                _ => Among::Nearest { of: audience, most },
            };
            let found: Vec<i64> = find.clone().load(&mut conn).await?;
            if i64::try_from(found.len()).is_ok_and(|n| n >= find.limit) {
                return Ok(Some(found));
            }
            if found.is_empty() {
                break;
            }
        }
        find.among = if scan.source == Source::Lists { Among::Lists { of: user } } else { Among::All };
    }
    Ok(Some(find.load(&mut conn).await?))
}
