//! What can be done: one mutation per action, each with an input and a payload of its own.

mod directory;
mod ingest;
mod preferences;
mod publish;
mod receipts;
mod session;

use async_graphql::MergedObject;

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    receipts::ReceiptMutations,
    preferences::PreferenceMutations,
    publish::PublishMutations,
    ingest::IngestMutations,
    directory::DirectoryMutations,
    session::SessionMutations,
);
