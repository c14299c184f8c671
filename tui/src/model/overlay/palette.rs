//! The palette: what is typed, and what it may mean.

use std::borrow::Cow;

use frizbee::{Config, Matcher};

use crate::{action::Action, input::Line};

/// The palette.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is typed: an action's name, or something like it, and perhaps what it is to be told.
    pub line: Line,
    /// What it may mean, the best first.
    pub candidates: Vec<Candidate>,
    /// Which of them is chosen.
    pub selected: usize,
    /// The first that is shown.
    pub offset: usize,
}

/// Something that what is typed may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it does.
    pub action: Action,
    /// What it is told; nothing, where it needs nothing.
    pub argument: Option<String>,
    /// As it would be typed whole.
    pub line: String,
    /// What it does, for people.
    pub help: String,
    /// The keys that do the same.
    pub keys: String,
}

/// Nobody types more of a name than this, in characters.
const LONGEST: usize = 64;

/// Those that match what is typed, the best first; all of them, in their own order, where nothing is.
pub fn rank(typed: &str, candidates: Vec<Candidate>) -> Vec<Candidate> {
    if typed.trim().is_empty() {
        return candidates;
    }
    let haystacks: Vec<_> = candidates.iter().map(searched).collect();
    let haystacks: Vec<_> = haystacks.iter().map(|text| &**text).collect();
    // Some type a space where the name has a hyphen.
    let needle: String = typed.chars().filter(|char| !char.is_whitespace()).take(LONGEST).collect();
    let matches = Matcher::new(&needle, &Config::default()).match_list(&haystacks);
    let mut candidates: Vec<_> = candidates.into_iter().map(Some).collect();
    matches
        .into_iter()
        .filter_map(|found| candidates.get_mut(usize::try_from(found.index).ok()?)?.take())
        .collect()
}

/// What is looked at: what would be typed whole; and of something that is chosen what it stands for, too, since people know a
/// campus by its name.
fn searched(candidate: &Candidate) -> Cow<'_, str> {
    match candidate.argument {
        Some(_) => format!("{} {}", candidate.line, candidate.help).into(),
        None => candidate.line.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn candidates(lines: &[&str]) -> Vec<Candidate> {
        let candidate = |line: &&str| Candidate {
            action: Action::Help,
            argument: None,
            line: (*line).to_owned(),
            help: String::new(),
            keys: String::new(),
        };
        lines.iter().map(candidate).collect()
    }

    #[rstest]
    #[case("", &["quit", "mark-read", "mark-all-read", "theme light"])]
    #[case("mark read", &["mark-read", "mark-all-read"])]
    #[case("mar", &["mark-read", "mark-all-read"])]
    #[case("thli", &["theme light"])]
    #[case("qt", &["quit"])]
    #[case("zzz", &[])]
    fn ranks(#[case] typed: &str, #[case] best_first: &[&str]) {
        let all = candidates(&["quit", "mark-read", "mark-all-read", "theme light"]);
        let ranked: Vec<_> = rank(typed, all).into_iter().map(|candidate| candidate.line).collect();
        assert_eq!(ranked, best_first);
    }

    #[test]
    fn what_is_chosen_is_found_by_what_it_stands_for() {
        let campus = |key: &str, name: &str| Candidate {
            argument: Some(key.to_owned()),
            help: name.to_owned(),
            ..candidates(&[&format!("campus {key}")]).remove(0)
        };
        let ranked = rank("campus north", vec![campus("c1", "Harbour Campus"), campus("c2", "North Campus")]);
        assert_eq!(ranked.first().map(|candidate| candidate.line.as_str()), Some("campus c2"));
    }

    #[test]
    fn whatever_is_typed_is_looked_for() {
        rank(&"日x".repeat(5_000), candidates(&["quit"]));
    }
}
