//! Publishing: which mutation says a letter to whom, and how many it would reach.

use cynic::{MutationBuilder, QueryBuilder};

use super::session::Session;
use crate::{
    api::{
        NotificationType,
        broadcasts::{AudienceInput, AudiencePreview, PreviewQuery, PreviewVariables},
        fragments,
        mutations::{
            BroadcastToAll, BroadcastToCampus, CampusBroadcastInput, CampusBroadcastVariables,
            NotificationContentInput, NotificationDataInput, NotifyUsers, NotifyUsersInput,
            NotifyUsersVariables, PublishPayload, SystemBroadcastInput, SystemBroadcastVariables,
        },
    },
    model::{
        fault::Fault,
        letter::{Letter, Recipients},
        notification::Priority,
    },
};

/// Sends it, once however often it is tried under the same key.
pub async fn publish(session: &Session, letter: Letter) -> Result<PublishPayload, Fault> {
    let content = NotificationContentInput {
        kind: NotificationType(letter.kind),
        title: letter.title,
        message: letter.message,
        priority: letter.priority.map(priority),
        data: letter.link.map(|url| NotificationDataInput { action_url: Some(url) }),
        expires_at: letter.expires_at,
    };
    let (send_at, idempotency_key) = (letter.send_at, Some(letter.key));
    match letter.to {
        Recipients::All => {
            let input = SystemBroadcastInput { content, send_at, idempotency_key };
            let mutation = BroadcastToAll::build(SystemBroadcastVariables { input });
            Ok(session.ask(mutation).await?.broadcast_to_all)
        }
        Recipients::Campus(campus_key) => {
            let input = CampusBroadcastInput { campus_key, content, send_at, idempotency_key };
            let mutation = BroadcastToCampus::build(CampusBroadcastVariables { input });
            Ok(session.ask(mutation).await?.broadcast_to_campus)
        }
        Recipients::Users { keys, campus } => {
            let input =
                NotifyUsersInput { user_keys: keys, campus_key: campus, content, send_at, idempotency_key };
            Ok(session.ask(NotifyUsers::build(NotifyUsersVariables { input })).await?.notify_users)
        }
    }
}

/// How many it would reach.
pub async fn preview(session: &Session, to: Recipients, kind: String) -> Result<AudiencePreview, Fault> {
    let (campus_key, user_keys, all) = match to {
        Recipients::All => (None, None, Some(true)),
        Recipients::Campus(key) => (Some(key), None, None),
        Recipients::Users { keys, campus } => (campus, Some(keys), None),
    };
    let input = AudienceInput { campus_key, user_keys, all, kind: NotificationType(kind) };
    session.ask(PreviewQuery::build(PreviewVariables { input })).await.map(|answer| answer.preview_audience)
}

fn priority(priority: Priority) -> fragments::Priority {
    match priority {
        Priority::Low => fragments::Priority::Low,
        Priority::Medium => fragments::Priority::Medium,
        Priority::High => fragments::Priority::High,
        Priority::Urgent => fragments::Priority::Urgent,
        Priority::Other(name) => fragments::Priority::Other(name),
    }
}
