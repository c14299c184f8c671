//! What Campanile is about, as plain types and pure rules. No I/O, no async, no database, no GraphQL.
//!
//! Each rule lives here once, and every door calls it: who may ([`access`]), what is visible ([`visibility`]), what is heard
//! ([`preferences`]), what is read ([`receipts`]), what is archived ([`archive`]), what a cursor means ([`cursor`]), what is
//! well-formed ([`content`], [`text`]), why somebody did or did not get something ([`explanation`]), how a happening on the
//! platform is worded ([`ingest`]), and what a search finds ([`search`]).

pub mod access;
pub mod age;
pub mod archive;
pub mod broadcast;
pub mod content;
pub mod cursor;
pub mod directory;
pub mod entry;
pub mod explanation;
pub mod id;
pub mod ingest;
pub mod invalid;
pub mod memberships;
pub mod notification_type;
pub mod preferences;
pub mod receipts;
pub mod search;
pub mod text;
pub mod visibility;
