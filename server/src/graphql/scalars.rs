//! Scalars of the API's own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike as _, SecondsFormat, Utc};

use crate::domain::preferences;

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub chrono::DateTime<Utc>);

/// A moment, RFC 3339, always UTC, such as 2026-11-21T18:03:00Z. Inputs may bear another offset.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let moment = chrono::DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc()).ok();
        // An offset can lead out of the years of RFC 3339, which are also those that databases sort as they follow.
        let moment = moment.filter(|moment| (0..=9_999).contains(&moment.year()));
        moment
            .map(Self)
            .ok_or_else(|| InputValueError::custom("must be a moment such as 2026-11-21T18:03:00Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// The name of a notification type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotificationType(pub String);

/// The name of a notification type, as `notificationTypes` lists them. A scalar, not an enum: a platform can have types
/// of its own without breaking a client.
#[Scalar(name = "NotificationType")]
impl ScalarType for NotificationType {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(name) => Ok(Self(name)),
            // Written into a document like an enum's value, which it once may have been.
            Value::Enum(name) => Ok(Self(name.to_string())),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A wall-clock time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay(pub preferences::TimeOfDay);

/// A wall-clock time of day, HH:MM, from 00:00 to 23:59.
#[Scalar(name = "TimeOfDay")]
impl ScalarType for TimeOfDay {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let time = preferences::TimeOfDay::parse(text);
        time.map(Self).ok_or_else(|| InputValueError::custom("must be a time of day such as 07:30"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::utc("2026-11-21T18:03:00Z", Some("2026-11-21T18:03:00Z"))]
    #[case::an_offset("2026-11-21T18:03:00+05:30", Some("2026-11-21T12:33:00Z"))]
    #[case::the_first("0000-01-01T00:00:00Z", Some("0000-01-01T00:00:00Z"))]
    #[case::the_last("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z"))]
    #[case::before_the_first("0000-01-01T00:00:00+01:00", None)]
    #[case::after_the_last("9999-12-31T23:59:59-01:00", None)]
    #[case::no_offset("2026-11-21T18:03:00", None)]
    #[case::no_such_day("2026-02-30T00:00:00Z", None)]
    fn moments_are_of_years_with_four_digits(#[case] text: &str, #[case] expected: Option<&str>) {
        let moment = DateTime::parse(Value::String(text.to_owned())).ok();
        assert_eq!(
            moment.map(|moment| moment.to_value()),
            expected.map(|text| Value::String(text.to_owned()))
        );
    }
}
