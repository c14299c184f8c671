//! A part of the history, as the file names it and as `campanile history` is asked for it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    api::{NotificationType, queries::NotificationFilter},
    cli::{Category, Priority},
    when::{self, WhenError},
};

/// Which notifications. What is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct View {
    /// Words, "phrases", beginnings*, and -what must not be there.
    pub search: Option<String>,
    /// Only these campuses', by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub campus: Vec<String>,
    /// Only of these types.
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Only of these groups of types.
    #[serde(deserialize_with = "names", serialize_with = "say_all", skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Category>,
    /// Only what matters at least this much.
    #[serde(deserialize_with = "name", serialize_with = "say", skip_serializing_if = "Option::is_none")]
    pub min_priority: Option<Priority>,
    /// True: unread only; false: read only.
    pub unread: Option<bool>,
    /// Only from then on: RFC 3339 or in words, which are read anew each time.
    pub since: Option<String>,
    /// Only before then.
    pub until: Option<String>,
    /// What is archived, too.
    #[serde(skip_serializing_if = "is_left_out")]
    pub archived: bool,
    /// What is past its expiry, too.
    #[serde(skip_serializing_if = "is_left_out")]
    pub expired: bool,
    /// What is muted, too.
    #[serde(skip_serializing_if = "is_left_out")]
    pub muted: bool,
}

impl View {
    /// With what is asked for beside it: a list adds, everything else replaces.
    #[must_use]
    pub fn narrowed(mut self, by: Self) -> Self {
        self.campus.extend(by.campus);
        self.types.extend(by.types);
        self.category.extend(by.category);
        Self {
            search: by.search.or(self.search),
            min_priority: by.min_priority.or(self.min_priority),
            unread: by.unread.or(self.unread),
            since: by.since.or(self.since),
            until: by.until.or(self.until),
            archived: by.archived || self.archived,
            expired: by.expired || self.expired,
            muted: by.muted || self.muted,
            ..self
        }
    }

    /// As the API is asked for it, at the moment `now` by the clocks of `zone`.
    pub fn filter(&self, now: DateTime<Utc>, zone: Tz) -> Result<NotificationFilter, WhenError> {
        fn some<T>(list: impl ExactSizeIterator<Item = T>) -> Option<Vec<T>> {
            (list.len() > 0).then(|| list.collect())
        }
        let moment =
            |text: &Option<String>| text.as_deref().map(|text| when::since(text, now, zone)).transpose();
        Ok(NotificationFilter {
            unread: self.unread,
            campus_keys: some(self.campus.iter().cloned()),
            types: some(self.types.iter().cloned().map(NotificationType)),
            categories: some(self.category.iter().copied().map(Into::into)),
            min_priority: self.min_priority.map(Into::into),
            search: self.search.clone(),
            since: moment(&self.since)?,
            until: moment(&self.until)?,
            archived: self.archived.then_some(true),
            expired: self.expired.then_some(true),
            muted: self.muted.then_some(true),
        })
    }
}

/// One of the names that the command line takes as well.
fn named<T: clap::ValueEnum, E: Error>(name: &str) -> Result<T, E> {
    T::from_str(name, true).map_err(|_| {
        let known = T::value_variants().iter().filter_map(T::to_possible_value);
        let known: Vec<_> = known.map(|value| value.get_name().to_owned()).collect();
        E::custom(format!("{name:?} is none of {}", known.join(", ")))
    })
}

fn name<'de, T: clap::ValueEnum, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    named(&String::deserialize(from)?).map(Some)
}

fn names<'de, T: clap::ValueEnum, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Vec::<String>::deserialize(from)?.iter().map(|name| named(name)).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like this")]
fn is_left_out(switch: &bool) -> bool {
    !switch
}

/// The name of a value that the command line takes as well.
fn said<T: clap::ValueEnum>(value: &T) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

#[expect(clippy::ref_option, reason = "serde hands it over like this")]
fn say<T: clap::ValueEnum, S: Serializer>(value: &Option<T>, into: S) -> Result<S::Ok, S::Error> {
    value.as_ref().and_then(said).serialize(into)
}

fn say_all<T: clap::ValueEnum, S: Serializer>(values: &[T], into: S) -> Result<S::Ok, S::Error> {
    values.iter().filter_map(said).collect::<Vec<_>>().serialize(into)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn what_is_asked_for_beside_it_narrows_it() {
        let view: View = toml::from_str(
            "search = \"a\"\ncampus = [\"north\"]\ncategory = [\"EVENTS\"]\nmin_priority = \"High\"\nsince = \"yesterday\"",
        )
        .unwrap();
        let by = View {
            campus: vec!["south".into()],
            unread: Some(true),
            search: Some("b".into()),
            ..View::default()
        };
        let filter = view.narrowed(by).filter(crate::fixture::moment(), Tz::UTC).unwrap();
        let json = serde_json::to_value(&filter).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"unread": true, "campusKeys": ["north", "south"], "categories": ["EVENTS"],
                "minPriority": "HIGH", "search": "b", "since": "2026-11-20T00:00:00Z"})
        );
    }

    #[rstest]
    #[case("min_priority = \"hot\"", "\"hot\" is none of low, medium, high, urgent")]
    #[case("category = [\"sports\"]", "\"sports\" is none of events, ")]
    #[case("min_prio = \"high\"", "unknown field")]
    fn what_cannot_be_is_said(#[case] text: &str, #[case] why: &str) {
        let error = toml::from_str::<View>(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_moment_that_is_none_is_an_error_when_it_is_asked_for() {
        let view = View { since: Some("soon".into()), ..View::default() };
        assert!(view.filter(crate::fixture::moment(), Tz::UTC).is_err());
    }
}
