//! Waiting for something to come true: with one deadline for all, and never for a fixed time.

use std::time::Duration;

use anyhow::{Result, anyhow};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// When a test gives up. Reached only by a test that fails, so it allows for a busy machine.
pub const DEADLINE: Duration = Duration::from_mins(2);

/// How often a condition that nobody announces is looked at.
const PROBE_EVERY: Duration = Duration::from_millis(20);

/// The future's outcome, or an error that names what did not happen before the [`DEADLINE`].
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> Result<T> {
    timeout(DEADLINE, future).await.map_err(|_| anyhow!("waited {DEADLINE:?} in vain: {what}"))
}

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    let mut ticks = interval(PROBE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    within(what, async {
        loop {
            ticks.tick().await;
            if let Some(answer) = probe().await {
                return answer;
            }
        }
    })
    .await
}
