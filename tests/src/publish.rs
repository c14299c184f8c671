//! Publishing, where only the title matters.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::caller::Caller;

/// `broadcastToCampus`, with its input as `$input`.
pub const BROADCAST_TO_CAMPUS: &str = "mutation ($input: CampusBroadcastInput!) {
  publish: broadcastToCampus(input: $input) { created notification { id } }
}";

/// `broadcastToAll`, with its input as `$input`.
pub const BROADCAST_TO_ALL: &str = "mutation ($input: SystemBroadcastInput!) {
  publish: broadcastToAll(input: $input) { created notification { id } }
}";

/// `notifyUsers`, with its input as `$input`.
pub const NOTIFY_USERS: &str = "mutation ($input: NotifyUsersInput!) {
  publish: notifyUsers(input: $input) { created notification { id } }
}";

/// A content with this title.
pub fn content(title: &str) -> Value {
    json!({ "type": "SYSTEM_ANNOUNCEMENT", "title": title, "message": "Nothing but the title matters." })
}

/// To everyone on one campus. Returns the notification's id.
pub async fn to_campus(publisher: &Caller, campus: &str, title: &str) -> Result<String> {
    let input = json!({ "campusKey": campus, "content": content(title) });
    publish(publisher, BROADCAST_TO_CAMPUS, &input).await
}

/// To everyone. Returns the notification's id.
pub async fn to_all(publisher: &Caller, title: &str) -> Result<String> {
    publish(publisher, BROADCAST_TO_ALL, &json!({ "content": content(title) })).await
}

/// To one user. Returns the notification's id.
pub async fn to_user(publisher: &Caller, user: &str, title: &str) -> Result<String> {
    let input = json!({ "userKeys": [user], "content": content(title) });
    publish(publisher, NOTIFY_USERS, &input).await
}

/// Sends one of the mutations above. Returns the notification's id.
pub async fn publish(publisher: &Caller, mutation: &str, input: &Value) -> Result<String> {
    let data = publisher.ask(mutation, json!({ "input": input })).await?;
    let id = data["publish"]["notification"]["id"].as_str();
    id.map(str::to_owned).with_context(|| format!("published without a notification: {data}"))
}
