//! The calls of the public API that publish.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::audience::{Audience, Mark};
use crate::baseline::notification::Notification;
use crate::content;
use crate::http::Connection;

const BROADCAST: &str = "mutation Broadcast($input: CampusBroadcastInput!) {
    published: broadcastToCampus(input: $input) { created }
}";
const NOTIFY: &str = "mutation Notify($input: NotifyUsersInput!) {
    published: notifyUsers(input: $input) { created }
}";
const INGEST: &str = "mutation Ingest($input: IngestInput!) {
    published: ingest(input: $input) { created refused { index code message } }
}";

/// A place that is changed to this one, when an event is ingested.
const PLACE: &str = "Lecture hall B 204, because of the works on the roof of the main building";

#[derive(Deserialize)]
struct Answer<T> {
    published: Published<T>,
}

#[derive(Deserialize)]
struct Published<T> {
    created: T,
}

pub(super) async fn broadcast(sender: &mut Connection, campus: &Audience) -> Result<()> {
    let input = json!({ "campusKey": campus.key(), "content": contents(campus.mark()) });
    once(sender, BROADCAST, input).await
}

pub(super) async fn notify(sender: &mut Connection, user: &Audience) -> Result<()> {
    let input = json!({ "userKeys": [user.key()], "content": contents(user.mark()) });
    once(sender, NOTIFY, input).await
}

async fn once(sender: &mut Connection, mutation: &str, input: Value) -> Result<()> {
    let answer: Answer<bool> = sender.execute(mutation, &json!({ "input": input })).await?;
    ensure!(answer.published.created, "nothing was published");
    Ok(())
}

fn contents(mark: Mark) -> Value {
    json!({
        "type": content::TYPE,
        "title": format!("{mark} {}", content::TITLE),
        "message": content::MESSAGE,
        "data": { "eventId": content::EVENT, "actionUrl": content::ACTION_URL },
    })
}

/// One call for all of them, which the server commits in as few groups as it can.
pub(super) async fn ingest(
    sender: &mut Connection,
    campuses: impl Iterator<Item = &Arc<Audience>>,
) -> Result<()> {
    let events: Vec<Value> = campuses.map(|campus| event(campus)).collect();
    let answer: Answer<usize> = sender.execute(INGEST, &json!({ "input": { "events": events } })).await?;
    let created = answer.published.created;
    ensure!(created == events.len(), "{created} of {} events were created", events.len());
    Ok(())
}

fn event(campus: &Audience) -> Value {
    let mark = campus.mark();
    json!({ "event": {
        "idempotencyKey": mark.to_string(),
        "change": "UPDATED",
        "eventId": content::EVENT,
        "campusKey": campus.key(),
        "title": format!("{mark} {}", content::TITLE),
        "startsAt": "2030-11-04T13:15:00Z",
        "changes": { "location": PLACE },
        "actionUrl": content::ACTION_URL,
    }})
}

/// What the server makes of an event, for whoever is only told to send it.
pub(super) fn as_ingested(mark: Mark) -> Notification {
    let event = format!("{mark} {}", content::TITLE);
    let message = format!(
        "Event \"{event}\" has been updated: location is now {PLACE}. It begins on 2030-11-04 at 14:15."
    );
    Notification::new(mark.number, format!("Event updated: {event}"), message)
}
