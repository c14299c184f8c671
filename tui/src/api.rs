//! The GraphQL operations that this client uses, as cynic types checked against `schema.graphql`; [`audit`]
//! alone is not, and says why.
//!
//! Nothing here is shown to anyone: `net::convert` turns these into the model's types, and cleans their texts on the
//! way. A type of notification is a scalar and the enumerations have fallbacks, so that a newer server's are no error.

pub mod audit;
pub mod broadcast_rows;
pub mod broadcasts;
pub mod compose;
pub mod explain;
pub mod feed;
pub mod fragments;
pub mod metrics;
pub mod mutations;
pub mod preferences;
pub mod queries;

#[expect(unreachable_pub, reason = "cynic writes what is inside")]
#[cynic::schema("campanile")]
mod schema {}

cynic::impl_scalar!(chrono::DateTime<chrono::Utc>, schema::DateTime);
cynic::impl_scalar!(serde_json::Value, schema::JSON);

/// The name of a type of notification, as the server writes it.
#[derive(cynic::Scalar, Debug, Clone, PartialEq, Eq)]
#[cynic(graphql_type = "NotificationType")]
pub struct NotificationType(pub String);
