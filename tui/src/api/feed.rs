//! The live feed: the one subscription, and the kinds of events that this client knows.

use super::{
    NotificationType,
    fragments::{Notification, Priority},
    schema,
};

/// Which part of the feed.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct FeedFilter {
    /// Only these campuses'.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_keys: Option<Vec<String>>,
    /// Only of these types.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<NotificationType>>,
    /// Only what matters this much.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub min_priority: Option<Priority>,
}

/// Of [`FeedSubscription`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct FeedVariables {
    /// The last cursor that was dealt with.
    pub after: Option<String>,
    /// Which part.
    pub filter: Option<FeedFilter>,
}

/// The viewer's feed.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Subscription", variables = "FeedVariables")]
pub struct FeedSubscription {
    /// One event after the other, in the feed's order.
    #[arguments(after: $after, filter: $filter)]
    pub feed: FeedEvent,
}

/// What happens to a feed.
#[derive(cynic::InlineFragments, Debug, Clone)]
pub enum FeedEvent {
    /// News, or what was missed.
    Added(Box<NotificationAdded>),
    /// Taken back.
    Recalled(NotificationRecalled),
    /// Read, un-read or archived, here or elsewhere.
    ReadState(ReadStateChanged),
    /// Joined, left, muted, unmuted.
    Viewer(ViewerChanged),
    /// The cursor moves, and whether the catch-up is done.
    Progress(FeedProgress),
    /// A kind that this build does not know; its cursor counts all the same.
    #[cynic(fallback)]
    Other(AnyFeedEvent),
}

/// See the schema.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct NotificationAdded {
    /// The event's position.
    pub cursor: String,
    /// What was added.
    pub notification: Notification,
    /// Written in the viewer's quiet hours.
    pub silent: bool,
    /// Not news.
    pub replayed: bool,
}

/// See the schema.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct NotificationRecalled {
    /// The event's position.
    pub cursor: String,
    /// What is gone.
    pub notification_id: cynic::Id,
}

/// See the schema.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ReadStateChanged {
    /// The event's position.
    pub cursor: String,
    /// A smaller one is old news.
    pub revision: i32,
    /// These,
    pub notification_ids: Vec<cynic::Id>,
    /// or everything up to this.
    pub read_through: Option<cynic::Id>,
    /// Read now, or unread.
    pub read: Option<bool>,
    /// Archived now, or back.
    pub archived: Option<bool>,
    /// The viewer's, after it.
    pub unread_count: i32,
    /// The viewer's, after it.
    pub unseen_count: i32,
}

/// See the schema.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ViewerChanged {
    /// The event's position.
    pub cursor: String,
}

/// See the schema.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct FeedProgress {
    /// The position reached.
    pub cursor: String,
    /// The catch-up is done.
    pub live: bool,
}

/// What every kind of event has.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "FeedEvent")]
pub struct AnyFeedEvent {
    /// The event's position.
    pub cursor: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use cynic::SubscriptionBuilder;

    #[test]
    fn every_kind_of_event_tells_its_cursor() {
        let operation = FeedSubscription::build(FeedVariables { after: None, filter: None });
        let document = serde_json::to_value(&operation).unwrap()["query"].to_string();
        // Once for each kind known here, and once for all others.
        assert_eq!(document.matches("cursor").count(), 6, "{document}");
    }
}
