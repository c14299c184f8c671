//! Which entries of a batch.

/// Bits of a word.
const WORD: usize = u64::BITS as usize;
/// Entries of a batch, at most: the largest burst that several campuses share still fits, so that each campus's part of it
/// fills its writes.
pub(in crate::delivery::router) const MOST: usize = 4 * WORD;

/// Which entries of a batch, by their place in it: below [`MOST`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::delivery::router) struct Mask([u64; MOST / WORD]);

impl Mask {
    pub(in crate::delivery::router) fn set(&mut self, place: usize) {
        self.0[place / WORD] |= 1 << (place % WORD);
    }

    pub(in crate::delivery::router) fn has(&self, place: usize) -> bool {
        self.0[place / WORD] & (1 << (place % WORD)) != 0
    }

    /// Those that are not in another.
    pub(in crate::delivery::router) fn without(mut self, other: &Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word &= !other;
        }
        self
    }

    /// Adds those of another.
    pub(in crate::delivery::router) fn add(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    pub(in crate::delivery::router) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_mask_is_a_set(one in btree_set(0..MOST, 0..20), other in btree_set(0..MOST, 0..20)) {
            let mut masks = [&one, &other].map(|places| {
                let mut mask = Mask::default();
                for place in places {
                    mask.set(*place);
                }
                assert_eq!(mask.is_empty(), places.is_empty());
                mask
            });
            let [first, second] = &mut masks;
            let rest = first.without(second);
            prop_assert!((0..MOST).all(|place| rest.has(place) == (one.contains(&place) && !other.contains(&place))));
            first.add(second);
            for place in 0..MOST {
                prop_assert_eq!(first.has(place), one.contains(&place) || other.contains(&place));
            }
        }
    }
}
