//! The figures that the README quotes, and what makes them. `README.md` beside this says how to run and read them.
//!
//! One executable per benchmark in `benches/`, which only prints; what it measures is a module here:
//!
//! - [`append`]: durable publishes per second, beside the disk and beside one transaction for each;
//! - [`delivery`]: what a notification costs on its way to thousands of sockets, beside the two of [`baseline`];
//! - [`history`]: how long reading takes, however much there is;
//! - [`frame`]: what a frame of the terminal client costs, however long its feed is.
//!
//! They share:
//!
//! - [`load`]: a number of workers that do one thing over and over, and how long each time took;
//! - [`generator`]: thousands of subscribed sockets, which check what they are sent by its number in an [`audience`];
//!   [`frames`], [`subscription`]: what is said on them;
//! - [`server`] and [`http`]: the real server as a process, and connections to it; [`tls`]: a certificate for it;
//!   [`tokens`]: who calls; `tables`: its tables, for what is written without it;
//! - [`postgres`]: a PostgreSQL of a benchmark's own;
//! - [`content`]: what is published;
//! - [`disk`], [`cpu`], [`memory`] and [`descriptors`]: what the machine itself takes, and allows;
//! - [`build`]: the binaries as they are released;
//! - [`statistics`], [`table`] and [`bar`]: what many measurements say together, how people are shown it, and what it must not exceed;
//! - [`settings`]: what the environment says.
//!
//! Nothing here asserts how fast anything is: it measures, and checks that what it counted was really done.

pub mod append;
pub mod audience;
pub mod bar;
pub mod baseline;
pub mod build;
pub mod content;
pub mod cpu;
pub mod delivery;
pub mod descriptors;
pub mod disk;
pub mod frame;
pub mod frames;
pub mod generator;
pub mod history;
pub mod http;
pub mod load;
pub mod memory;
pub mod postgres;
pub mod server;
pub mod settings;
pub mod statistics;
pub mod subscription;
pub mod table;
mod tables;
pub mod tls;
pub mod tokens;
