//! Pages of notifications, as Relay's connections.

use async_graphql::{Object, SimpleObject};

use super::Notification;

/// Where a page stands among its neighbours.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// There is more after `endCursor`.
    pub(in crate::graphql) has_next_page: bool,
    /// There is more before `startCursor`.
    pub(in crate::graphql) has_previous_page: bool,
    /// The first edge's.
    pub(in crate::graphql) start_cursor: Option<String>,
    /// The last edge's.
    pub(in crate::graphql) end_cursor: Option<String>,
}

/// A notification's place on a page.
#[derive(SimpleObject, Clone)]
pub(crate) struct NotificationEdge {
    /// Where it stands: for `after` and `before`.
    pub(in crate::graphql) cursor: String,
    /// The notification.
    pub(in crate::graphql) node: Notification,
}

/// A page of notifications.
pub(crate) struct NotificationConnection {
    pub(in crate::graphql) edges: Vec<NotificationEdge>,
    pub(in crate::graphql) has_next_page: bool,
    pub(in crate::graphql) has_previous_page: bool,
    pub(in crate::graphql) feed_cursor: String,
}

/// A page of notifications, newest first.
#[Object]
impl NotificationConnection {
    /// The notifications with their places.
    async fn edges(&self) -> Vec<NotificationEdge> {
        self.edges.clone()
    }

    /// The notifications alone.
    async fn nodes(&self) -> Vec<Notification> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page stands among its neighbours.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// Where to begin `feed(after:)` so that nothing lies between this page and the feed; also when the page is empty.
    async fn feed_cursor(&self) -> &str {
        &self.feed_cursor
    }
}
