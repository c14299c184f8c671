//! What servers on one database tell each other, to save time. Each is a hint, and small: what one misses the log, or the next
//! look at the database, says as well.

use std::fmt;

use crate::domain::entry::Audience;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::receipts::ReceiptHint;

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The log is longer.
    Log,
    /// Somebody's receipts have changed; how is not said.
    Receipts(ReceiptHint),
    /// Receipts of people have changed of whom nothing is said.
    SomeReceipts,
    /// This server asks how many people of an audience have a feed open elsewhere.
    Count {
        /// Who asks.
        from: i64,
        /// Which of their questions.
        question: i64,
        /// At most [`NAMED`] users.
        audience: Audience,
    },
    /// That server is answered.
    Counted {
        /// Who asked.
        to: i64,
        /// Which of their questions.
        question: i64,
        /// How many people.
        people: u64,
    },
}

/// Users that one hint names, at most.
pub(crate) const NAMED: usize = 300;

/// One line, of at most 7,000 bytes.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::Receipts(ReceiptHint { user, revision, as_of, .. }) => {
                write!(f, "receipts {} {revision} {}", user.0, as_of.0)
            }
            Self::SomeReceipts => f.write_str("receipts"),
            Self::Count { from, question, audience } => {
                write!(f, "count {from} {question}")?;
                match audience {
                    Audience::System => f.write_str(" all"),
                    Audience::Campus(campus) => write!(f, " campus {}", campus.0),
                    Audience::Users(users) => {
                        f.write_str(" users")?;
                        users.iter().take(NAMED).try_for_each(|user| write!(f, " {}", user.0))
                    }
                }
            }
            Self::Counted { to, question, people } => write!(f, "counted {to} {question} {people}"),
        }
    }
}

impl Hint {
    /// What a line says; `None` where that is nothing known here: a newer server's.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        match words.next()? {
            "log" => Some(Self::Log),
            "receipts" => {
                let numbers: Result<Vec<i64>, _> = words.map(str::parse).collect();
                match numbers.ok()?[..] {
                    [] => Some(Self::SomeReceipts),
                    [user, revision, as_of, ..] => {
                        let (user, as_of) = (UserId(user), Seq(as_of));
                        Some(Self::Receipts(ReceiptHint { user, revision, as_of, change: None }))
                    }
                    _ => None,
                }
            }
            "count" => {
                let (from, question) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
                let kind = words.next()?;
                let numbers: Vec<i64> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
                let audience = match (kind, &numbers[..]) {
                    ("all", []) => Audience::System,
                    ("campus", [campus]) => Audience::Campus(CampusId(*campus)),
                    ("users", users) => Audience::users(users.iter().copied().map(UserId)),
                    _ => return None,
                };
                Some(Self::Count { from, question, audience })
            }
            "counted" => {
                let (to, question) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
                Some(Self::Counted { to, question, people: words.next()?.parse().ok()? })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn hints_are_read_as_they_were_written(user: i64, revision: i64, as_of: i64) {
            let hint = ReceiptHint { user: UserId(user), revision, as_of: Seq(as_of), change: None };
            let audiences = [
                Audience::System,
                Audience::Campus(CampusId(user)),
                Audience::users((0..).take(NAMED).map(|i| UserId(user.saturating_add(i)))),
            ];
            let counts = audiences.map(|audience| Hint::Count { from: user, question: revision, audience });
            let counted = Hint::Counted { to: user, question: revision, people: as_of.unsigned_abs() };
            for hint in [Hint::Log, Hint::SomeReceipts, Hint::Receipts(hint), counted].into_iter().chain(counts) {
                let line = hint.to_string();
                prop_assert!(line.len() <= 7_000 && !line.contains('\n'));
                prop_assert_eq!(Hint::read(&line), Some(hint));
            }
        }

        #[test]
        fn what_is_not_understood_is_nothing(line in ".*") {
            let _ = Hint::read(&line);
        }
    }
}
