//! Writing: from field to field, character by character, and in the user's own editor.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};

use super::keeping;
use crate::{
    draft::{Field, length},
    effect::Effect,
    input::Typed,
    model::shared::Shared,
    sanitise,
    screens::compose::{
        Compose,
        model::{Editors, Outside},
    },
};

/// So many characters a message has at most while it is written: more than the server takes, so that what is pasted can be
/// shortened, and little enough to be drawn at once.
pub(in crate::screens::compose) const ROOM: usize = 16_000;

/// To the field so many below. While one types, only to texts: on others there is nothing to type.
pub(super) fn go(screen: &mut Compose, by: isize) {
    let Some(field) = screen.field.step(by) else {
        return;
    };
    screen.field = field;
    screen.typing = screen.typing && is_text(field);
}

/// It is typed, not chosen.
pub(in crate::screens::compose) fn is_text(field: Field) -> bool {
    !matches!(field, Field::To | Field::Type | Field::Priority)
}

/// Something was typed.
pub(in crate::screens::compose) fn typed(screen: &mut Compose, shared: &mut Shared, typed: &Typed) {
    if !screen.typing || screen.is_locked(shared) {
        return;
    }
    let changed = match screen.field {
        Field::Message => {
            let changed = into_message(&mut screen.editors.message, shared, typed);
            if changed {
                screen.draft.message = screen.editors.message.lines().join("\n");
            }
            changed
        }
        field => {
            let Some((line, text)) = screen.editors.line_mut(&mut screen.draft, field) else {
                return;
            };
            if let Typed::Paste(pasted) = typed {
                // Half a key is another user's, and half an address leads elsewhere. Tabs become longer.
                let room = line.room();
                let excess = over(pasted, room).max(over(&sanitise::line(pasted), room));
                if excess > 0 && matches!(field, Field::Only | Field::Link) {
                    shared.complain(format!("nothing is pasted: it is too long by {excess}"));
                    return;
                }
                say_what_is_cut(shared, pasted, room);
            }
            let changed = line.take(typed);
            if !changed && line.room() == 0 && is_character(typed) {
                shared.complain("there is no room for more");
            }
            line.text().clone_into(text);
            changed
        }
    };
    if changed {
        screen.touch(shared);
    }
}

fn into_message(message: &mut TextArea<'static>, shared: &mut Shared, typed: &Typed) -> bool {
    let used: usize = message.lines().iter().map(|line| length(line) + 1).sum();
    let room = (ROOM + 1).saturating_sub(used);
    match typed {
        Typed::Key(key) => {
            let changed = message.input(*key);
            let longer = message.lines().iter().map(|line| length(line) + 1).sum::<usize>() > used;
            if changed && longer && room == 0 {
                message.undo();
                shared.complain(format!("a message has room for {ROOM} characters while it is written"));
                return false;
            }
            changed
        }
        Typed::Paste(text) => {
            say_what_is_cut(shared, text, room);
            // Of a megabyte only what has room is looked at.
            let text: String = text.chars().take(room).collect();
            message.insert_str(sanitise::text(&text))
        }
    }
}

/// It would be part of the text.
fn is_character(typed: &Typed) -> bool {
    let others = KeyModifiers::CONTROL | KeyModifiers::ALT;
    matches!(typed, Typed::Key(key) if matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(others))
}

/// So many characters of a paste have no room.
fn over(pasted: &str, room: usize) -> usize {
    length(pasted.trim_end()).saturating_sub(room)
}

fn say_what_is_cut(shared: &mut Shared, pasted: &str, room: usize) {
    let cut = over(pasted, room);
    if cut > 0 {
        shared.complain(format!("no room for the last {cut} characters of the paste"));
    }
}

/// Has the message written in the user's own editor.
pub(super) fn outside(screen: &mut Compose, shared: &mut Shared) -> Vec<Effect> {
    if screen.outside.is_some() || screen.is_locked(shared) {
        return Vec::new();
    }
    // Whoever may write is known.
    let Some(account) = shared.account() else {
        return Vec::new();
    };
    (screen.field, screen.typing) = (Field::Message, false);
    screen.count.wanted = false;
    // What is there so far is kept first: nobody knows how the editor ends.
    let mut effects = screen.keep(shared);
    let draft = screen.draft.clone();
    effects.push(Effect::Edit(draft.message.clone()));
    screen.outside = Some(Box::new(Outside { account, draft }));
    effects
}

/// The editor was opened for another account than the one that writes by now: the text is kept there.
fn left_behind(shared: &mut Shared, outside: Outside, text: String) -> Vec<Effect> {
    let Outside { account, mut draft } = outside;
    if text == draft.message {
        return Vec::new();
    }
    shared.complain("that message was for another account; it is kept there");
    (draft.message, draft.attempt) = (text, None);
    if draft.key.is_empty() {
        draft.key = shared.idempotency_key();
    }
    vec![keeping::kept(account, Box::new(draft))]
}

impl Compose {
    /// The editor is closed: with another text, or for some reason without.
    pub fn edited(&mut self, shared: &mut Shared, result: Result<String, String>) -> Vec<Effect> {
        let outside = self.outside.take();
        let text = match result {
            Ok(text) => text,
            Err(why) => {
                shared.complain(format!("the message is as it was: {why}"));
                return Vec::new();
            }
        };
        say_what_is_cut(shared, &text, ROOM);
        // Editors end a text with the end of a line.
        let text: String = text.trim_end().chars().take(ROOM).collect();
        let text = sanitise::text(&text);
        if let Some(outside) = outside
            && Some(&outside.account) != shared.account().as_ref()
        {
            return left_behind(shared, *outside, text);
        }
        if text != self.draft.message {
            self.draft.message = text;
            self.editors = Editors::of(&self.draft);
            self.editors.message.move_cursor(CursorMove::Bottom);
            self.touch(shared);
        }
        self.keep(shared)
    }

    /// It has become another: what it was sent as before counts no more, but its key does, so that the server says so
    /// should that have arrived. Whoever has gone on writing does not wait to be asked whether to send it.
    pub(super) fn touch(&mut self, shared: &mut Shared) {
        if self.draft.key.is_empty() {
            self.draft.key = shared.idempotency_key();
        }
        (self.changed, self.draft.attempt, self.count.wanted) = (true, None, false);
    }
}
