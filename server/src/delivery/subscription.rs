//! A feed that goes to a sink, for as long as its owner holds it.

/// Ends when it is dropped.
#[derive(Debug)]
pub struct Subscription(());
