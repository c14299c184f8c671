//! What is asked: the rows of the table.

use std::fmt;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::fill::log::{MUTED, NO_TYPE, ONE_TYPE, TYPES};
use super::fill::words::{FREQUENT, RARE};
use super::people::Person;
use super::stage::{READ_ALONE, Stage};

/// Calls in a row to one server, before it is another's turn. Receipts are restored after each.
pub(super) const BLOCK: usize = 20;
/// Notifications on a page.
const PAGE: usize = 20;
/// Marked unread before each time that all are marked read.
const AGAIN: usize = 5;

const NOTIFICATIONS: &str = "query Page($after: String, $filter: NotificationFilter) {
    page: notifications(first: 20, after: $after, filter: $filter) {
        nodes {
            id type title message priority status createdAt readAt
            campus { id name } sender { id name } data { actionUrl }
        }
        pageInfo { hasNextPage endCursor }
        feedCursor
    }
}";
const UNREAD: &str = "{ viewer { id unreadCount { count atLeast } } }";
const MARK_ONE: &str = "mutation One($id: ID!) {
    markRead(input: { ids: [$id] }) {
        notifications { id status readAt } viewer { id unreadCount { count atLeast } }
    }
}";
const MARK_ALL: &str = "mutation All($through: ID!) {
    markAllRead(input: { through: $through }) { readThrough viewer { id unreadCount { count atLeast } } }
}";

/// Something that one person asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) person: Person,
    pub(super) ask: Ask,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    FirstPage,
    DeepPage,
    Unread,
    OneType,
    Nothing,
    Rare,
    Frequent,
    MutedPage,
    MutedUnread,
    MarkOne,
    MarkAll,
}

/// Those that are asked in turns, since they need the same to be so.
pub(super) const TURNS: [(bool, &[Ask]); 3] = [
    (
        false,
        &[Ask::FirstPage, Ask::DeepPage, Ask::Unread, Ask::OneType, Ask::Nothing, Ask::Rare, Ask::Frequent],
    ),
    (true, &[Ask::MutedPage, Ask::MutedUnread]),
    (false, &[Ask::MarkOne, Ask::MarkAll]),
];

impl Ask {
    /// Whether it changes what later ones would find.
    pub(super) fn writes(self) -> bool {
        matches!(self, Self::MarkOne | Self::MarkAll)
    }

    fn filter(self) -> Value {
        match self {
            Self::OneType => json!({ "types": [ONE_TYPE] }),
            Self::Nothing => json!({ "types": [NO_TYPE] }),
            Self::Rare => json!({ "search": RARE }),
            Self::Frequent => json!({ "search": FREQUENT }),
            _ => Value::Null,
        }
    }
}

impl Figure {
    /// What has to be so before the call of this number, unmeasured.
    pub(super) async fn prepare(self, stage: &mut Stage, number: usize) -> Result<()> {
        if self.ask != Ask::MarkAll {
            return Ok(());
        }
        let read = &stage.feed(self.person)[stage.unread(self.person) + 1..];
        let again = read.iter().skip(number % BLOCK * AGAIN).take(AGAIN);
        let again = again.map(|place| place.id.as_str()).collect();
        stage.mark_unread(self.person, &again).await
    }

    /// The document and its variables for the call of this number.
    pub(super) fn call(self, stage: &Stage, number: usize) -> (&'static str, Value) {
        let (feed, unread) = (stage.feed(self.person), stage.unread(self.person));
        match self.ask {
            Ask::Unread | Ask::MutedUnread => (UNREAD, Value::Null),
            Ask::MarkOne => {
                // Another each time, here and there in the unread part.
                let at = number * 37 % unread;
                let at = if at.is_multiple_of(READ_ALONE) { at + 1 } else { at };
                (MARK_ONE, json!({ "id": feed[at].id }))
            }
            Ask::MarkAll => {
                // A later one each time, up to the newest.
                let at = unread - unread / BLOCK * (number % BLOCK + 1);
                (MARK_ALL, json!({ "through": feed[at].id }))
            }
            Ask::DeepPage => {
                let after = &feed[self.deep(stage) - 1].cursor;
                (NOTIFICATIONS, json!({ "after": after }))
            }
            _ => (NOTIFICATIONS, json!({ "filter": self.ask.filter() })),
        }
    }

    /// Whether an answer is the right one: figures are of what was asked.
    pub(super) fn check(self, stage: &Stage, answer: &Value) -> Result<()> {
        let same = |texts: Vec<&str>, expected: usize| -> Result<()> {
            let feed = &stage.feed(self.person)[expected..][..PAGE];
            let expected: Vec<&str> = feed.iter().map(|place| place.id.as_str()).collect();
            ensure!(texts == expected, "{texts:?} were answered, not {expected:?}");
            Ok(())
        };
        let unread = &answer["viewer"]["unreadCount"]["count"];
        match self.ask {
            Ask::FirstPage => same(texts(answer, "id")?, 0)?,
            Ask::DeepPage => same(texts(answer, "id")?, self.deep(stage))?,
            Ask::OneType => {
                let types = texts(answer, "type")?;
                ensure!(types == [ONE_TYPE; PAGE], "{types:?} were answered");
            }
            Ask::Nothing => ensure!(texts(answer, "id")?.is_empty(), "something was answered"),
            Ask::Rare => {
                let found = texts(answer, "message")?;
                let all = found.iter().all(|text| text.contains(RARE));
                ensure!(all && found.len() >= 3, "{found:?} were found");
            }
            Ask::Frequent => {
                let found = texts(answer, "message")?;
                let all = found.iter().all(|text| text.contains(FREQUENT));
                ensure!(all && found.len() == PAGE, "{found:?} were found");
            }
            Ask::MutedPage => {
                let muted = |name: &str| TYPES[..MUTED].iter().any(|(muted, _)| *muted == name);
                let types = texts(answer, "type")?;
                ensure!(
                    types.len() == PAGE && !types.iter().any(|name| muted(name)),
                    "{types:?} were answered"
                );
            }
            Ask::Unread => {
                ensure!(*unread == stage.unread_count(self.person), "{unread} were unread");
            }
            Ask::MutedUnread => {
                let count = unread.as_u64().context("no count was answered")?;
                ensure!((1..1_000).contains(&count), "{count} were unread");
            }
            Ask::MarkOne => {
                let marked = &answer["markRead"]["notifications"][0];
                ensure!(marked["status"] == "READ", "it is not read: {marked}");
            }
            Ask::MarkAll => ensure!(answer["markAllRead"]["readThrough"].is_string(), "nothing was marked"),
        }
        Ok(())
    }

    fn deep(self, stage: &Stage) -> usize {
        self.person.deep(stage.notifications) as usize
    }
}

/// This field of each notification of a page.
fn texts<'a>(answer: &'a Value, field: &str) -> Result<Vec<&'a str>> {
    let nodes = answer["page"]["nodes"].as_array().context("no page was answered")?;
    Ok(nodes.iter().filter_map(|node| node[field].as_str()).collect())
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.ask {
            Ask::FirstPage => "first page",
            Ask::DeepPage => "deep page",
            Ask::Unread => "unread count",
            Ask::OneType => "one type",
            Ask::Nothing => "matches nothing",
            Ask::Rare => "search, rare word",
            Ask::Frequent => "search, frequent word",
            Ask::MutedPage => "90 % muted, first page",
            Ask::MutedUnread => "90 % muted, unread count",
            Ask::MarkOne => "mark one read",
            Ask::MarkAll => "mark all read",
        };
        write!(f, "{}: {what}", self.person.key())
    }
}
