//! What a notification says, and the limits on it: the one place that enforces them.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::id::TypeId;
use super::invalid::Invalid;
use super::text;

/// Longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// Longest message, in characters.
pub const MAX_MESSAGE: usize = 4_000;
/// Longest `actionUrl`, in characters.
pub const MAX_URL: usize = 2_000;
/// Largest `metadata`, in bytes of JSON.
pub const MAX_METADATA_BYTES: usize = 8 * 1024;
/// Deepest `metadata`: an object in an object is 2.
pub const MAX_METADATA_DEPTH: usize = 8;

/// How urgent a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Priority {
    /// Good to know some day.
    Low,
    /// The default.
    #[default]
    Medium,
    /// Should be seen soon.
    High,
    /// Passes quiet hours.
    Urgent,
}

/// What a notification says.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// What kind of happening it tells of.
    pub type_id: TypeId,
    /// One line.
    pub title: String,
    /// May have several lines.
    pub message: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Where it leads.
    pub data: ContentData,
    /// From then on it is left out of feeds.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What a notification refers to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContentData {
    /// The platform's id of an event.
    pub event_id: Option<String>,
    /// The platform's id of an attendance.
    pub attendance_id: Option<String>,
    /// Where a click leads: http, https or site-relative.
    pub action_url: Option<String>,
    /// Whatever else the platform's clients want to know.
    pub metadata: Option<Value>,
}

impl Content {
    /// Bytes that it has on the heap, about.
    pub fn heap_bytes(&self) -> usize {
        let data = &self.data;
        let metadata = data.metadata.as_ref().map_or(0, json_heap_bytes);
        self.title.len() + self.message.len() + data.action_url.as_ref().map_or(0, String::len) + metadata
    }

    /// Holds the limits to it, but for `expires_at`, which is a matter of when it is sent
    /// ([`broadcast::when`](super::broadcast::when)); fields are named as in the API's `NotificationContentInput`.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        self.message = self.message.replace("\r\n", "\n");
        text::line("title", &self.title, MAX_TITLE)?;
        text::paragraph("message", &self.message, MAX_MESSAGE)?;
        self.data.check().map_err(|invalid| invalid.within("data"))?;
        Ok(self)
    }
}

/// Bytes that a JSON value has on the heap, about.
fn json_heap_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| size_of::<Value>() + json_heap_bytes(item)).sum(),
        Value::Object(map) => {
            // A node of the tree has room for eleven, however few there are.
            let nodes = map.len().div_ceil(11) * 11 * (size_of::<String>() + size_of::<Value>());
            nodes + map.iter().map(|(key, item)| key.len() + json_heap_bytes(item)).sum::<usize>()
        }
    }
}

impl ContentData {
    fn check(&self) -> Result<(), Invalid> {
        if let Some(id) = &self.event_id {
            text::key("eventId", id)?;
        }
        if let Some(id) = &self.attendance_id {
            text::key("attendanceId", id)?;
        }
        if let Some(url) = &self.action_url {
            check_action_url("actionUrl", url)?;
        }
        self.metadata.as_ref().map_or(Ok(()), |metadata| check_json("metadata", metadata))
    }
}

/// An address that a client may open: http, https, or a path on the platform's own site.
///
/// Browsers read a backslash as a slash and take `//host` for another site; neither is site-relative.
pub fn check_action_url(field: &str, address: &str) -> Result<(), Invalid> {
    text::line(field, address, MAX_URL)?;
    let refused = || Invalid::new(field, "must be an http(s) address or begin with a single /");
    if address.contains(char::is_whitespace) || address.contains('\\') {
        return Err(refused());
    }
    if address.starts_with('/') {
        return if address.starts_with("//") { Err(refused()) } else { Ok(()) };
    }
    let lower = address.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(refused());
    }
    let url = url::Url::parse(address).map_err(|_| refused())?;
    // "https://bank.example@evil.example" shows one host and opens another.
    if !url.username().is_empty() || url.password().is_some() { Err(refused()) } else { Ok(()) }
}

/// JSON of the platform's own: small, shallow and without control characters.
pub fn check_json(field: &str, value: &Value) -> Result<(), Invalid> {
    // Depth first: it bounds the recursion of everything that follows.
    if !is_shallow(value, MAX_METADATA_DEPTH) {
        return Err(Invalid::new(field, format!("must be at most {MAX_METADATA_DEPTH} levels deep")));
    }
    if value.to_string().len() > MAX_METADATA_BYTES {
        return Err(Invalid::new(field, format!("must be at most {MAX_METADATA_BYTES} bytes of JSON")));
    }
    if is_clean(value) { Ok(()) } else { Err(Invalid::new(field, "must not contain control characters")) }
}

fn is_shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| is_shallow(item, levels - 1)),
        Value::Object(fields) => levels > 0 && fields.values().all(|field| is_shallow(field, levels - 1)),
        _ => true,
    }
}

fn is_clean(value: &Value) -> bool {
    let clean = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    match value {
        Value::String(text) => clean(text),
        Value::Array(items) => items.iter().all(is_clean),
        Value::Object(fields) => fields.iter().all(|(name, field)| clean(name) && is_clean(field)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> Value {
        (1..levels).fold(json!({}), |inner, _| json!({ "in": inner }))
    }

    #[rstest]
    #[case("https://campus.example/events/1?a=b#c", true)]
    #[case("HTTP://campus.example", true)]
    #[case("/events/1", true)]
    #[case("javascript:alert(1)", false)]
    #[case("JaVaScRiPt:alert(1)", false)]
    #[case("data:text/html,x", false)]
    #[case("//evil.example", false)]
    #[case("/\\evil.example", false)]
    #[case("https://campus.example@evil.example/", false)]
    #[case("https://", false)]
    #[case("events/1", false)]
    #[case(" https://campus.example", false)]
    #[case("/a b", false)]
    fn only_harmless_addresses_pass(#[case] address: &str, #[case] accepted: bool) {
        assert_eq!(check_action_url("actionUrl", address).is_ok(), accepted);
    }

    #[rstest]
    #[case::deepest(nested(8), true)]
    #[case::too_deep(nested(9), false)]
    #[case::too_large(json!("x".repeat(8 * 1024)), false)]
    #[case::nul(json!({ "a": ["b\u{0}"] }), false)]
    #[case::nul_in_a_name(json!({ "a\u{0}": 1 }), false)]
    #[case::lines(json!({ "a": "b\nc" }), true)]
    #[case::scalar(json!(4), true)]
    fn metadata_is_small_shallow_and_clean(#[case] metadata: Value, #[case] accepted: bool) {
        assert_eq!(check_json("metadata", &metadata).is_ok(), accepted);
    }

    #[test]
    fn says_which_field() {
        let content = Content {
            type_id: TypeId(1),
            title: "Open day".into(),
            message: "Doors at nine".into(),
            priority: Priority::Medium,
            data: ContentData { action_url: Some("javascript:x".into()), ..ContentData::default() },
            expires_at: None,
        };
        assert_eq!(content.clone().checked().unwrap_err().field, "data.actionUrl");
        let long = Content { title: "x".repeat(201), ..content };
        assert_eq!(long.checked().unwrap_err().field, "title");
    }
}
