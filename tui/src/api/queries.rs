//! The queries.

use super::{
    fragments::{Notification, NotificationRef, Viewer},
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

/// Which notifications.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct NotificationFilter {
    /// True: unread only.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// Only these campuses'.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_keys: Option<Vec<String>>,
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
