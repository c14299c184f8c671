//! Passes what a subscription tells on to the loop, for whichever screen follows it.

use futures_util::{Stream, StreamExt, pin_mut};

use super::link::Teller;
use crate::{message::Signal, model::fault::Fault};

/// Tells one thing after the other as `signal` has it, and returns why there is no more, where a reason was given.
pub(super) async fn relay<T, S: Into<Signal>>(
    told: Result<impl Stream<Item = Result<T, Fault>>, Fault>,
    teller: &Teller,
    signal: impl Fn(T) -> S,
) -> Option<Fault> {
    let told = match told {
        Ok(told) => told,
        Err(fault) => return Some(fault),
    };
    pin_mut!(told);
    while let Some(next) = told.next().await {
        match next {
            Ok(next) => teller.tell(signal(next)).await,
            Err(fault) => return Some(fault),
        }
    }
    None
}
