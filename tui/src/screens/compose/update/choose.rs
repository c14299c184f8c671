//! Choosing: whom it is for, what kind of news it is, how much it matters. From a list in the palette, or one after the other.

use super::edit;
use crate::{
    action::Action,
    draft::{Field, PRIORITIES, Place},
    model::shared::{Next, Shared},
    screens::compose::Compose,
    text,
};

/// What stands for everyone, in the palette.
const ALL: &str = "all";

/// Writes the field, or chooses what it says.
pub(super) fn edit(screen: &mut Compose, shared: &mut Shared) {
    if screen.is_locked(shared) {
        return;
    }
    let action = match screen.field {
        Field::To => Action::ChooseTo,
        Field::Type => Action::ChooseType,
        Field::Priority => Action::ChoosePriority,
        field => {
            // What is typed from here on is no answer to a question.
            (screen.typing, screen.count.wanted) = (edit::is_text(field), false);
            return;
        }
    };
    shared.next = Some(Next::Act(action));
}

/// What can be chosen: the word, and what it stands for.
pub(in crate::screens::compose) fn choices(
    screen: &Compose,
    shared: &Shared,
    action: Action,
) -> Vec<(String, String)> {
    match action {
        Action::ChooseTo => places(shared)
            .into_iter()
            .map(|place| match place {
                Place::Campus { key, name } => (key, name),
                Place::All => (ALL.to_owned(), "everyone on every campus".to_owned()),
            })
            .collect(),
        Action::ChooseType => kinds(screen)
            .into_iter()
            .map(|(name, label, mandatory)| {
                (name, if mandatory { format!("{label}; cannot be muted") } else { label })
            })
            .collect(),
        Action::ChoosePriority => {
            PRIORITIES.iter().map(|priority| (priority.as_str().to_lowercase(), String::new())).collect()
        }
        _ => Vec::new(),
    }
}

/// One of them was chosen.
pub(in crate::screens::compose) fn choose(
    screen: &mut Compose,
    shared: &mut Shared,
    action: Action,
    word: &str,
) {
    if screen.is_locked(shared) {
        return;
    }
    let field = match action {
        Action::ChooseTo => {
            let is_meant = |place: &Place| match place {
                Place::Campus { key, .. } => key == word,
                Place::All => word == ALL,
            };
            let Some(place) = places(shared).into_iter().find(is_meant) else {
                shared.complain(format!("{word} is not yours to speak to"));
                return;
            };
            screen.draft.place = Some(place);
            Field::To
        }
        Action::ChooseType => {
            screen.draft.kind = Some(word.to_owned());
            Field::Type
        }
        _ => {
            let chosen = PRIORITIES.iter().find(|priority| priority.as_str().eq_ignore_ascii_case(word));
            screen.draft.priority = chosen.cloned().unwrap_or(screen.draft.priority.clone());
            Field::Priority
        }
    };
    screen.field = field;
    screen.touch(shared);
}

/// The next one, or the one before, and around.
pub(super) fn step(screen: &mut Compose, shared: &mut Shared, by: isize) {
    if screen.is_locked(shared) {
        return;
    }
    match screen.field {
        Field::To => {
            let places = places(shared);
            let now = screen.draft.place.as_ref();
            let at = places.iter().position(|place| now.is_some_and(|now| is_same(now, place)));
            let Some(place) = around(&places, at, by) else { return };
            screen.draft.place = Some(place.clone());
        }
        Field::Type => {
            let kinds = kinds(screen);
            let at = kinds.iter().position(|(name, ..)| name == screen.draft.kind());
            let Some((name, ..)) = around(&kinds, at, by) else { return };
            screen.draft.kind = Some(name.clone());
        }
        Field::Priority => {
            let at = PRIORITIES.iter().position(|priority| *priority == screen.draft.priority);
            let Some(priority) = around(&PRIORITIES, at, by) else { return };
            screen.draft.priority = priority.clone();
        }
        _ => return,
    }
    screen.touch(shared);
}

/// The one so many behind, and around; where there is none yet, the first or the last.
fn around<T>(all: &[T], at: Option<usize>, by: isize) -> Option<&T> {
    let index = match at {
        Some(at) => (at + all.len()).checked_add_signed(by)? % all.len().max(1),
        None if by > 0 => 0,
        None => all.len().checked_sub(1)?,
    };
    all.get(index)
}

fn is_same(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::Campus { key: one, .. }, Place::Campus { key: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// Whom the viewer may speak to.
fn places(shared: &Shared) -> Vec<Place> {
    let Some(viewer) = &shared.viewer else {
        return Vec::new();
    };
    let may = &viewer.permissions;
    let campus = |place: &crate::model::viewer::Place| Place::Campus {
        key: place.key.clone(),
        name: place.name.clone(),
    };
    may.administers.iter().map(campus).chain(may.broadcast_to_all.then_some(Place::All)).collect()
}

/// The types that there are; before the server has said which, only the one that it has.
fn kinds(screen: &Compose) -> Vec<(String, String, bool)> {
    let learned = screen.learned.iter().flat_map(|learned| &learned.types);
    let kinds: Vec<_> = learned.map(|kind| (kind.name.clone(), kind.label.clone(), kind.mandatory)).collect();
    if kinds.is_empty() {
        let kind = screen.draft.kind();
        return vec![(kind.to_owned(), text::words(kind), false)];
    }
    kinds
}
