//! A notification as both baselines send it: the fields of [`crate::subscription`], in its order.

use async_graphql::{ID, SimpleObject};
use serde::{Deserialize, Serialize};

use crate::content;

/// A notification.
#[derive(Debug, Clone, Serialize, Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    id: ID,
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    kind: String,
    category: String,
    title: String,
    message: String,
    priority: String,
    status: String,
    created_at: String,
    expires_at: Option<String>,
    campus: Campus,
    sender: Sender,
    data: Data,
}

#[derive(Debug, Clone, Serialize, Deserialize, SimpleObject)]
struct Campus {
    key: String,
    name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, SimpleObject)]
struct Sender {
    name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
struct Data {
    event_id: Option<String>,
    action_url: Option<String>,
}

impl Notification {
    /// One with this title and message, and otherwise like everything else that is published here.
    pub fn new(number: u32, title: String, message: String) -> Self {
        Self {
            id: ID(format!("n{number}")),
            kind: content::TYPE.into(),
            category: "EVENTS".into(),
            title,
            message,
            priority: "MEDIUM".into(),
            status: "SENT".into(),
            created_at: "2026-11-21T18:03:00.125Z".into(),
            expires_at: None,
            campus: Campus { key: content::CAMPUS.into(), name: content::CAMPUS_NAME.into() },
            sender: Sender { name: content::SENDER_NAME.into() },
            data: Data {
                event_id: Some(content::EVENT.into()),
                action_url: Some(content::ACTION_URL.into()),
            },
        }
    }

    /// As long as one of the server's. Nothing can be resumed with it.
    pub(super) fn cursor(&self) -> String {
        format!("{:0>24}", self.id.as_str())
    }
}
