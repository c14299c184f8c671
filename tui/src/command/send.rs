//! `campanile send`: notifies a campus, named users or everyone, from a script.

use std::io::{Read, stdin, stdout};

use cynic::MutationBuilder;
use serde_json::Value;

use super::{
    CommandError,
    output::{Format, print},
    persist,
};
use crate::{
    api::{
        NotificationType,
        mutations::{
            BroadcastToAll, BroadcastToCampus, CampusBroadcastInput, CampusBroadcastVariables,
            NotificationContentInput, NotificationDataInput, NotifyUsers, NotifyUsersInput,
            NotifyUsersVariables, PublishPayload, SystemBroadcastInput, SystemBroadcastVariables,
        },
    },
    cli::Send,
    config::Settings,
    model::fault::Fault,
    net::session::Session,
    sanitise,
};

/// Sends, and prints what it has become.
pub(super) async fn run(settings: &Settings, mut args: Send) -> Result<(), CommandError> {
    if args.message == "-" {
        args.message.clear();
        stdin().read_to_string(&mut args.message)?;
        args.message.truncate(args.message.trim_end().len());
    }
    // One key for every attempt: an answer that was lost on the way does not become a second notification.
    let key = args.idempotency_key.take().unwrap_or_else(|| format!("cli-{:032x}", rand::random::<u128>()));
    let payload = persist(settings, |session| publish(session, &args, &key)).await?;
    let id = payload.notification.map(|notification| sanitise::line(notification.id.inner()));
    let line = match (Format::choose(false, false), id) {
        (Format::Json, id) => {
            let id = id.map_or(Value::Null, Value::String);
            format!(r#"{{"id":{id},"created":{}}}"#, payload.created)
        }
        (Format::Plain, None) => "sent before, and recalled since".to_owned(),
        (Format::Plain, Some(id)) if payload.created => id,
        (Format::Plain, Some(id)) => format!("{id} (sent before)"),
    };
    print(&mut stdout(), &line)?;
    Ok(())
}

async fn publish(session: Session, args: &Send, key: &str) -> Result<PublishPayload, Fault> {
    let content = content(args);
    let idempotency_key = Some(key.to_owned());
    if args.all {
        let input = SystemBroadcastInput { content, idempotency_key };
        return Ok(session
            .ask(BroadcastToAll::build(SystemBroadcastVariables { input }))
            .await?
            .broadcast_to_all);
    }
    match args.campus.clone() {
        Some(campus_key) if args.user.is_empty() => {
            let input = CampusBroadcastInput { campus_key, content, idempotency_key };
            let mutation = BroadcastToCampus::build(CampusBroadcastVariables { input });
            Ok(session.ask(mutation).await?.broadcast_to_campus)
        }
        campus_key => {
            let input =
                NotifyUsersInput { user_keys: args.user.clone(), campus_key, content, idempotency_key };
            Ok(session.ask(NotifyUsers::build(NotifyUsersVariables { input })).await?.notify_users)
        }
    }
}

fn content(args: &Send) -> NotificationContentInput {
    let usual = if args.campus.is_some() { "CAMPUS_UPDATE" } else { "SYSTEM_ANNOUNCEMENT" };
    let data = args.action_url.clone().map(|url| NotificationDataInput { action_url: Some(url) });
    NotificationContentInput {
        kind: NotificationType(args.kind.clone().unwrap_or_else(|| usual.to_owned())),
        title: args.title.clone(),
        message: args.message.clone(),
        priority: args.priority.map(Into::into),
        data,
        expires_at: args.expires,
    }
}
