//! Of many numbers, the one that tells something.

use std::time::Duration;

/// A count to reckon with.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to 2^53")]
pub fn float(count: u64) -> f64 {
    count as f64
}

/// The middle one; between two, the mean of them. `None` of none.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let above = *numbers.get(middle)?;
    match numbers.len() % 2 {
        1 => Some(above),
        _ => Some(f64::midpoint(numbers[middle - 1], above)),
    }
}

/// The time that `hundredths` of a hundred of these stay within, in milliseconds. `None` of none.
pub fn percentile_ms(times: &[Duration], hundredths: usize) -> Option<f64> {
    let mut times = times.to_vec();
    times.sort_unstable();
    // The nearest rank.
    let rank = (times.len() * hundredths).div_ceil(100).max(1);
    times.get(rank - 1).map(|time| time.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([]), None);
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile_ms(&times, 50), Some(100.0));
        assert_eq!(percentile_ms(&times, 99), Some(198.0));
        assert_eq!(percentile_ms(&times[..1], 50), Some(200.0));
        assert_eq!(percentile_ms(&[], 50), None);
    }
}
