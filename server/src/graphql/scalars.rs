//! Scalars of the API's own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

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
        let moment = chrono::DateTime::parse_from_rfc3339(text)
            .map_err(|_| InputValueError::custom("must be a moment such as 2026-11-21T18:03:00Z"))?;
        Ok(Self(moment.to_utc()))
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
