//! The API: types, resolvers and limits. Rights and rules are the domain's; resolvers translate.
//!
//! `schema.graphql` at the root is what [`schema`] exports; a test holds the two together.

mod api;
mod broadcasts;
mod campuses;
mod copies;
mod error;
mod feed;
mod inputs;
mod limits;
mod metrics;
mod mutations;
mod operation;
mod operation_kind;
mod queries;
mod scalars;
mod session;
mod subscriptions;
mod types;

use std::sync::Arc;

use async_graphql::Schema;

pub use api::Api;
pub use error::{ApiError, Code};
pub use limits::Limits;
pub(crate) use limits::has_more_tokens_than;
pub use operation::{Begun, begin};
pub(crate) use operation_kind::OperationKind;
pub use session::{AnotherUser, Identity, Session, Tokens};

/// The executable schema.
pub type CampanileSchema = Schema<queries::Query, mutations::Mutation, subscriptions::Subscription>;

/// The schema over a running server.
pub fn schema(api: Arc<Api>, limits: Limits) -> CampanileSchema {
    let campuses = campuses::Campuses::new(Arc::clone(&api.store));
    builder(limits).data(limits).data(api).data(campuses).data(Arc::new(feed::Shapes::default())).finish()
}

/// The schema in GraphQL's own language, as `schema.graphql` holds it.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_enum_items()
        .prefer_single_line_descriptions();
    builder(Limits::default()).finish().sdl_with_options(options)
}

fn builder(
    limits: Limits,
) -> async_graphql::SchemaBuilder<queries::Query, mutations::Mutation, subscriptions::Subscription> {
    Schema::build(queries::Query, mutations::Mutation::default(), subscriptions::Subscription)
        .register_output_type::<types::Node>()
        .register_output_type::<types::FeedEvent>()
        .disable_suggestions()
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        .extension(limits::Enforce(limits))
        .extension(error::Coded)
}
