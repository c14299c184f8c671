//! How long deliveries took: a histogram whose buckets are exact to the millisecond at first and then a sixteenth wide, for
//! the last minute second by second and for all time.

use std::ops::RangeInclusive;

use super::seconds::{KEPT, Seconds};

/// Buckets for each doubling: a value is told to within a sixteenth.
const PARTS: u32 = 1 << PARTS_LOG;
const PARTS_LOG: u32 = 4;
/// Doublings beyond the first [`PARTS`] milliseconds: more than an hour counts as that.
const DOUBLINGS: u32 = 18;
const LONGEST: u64 = (1 << (PARTS_LOG + DOUBLINGS)) - 1;
const BUCKETS: usize = (PARTS * (1 + DOUBLINGS)) as usize;

/// The powers of two milliseconds that monitoring is told of: up to a minute.
const TOLD: RangeInclusive<u32> = 0..=16;

/// How long deliveries took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// Half took no longer.
    pub p50: f64,
    /// Nine tenths took no longer.
    pub p90: f64,
    /// All but one in a hundred took no longer.
    pub p99: f64,
    /// None took longer.
    pub max: f64,
}

/// How long deliveries took since the server started, for monitoring.
#[derive(Debug, Clone, PartialEq)]
pub struct Latency {
    /// All of them together, in seconds.
    pub sum: f64,
    /// How many there were.
    pub count: u64,
    /// How many were shorter than so many seconds, and not shorter than the bound before; the last bound is infinite.
    pub buckets: Vec<(f64, u64)>,
}

/// Both.
#[derive(Default)]
pub(super) struct Latencies {
    seconds: Seconds<Histogram<u32>>,
    total: Histogram<u64>,
    /// In milliseconds.
    sum: u64,
}

pub(super) struct Histogram<N> {
    counts: Box<[N]>,
    /// In milliseconds.
    max: u64,
}

impl<N: Copy + Default> Default for Histogram<N> {
    fn default() -> Self {
        Self { counts: vec![N::default(); BUCKETS].into(), max: 0 }
    }
}

impl Latencies {
    /// In this second, so many deliveries took so many milliseconds each.
    pub(super) fn record(&mut self, second: i64, took: impl Iterator<Item = (u64, u32)>) {
        let of_second = self.seconds.at(second);
        for (millis, weight) in took {
            let millis = millis.min(LONGEST);
            let bucket = bucket_of(millis);
            of_second.counts[bucket] = of_second.counts[bucket].saturating_add(weight);
            of_second.max = of_second.max.max(millis);
            self.total.counts[bucket] += u64::from(weight);
            self.sum += millis * u64::from(weight);
        }
    }

    /// Over the minute that ends with this second.
    pub(super) fn minute(&self, second: i64) -> Histogram<u64> {
        let mut minute = Histogram::<u64>::default();
        for of_second in self.seconds.within(second + 1 - KEPT..second + 1) {
            for (sum, count) in minute.counts.iter_mut().zip(&of_second.counts) {
                *sum += u64::from(*count);
            }
            minute.max = minute.max.max(of_second.max);
        }
        minute
    }

    pub(super) fn since_start(&self) -> Latency {
        let mut buckets = Vec::with_capacity(TOLD.count() + 1);
        let mut begin = 0;
        for power in TOLD {
            let end = bucket_of(1 << power);
            let count = self.total.counts[begin..end].iter().sum();
            buckets.push((float(1 << power) / 1_000.0, count));
            begin = end;
        }
        buckets.push((f64::INFINITY, self.total.counts[begin..].iter().sum()));
        Latency {
            sum: float(self.sum) / 1_000.0,
            count: buckets.iter().map(|(_, count)| count).sum(),
            buckets,
        }
    }
}

impl Histogram<u64> {
    pub(super) fn percentiles(&self) -> Option<Percentiles> {
        let all: u64 = self.counts.iter().sum();
        let of_hundred = |percent: u64| self.rank((all * percent).div_ceil(100));
        (all > 0).then(|| Percentiles {
            p50: of_hundred(50),
            p90: of_hundred(90),
            p99: of_hundred(99),
            max: float(self.max),
        })
    }

    /// The buckets that are not empty, by their number, and the longest time.
    pub(super) fn parts(&self) -> (Vec<(usize, u64)>, u64) {
        let counts = self.counts.iter().copied().enumerate();
        (counts.filter(|(_, count)| *count > 0).collect(), self.max)
    }

    /// Adds what [`Histogram::parts`] gave of another; buckets that are none here count as the longest.
    pub(super) fn add(&mut self, parts: &[(usize, u64)], max: u64) {
        for (bucket, count) in parts {
            let sum = &mut self.counts[(*bucket).min(BUCKETS - 1)];
            *sum = sum.saturating_add(*count);
        }
        self.max = self.max.max(max.min(LONGEST));
    }

    /// What at least so many of these values do not exceed.
    fn rank(&self, rank: u64) -> f64 {
        let mut counted = 0;
        let bucket = self.counts.iter().position(|count| {
            counted += count;
            counted >= rank
        });
        float(bucket.map_or(self.max, highest_of).min(self.max))
    }
}

/// The bucket of so many milliseconds.
fn bucket_of(millis: u64) -> usize {
    let millis = millis.min(LONGEST);
    let shift = millis.max(PARTS.into()).ilog2() - PARTS_LOG;
    usize::try_from(u64::from(shift * PARTS) + (millis >> shift)).unwrap_or(BUCKETS - 1)
}

/// The most milliseconds that are in this bucket.
fn highest_of(bucket: usize) -> u64 {
    let (bucket, parts) = (bucket as u64, u64::from(PARTS));
    let shift = (bucket / parts).saturating_sub(1);
    ((bucket - shift * parts + 1) << shift) - 1
}

fn float(number: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds, or many of them: near enough")]
    let float = number as f64;
    float
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn of(times: &[(u64, u32)]) -> Latencies {
        let mut latencies = Latencies::default();
        latencies.record(100, times.iter().copied());
        latencies
    }

    proptest! {
        #[test]
        fn a_bucket_holds_what_is_near(millis in 0..=LONGEST) {
            let bucket = bucket_of(millis);
            let highest = highest_of(bucket);
            prop_assert!(highest >= millis && highest - millis <= millis / u64::from(PARTS));
            prop_assert_eq!(bucket_of(highest), bucket);
            prop_assert_eq!(bucket_of(highest + 1), (bucket + 1).min(BUCKETS - 1));
        }
    }

    #[rstest]
    #[case::nothing(0, 0)]
    #[case::the_last_exact_one(31, 31)]
    #[case::the_longest(LONGEST, BUCKETS - 1)]
    #[case::longer_still(u64::MAX, BUCKETS - 1)]
    fn buckets_begin_exact_and_have_an_end(#[case] millis: u64, #[case] bucket: usize) {
        assert_eq!(bucket_of(millis), bucket);
    }

    #[test]
    fn percentiles_are_weighed() {
        let percentiles = of(&[(3, 90), (7, 9), (20, 1)]).minute(100).percentiles();
        assert_eq!(percentiles, Some(Percentiles { p50: 3.0, p90: 3.0, p99: 7.0, max: 20.0 }));
    }

    #[test]
    fn no_percentile_is_beyond_the_longest() {
        let percentiles = of(&[(1_000, 1)]).minute(100).percentiles();
        assert_eq!(percentiles, Some(Percentiles { p50: 1_000.0, p90: 1_000.0, p99: 1_000.0, max: 1_000.0 }));
    }

    #[test]
    fn a_minute_adds_up_its_seconds_and_forgets_those_before() {
        let mut latencies = of(&[(500, 1)]);
        latencies.record(159, [(2, 9)].into_iter());
        assert_eq!(latencies.minute(159).percentiles().map(|p| (p.p90, p.max)), Some((2.0, 500.0)));
        assert_eq!(latencies.minute(160).percentiles().map(|p| p.max), Some(2.0));
        assert_eq!(latencies.minute(219).percentiles(), None);
    }

    #[test]
    fn monitoring_is_told_of_all_of_them() {
        let mut latencies = of(&[(0, 1), (1, 2), (3, 4), (4, 8), (100_000, 16)]);
        latencies.record(1_000, [(65_535, 32)].into_iter());
        let Latency { sum, count, buckets } = latencies.since_start();
        assert_eq!(count, 63);
        let millis: u32 = 2 + 3 * 4 + 4 * 8 + 100_000 * 16 + 65_535 * 32;
        assert!((sum - f64::from(millis) / 1_000.0).abs() < 1e-9, "{sum}");
        let some: Vec<_> = buckets.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(some, [(0.001, 1), (0.002, 2), (0.004, 4), (0.008, 8), (65.536, 32), (f64::INFINITY, 16)]);
    }
}
