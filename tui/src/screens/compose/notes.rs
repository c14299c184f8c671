//! What is said below a field: what is wrong with it, or what a moment in words means.

use super::Compose;
use crate::{
    draft::{self, Field},
    model::shared::Shared,
    when,
};

/// Something about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// What.
    pub text: String,
    /// It is a fault.
    pub bad: bool,
}

/// What there is to say, field by field; at most one thing about each.
pub(super) fn notes(screen: &Compose, shared: &Shared) -> Vec<(Field, Note)> {
    let draft = &screen.draft;
    let faults = draft::judge(draft, shared.now, screen.zone(shared)).faults.into_iter();
    let said = faults.filter(|(field, _)| screen.tried || is_written(screen, *field));
    let mut notes: Vec<_> = said.map(|(field, text)| (field, Note { text, bad: true })).collect();
    let moments = [
        (Field::SendAt, moment(screen, shared, &draft.send_at, |attempt| attempt.send_at)),
        (Field::Expires, moment(screen, shared, &draft.expires, |attempt| attempt.expires_at)),
    ];
    for (field, at) in moments {
        let Some(at) = at.filter(|_| notes.iter().all(|(noted, _)| *noted != field)) else { continue };
        let text = when::spelled(at, shared.now, screen.zone(shared));
        notes.push((field, Note { text, bad: false }));
    }
    notes
}

/// The moment that words mean: of what may have been sent already, the one that it was sent with.
fn moment(
    screen: &Compose,
    shared: &Shared,
    words: &str,
    of: impl Fn(draft::Attempt) -> Option<chrono::DateTime<chrono::Utc>>,
) -> Option<chrono::DateTime<chrono::Utc>> {
    match screen.draft.attempt {
        Some(attempt) => of(attempt),
        None => draft::moment(words, shared.now, screen.zone(shared)).ok().flatten(),
    }
}

/// Nobody is told that something is missing before they have begun.
fn is_written(screen: &Compose, field: Field) -> bool {
    match field {
        Field::Message => !screen.draft.message.is_empty(),
        field => screen.editors.line(field).is_some_and(|line| !line.text().is_empty()),
    }
}
