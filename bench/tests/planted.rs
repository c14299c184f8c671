//! The load generator finds what is wrong: faults that a baseline makes on purpose, and sockets that end.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use campanile_bench::audience::Audience;
use campanile_bench::baseline::control::Control;
use campanile_bench::baseline::notification::Notification;
use campanile_bench::baseline::process::{Baseline, Kind};
use campanile_bench::generator::{Crowd, Faults, Generator, Opening, Plan};
use campanile_bench::subscription;

const SOCKETS: usize = 5;

struct Stage {
    baseline: Baseline,
    control: Control,
    audience: Arc<Audience>,
    crowd: Crowd,
}

async fn stage(kind: Kind, planted: &[&str]) -> Result<Stage> {
    let executable = Path::new(env!("CARGO_BIN_EXE_campanile-bench-baseline"));
    let baseline = Baseline::start(executable, kind, planted).await?;
    let control = Control::open(baseline.control).await?;
    let audience = Arc::new(Audience::new("north", 1_000));
    let document: Arc<str> = subscription::feed(0).into();
    let plan = Plan::new("a token".into(), &document, &audience);
    let opening = Opening { address: baseline.sockets, tls: None, at_once: 2, plans: vec![plan; SOCKETS] };
    let crowd = Generator::start()?.open(opening).await?;
    Ok(Stage { baseline, control, audience, crowd })
}

impl Stage {
    async fn publish(&mut self, count: usize, to: &Audience) -> Result<()> {
        let one = || {
            let mark = to.mark();
            Notification::new(mark.number, format!("{mark} News"), "What it says.".into())
        };
        let notifications: Vec<_> = std::iter::repeat_with(one).take(count).collect();
        self.control.publish(&notifications).await
    }

    /// In one burst, and one by one.
    async fn publish_both_ways(&mut self) -> Result<()> {
        let audience = Arc::clone(&self.audience);
        self.publish(150, &audience).await?;
        for _ in 0..10 {
            self.publish(1, &audience).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn without_faults_everything_is_received_and_timed() -> Result<()> {
    for kind in [Kind::Bare, Kind::Textbook] {
        let mut stage = stage(kind, &[]).await?;
        stage.publish_both_ways().await?;
        assert_eq!(stage.crowd.settle().await, Faults::default(), "{kind}");
        let received = stage.crowd.look(|tally| tally.received);
        assert_eq!(received, 160 * SOCKETS as u64, "{kind}");
        assert_eq!(stage.crowd.take_latencies().len(), received, "{kind}");
    }
    Ok(())
}

#[tokio::test]
async fn both_baselines_write_as_many_bytes() -> Result<()> {
    let mut bytes = Vec::new();
    for kind in [Kind::Bare, Kind::Textbook] {
        let mut stage = stage(kind, &[]).await?;
        stage.publish_both_ways().await?;
        stage.crowd.settle().await;
        bytes.push(stage.crowd.look(|tally| tally.bytes));
    }
    assert_eq!(bytes[0], bytes[1]);
    Ok(())
}

#[tokio::test]
async fn a_loss_is_found() -> Result<()> {
    // Alone, shared with others in a write.
    for number in ["0", "77", "155"] {
        let mut stage = stage(Kind::Bare, &["--lose", number]).await?;
        stage.publish_both_ways().await?;
        assert_eq!(stage.crowd.settle().await, Faults { lost: 1, ..Faults::default() }, "{number}");
    }
    Ok(())
}

#[tokio::test]
async fn a_double_is_found() -> Result<()> {
    for number in ["0", "77", "155"] {
        let mut stage = stage(Kind::Bare, &["--double", number]).await?;
        stage.publish_both_ways().await?;
        assert_eq!(stage.crowd.settle().await, Faults { doubled: 1, ..Faults::default() }, "{number}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_for_others_is_found() -> Result<()> {
    let mut stage = stage(Kind::Bare, &[]).await?;
    stage.publish(1, &Audience::new("south", 1)).await?;
    stage.publish_both_ways().await?;
    let stray = SOCKETS as u64;
    assert_eq!(stage.crowd.settle().await, Faults { stray, ..Faults::default() });
    Ok(())
}

#[tokio::test]
async fn sockets_that_end_are_found() -> Result<()> {
    let stage = stage(Kind::Bare, &[]).await?;
    drop(stage.baseline);
    stage.audience.mark();
    let faults = stage.crowd.settle().await;
    assert_eq!((faults.lost, faults.cut), (SOCKETS as u64, SOCKETS as u64));
    assert!(!faults.troubles.is_empty());
    Ok(())
}
