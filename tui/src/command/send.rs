//! `campanile send`: notifies a campus, named users or everyone, from a script.

use std::io::{Read, stdin};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use cynic::{MutationBuilder, QueryBuilder};
use serde::Serialize;

use super::{
    CommandError,
    output::{Printer, note},
    persist,
};
use crate::{
    api::{
        NotificationType,
        broadcasts::{AudienceInput, AudiencePreview, PreviewQuery, PreviewVariables},
        mutations::{
            BroadcastToAll, BroadcastToCampus, CampusBroadcastInput, CampusBroadcastVariables,
            NotificationContentInput, NotificationDataInput, NotifyUsers, NotifyUsersInput,
            NotifyUsersVariables, PublishPayload, SystemBroadcastInput, SystemBroadcastVariables,
        },
        queries::{CampusZoneQuery, CampusZoneVariables},
    },
    cli::{Output, Send},
    clock::{Clock, SystemClock},
    config::Settings,
    model::fault::Fault,
    net::session::Session,
    sanitise, when,
};

/// Sends, and prints what it has become; or only how many it would reach.
pub(super) async fn run(settings: &Settings, mut args: Send, output: Output) -> Result<(), CommandError> {
    if args.message == "-" {
        args.message.clear();
        stdin().read_to_string(&mut args.message)?;
        args.message.truncate(args.message.trim_end().len());
    }
    let mut printer = Printer::new(output);
    let send_at = match &args.send_at {
        Some(text) => {
            let zone = persist(settings, |session| zone(session, &args)).await?;
            let (now, zone) = (SystemClock.now(), zone.unwrap_or_else(|| settings.zone()));
            let at = when::parse(text, now, zone)?;
            note(settings, format_args!("to be sent {}", when::spelled(at, now, zone)));
            Some(at)
        }
        None => None,
    };
    if args.dry_run {
        let preview = persist(settings, |session| preview(session, &args)).await?;
        printer.say(&preview, || {
            let AudiencePreview { size, muted, in_quiet_hours, connected } = preview;
            vec![format!(
                "would reach {size}: {muted} mute the type, {in_quiet_hours} have quiet hours, {connected} are connected"
            )]
        })?;
        return Ok(());
    }
    // One key for every attempt: an answer that was lost on the way does not become a second notification.
    let key = args.idempotency_key.take().unwrap_or_else(|| format!("cli-{:032x}", rand::random::<u128>()));
    let payload = persist(settings, |session| publish(session, &args, send_at, &key)).await?;
    let id = payload.notification.map(|notification| sanitise::line(notification.id.inner()));
    let broadcast = sanitise::line(payload.broadcast.id.inner());
    let (created, waits) = (payload.created, payload.broadcast.send_at.filter(|_| id.is_none()));
    let value =
        Sent { id: id.clone(), broadcast: broadcast.clone(), created, send_at: payload.broadcast.send_at };
    printer.say(&value, || {
        let what = match (id, waits) {
            (Some(id), _) => id,
            (None, Some(at)) => format!("{broadcast}, to be sent at {}", at.format("%Y-%m-%d %H:%M:%S UTC")),
            (None, None) => format!("{broadcast}, recalled since"),
        };
        vec![if created { what } else { format!("{what} (sent before)") }]
    })?;
    Ok(())
}

/// What it has become.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    /// The notification's; none while it waits, and when it has been recalled since.
    id: Option<String>,
    broadcast: String,
    created: bool,
    send_at: Option<DateTime<Utc>>,
}

/// Whose wall clock words go by: what is said, else the campus's.
async fn zone(session: Session, args: &Send) -> Result<Option<Tz>, Fault> {
    let (None, Some(key)) = (args.timezone, args.campus.clone()) else {
        return Ok(args.timezone);
    };
    let answer = session.ask(CampusZoneQuery::build(CampusZoneVariables { key })).await?;
    // A zone that this build does not know is no reason not to send: which one it is read by is said.
    Ok(answer.campus.and_then(|campus| campus.timezone.parse().ok()))
}

async fn preview(session: Session, args: &Send) -> Result<AudiencePreview, Fault> {
    let input = AudienceInput {
        campus_key: args.campus.clone(),
        user_keys: (!args.user.is_empty()).then(|| args.user.clone()),
        all: args.all.then_some(true),
        kind: kind(args),
    };
    session.ask(PreviewQuery::build(PreviewVariables { input })).await.map(|answer| answer.preview_audience)
}

async fn publish(
    session: Session,
    args: &Send,
    send_at: Option<DateTime<Utc>>,
    key: &str,
) -> Result<PublishPayload, Fault> {
    let content = content(args);
    let idempotency_key = Some(key.to_owned());
    if args.all {
        let input = SystemBroadcastInput { content, send_at, idempotency_key };
        return Ok(session
            .ask(BroadcastToAll::build(SystemBroadcastVariables { input }))
            .await?
            .broadcast_to_all);
    }
    match args.campus.clone() {
        Some(campus_key) if args.user.is_empty() => {
            let input = CampusBroadcastInput { campus_key, content, send_at, idempotency_key };
            let mutation = BroadcastToCampus::build(CampusBroadcastVariables { input });
            Ok(session.ask(mutation).await?.broadcast_to_campus)
        }
        campus_key => {
            let user_keys = args.user.clone();
            let input = NotifyUsersInput { user_keys, campus_key, content, send_at, idempotency_key };
            Ok(session.ask(NotifyUsers::build(NotifyUsersVariables { input })).await?.notify_users)
        }
    }
}

fn kind(args: &Send) -> NotificationType {
    let usual = if args.campus.is_some() { "CAMPUS_UPDATE" } else { "SYSTEM_ANNOUNCEMENT" };
    NotificationType(args.kind.clone().unwrap_or_else(|| usual.to_owned()))
}

fn content(args: &Send) -> NotificationContentInput {
    let data = args.action_url.clone().map(|url| NotificationDataInput { action_url: Some(url) });
    NotificationContentInput {
        kind: kind(args),
        title: args.title.clone(),
        message: args.message.clone(),
        priority: args.priority.map(Into::into),
        data,
        expires_at: args.expires,
    }
}
