//! Everyone sees, counts, marks and is told of what is theirs, as it should stand, and of nothing else: random histories of
//! joins and leaves, audiences, read state, archiving and age, on several devices, against a naive model.
//!
//! A failure prints the smallest script that still fails, and keeps its seed beside this file.

// Tests all through: what they do not expect, they may stop at.
#[cfg(test)]
mod support;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use support::operations;

/// Keeps the seeds of failures, which are tried first from then on.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/isolation.seeds");

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10,
        max_shrink_iters: 300,
        // Where a script makes a feed fall silent, each smaller one waits its time too.
        max_shrink_time: 180_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn everyone_sees_what_is_theirs_and_nothing_else(script in operations::script()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(support::run(script));
    }
}
