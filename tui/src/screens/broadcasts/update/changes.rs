//! Calling off what waits, and taking back what was sent: asked first, as large as the blast was, and shown as done only
//! when the server says so.

use crate::{
    action::Action,
    draft::{Draft, Place},
    effect::Effect,
    message::Ticket,
    model::{
        broadcast::{Audience, Broadcast, State, people},
        fault::Fault,
        overlay::{Answer, Blast, Overlay, Question},
        shared::{Next, Shared},
    },
    screens::broadcasts::{Broadcasts, exchange, model::Change},
};

/// Asks whether to call the selected one off.
pub(super) fn ask_to_cancel(screen: &mut Broadcasts, shared: &mut Shared) {
    let Some(row) = screen.selected().filter(|row| row.state == State::Scheduled) else {
        shared.complain("only what waits for its time can be called off");
        return;
    };
    let text = format!("“{}” to {} will not be sent.", row.title, row.place());
    let question = Question::confirm(Action::CancelBroadcast, "Call it off?", text);
    let change = Change { id: row.id.clone(), recall: None };
    open(screen, shared, change, question);
}

/// Asks whether to take the selected one back.
pub(super) fn ask_to_recall(screen: &mut Broadcasts, shared: &mut Shared) {
    let sent = screen.selected().filter(|row| row.state == State::Sent);
    let Some((row, outcome)) = sent.and_then(|row| Some((row, row.outcome.as_ref()?))) else {
        shared.complain("only what is in the feeds can be taken back");
        return;
    };
    let text = format!(
        "“{}” disappears from the feeds of {}. {} of them have read it.",
        row.title,
        people(row.size),
        row.read
    );
    let question = Question::as_large(Action::Recall, "Take it back?", text, blast(row));
    let change = Change { id: row.id.clone(), recall: Some(outcome.id.clone()) };
    open(screen, shared, change, question);
}

/// Hands the selected one on, to be written again: where to, what, and how much it matters. When is another matter. Whom it
/// named is not known here, and where it led only of what is in the feeds.
pub(super) fn write_again(screen: &Broadcasts, shared: &mut Shared) {
    let Some(row) = screen.selected() else {
        return;
    };
    let campus = row.campus.as_ref();
    let place = match &row.audience {
        Audience::All => Some(Place::All),
        _ => campus.map(|campus| Place::Campus { key: campus.key.clone(), name: campus.name.clone() }),
    };
    let draft = Draft {
        // To everyone there it was not.
        place: place.filter(|_| row.audience != Audience::Users),
        kind: Some(row.kind.clone()),
        priority: row.priority.clone(),
        title: row.title.clone(),
        message: row.message.clone(),
        link: row.outcome.as_ref().and_then(|outcome| outcome.link.clone()).unwrap_or_default(),
        ..Draft::new(String::new())
    };
    shared.next = Some(Next::Write(Box::new(draft)));
}

/// Whom it went to.
fn blast(row: &Broadcast) -> Blast<'_> {
    match (&row.audience, &row.campus) {
        (Audience::Users, _) => Blast::Named(row.size.try_into().unwrap_or(usize::MAX)),
        (_, Some(campus)) => Blast::Campus(&campus.name),
        (_, None) => Blast::Everyone,
    }
}

fn open(screen: &mut Broadcasts, shared: &mut Shared, change: Change, question: Question) {
    if screen.is_changing(&change.id) {
        return;
    }
    screen.asked = Some(change);
    shared.open(Overlay::Question(question));
}

/// It is to be done.
pub(in crate::screens::broadcasts) fn answered(
    screen: &mut Broadcasts,
    shared: &mut Shared,
    answer: &Answer,
) -> Vec<Effect> {
    if !matches!(answer.to, Action::CancelBroadcast | Action::Recall) {
        return Vec::new();
    }
    let Some(change) = screen.asked.take() else {
        return Vec::new();
    };
    let ticket = shared.ticket();
    screen.under_way.insert(ticket, change.clone());
    vec![match change.recall {
        Some(id) => exchange::Effect::Recall { ticket, id }.into(),
        None => exchange::Effect::Cancel { ticket, id: change.id }.into(),
    }]
}

/// It was called off, or not.
pub(super) fn cancelled(
    screen: &mut Broadcasts,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<Box<Broadcast>, Fault>,
) {
    if screen.under_way.remove(&ticket).is_none() {
        return;
    }
    match result {
        Ok(broadcast) => {
            shared.say(format!("called off: {}", broadcast.title));
            screen.replace(*broadcast);
        }
        Err(fault) => {
            shared.complain(format!("failed to call it off: {fault}"));
            screen.refresh_at = Some(shared.now);
        }
    }
}

/// It was taken back, or not.
pub(super) fn recalled(
    screen: &mut Broadcasts,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<(), Fault>,
) {
    let Some(change) = screen.under_way.remove(&ticket) else {
        return;
    };
    match result {
        Ok(()) => {
            shared.say("taken back");
            screen.rearrange(|rows, _| {
                if let Some(row) = rows.iter_mut().find(|row| row.id == change.id) {
                    (row.state, row.outcome) = (State::Recalled, None);
                }
            });
        }
        Err(fault) => shared.complain(format!("failed to take it back: {fault}")),
    }
    screen.refresh_at = Some(shared.now);
}
