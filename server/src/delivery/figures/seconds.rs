//! What happened in each of the last seconds; what is older is forgotten.

use std::ops::Range;

/// Seconds that are kept, this one among them.
pub(super) const KEPT: i64 = 60;

/// A `T` for each of the last [`KEPT`] seconds.
pub(super) struct Seconds<T>(Vec<(i64, T)>);

impl<T: Default> Default for Seconds<T> {
    fn default() -> Self {
        Self((0..KEPT).map(|_| (i64::MIN, T::default())).collect())
    }
}

impl<T: Default> Seconds<T> {
    /// What this second has, for the first time nothing.
    pub(super) fn at(&mut self, second: i64) -> &mut T {
        let (of, held) = &mut self.0[slot(second)];
        if *of != second {
            (*of, *held) = (second, T::default());
        }
        held
    }

    /// What is kept of these seconds, [`KEPT`] of them at most.
    pub(super) fn within(&self, seconds: Range<i64>) -> impl Iterator<Item = &T> {
        self.0.iter().filter(move |(of, _)| seconds.contains(of)).map(|(_, held)| held)
    }
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(KEPT)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own() {
        let mut seconds = Seconds::<u64>::default();
        for second in 100..104 {
            *seconds.at(second) += 1;
            *seconds.at(second) += 1;
        }
        assert_eq!(seconds.within(101..103).sum::<u64>(), 4);
        assert_eq!(seconds.within(0..1_000).sum::<u64>(), 8);
    }

    #[test]
    fn what_is_a_minute_old_gives_way() {
        let mut seconds = Seconds::<u64>::default();
        *seconds.at(100) += 5;
        *seconds.at(100 + KEPT - 1) += 1;
        assert_eq!(seconds.within(100..200).sum::<u64>(), 6);
        *seconds.at(100 + KEPT) += 1;
        assert_eq!(seconds.within(100..200).sum::<u64>(), 2);
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_no_more_than_it_has_to() {
        let mut seconds = Seconds::<u64>::default();
        *seconds.at(1_000) += 5;
        *seconds.at(-1) += 2;
        assert_eq!(seconds.within(-60..0).sum::<u64>(), 2);
        assert_eq!(seconds.within(941..1_001).sum::<u64>(), 5);
    }
}
