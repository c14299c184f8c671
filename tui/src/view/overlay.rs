//! What lies over the screen: a text that covers it, or a box in its middle.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Rect},
    widgets::{Block, BorderType, Clear, Widget},
};

use super::{
    paint::{self, beyond, put, put_all},
    reader,
};
use crate::{
    action::Action,
    document,
    keymap::Binding,
    model::{
        Model,
        overlay::{Kind, Overlay, Palette, Question},
        shared::Shared,
    },
    text::{self, wrap},
    theme::Tone,
    update::CANDIDATES,
};

/// No box is wider, in columns.
const WIDEST: u16 = 72;

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, overlay: &Overlay, model: &Model) {
    let shared = &model.shared;
    match overlay {
        Overlay::Help { context, scroll } => {
            cover(buffer, area, shared);
            let lines = document::help(model, *context, area.width.into());
            reader::draw(buffer, area, &lines, *scroll, &shared.theme);
        }
        Overlay::Text { lines, scroll } => {
            cover(buffer, area, shared);
            let lines = document::wrapped(lines, area.width.into());
            reader::draw(buffer, area, &lines, *scroll, &shared.theme);
        }
        Overlay::Palette(palette) => draw_palette(buffer, area, palette, shared),
        Overlay::Question(question) => draw_question(buffer, area, question, shared),
    }
}

/// Takes an area out of what is below.
fn cover(buffer: &mut Buffer, area: Rect, shared: &Shared) {
    paint::cut(buffer, area);
    Clear.render(area, buffer);
    buffer.set_style(area, shared.theme.of(Tone::Text));
}

/// A box with so many rows in it, as far as there is room. Returns what is inside.
fn frame(buffer: &mut Buffer, area: Rect, title: &str, rows: u16, shared: &Shared) -> Rect {
    let width = area.width.min(WIDEST);
    let place = area
        .centered_horizontally(Constraint::Length(width))
        .centered_vertically(Constraint::Length(rows.saturating_add(2).min(area.height)));
    cover(buffer, place, shared);
    // Without room for a frame around a row, the row is worth more.
    if place.height < 3 {
        return place;
    }
    let title = format!(" {} ", text::fit(title, width.saturating_sub(6).into()));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(shared.theme.of(Tone::RuleActive))
        .title_style(shared.theme.of(Tone::Title))
        .title(title);
    let inside = block.inner(place);
    block.render(place, buffer);
    inside
}

fn draw_palette(buffer: &mut Buffer, area: Rect, palette: &Palette, shared: &Shared) {
    let theme = &shared.theme;
    // As high whatever is found, so that it stays where it is as one types.
    let rows = u16::try_from(CANDIDATES).unwrap_or(u16::MAX).saturating_add(1);
    let inside = frame(buffer, area, "What to do", rows, shared);
    let prompt = put(buffer, inside, 0, ":", theme.of(Tone::Key));
    paint::line(buffer, beyond(inside, prompt), 0, &palette.line, false, theme);
    let below = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    if palette.candidates.is_empty() {
        put(buffer, below, 0, "nothing here is called that", theme.of(Tone::Muted));
    }
    for (row, (index, candidate)) in
        (0..below.height).zip(palette.candidates.iter().enumerate().skip(palette.offset))
    {
        let keys = u16::try_from(text::width(&candidate.keys)).unwrap_or(u16::MAX).min(below.width / 3);
        let left = Rect { width: below.width.saturating_sub(keys + 1), ..below };
        let parts = [(&*candidate.line, Tone::Text), ("  ", Tone::Text), (&*candidate.help, Tone::Muted)];
        put_all(buffer, left, row, parts.map(|(text, tone)| (text, theme.of(tone))));
        put(buffer, beyond(below, below.width - keys), row, &candidate.keys, theme.of(Tone::Key));
        if index == palette.selected {
            let line = Rect { y: below.y + row, height: 1, ..below };
            buffer.set_style(line, theme.of(Tone::Selected));
        }
    }
}

fn draw_question(buffer: &mut Buffer, area: Rect, question: &Question, shared: &Shared) {
    let theme = &shared.theme;
    let columns = area.width.min(WIDEST).saturating_sub(2);
    let mut lines = if question.text.is_empty() { Vec::new() } else { wrap(&question.text, columns.into()) };
    let (line, secret) = match &question.kind {
        Kind::Confirm => {
            let keys = |action| shared.options.keymap.of(action).map_or_else(String::new, Binding::names);
            lines.push(format!("{} yes   {} no", keys(Action::Yes), keys(Action::No)));
            (None, false)
        }
        Kind::Word(word, line) => {
            lines.push(format!("Type {word} to go on:"));
            (Some(line), false)
        }
        Kind::Line { line, secret } => (Some(line), *secret),
    };
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(u16::from(line.is_some()));
    let inside = frame(buffer, area, &question.title, rows, shared);
    // Of a long text the end gives way, not what is typed.
    let room = inside.height.saturating_sub(u16::from(line.is_some()));
    let mut row = 0;
    for text in lines.iter().take(room.into()) {
        put(buffer, inside, row, text, theme.of(Tone::Text));
        row += 1;
    }
    if let Some(line) = line {
        paint::line(buffer, inside, row, line, secret, theme);
    }
}
