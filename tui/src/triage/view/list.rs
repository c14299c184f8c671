//! The list: a row for each notification, newest first, in columns that no character breaks.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    age,
    model::{
        notification::{Notification, Priority},
        shared::Shared,
    },
    text,
    theme::Tone,
    triage::{Focus, Triage},
    view::paint::{beyond, highlight, put},
};

/// Below this many columns a row does not say whom it was sent to.
const ROOM_FOR_PLACE: u16 = 48;

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, triage: &Triage, shared: &Shared, nothing: &str) {
    if triage.inbox.shown().is_empty() {
        for (row, line) in (0..area.height).zip(text::wrap(nothing, area.width.into())) {
            put(buffer, area, row, &line, shared.theme.of(Tone::Muted));
        }
        return;
    }
    let selection = triage.inbox.selection;
    let stretch = triage.marks.stretch(&triage.inbox);
    let marking = !triage.marks.is_empty();
    for row in 0..area.height {
        let index = selection.offset + usize::from(row);
        let Some(notification) = triage.inbox.row(index) else {
            break;
        };
        let line = Rect { y: area.y + row, height: 1, ..area };
        let marked = triage.marks.has(&notification.id)
            || stretch.as_ref().is_some_and(|stretch| stretch.contains(&index));
        let marked = marking.then_some(marked);
        draw_row(buffer, line, notification, marked, &triage.wanted, shared);
        if index == selection.index {
            let focused = triage.focus == Focus::List;
            buffer.set_style(
                line,
                if focused { shared.theme.of(Tone::Selected) } else { shared.theme.of(Tone::SelectedIdle) },
            );
        }
    }
}

/// A row; `marked` says whether it is, while any are.
fn draw_row(
    buffer: &mut Buffer,
    line: Rect,
    notification: &Notification,
    marked: Option<bool>,
    wanted: &[String],
    shared: &Shared,
) {
    let line = match marked {
        Some(marked) => {
            put(buffer, line, 0, if marked { "✓ " } else { "  " }, shared.theme.of(Tone::Key));
            beyond(line, 2)
        }
        None => line,
    };
    let unread = notification.is_unread();
    let style = if unread { shared.theme.of(Tone::Unread) } else { shared.theme.of(Tone::Text) };
    let (mark, mark_style) = match (unread, notification.archived_at.is_some()) {
        (_, true) => ("a", shared.theme.of(Tone::Muted)),
        (true, false) => ("●", shared.theme.of(Tone::Mark)),
        (false, false) => (" ", shared.theme.of(Tone::Text)),
    };
    let place_width = if line.width >= ROOM_FOR_PLACE { (line.width / 5).min(20) } else { 0 };
    let [mark_at, priority_at, title_at, place_at, age_at] = columns(line, [2, 7, 0, place_width, 4]);
    put(buffer, mark_at, 0, mark, mark_style);
    let priority_style = shared.theme.priority(&notification.priority);
    if priority_at.is_empty() && notification.priority == Priority::Urgent {
        put(buffer, Rect { x: mark_at.right(), width: 1, ..line }, 0, "!", priority_style);
    }
    put(buffer, priority_at, 0, priority(notification), priority_style);
    put(buffer, title_at, 0, &notification.title, style);
    highlight(buffer, title_at, 0, &notification.title, wanted, shared.theme.of(Tone::Match));
    put(buffer, place_at, 0, notification.place(), shared.theme.of(Tone::Muted));
    let age = if shared.options.reduced_motion { age::calm } else { age::short };
    let age = format!("{:>4}", age(notification.created_at, shared.now));
    put(buffer, age_at, 0, &age, shared.theme.of(Tone::Muted));
}

/// A row's columns, from the left; the one of width 0 in the middle takes what the others leave, the last cell of each
/// but that of the age stays empty. Where there is no room, the middle gives way last.
fn columns(line: Rect, widths: [u16; 5]) -> [Rect; 5] {
    let [mark, priority, _, campus, age] = widths;
    let fixed = mark + priority + campus + age;
    let priority = if line.width < fixed + 12 { 0 } else { priority };
    let age = if line.width < 16 { 0 } else { age };
    let title = line.width.saturating_sub(mark + priority + campus + age);
    let mut x = line.x;
    let mut column = |width: u16, gap: u16| {
        let area = Rect { x, width: width.saturating_sub(gap), ..line }.intersection(line);
        x = x.saturating_add(width).min(line.right());
        area
    };
    [column(mark, 1), column(priority, 1), column(title, 1), column(campus, 1), column(age, 0)]
}

/// The usual says nothing.
fn priority(notification: &Notification) -> &str {
    match &notification.priority {
        Priority::Medium => "",
        Priority::Low => "low",
        Priority::High => "high",
        Priority::Urgent => "URGENT",
        Priority::Other(name) => name,
    }
}
