//! Campanile's terminal client: a console of screens, and the same for scripts.
//!
//! It is shaped as in Elm. What comes in is a [`message::Message`]; [`update`] takes it into the [`model`] and says what
//! is to be done, as [`effect::Effect`]s; [`view`] draws the model. These are pure. At the edge stand the network and
//! the terminal.

pub mod action;
pub mod age;
pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod credentials;
pub mod document;
pub mod draft;
pub mod drafts;
pub mod effect;
pub mod filter;
#[cfg(test)]
mod fixture;
pub mod input;
pub mod keymap;
pub mod message;
pub mod model;
pub mod net;
pub mod options;
mod private_file;
pub mod sanitise;
pub mod screens;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod triage;
pub mod update;
pub mod view;
pub mod when;
