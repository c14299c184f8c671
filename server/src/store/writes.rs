//! Everything that is ever written, one file per kind.

mod aging;
mod broadcasts;
mod campuses;
mod idempotency;
mod memberships;
mod preferences;
mod publish;
mod recall;
mod receipts;
mod recipients;
mod renew;
mod send;
mod text;
mod upkeep;
mod users;

pub use aging::Deleted;
pub(crate) use aging::{DeleteAged, MoveAge};
pub(crate) use broadcasts::{Announce, CancelBroadcast, FailBroadcast};
pub(crate) use campuses::UpsertCampuses;
pub(crate) use memberships::{MembershipChange, SetMemberships};
pub(crate) use preferences::ChangeSettings;
pub(crate) use publish::Publish;
pub(crate) use recall::Recall;
pub(crate) use receipts::{ChangeReceipts, MarkDelivered};
pub(crate) use recipients::{DropRecipients, StageRecipients, StagedList};
pub(crate) use renew::{Look, Renew};
pub(crate) use send::SendBroadcast;
pub(crate) use text::IndexText;
pub(crate) use upkeep::Upkeep;
pub(crate) use users::{InternUser, UpsertUsers};
