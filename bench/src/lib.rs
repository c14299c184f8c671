//! The figures that the README quotes, and what makes them. `README.md` beside this says how to run and read them.
//!
//! One executable per benchmark in `benches/`, which only prints; what it measures is a module here:
//!
//! - [`append`]: durable publishes per second, beside the disk and beside one transaction for each.
//!
//! They share:
//!
//! - [`load`]: a number of workers that do one thing over and over, and how long each time took;
//! - [`server`] and [`http`]: the real server as a process, and connections to it;
//! - [`content`]: what is published;
//! - [`disk`] and [`cpu`]: what the machine itself takes;
//! - [`statistics`] and [`table`]: what many measurements say together, and how people are shown it;
//! - [`settings`]: what the environment says.
//!
//! Nothing here asserts how fast anything is: it measures, and checks that what it counted was really done.

pub mod append;
pub mod content;
pub mod cpu;
pub mod disk;
pub mod http;
pub mod load;
pub mod server;
pub mod settings;
pub mod statistics;
pub mod table;
