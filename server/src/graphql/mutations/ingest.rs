//! The door for the platform's own workflows: domain events in, the right notifications out.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono_tz::Tz;

use super::publish::{publication, settle};
use crate::domain::access::{self, Caller};
use crate::domain::content::Content;
use crate::domain::directory::{Campus, User};
use crate::domain::entry::{Appended, Audience, Notification, Publication};
use crate::domain::invalid::Invalid;
use crate::domain::{ingest, text};
use crate::graphql::api::{Api, api, caller};
use crate::graphql::copies;
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::{self, DomainEventInput, IngestInput};
use crate::graphql::types::{IngestPayload, IngestRefusal};

/// Events that one call may hand in.
const MOST_EVENTS: usize = 1_000;

#[derive(Default)]
pub(crate) struct IngestMutations;

/// The door for the platform's own workflows.
#[Object]
impl IngestMutations {
    /// Domain events in, the right notifications out. Services and super admins. At most 1,000 a call. Each event
    /// stands alone: a bad one is refused by its index, the others go through.
    async fn ingest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened.")] input: IngestInput,
    ) -> ApiResult<IngestPayload> {
        let (api, caller) = (api(ctx), caller(ctx).await?);
        access::may_ingest(&caller)?;
        inputs::at_most("events", &input.events, MOST_EVENTS)?;
        let directory = Directory::of(api, &input.events).await?;
        let worded = input.events.into_iter().map(|event| directory.word(api, &caller, event)).collect();
        let mut payload = IngestPayload::default();
        let mut notifications = Vec::new();
        for (index, outcome) in (0..).zip(publish_all(api, worded).await?) {
            match outcome {
                Ok((notification, created)) => {
                    payload.created += i32::from(created);
                    payload.duplicates += i32::from(!created);
                    notifications.push(notification);
                }
                Err(error) => {
                    error.log();
                    payload.refused.push(refusal(index, &error));
                }
            }
        }
        notifications.retain(|notification| !notification.recalled);
        payload.notifications = copies::of(api, &caller, notifications).await?;
        Ok(payload)
    }
}

/// Publishes what could be worded, in order; gives what became of each, in the same order.
async fn publish_all(
    api: &Api,
    worded: Vec<ApiResult<Publication>>,
) -> ApiResult<Vec<ApiResult<(Arc<Notification>, bool)>>> {
    let mut publications = Vec::with_capacity(worded.len());
    let mut place = |publication| {
        publications.push(publication);
        publications.len() - 1
    };
    let places: Vec<ApiResult<usize>> = worded.into_iter().map(|event| event.map(&mut place)).collect();
    let published = api.log.publish_all(publications).await;
    let duplicates = published.iter().filter_map(|outcome| match outcome {
        Ok(Appended::Duplicate(seq)) => Some(*seq),
        _ => None,
    });
    let earlier = api.store.notifications(duplicates.collect()).await?;
    Ok(places.into_iter().map(|place| settle(published[place?].clone()?, &earlier)).collect())
}

fn refusal(index: i32, error: &ApiError) -> IngestRefusal {
    let field = error.field().map(str::to_owned);
    IngestRefusal { index, code: error.code().name().to_owned(), field, message: error.to_string() }
}

/// The campuses and users that the events of one call name.
struct Directory {
    campuses: HashMap<String, Campus>,
    users: HashMap<String, User>,
}

impl Directory {
    async fn of(api: &Api, events: &[DomainEventInput]) -> ApiResult<Self> {
        // A key that no key can be is refused with its own event, below.
        let keys = |key: fn(inputs::Concerns) -> Option<String>| {
            let named = events.iter().filter_map(|event| key(event.concerns()));
            named.filter(|key| text::key("", key).is_ok()).collect::<Vec<_>>()
        };
        let campuses = api.store.campuses_by_key(keys(|concerns| concerns.campus)).await?;
        let users = api.store.known_users(keys(|concerns| concerns.user)).await?;
        Ok(Self {
            campuses: campuses.into_iter().map(|campus| (campus.key.clone(), campus)).collect(),
            users: users.into_iter().map(|user| (user.key.clone(), user)).collect(),
        })
    }

    /// One event as a publication; errors name fields below the event.
    fn word(&self, api: &Api, caller: &Caller, event: DomainEventInput) -> ApiResult<Publication> {
        let parent = event.field();
        let within = |invalid: Invalid| invalid.within(parent);
        let key = event.idempotency_key().to_owned();
        text::key("idempotencyKey", &key).map_err(within)?;
        let concerns = event.concerns();
        let campus = match &concerns.campus {
            Some(key) => Some(find(&self.campuses, parent, "campusKey", key)?),
            None => None,
        };
        let user = match &concerns.user {
            Some(key) => Some(find(&self.users, parent, "userKey", key)?),
            None => None,
        };
        let zone = campus.and_then(|campus| campus.timezone.parse().ok()).unwrap_or(Tz::UTC);
        let wording = ingest::word(event.into_happening(), zone).map_err(within)?;
        let types = api.types();
        let known = types.named(wording.type_name);
        let content = Content {
            type_id: known.ok_or(ApiError::Internal("a built-in type is not in the registry"))?.id,
            title: wording.title,
            message: wording.message,
            priority: wording.priority,
            data: wording.data,
            expires_at: None,
        };
        let audience = match (user, campus) {
            (Some(user), _) => Audience::users([user.id]),
            (None, Some(campus)) => Audience::Campus(campus.id),
            (None, None) => return Err(ApiError::Internal("a domain event concerns nobody")),
        };
        let told_within = user.and(campus).map(|campus| campus.id);
        publication(&caller.user, audience, told_within, content, Some(key))
    }
}

fn find<'d, T>(known: &'d HashMap<String, T>, parent: &str, field: &str, key: &str) -> ApiResult<&'d T> {
    text::key(field, key).map_err(|invalid| invalid.within(parent))?;
    known.get(key).ok_or_else(|| ApiError::not_found(format!("{parent}.{field}")))
}
