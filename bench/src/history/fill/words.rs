//! Texts as long as real ones, of words that are as unevenly frequent as real ones (Zipf: the second half as often as the
//! first, the third a third), the same in every run.

use fastrand::Rng;

/// In the message of half of all notifications.
pub(in crate::history) const FREQUENT: &str = "lecture";
/// In those few that [`super::log`] chooses.
pub(in crate::history) const RARE: &str = "kittiwake";

const VOCABULARY: usize = 10_000;
/// A word is drawn from a table, in which it stands as often as it is frequent.
const DRAWS: usize = 1 << 20;
const SYLLABLES: [&str; 40] = [
    "ba", "be", "ca", "co", "da", "de", "di", "do", "fa", "fi", "ga", "go", "ha", "la", "le", "li", "lo",
    "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "po", "ra", "re", "ri", "ro", "sa", "se", "si",
    "so", "ta", "te", "ti", "to", "va",
];
/// Words of a title: about 40 characters.
const TITLE: usize = 7;
/// Words of a message: about 160 characters.
const MESSAGE: usize = 29;

/// Writes texts.
pub(super) struct Words {
    vocabulary: Vec<String>,
    draws: Vec<u16>,
}

impl Words {
    pub(super) fn new() -> Self {
        let vocabulary: Vec<String> = (0..VOCABULARY).map(word).collect();
        let harmonic: f64 = (1..=VOCABULARY).map(reciprocal).sum();
        let (mut draws, mut reached) = (Vec::with_capacity(DRAWS), 0.0);
        for (index, rank) in (1..=VOCABULARY).enumerate() {
            reached += reciprocal(rank) / harmonic;
            let until = share_of_draws(reached);
            draws.resize(until.max(draws.len()), u16::try_from(index).unwrap_or(u16::MAX));
        }
        Self { vocabulary, draws }
    }

    /// A title and a message; the message has the frequent word by a toss, and the rare one where that is said.
    pub(super) fn write(&self, rng: &mut Rng, rare: bool) -> (String, String) {
        let title = self.sentence(rng, TITLE, &[]);
        let frequent = rng.bool().then_some(FREQUENT);
        let special: Vec<&str> = frequent.into_iter().chain(rare.then_some(RARE)).collect();
        let mut message = self.sentence(rng, MESSAGE - special.len(), &special);
        message.push('.');
        (title, message)
    }

    /// So many words, with these in between.
    fn sentence(&self, rng: &mut Rng, count: usize, special: &[&str]) -> String {
        let mut text = String::with_capacity(8 * (count + special.len()));
        let middle = count / 2;
        for place in 0..count {
            let drawn = usize::from(self.draws[rng.usize(..self.draws.len())]);
            let word = &self.vocabulary[drawn];
            if place == 0 {
                text.push_str(&word[..1].to_ascii_uppercase());
                text.push_str(&word[1..]);
                continue;
            }
            if place == middle {
                for word in special {
                    text.push(' ');
                    text.push_str(word);
                }
            }
            text.push(' ');
            text.push_str(word);
        }
        text
    }
}

/// The word of this rank: one syllable for each digit of its number to the base 40, and one for how many those are, so
/// that no two are the same, and the frequent ones are short.
fn word(rank: usize) -> String {
    let mut text = String::new();
    let mut rest = rank;
    loop {
        text.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
        if rest == 0 {
            break text + "n";
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rank in a vocabulary")]
fn reciprocal(rank: usize) -> f64 {
    1.0 / rank as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of the table's length"
)]
fn share_of_draws(share: f64) -> usize {
    (share * DRAWS as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_word_is_there_twice_and_none_is_a_special_one() {
        let words = Words::new();
        let distinct: HashSet<&str> = words.vocabulary.iter().map(String::as_str).collect();
        assert_eq!(distinct.len(), VOCABULARY);
        assert!(!distinct.contains(FREQUENT) && !distinct.contains(RARE));
        assert_eq!(words.draws.len(), DRAWS);
    }

    #[test]
    fn texts_are_as_long_and_as_frequent_as_they_should_be() {
        let (words, mut rng) = (Words::new(), Rng::with_seed(1));
        let texts: Vec<_> = (0..1_000).map(|_| words.write(&mut rng, false)).collect();
        let mean = |length: fn(&(String, String)) -> usize| texts.iter().map(length).sum::<usize>() / 1_000;
        assert!((30..50).contains(&mean(|(title, _)| title.len())), "{}", mean(|(title, _)| title.len()));
        let message = mean(|(_, message)| message.len());
        assert!((130..190).contains(&message), "{message}");
        let frequent = texts.iter().filter(|(_, message)| message.contains(FREQUENT)).count();
        assert!((400..600).contains(&frequent), "{frequent}");
        assert!(texts.iter().all(|(_, message)| !message.contains(RARE)));
        assert!(words.write(&mut rng, true).1.contains(" kittiwake "));
    }

    #[test]
    fn the_same_seed_writes_the_same() {
        let words = Words::new();
        let write = |seed| words.write(&mut Rng::with_seed(seed), true);
        assert_eq!(write(7), write(7));
        assert_ne!(write(7), write(8));
    }
}
