//! What the screen Broadcasts asks, changes and follows, as its effects want it.

use cynic::{MutationBuilder, QueryBuilder};

use super::{
    convert,
    link::{Asker, Link, Slot},
    relay::relay,
};
use crate::{
    api::{
        broadcast_rows::{BroadcastRow, BroadcastRowSubscription, BroadcastRowsQuery, CancelBroadcastRow},
        broadcasts::{
            BroadcastState, BroadcastVariables, BroadcastsVariables, CancelBroadcastInput,
            CancelBroadcastVariables, Recall, RecallInput, RecallVariables,
        },
        fragments::AudienceKind,
    },
    model::{
        broadcast::{Audience, Broadcast, BroadcastId, Campus, Outcome, State},
        fault::Fault,
        notification::NotificationId,
    },
    sanitise::{line, text},
    screens::broadcasts::exchange::{Effect, PAGE, Page, Signal},
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Page { ticket, campus, after } => link.answer(move |session| async move {
            let older = after.is_some();
            Signal::Page { ticket, older, result: page(session, campus, after).await }
        }),
        Effect::Watch { generation, id } => watch(link, generation, id),
        Effect::Leave { id } => link.leave(&slot(&id)),
        Effect::Cancel { ticket, id } => link.answer(move |session| async move {
            Signal::Cancelled { ticket, result: cancel(session, id).await.map(Box::new) }
        }),
        Effect::Recall { ticket, id } => link.answer(move |session| async move {
            Signal::Recalled { ticket, result: recall(session, id).await }
        }),
    }
}

fn slot(id: &BroadcastId) -> Slot {
    Slot("broadcasts", id.as_str().to_owned())
}

fn watch(link: &mut Link, generation: u64, id: BroadcastId) {
    link.follow(slot(&id), move |session, teller| async move {
        let variables = BroadcastVariables { id: id.as_str().into() };
        let readings = session.subscribe_with::<BroadcastRowSubscription, _>(variables).await;
        let told = |told: BroadcastRowSubscription| Signal::Reading {
            generation,
            reading: Box::new(broadcast(told.broadcast)),
        };
        let fault = relay(readings, &teller, told).await;
        if !session.is_over() {
            teller.tell(Signal::Ended { generation, id, fault }).await;
        }
    });
}

async fn page(asker: Asker, campus_key: Option<String>, after: Option<String>) -> Result<Page, Fault> {
    let variables = BroadcastsVariables { campus_key, first: PAGE.into(), after };
    let page = asker.session()?.ask(BroadcastRowsQuery::build(variables)).await?.broadcasts;
    Ok(Page {
        broadcasts: page.edges.into_iter().map(|edge| broadcast(edge.node)).collect(),
        end: page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
    })
}

async fn cancel(asker: Asker, id: BroadcastId) -> Result<Broadcast, Fault> {
    let input = CancelBroadcastInput { id: id.as_str().into() };
    let mutation = CancelBroadcastRow::build(CancelBroadcastVariables { input });
    Ok(broadcast(asker.session()?.ask(mutation).await?.cancel_broadcast.broadcast))
}

async fn recall(asker: Asker, id: NotificationId) -> Result<(), Fault> {
    let input = RecallInput { id: id.as_str().into() };
    asker.session()?.ask(Recall::build(RecallVariables { input })).await.map(drop)
}

fn broadcast(row: BroadcastRow) -> Broadcast {
    let count = |number: i32| u32::try_from(number).unwrap_or(0);
    let content = row.content;
    Broadcast {
        id: line(row.id.inner()).into(),
        state: state(row.state),
        failure: row.failure.map(|failure| line(&failure)),
        kind: line(&content.kind.0),
        title: line(&content.title),
        message: text(&content.message),
        priority: convert::priority(content.priority),
        expires_at: content.expires_at,
        outcome: row.notification.map(|notification| Outcome {
            id: line(notification.id.inner()).into(),
            at: notification.created_at,
            link: notification.data.action_url.map(|link| line(&link)),
        }),
        sender: line(&row.sender.name),
        audience: match row.audience {
            AudienceKind::Campus => Audience::Campus,
            AudienceKind::System => Audience::All,
            AudienceKind::Users => Audience::Users,
            AudienceKind::Other(name) => Audience::Other(line(&name)),
        },
        campus: row.campus.map(|campus| Campus {
            key: line(&campus.key),
            name: line(&campus.name),
            zone: campus.timezone.parse().ok(),
        }),
        send_at: row.send_at,
        size: count(row.audience_size),
        delivered: count(row.delivered_count),
        read: count(row.read_count),
    }
}

fn state(state: BroadcastState) -> State {
    match state {
        BroadcastState::Scheduled => State::Scheduled,
        BroadcastState::Sent => State::Sent,
        BroadcastState::Recalled => State::Recalled,
        BroadcastState::Cancelled => State::Cancelled,
        BroadcastState::Failed => State::Failed,
        BroadcastState::Other(name) => State::Other(line(&name).to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_comes_in_and_a_newer_servers_kinds_are_no_error() {
        let bad = "a\u{1b}]0;owned\u{7}\u{9b}b\u{202e}";
        let row: BroadcastRow = serde_json::from_value(json!({
            "id": bad, "state": format!("PAUSED{bad}"), "failure": bad, "audience": format!("PLANET{bad}"),
            "content": { "type": bad, "title": bad, "message": bad, "priority": format!("DIRE{bad}"), "expiresAt": null },
            "notification": { "id": bad, "createdAt": "2026-11-21T18:00:00Z", "data": { "actionUrl": bad } },
            "sender": { "id": bad, "name": bad }, "campus": { "key": bad, "name": bad, "timezone": "Moon/Tycho" },
            "sendAt": null, "audienceSize": -1, "deliveredCount": 2, "readCount": 1,
        }))
        .unwrap();
        let shown = format!("{:?}", broadcast(row));
        assert!(!shown.contains("\\u") && !shown.contains("owned\u{7}"), "{shown}");
        assert!(shown.contains("size: 0") && shown.contains("zone: None"), "{shown}");
    }
}
