//! Which part of the screen shows what. Shared by the view, which draws there, and by `update`, which needs to know what was
//! clicked.

use ratatui::layout::Rect;
use strum::IntoEnumIterator;

use super::notes::Note;
use crate::draft::Field;

/// From this width on, the fields and what it will look like stand side by side.
const WIDE: u16 = 100;
/// The message has so many rows at least.
const MESSAGE: u16 = 3;
/// From this many rows on, how many it reaches has two.
const ROOMY: u16 = 14;

/// The parts of the screen; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// The fields.
    pub form: Rect,
    /// How many it reaches.
    pub reach: Rect,
    /// The line between the fields and what it will look like.
    pub divider: Rect,
    /// What it will look like.
    pub preview: Rect,
}

impl Layout {
    /// For a screen in this area. Where only one of both has room, `preview` says which.
    pub(super) fn of(body: Rect, preview: bool) -> Self {
        let none = Rect::default();
        let (left, divider, preview) = if body.width >= WIDE {
            let left = Rect { width: body.width * 11 / 20, ..body };
            let divider = Rect { x: left.right(), width: 1, ..body };
            let right = Rect { x: divider.right(), width: body.right() - divider.right(), ..body };
            (left, divider, right)
        } else if preview {
            (none, none, body)
        } else {
            (body, none, none)
        };
        let rows = match left.height {
            0..4 => 0,
            4..ROOMY => 1,
            _ => 2,
        };
        let reach = Rect { y: left.bottom() - rows, height: rows, ..left };
        let form = Rect { height: left.height - rows, ..left };
        Self { form, reach, divider, preview }
    }
}

/// A field on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which.
    pub field: Field,
    /// Where it is written; the rows that the screen has no room for are left out.
    pub area: Rect,
    /// Where something is said about it; empty where nothing is.
    pub note: Rect,
}

/// Where each field is: as many of them as there is room for, the one that the keys act on always among them.
pub(super) fn places(focus: Field, notes: &[(Field, Note)], form: Rect) -> Vec<Place> {
    let noted = |field| u16::from(notes.iter().any(|(noted, _)| *noted == field));
    let others: u16 = Field::iter().map(|field| noted(field) + u16::from(field != Field::Message)).sum();
    let message = form.height.saturating_sub(others).max(MESSAGE);
    let rows = |field| if field == Field::Message { message } else { 1 };
    let mut top = 0;
    let mut spans = Vec::new();
    for field in Field::iter() {
        spans.push((field, top, rows(field), noted(field)));
        top += rows(field) + noted(field);
    }
    let bottom = spans.iter().find(|(field, ..)| *field == focus);
    let bottom = bottom.map_or(0, |(_, top, rows, noted)| top + rows + noted);
    let hidden = bottom.saturating_sub(form.height);
    let part = |top: u16, rows: u16| {
        let (from, to) = (top.max(hidden) - hidden, (top + rows).max(hidden) - hidden);
        let (from, to) = (from.min(form.height), to.min(form.height));
        Rect { y: form.y + from, height: to - from, ..form }
    };
    let place =
        |(field, top, rows, noted)| Place { field, area: part(top, rows), note: part(top + rows, noted) };
    spans.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_lie_within_the_screen_and_apart(width in 0_u16..400, height in 0_u16..200, preview: bool) {
            let body = Rect { x: 0, y: 1, width, height };
            let Layout { form, reach, divider, preview } = Layout::of(body, preview);
            let parts = [form, reach, divider, preview];
            for (n, part) in parts.iter().enumerate() {
                prop_assert!(body.intersection(*part) == *part || part.is_empty());
                prop_assert!(parts[n + 1..].iter().all(|other| !part.intersects(*other)));
            }
            let area: u32 = parts.iter().map(|part| part.area()).sum();
            prop_assert_eq!(area, u32::from(width) * u32::from(height));
        }

        #[test]
        fn the_field_that_the_keys_act_on_is_on_the_screen(height in 1_u16..60, at in 0_usize..9) {
            let focus = Field::iter().nth(at).unwrap();
            let note = |field| (field, Note { text: "is missing".into(), bad: true });
            let form = Rect { x: 0, y: 2, width: 60, height };
            let places = places(focus, &[note(Field::Title), note(Field::Message)], form);
            let mut row = form.y;
            for place in &places {
                for part in [place.area, place.note] {
                    prop_assert!(part.is_empty() || (part.y >= row && part.bottom() <= form.bottom()));
                    row = row.max(part.bottom());
                }
                prop_assert!(place.field != focus || !place.area.is_empty() || !place.note.is_empty());
            }
        }
    }
}
