//! What pages, counts and feeds are narrowed to.

use std::sync::Arc;

use async_graphql::InputObject;

use crate::delivery::HistoryFilter;
use crate::domain::access::Caller;
use crate::domain::id::{CampusId, TypeId};
use crate::domain::search::SearchQuery;
use crate::domain::visibility::Interest;
use crate::graphql::api::Api;
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::{DateTime, NotificationType};
use crate::graphql::types::{Category, Priority};

/// Campuses, types or categories that one filter may name.
const MOST: usize = 100;

/// Which notifications: all parts must hold.
#[derive(InputObject, Default)]
pub(crate) struct NotificationFilter {
    /// Only what these campuses were told.
    campus_keys: Option<Vec<String>>,
    /// Only these types.
    types: Option<Vec<NotificationType>>,
    /// Only types of these categories.
    categories: Option<Vec<Category>>,
    /// Only this urgent or more.
    min_priority: Option<Priority>,
    /// true: unread only; false: read only.
    unread: Option<bool>,
    /// Full text over title and message: words, `"phrases in quotes"`, `begin*` (after two letters or more), and `-` before any
    /// of them for what must not be there. Case and accents do not matter; whatever else there is separates words. At most
    /// 200 characters, and 16 words and phrases; with no word it leaves nothing out.
    search: Option<String>,
    /// Only what was sent at this moment or later.
    since: Option<DateTime>,
    /// Only what was sent before this moment.
    until: Option<DateTime>,
    /// Left out unless true: archived by the viewer or by age.
    archived: Option<bool>,
    /// Left out unless true: past `expiresAt`.
    expired: Option<bool>,
    /// Left out unless true: of a type that the viewer's preferences mute.
    muted: Option<bool>,
}

impl NotificationFilter {
    /// As the domain takes it.
    pub(in crate::graphql) async fn resolve(self, api: &Api, caller: &Caller) -> ApiResult<HistoryFilter> {
        let parse = |text: &String| SearchQuery::parse("filter.search", text);
        let search = self.search.as_ref().map(parse).transpose()?.flatten();
        let Self { campus_keys, types, categories, min_priority, .. } = self;
        let interest = FeedFilter { campus_keys, types, categories, min_priority };
        Ok(HistoryFilter {
            interest: interest.resolve(api, caller).await?,
            unread: self.unread,
            search: search.map(Arc::new),
            since: self.since.map(|at| at.0),
            until: self.until.map(|at| at.0),
            archived: self.archived == Some(true),
            expired: self.expired == Some(true),
            muted: self.muted == Some(true),
        })
    }
}

/// Which notifications of a live feed: all parts must hold.
#[derive(InputObject, Default)]
pub(crate) struct FeedFilter {
    /// Only what these campuses were told.
    campus_keys: Option<Vec<String>>,
    /// Only these types.
    types: Option<Vec<NotificationType>>,
    /// Only types of these categories.
    categories: Option<Vec<Category>>,
    /// Only this urgent or more.
    min_priority: Option<Priority>,
}

impl FeedFilter {
    /// As the domain takes it.
    pub(in crate::graphql) async fn resolve(self, api: &Api, caller: &Caller) -> ApiResult<Interest> {
        Ok(Interest {
            types: self.type_ids(api)?,
            campuses: match self.campus_keys {
                Some(keys) => Some(campus_ids(api, caller, &keys).await?),
                None => None,
            },
            min_priority: self.min_priority.map(Into::into),
        })
    }

    /// What is of one of the types named and of one of the categories named.
    fn type_ids(&self, api: &Api) -> ApiResult<Option<Vec<TypeId>>> {
        if self.types.is_none() && self.categories.is_none() {
            return Ok(None);
        }
        let named = match &self.types {
            Some(types) => {
                super::at_most("filter.types", types, MOST)?;
                let id = |name: &NotificationType| {
                    api.types().require("filter.types", &name.0).map(|known| known.id)
                };
                Some(types.iter().map(id).collect::<Result<Vec<_>, _>>()?)
            }
            None => None,
        };
        let in_category = |category| match &self.categories {
            Some(categories) => categories.iter().any(|asked| *asked == Category::from(category)),
            None => true,
        };
        let types = api.types();
        let asked = types.iter().filter(|known| in_category(known.definition.category)).map(|known| known.id);
        Ok(Some(asked.filter(|id| named.as_ref().is_none_or(|named| named.contains(id))).collect()))
    }
}

async fn campus_ids(api: &Api, caller: &Caller, keys: &[String]) -> ApiResult<Vec<CampusId>> {
    super::at_most("filter.campusKeys", keys, MOST)?;
    let mut ids = Vec::with_capacity(keys.len());
    for key in keys {
        ids.push(api.campus(caller, "filter.campusKeys", key).await?.id);
    }
    Ok(ids)
}
