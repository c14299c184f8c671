//! What somebody who writes has to know: which types there are, and by whose clocks each campus goes.

use super::{NotificationType, fragments::Category, schema};

/// Both.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct ComposeQuery {
    /// Every type, in an order that stays.
    pub notification_types: Vec<TypeInfo>,
    /// The campuses that the viewer may know of.
    pub campuses: Vec<CampusClock>,
}

/// A type.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct TypeInfo {
    /// Its name.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
    /// For people.
    pub label: String,
    /// The group that it belongs to.
    pub category: Category,
    /// It cannot be muted, and passes quiet hours.
    pub mandatory: bool,
}

/// A campus's clock.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Campus")]
pub struct CampusClock {
    /// The platform's own.
    pub key: String,
    /// An IANA name.
    pub timezone: String,
}
