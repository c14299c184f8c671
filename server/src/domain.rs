//! What Campanile is about, as plain types and pure rules. No I/O, no async, no database, no GraphQL.
//!
//! Each rule lives here once, and every door calls it: who may ([`access`]), what is visible ([`visibility`]), what is read
//! ([`receipts`]), what a cursor means ([`cursor`]), what is well-formed ([`content`], [`text`]), and how a happening
//! on the platform is worded ([`ingest`]).

pub mod access;
pub mod age;
pub mod broadcast;
pub mod content;
pub mod cursor;
pub mod directory;
pub mod entry;
pub mod id;
pub mod ingest;
pub mod invalid;
pub mod memberships;
pub mod notification_type;
pub mod receipts;
pub mod text;
pub mod visibility;
