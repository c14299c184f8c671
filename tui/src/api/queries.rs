//! The queries.

use chrono::{DateTime, Utc};

use super::{
    NotificationType,
    fragments::{CappedCount, Category, Notification, NotificationRef, Priority, Viewer},
    schema,
};

/// A page of the history, newest first.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "NotificationConnection")]
pub struct Page {
    /// What is on it.
    pub nodes: Vec<Notification>,
    /// Where the next one begins.
    pub page_info: PageInfo,
    /// Where a feed begins that leaves nothing out.
    pub feed_cursor: String,
}

/// Where a page ends.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PageInfo {
    /// There is older.
    pub has_next_page: bool,
    /// The place to go on from.
    pub end_cursor: Option<String>,
}

/// Which notifications; what is left out narrows nothing.
#[derive(cynic::InputObject, Debug, Clone, Default, PartialEq)]
pub struct NotificationFilter {
    /// True: unread only; false: read only.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// Only these campuses'.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_keys: Option<Vec<String>>,
    /// Only of these types.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<NotificationType>>,
    /// Only of these groups of types.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<Category>>,
    /// Only what matters this much.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub min_priority: Option<Priority>,
    /// Only what this finds.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only from then on.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Only before then.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// What is archived, too.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// What is past its expiry, too.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expired: Option<bool>,
    /// What is muted, too.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
}

/// Of [`StartQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct StartVariables {
    /// 1 to 100.
    pub first: i32,
}

/// Everything that a first screen needs, in one answer.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "StartVariables")]
pub struct StartQuery {
    /// Whoever asks.
    pub viewer: Viewer,
    /// The newest of their history.
    #[arguments(first: $first)]
    pub notifications: Page,
}

/// Of [`PageQuery`] and [`HeadQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PageVariables {
    /// 1 to 100.
    pub first: i32,
    /// An earlier page's `end_cursor`.
    pub after: Option<String>,
    /// Which.
    pub filter: Option<NotificationFilter>,
}

/// One page of the history.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PageVariables")]
pub struct PageQuery {
    /// The page.
    #[arguments(first: $first, after: $after, filter: $filter)]
    pub notifications: Page,
}

/// The newest notification's name and the feed's position, and nothing more.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PageVariables")]
pub struct HeadQuery {
    /// A page of names.
    #[arguments(first: $first, after: $after, filter: $filter)]
    pub notifications: PageOfRefs,
}

/// A page of names.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "NotificationConnection")]
pub struct PageOfRefs {
    /// What is on it.
    pub nodes: Vec<NotificationRef>,
    /// Where a feed begins that leaves nothing out.
    pub feed_cursor: String,
}

/// Whoever asks, by name.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct WhoQuery {
    /// Whoever asks.
    pub viewer: Who,
}

/// Whoever asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct Who {
    /// Who it is.
    pub user: UserName,
}

/// A user, as far as they are named.
#[derive(cynic::QueryFragment, Debug, Clone, serde::Serialize)]
#[cynic(graphql_type = "User")]
pub struct UserName {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
}

/// Of [`UnreadCountQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct UnreadCountVariables {
    /// Of which.
    pub filter: Option<NotificationFilter>,
}

/// How many are unread of a part of the history.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "UnreadCountVariables")]
pub struct UnreadCountQuery {
    /// Whoever asks.
    pub viewer: UnreadCount,
}

/// A number of the viewer's.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "UnreadCountVariables")]
pub struct UnreadCount {
    /// Not read yet.
    #[arguments(filter: $filter)]
    pub unread_count: CappedCount,
}

/// Which types of notifications there are.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct TypesQuery {
    /// In the server's order.
    pub notification_types: Vec<TypeInfo>,
}

/// A type of notifications.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct TypeInfo {
    /// Its name.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
    /// What people call it.
    pub label: String,
}

/// Of [`CampusZoneQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct CampusZoneVariables {
    /// The platform's own id.
    pub key: String,
}

/// Whose wall clock a campus goes by.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "CampusZoneVariables")]
pub struct CampusZoneQuery {
    /// Null where there is none that the viewer may see.
    #[arguments(key: $key)]
    pub campus: Option<CampusZone>,
}

/// Its clock.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Campus")]
pub struct CampusZone {
    /// An IANA name.
    pub timezone: String,
}
