//! Sending: asked first, as large as the blast is, and under one key however often it takes.

use super::{count, keeping};
use crate::{
    action::Action,
    draft::{Attempt, judge},
    effect::Effect,
    message::Ticket,
    model::{
        broadcast::{grouped, people},
        fault::Fault,
        letter::{Letter, Recipients},
        overlay::{Blast, Overlay, Question},
        shared::{Next, Shared},
    },
    screens::compose::{
        Compose,
        exchange::{self, Reach, Sent},
        model::Asked,
    },
    when,
};

/// Asks whether to send it, once it is known how many it reaches.
pub(super) fn ask(screen: &mut Compose, shared: &mut Shared) -> Vec<Effect> {
    if screen.is_locked(shared) || checked(screen, shared).is_none() {
        return Vec::new();
    }
    if !shared.link.is_up() {
        shared.complain("not connected; the draft is kept");
        return Vec::new();
    }
    if screen.reach().is_some() {
        confirm(screen, shared);
        return Vec::new();
    }
    screen.count.wanted = true;
    count::ask(screen, shared)
}

/// Asks whether to send it. What is sent is what is asked about, whatever is written meanwhile.
pub(super) fn confirm(screen: &mut Compose, shared: &mut Shared) {
    let Some(letter) = checked(screen, shared) else {
        return;
    };
    let place = screen.draft.place.as_ref().map_or("", |place| place.name().trim());
    let reach = match screen.reach() {
        Some(Ok(reach)) => counted(*reach),
        Some(Err(why)) => format!("How many it reaches is not known: {why}."),
        None => "How many it reaches is not known.".to_owned(),
    };
    let spelled = |at| format!("It is sent {}.", when::spelled(at, shared.now, screen.zone(shared)));
    let again = "It may have been sent before; if so, nobody gets it twice.".to_owned();
    let lines = [Some(reach), letter.send_at.map(spelled), screen.draft.attempt.map(|_| again)];
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let (title, blast) = match &letter.to {
        Recipients::All => ("Send it to everyone?".to_owned(), Blast::Everyone),
        Recipients::Campus(_) => (format!("Send it to {place}?"), Blast::Campus(place)),
        Recipients::Users { keys, .. } => ("Send it to these users?".to_owned(), Blast::Named(keys.len())),
    };
    // Last, because of a long text the end gives way.
    let named = match &letter.to {
        Recipients::Users { keys, .. } => format!("\nThey are {}.", keys.join(", ")),
        _ => String::new(),
    };
    let question = Question::as_large(Action::Send, title, format!("{text}{named}"), blast);
    screen.asked = Some(Asked::Send(Box::new(letter)));
    shared.open(Overlay::Question(question));
}

fn counted(reach: Reach) -> String {
    format!(
        "It reaches {}. {} mute this type, {} have quiet hours now; connected: {}.",
        people(reach.size),
        grouped(reach.muted),
        grouped(reach.quiet),
        grouped(reach.connected)
    )
}

/// What it means; or says what is wrong, and goes there.
fn checked(screen: &mut Compose, shared: &mut Shared) -> Option<Letter> {
    screen.tried = true;
    let verdict = judge(&screen.draft, shared.now, screen.zone(shared));
    if let Some((field, fault)) = verdict.faults.first() {
        shared.complain(format!("{}: {fault}", field.title()));
        (screen.field, screen.typing, screen.preview) = (*field, false, false);
    }
    verdict.letter
}

/// It is to be sent.
pub(super) fn send(screen: &mut Compose, shared: &mut Shared, letter: Box<Letter>) -> Vec<Effect> {
    // Whoever may send is known.
    let Some(account) = shared.account() else {
        return Vec::new();
    };
    screen.draft.attempt = Some(Attempt { send_at: letter.send_at, expires_at: letter.expires_at });
    (screen.changed, screen.typing) = (false, false);
    let ticket = shared.ticket();
    screen.sending = Some(ticket);
    shared.say("sending");
    let draft = Box::new(screen.draft.clone());
    vec![exchange::Effect::Send { ticket, account, draft, letter }.into()]
}

/// It was sent, or not, or nobody knows.
pub(super) fn sent(
    screen: &mut Compose,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<Sent, Fault>,
) -> Vec<Effect> {
    if screen.sending != Some(ticket) {
        return Vec::new();
    }
    screen.sending = None;
    let fault = match result {
        Ok(sent) => return done(screen, shared, sent),
        Err(fault) => fault,
    };
    match &fault {
        Fault::Refused { code, .. } if code == "CONFLICT" => {
            // Another version has arrived. This one is another message then, if it is still wanted.
            (screen.draft.key, screen.draft.attempt) = (shared.idempotency_key(), None);
            shared.complain(
                "another version of this was sent already: look at Broadcasts; sent again, this is one more",
            );
        }
        Fault::Refused { .. } if !fault.is_transient() => {
            screen.draft.attempt = None;
            shared.complain(format!("not sent, and still here: {fault}"));
        }
        // Only the server can say that it was not sent.
        _ => {
            shared.complain(format!(
                "it may have been sent, or not ({fault}): send it again, nobody gets it twice"
            ));
        }
    }
    screen.changed = true;
    screen.keep(shared)
}

fn done(screen: &mut Compose, shared: &mut Shared, sent: Sent) -> Vec<Effect> {
    let place = screen.draft.place.as_ref().map_or("", |place| place.name()).to_owned();
    shared.say(match (sent.waits_until, sent.created) {
        (_, false) => format!("it had been sent to {place} already, and is sent once"),
        (Some(at), true) => format!("to be sent {}", when::spelled(at, shared.now, screen.zone(shared))),
        (None, true) => format!("sent to {place}"),
    });
    // There its bar moves.
    if shared.tab == crate::screens::Tab::Compose {
        shared.next = Some(Next::Act(Action::Broadcasts));
    }
    keeping::discard(screen, shared)
}
