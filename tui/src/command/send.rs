//! `campanile send`: notifies a campus, named users or everyone, from a script.

use std::io::{Read, stdin};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use cynic::QueryBuilder;
use serde::Serialize;

use super::{
    CommandError,
    output::{Printer, note},
    persist,
};
use crate::{
    api::{
        broadcasts::AudiencePreview,
        queries::{CampusZoneQuery, CampusZoneVariables},
    },
    cli::{Output, Send},
    clock::{Clock, SystemClock},
    config::Settings,
    model::{
        fault::Fault,
        letter::{Letter, Recipients, usual_kind},
    },
    net::{
        publish::{preview, publish},
        session::Session,
    },
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
        let preview = persist(settings, |session| {
            let (to, kind) = (recipients(&args), kind(&args));
            async move { preview(&session, to, kind).await }
        })
        .await?;
        printer.say(&preview, || {
            let AudiencePreview { size, muted, in_quiet_hours, connected } = preview;
            vec![format!(
                "would reach {size}: {muted} mute the type, {in_quiet_hours} have quiet hours; connected: {connected}"
            )]
        })?;
        return Ok(());
    }
    // One key for every attempt: an answer that was lost on the way does not become a second notification.
    let key = args.idempotency_key.take().unwrap_or_else(|| format!("cli-{:032x}", rand::random::<u128>()));
    let letter = letter(&args, send_at, key);
    let payload = persist(settings, |session| {
        let letter = letter.clone();
        async move { publish(&session, letter).await }
    })
    .await?;
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

fn recipients(args: &Send) -> Recipients {
    match (args.all, args.campus.clone()) {
        (true, _) => Recipients::All,
        (false, Some(campus)) if args.user.is_empty() => Recipients::Campus(campus),
        (false, campus) => Recipients::Users { keys: args.user.clone(), campus },
    }
}

fn kind(args: &Send) -> String {
    args.kind.clone().unwrap_or_else(|| usual_kind(args.campus.is_some()).to_owned())
}

fn letter(args: &Send, send_at: Option<DateTime<Utc>>, key: String) -> Letter {
    Letter {
        to: recipients(args),
        kind: kind(args),
        title: args.title.clone(),
        message: args.message.clone(),
        priority: args.priority.map(Into::into),
        link: args.action_url.clone(),
        expires_at: args.expires,
        send_at,
        key,
    }
}
