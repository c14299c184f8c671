//! `campanile broadcasts`: what was sent and what waits, from a script.

use cynic::{MutationBuilder, OperationBuilder, QueryBuilder};
use futures_util::{StreamExt, pin_mut};
use serde::Serialize;

use super::{
    CommandError,
    output::{Printer, note, reader_gone, table},
    persist, wait,
};
use crate::{
    api::{
        broadcasts::{
            Broadcast, BroadcastConnection, BroadcastNode, BroadcastQuery, BroadcastState,
            BroadcastSubscription, BroadcastVariables, BroadcastsQuery, BroadcastsVariables, CancelBroadcast,
            CancelBroadcastInput, CancelBroadcastVariables, Recall, RecallInput, RecallVariables,
            RecipientsNode, RecipientsQuery, RecipientsVariables,
        },
        fragments::AudienceKind,
        queries::UserName,
    },
    cli::{Broadcasts, BroadcastsCommand, Output},
    config::Settings,
    model::{fault::Fault, link::Backoff},
    net::session::Session,
    sanitise,
    terminal::termination,
};

/// As large as the API's pages may be.
const PAGE: usize = 100;

/// Does what is asked for.
pub(super) async fn run(settings: &Settings, args: Broadcasts, output: Output) -> Result<(), CommandError> {
    let printer = Printer::new(output);
    match args.command {
        None => list(settings, args.campus, if args.all { usize::MAX } else { args.limit }, printer).await,
        Some(BroadcastsCommand::Show { id }) => {
            let broadcast = persist(settings, |session| find(session, id.clone())).await?;
            let recipients = match broadcast.audience {
                AudienceKind::Users => recipients(settings, &broadcast.id).await?,
                _ => Vec::new(),
            };
            show(printer, &broadcast, &recipients)
        }
        Some(BroadcastsCommand::Watch { id }) => watch(settings, id, printer).await,
        Some(BroadcastsCommand::Cancel { id }) => {
            let broadcast = persist(settings, |session| cancel(session, id.clone())).await?;
            say(printer, &broadcast)
        }
        Some(BroadcastsCommand::Recall { id }) => recall(settings, id, printer).await,
    }
}

async fn list(
    settings: &Settings,
    campus_key: Option<String>,
    mut left: usize,
    mut printer: Printer,
) -> Result<(), CommandError> {
    let mut after = None;
    while left > 0 {
        let first = i32::try_from(left.min(PAGE)).unwrap_or(1);
        let variables = BroadcastsVariables { campus_key: campus_key.clone(), first, after };
        let page = persist(settings, |session| page(session, variables.clone())).await?;
        left -= page.edges.len().min(left);
        let rows: Vec<_> = page.edges.iter().map(|edge| row(&edge.node)).collect();
        for (edge, line) in page.edges.iter().zip(table(&rows)) {
            if !printer.say(&edge.node, || vec![line])? {
                return Ok(());
            }
        }
        after = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

async fn page(session: Session, variables: BroadcastsVariables) -> Result<BroadcastConnection, Fault> {
    session.ask(BroadcastsQuery::build(variables)).await.map(|answer| answer.broadcasts)
}

async fn find(session: Session, id: String) -> Result<Broadcast, Fault> {
    let answer = session.ask(BroadcastQuery::build(BroadcastVariables { id: id.clone().into() })).await?;
    match answer.node {
        Some(BroadcastNode::Broadcast(broadcast)) => Ok(*broadcast),
        _ => Err(Fault::Refused {
            code: "NOT_FOUND".to_owned(),
            message: format!("there is no broadcast {}", sanitise::line(&id)),
        }),
    }
}

async fn cancel(session: Session, id: String) -> Result<Broadcast, Fault> {
    let input = CancelBroadcastInput { id: id.into() };
    let mutation = CancelBroadcast::build(CancelBroadcastVariables { input });
    session.ask(mutation).await.map(|answer| answer.cancel_broadcast.broadcast)
}

/// By the broadcast's id, or by that of the notification that it became.
async fn recall(settings: &Settings, id: String, mut printer: Printer) -> Result<(), CommandError> {
    let id = if id.starts_with('b') {
        let broadcast = persist(settings, |session| find(session, id.clone())).await?;
        broadcast.notification.map(|notification| notification.id).ok_or_else(|| Fault::Refused {
            code: "CONFLICT".to_owned(),
            message: "it is in no feed".to_owned(),
        })?
    } else {
        id.into()
    };
    let recalled = persist(settings, |session| {
        let mutation = Recall::build(RecallVariables { input: RecallInput { id: id.clone() } });
        async move { session.ask(mutation).await.map(|answer| answer.recall.notification_id) }
    })
    .await?;
    let value = serde_json::json!({ "notificationId": recalled.inner() });
    printer.say(&value, || vec![format!("recalled {}", sanitise::line(recalled.inner()))])?;
    Ok(())
}

/// Whom a broadcast names, all of them: 10,000 at most.
async fn recipients(settings: &Settings, id: &cynic::Id) -> Result<Vec<UserName>, CommandError> {
    let mut users = Vec::new();
    let mut after = None;
    loop {
        let first = i32::try_from(PAGE).unwrap_or(1);
        let variables = RecipientsVariables { id: id.clone(), first, after };
        let answer = persist(settings, |session| {
            let query = RecipientsQuery::build(variables.clone());
            async move { session.ask(query).await }
        })
        .await?;
        let Some(RecipientsNode::Broadcast(page)) = answer.node else { return Ok(users) };
        users.extend(page.recipients.edges.into_iter().map(|edge| edge.node));
        after = page.recipients.page_info.end_cursor.filter(|_| page.recipients.page_info.has_next_page);
        if after.is_none() {
            return Ok(users);
        }
    }
}

/// A broadcast, and whom it names where it names anybody.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    broadcast: &'a Broadcast,
    recipients: &'a [UserName],
}

fn show(mut printer: Printer, broadcast: &Broadcast, recipients: &[UserName]) -> Result<(), CommandError> {
    printer.say(&Shown { broadcast, recipients }, || {
        let named = recipients.iter().map(|user| ["to", &user.key, &user.name].map(sanitise::line).to_vec());
        let named: Vec<_> = named.collect();
        lines(broadcast).into_iter().chain(table(&named)).collect()
    })?;
    Ok(())
}

/// Until it is stopped. A lost connection is opened anew: each reading is whole.
async fn watch(settings: &Settings, id: String, mut printer: Printer) -> Result<(), CommandError> {
    let watching = async {
        let mut backoff = Backoff::new(rand::random());
        let mut worked = false;
        loop {
            match readings(settings, &id, &mut printer, &mut worked).await {
                Err(CommandError::Fault(fault)) if worked && fault.is_transient() => {
                    note(settings, format_args!("{fault}; reconnecting"));
                    wait(&mut backoff).await;
                }
                result => return result,
            }
        }
    };
    tokio::select! {
        result = watching => result,
        () = reader_gone() => Ok(()),
        () = termination() => Ok(()),
    }
}

/// What one session tells.
async fn readings(
    settings: &Settings,
    id: &str,
    printer: &mut Printer,
    worked: &mut bool,
) -> Result<(), CommandError> {
    let session = Session::open(&settings.endpoint, &settings.token).await?;
    let operation = OperationBuilder::<BroadcastSubscription, _>::subscription()
        .with_variables(BroadcastVariables { id: id.into() })
        .build()
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    let readings = session.subscribe(operation).await?;
    pin_mut!(readings);
    while let Some(reading) = readings.next().await {
        let broadcast = reading?.broadcast;
        *worked = true;
        if !printer.say(&broadcast, || table(&[row(&broadcast)]))? {
            return Ok(());
        }
    }
    // The server may also have nothing more to tell.
    if session.is_over() { Err(session.ended().await.into()) } else { Ok(()) }
}

fn say(mut printer: Printer, broadcast: &Broadcast) -> Result<(), CommandError> {
    printer.say(broadcast, || lines(broadcast))?;
    Ok(())
}

/// One of them, whole.
fn lines(broadcast: &Broadcast) -> Vec<String> {
    let mut lines = table(&[row(broadcast)]);
    lines.extend(broadcast.failure.iter().map(|failure| sanitise::line(failure)));
    lines.extend(sanitise::text(&broadcast.content.message).lines().map(str::to_owned));
    lines
}

/// One line of a list.
fn row(broadcast: &Broadcast) -> Vec<String> {
    let whom = broadcast.campus.as_ref().map_or_else(
        || {
            serde_json::to_value(&broadcast.audience)
                .ok()
                .and_then(|kind| Some(kind.as_str()?.to_lowercase()))
        },
        |campus| Some(campus.name.clone()),
    );
    let state = match &broadcast.state {
        BroadcastState::Scheduled => "scheduled",
        BroadcastState::Sent => "sent",
        BroadcastState::Recalled => "recalled",
        BroadcastState::Cancelled => "cancelled",
        BroadcastState::Failed => "failed",
        BroadcastState::Other(name) => name,
    };
    vec![
        sanitise::line(broadcast.id.inner()),
        sanitise::line(state),
        broadcast.send_at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default(),
        sanitise::line(&whom.unwrap_or_default()),
        format!(
            "{} of {} delivered, {} read",
            broadcast.delivered_count, broadcast.audience_size, broadcast.read_count
        ),
        sanitise::line(&broadcast.content.title),
    ]
}
