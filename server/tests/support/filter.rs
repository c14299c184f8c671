//! What pages and counts are narrowed to, at random; and what it means.

use proptest::bool;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

use super::model::{CAMPUSES, CATEGORIES, KINDS, Model, PRIORITIES, WORDS};
use super::operations::Aim;
use super::server::moment;

/// The contract's `NotificationFilter`: campuses, types, categories and priorities by their places in the model's lists.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) campuses: Option<Vec<usize>>,
    pub(crate) types: Option<Vec<usize>>,
    pub(crate) categories: Option<Vec<usize>>,
    pub(crate) min_priority: Option<usize>,
    pub(crate) unread: Option<bool>,
    /// In minutes before now.
    pub(crate) since: Option<i64>,
    /// In minutes before now.
    pub(crate) until: Option<i64>,
    pub(crate) archived: Option<bool>,
    pub(crate) expired: Option<bool>,
    pub(crate) muted: Option<bool>,
    /// Words that are to be there, or (`false`) not to be there.
    pub(crate) search: Option<Vec<(bool, usize)>>,
}

/// Any filter; each part is more often left out than not.
pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    let some_of = |all: usize| option::weighted(0.2, subsequence((0..all).collect::<Vec<_>>(), 0..=all));
    let minutes = || option::weighted(0.1, prop_oneof![4 => -2..60_i64, 1 => 0..60 * 24 * 60_i64]);
    let flag = |weight| option::weighted(weight, any::<bool>());
    let of_notifications = (
        some_of(CAMPUSES.len()),
        some_of(KINDS.len()),
        some_of(CATEGORIES.len()),
        option::weighted(0.2, 0..PRIORITIES.len()),
    );
    let of_copies = (flag(0.5), flag(0.5), flag(0.3), flag(0.4));
    let search = option::weighted(0.3, vec((bool::weighted(0.7), 0..WORDS.len()), 0..3));
    (of_notifications, minutes(), minutes(), of_copies, search).prop_map(
        |(of_notifications, since, until, of_copies, search)| {
            let (campuses, types, categories, min_priority) = of_notifications;
            let (unread, archived, expired, muted) = of_copies;
            Filter {
                campuses,
                types,
                categories,
                min_priority,
                unread,
                since,
                until,
                archived,
                expired,
                muted,
                search,
            }
        },
    )
}

impl Filter {
    /// As the API takes it, at the minute `now`.
    pub(crate) fn to_json(&self, now: i64) -> Value {
        let names = |places: &Option<Vec<usize>>, names: &[&'static str]| {
            places.as_ref().map(|places| places.iter().map(|place| names[*place]).collect::<Vec<_>>())
        };
        let at = |before: Option<i64>| before.map(|before| moment(now - before).to_rfc3339());
        json!({
            "campusKeys": names(&self.campuses, &CAMPUSES),
            "types": names(&self.types, &KINDS.map(|(kind, _)| kind)),
            "categories": names(&self.categories, &CATEGORIES),
            "minPriority": self.min_priority.map(|least| PRIORITIES[least]),
            "unread": self.unread,
            "since": at(self.since),
            "until": at(self.until),
            "archived": self.archived,
            "expired": self.expired,
            "muted": self.muted,
            "search": self.search.as_ref().map(|words| typed(words)),
        })
    }
}

/// As people type it into a search box.
fn typed(words: &[(bool, usize)]) -> String {
    let word =
        |(is_there, word): &(bool, usize)| format!("{}{}", if *is_there { "" } else { "-" }, WORDS[*word]);
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

impl Model {
    /// The user's history, newest first: all of it that the filter asks for.
    pub(crate) fn page(&self, user: usize, filter: &Filter) -> Vec<usize> {
        let mut asked = self.notifications();
        asked.retain(|n| self.is_theirs(user, *n) && self.is_asked_for(user, *n, filter));
        asked.reverse();
        asked
    }

    /// The user's feed as a whole, what is archived too.
    pub(crate) fn page_of_all(&self, user: usize) -> Vec<usize> {
        self.page(user, &Filter { archived: Some(true), ..Filter::default() })
    }

    fn is_asked_for(&self, user: usize, notification: usize, filter: &Filter) -> bool {
        let told = self.told(notification);
        let campus = match told.aim {
            Aim::Campus(campus) => Some(campus),
            Aim::Everyone | Aim::Users { .. } => None,
        };
        let category = CATEGORIES.iter().position(|category| *category == KINDS[told.kind].1).unwrap();
        filter.campuses.as_ref().is_none_or(|asked| campus.is_some_and(|campus| asked.contains(&campus)))
            && filter.types.as_ref().is_none_or(|asked| asked.contains(&told.kind))
            && filter.categories.as_ref().is_none_or(|asked| asked.contains(&category))
            && filter.min_priority.is_none_or(|least| told.priority >= least)
            && filter.unread.is_none_or(|unread| unread == self.read_at(user, notification).is_none())
            && filter.since.is_none_or(|before| told.at >= self.now - before)
            && filter.until.is_none_or(|before| told.at < self.now - before)
            && (filter.archived == Some(true) || self.archived_at(user, notification).is_none())
            && (filter.expired == Some(true) || !self.is_expired(notification))
            && (filter.muted == Some(true) || !self.mutes(user, notification, self.head()))
            && filter.search.iter().flatten().all(|(is_there, word)| told.words.contains(word) == *is_there)
    }

    /// The first campus that the filter names and the user may not know of.
    pub(crate) fn is_refused(&self, user: usize, filter: &Filter) -> bool {
        let named = filter.campuses.iter().flatten();
        named.copied().any(|campus| self.may_see_campus(user, campus).is_err())
    }
}
