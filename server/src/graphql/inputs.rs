//! Everything that the API takes, and what it means to the domain.

mod audience;
mod content;
mod directory;
mod events;
mod filters;
mod preferences;
mod publish;
mod receipts;
mod session;

pub(super) use audience::{AudienceInput, AudienceKeys};
pub(super) use content::NotificationContentInput;
pub(super) use directory::{
    RemoveMembershipsInput, SetMembershipsInput, UpsertCampusesInput, UpsertUsersInput,
};
pub(super) use events::{Concerns, DomainEventInput, IngestInput};
pub(super) use filters::{FeedFilter, NotificationFilter};
pub(super) use preferences::{ResetPreferencesInput, UpdatePreferencesInput};
pub(super) use publish::{
    CampusBroadcastInput, CancelBroadcastInput, NotifyUsersInput, RecallInput, SystemBroadcastInput,
};
pub(super) use receipts::{MarkAllReadInput, MarkSeenInput, NotificationIdsInput};
pub(super) use session::RenewSessionInput;

use crate::domain::invalid::Invalid;

/// Refuses a list of more than `most`.
pub(super) fn at_most<T>(field: &str, items: &[T], most: usize) -> Result<(), Invalid> {
    if items.len() > most { Err(Invalid::new(field, format!("must be at most {most}"))) } else { Ok(()) }
}
