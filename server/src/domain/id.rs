//! Identities: the store's integers inside, opaque global ids outside.

use std::fmt;
use std::str::FromStr;

/// A position in the log. The first entry has 1; 0 is before everything. A notification's position is its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub i64);

impl Seq {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A user, as the store interned their key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

/// A campus, as the store interned its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CampusId(pub i64);

/// A broadcast, as the store numbered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BroadcastId(pub i64);

/// A notification type, as the store numbered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub i32);

/// The API's `id`: opaque to clients and unique over all types, as Relay and Apollo caches need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GlobalId {
    /// `n41`
    Notification(Seq),
    /// `b7`
    Broadcast(BroadcastId),
    /// `campus:KEY`
    Campus(String),
    /// `user:KEY`
    User(String),
    /// `viewer:KEY`
    Viewer(String),
    /// `preferences:0:KEY`: of that user, by default; `preferences:7:KEY`: on one campus.
    Preferences(Option<CampusId>, String),
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notification(seq) => write!(f, "n{}", seq.0),
            Self::Broadcast(id) => write!(f, "b{}", id.0),
            Self::Campus(key) => write!(f, "campus:{key}"),
            Self::User(key) => write!(f, "user:{key}"),
            Self::Viewer(key) => write!(f, "viewer:{key}"),
            Self::Preferences(campus, key) => {
                write!(f, "preferences:{}:{key}", campus.map_or(0, |campus| campus.0))
            }
        }
    }
}

/// The text is no id that Campanile ever gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an id of Campanile's")]
pub struct UnknownId;

impl FromStr for GlobalId {
    type Err = UnknownId;

    fn from_str(text: &str) -> Result<Self, UnknownId> {
        if let Some((kind, key)) = text.split_once(':') {
            return match kind {
                _ if key.is_empty() => Err(UnknownId),
                "campus" => Ok(Self::Campus(key.to_owned())),
                "user" => Ok(Self::User(key.to_owned())),
                "viewer" => Ok(Self::Viewer(key.to_owned())),
                "preferences" => preferences(key),
                _ => Err(UnknownId),
            };
        }
        match text.split_at_checked(1) {
            Some(("n", digits)) => number_of(digits).map(Seq).map(Self::Notification),
            Some(("b", digits)) => number_of(digits).map(BroadcastId).map(Self::Broadcast),
            _ => Err(UnknownId),
        }
    }
}

fn preferences(text: &str) -> Result<GlobalId, UnknownId> {
    let (campus, key) = text.split_once(':').filter(|(_, key)| !key.is_empty()).ok_or(UnknownId)?;
    let campus = match campus {
        "0" => None,
        number => Some(number_of(number).map(CampusId)?),
    };
    Ok(GlobalId::Preferences(campus, key.to_owned()))
}

/// One spelling each: "n041" and "n+41" would make two cache entries of one notification.
fn number_of(digits: &str) -> Result<i64, UnknownId> {
    let canonical = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| canonical).ok_or(UnknownId)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("n41", GlobalId::Notification(Seq(41)))]
    #[case("b41", GlobalId::Broadcast(BroadcastId(41)))]
    #[case("campus:north", GlobalId::Campus("north".into()))]
    #[case("user:a:b", GlobalId::User("a:b".into()))]
    #[case("viewer:ada", GlobalId::Viewer("ada".into()))]
    #[case("preferences:0:ada", GlobalId::Preferences(None, "ada".into()))]
    #[case("preferences:7:a:b", GlobalId::Preferences(Some(CampusId(7)), "a:b".into()))]
    fn reads_what_it_writes(#[case] text: &str, #[case] id: GlobalId) {
        assert_eq!(text.parse(), Ok(id.clone()));
        assert_eq!(id.to_string(), text);
    }

    #[rstest]
    #[case("")]
    #[case("n")]
    #[case("n0")]
    #[case("n041")]
    #[case("n-1")]
    #[case("n+1")]
    #[case("n99999999999999999999")]
    #[case("x41")]
    #[case("campus:")]
    #[case("planet:mars")]
    #[case("preferences:ada")]
    #[case("preferences:0:")]
    #[case("preferences:07:ada")]
    #[case("é1")]
    fn refuses_what_it_never_wrote(#[case] text: &str) {
        assert_eq!(text.parse::<GlobalId>(), Err(UnknownId));
    }
}
