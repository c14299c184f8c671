//! The numbers of all servers together: each says its own once a second, and whoever is asked adds them up.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Figures, Snapshot};
use crate::delivery::hub::Hub;
use crate::domain::id::CampusId;
use crate::store::StoreError;

/// How often the others are told.
const EVERY: Duration = Duration::from_secs(1);

/// What one server tells the others of itself. What a newer one adds is passed over, what an older one lacks is nothing.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Report {
    connections: u64,
    subscriptions: u64,
    catching_up: u64,
    published: u64,
    delivered: u64,
    delivered_per_second: f64,
    /// How long deliveries took in the last minute: buckets that are not empty, and the longest in milliseconds.
    latencies: Vec<(usize, u64)>,
    longest: u64,
    /// Feeds that are live, by campus.
    on_campuses: Vec<(i64, u64)>,
}

/// The numbers of all servers together.
#[derive(Debug, Clone, PartialEq)]
pub struct Overall {
    /// How many servers are alive.
    pub servers: usize,
    /// Sums; where the log ends, how fast it grows and what is behind are as this server sees them.
    pub snapshot: Snapshot,
    /// How many feeds are live for each campus that has any.
    pub on_campuses: HashMap<CampusId, u64>,
}

impl Figures {
    fn report(&self) -> Report {
        let Snapshot { connections, subscriptions, catching_up, published, delivered, .. } = self.snapshot();
        let (latencies, longest) = self.recent().latencies.minute(self.second()).parts();
        Report {
            connections,
            subscriptions,
            catching_up,
            published,
            delivered,
            delivered_per_second: self.snapshot().delivered_per_second,
            latencies,
            longest,
            on_campuses: self.on_campuses().into_iter().map(|(campus, feeds)| (campus.0, feeds)).collect(),
        }
    }

    /// This server's numbers, and those that `others` have told.
    fn overall(&self, others: &[Report]) -> Overall {
        let mut snapshot = self.snapshot();
        let mut latencies = self.recent().latencies.minute(self.second());
        let mut on_campuses = self.on_campuses();
        for other in others {
            snapshot.connections += other.connections;
            snapshot.subscriptions += other.subscriptions;
            snapshot.catching_up += other.catching_up;
            snapshot.delivered += other.delivered;
            snapshot.delivered_per_second += other.delivered_per_second;
            // Each has seen the whole log grow, since it started.
            snapshot.published = snapshot.published.max(other.published);
            latencies.add(&other.latencies, other.longest);
            for (campus, feeds) in &other.on_campuses {
                *on_campuses.entry(CampusId(*campus)).or_default() += feeds;
            }
        }
        snapshot.latency = latencies.percentiles();
        Overall { servers: others.len() + 1, snapshot, on_campuses }
    }
}

impl Hub {
    /// The numbers of all servers together, those of the others as of a second ago or two.
    pub async fn overall(&self) -> Result<Overall, StoreError> {
        let others = self.store.figures_of_others(self.log.own_number()).await?;
        // One that cannot be read is of a server that is alive.
        let others: Vec<Report> =
            others.iter().map(|figures| serde_json::from_str(figures).unwrap_or_default()).collect();
        Ok(self.figures.overall(&others))
    }
}

/// Tells the others, until the hub has gone.
pub(in crate::delivery) async fn tell(hub: Weak<Hub>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        let Some(hub): Option<Arc<Hub>> = hub.upgrade() else { return };
        // Numbers, and no floats that JSON has none for.
        hub.log.tell_of_figures(serde_json::to_string(&hub.figures.report()).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::entry::{Change, Entry};
    use crate::domain::id::Seq;
    use crate::store::Head;

    fn figures() -> Figures {
        let clock = Clock::from_fn(|| chrono::DateTime::from_timestamp(1_795_003_200, 0).unwrap());
        Figures::new(clock, watch::channel(Head { epoch: "life".into(), seq: Seq::ZERO }).1)
    }

    #[test]
    fn what_others_have_told_is_added_up() {
        let (here, there) = (figures(), figures());
        let _open = [here.connect(), there.connect(), there.connect()];
        for (figures, millis, times) in [(&here, 2, 9), (&there, 40, 1)] {
            let created_at = figures.clock.now() - chrono::TimeDelta::milliseconds(millis);
            let entry = Arc::new(Entry { seq: Seq(1), created_at, change: Change::Unknown });
            figures.deliver([(&entry, times)].into_iter());
        }
        there.thread(Seq(0)).count_campuses([(CampusId(1), 2)].into_iter());
        let told = serde_json::to_string(&there.report()).unwrap();
        let Overall { servers, snapshot, on_campuses } =
            here.overall(&[serde_json::from_str(&told).unwrap(), Report::default()]);
        assert_eq!((servers, snapshot.connections, snapshot.delivered), (3, 3, 10));
        assert_eq!(snapshot.latency.map(|latency| (latency.p90, latency.max)), Some((2.0, 40.0)));
        assert_eq!(on_campuses, HashMap::from([(CampusId(1), 2)]));
    }

    #[test]
    fn nonsense_is_a_server_that_has_nothing() {
        let nonsense = r#"{"latencies": [[99999999, 3]], "longest": 18446744073709551615, "new": []}"#;
        let Overall { servers, snapshot, .. } = figures().overall(&[serde_json::from_str(nonsense).unwrap()]);
        assert_eq!((servers, snapshot.connections), (2, 0));
    }
}
