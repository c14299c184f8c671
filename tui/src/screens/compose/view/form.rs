//! The fields, each with what is written in it, how much of its limit that takes, and what there is to say about it.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use crate::{
    draft::{Field, LONGEST_MESSAGE, LONGEST_TITLE, length},
    model::{
        broadcast::{grouped, people},
        shared::Shared,
    },
    screens::compose::{
        Compose,
        exchange::Reach,
        layout::{Place, places},
        model::Kept,
        notes::notes,
    },
    text,
    theme::Tone,
    view::paint::{self, beyond, put, put_all},
};

/// The columns of a field's name.
const NAME: u16 = 11;

/// Draws them.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, screen: &Compose, shared: &Shared) {
    let notes = notes(screen, shared);
    for place in places(screen.field, &notes, area) {
        draw_field(buffer, &place, screen, shared);
        let note = notes.iter().find(|(field, _)| *field == place.field);
        if let Some((_, note)) = note.filter(|_| !place.note.is_empty()) {
            let (mark, tone) = if note.bad { ("✗ ", Tone::Bad) } else { ("= ", Tone::Good) };
            let style = shared.theme.of(tone);
            put_all(buffer, beyond(place.note, NAME), 0, [(mark, style), (&*note.text, style)]);
        }
    }
}

fn draw_field(buffer: &mut Buffer, place: &Place, screen: &Compose, shared: &Shared) {
    let (field, area, theme) = (place.field, place.area, &shared.theme);
    if area.is_empty() {
        return;
    }
    let focused = field == screen.field;
    put(buffer, area, 0, &text::pad(field.title(), NAME.into()), theme.of(Tone::Key));
    if let Some((count, over)) = counter(screen, field) {
        let tone = if over { Tone::Bad } else { Tone::Muted };
        let below = area.height > 1;
        let columns = if below { NAME } else { 8 };
        let count = text::pad(&count, columns.into());
        let corner = if below { area } else { beyond(area, area.width.saturating_sub(columns)) };
        put(buffer, corner, u16::from(below), &count, theme.of(tone));
    }
    if focused {
        let tone = if screen.typing { Tone::SelectedIdle } else { Tone::Selected };
        let name = Rect { width: NAME.min(area.width).saturating_sub(1), height: 1, ..area };
        buffer.set_style(name, theme.of(tone));
    }
    let content = beyond(area, NAME);
    if field == Field::Message {
        let (area, message) = (content.intersection(buffer.area), &screen.editors.message);
        if screen.draft.message.is_empty() && !(focused && screen.typing) {
            put(buffer, content, 0, "what there is to say", theme.of(Tone::Muted));
        } else if !area.is_empty() {
            message.render(area, buffer);
        }
        return;
    }
    let room =
        Rect { width: content.width.saturating_sub(if field == Field::Title { 9 } else { 0 }), ..content };
    match screen.editors.line(field) {
        Some(line) if focused && screen.typing => paint::line(buffer, room, 0, line, false, theme),
        Some(line) if !line.text().is_empty() => {
            put(buffer, room, 0, line.text(), theme.of(Tone::Text));
        }
        Some(_) => {
            put(buffer, room, 0, placeholder(field), theme.of(Tone::Muted));
        }
        None => draw_choice(buffer, room, field, focused, screen, shared),
    }
}

fn draw_choice(
    buffer: &mut Buffer,
    area: Rect,
    field: Field,
    focused: bool,
    screen: &Compose,
    shared: &Shared,
) {
    let theme = &shared.theme;
    let draft = &screen.draft;
    let (chosen, style) = match field {
        Field::To => match &draft.place {
            Some(place) => (place.name().to_owned(), theme.of(Tone::Text)),
            None => ("choose whom".to_owned(), theme.of(Tone::Muted)),
        },
        Field::Type => (kind(screen), theme.of(Tone::Text)),
        _ => (draft.priority.as_str().to_owned(), theme.priority(&draft.priority)),
    };
    let (before, behind) = if focused { ("‹ ", " ›") } else { ("", "") };
    let frame = theme.of(Tone::Key);
    put_all(buffer, area, 0, [(before, frame), (&*chosen, style), (behind, frame)]);
}

/// The type, as the server calls it.
fn kind(screen: &Compose) -> String {
    match screen.chosen_kind() {
        Some(kind) if kind.mandatory => format!("{} · cannot be muted", kind.label),
        Some(kind) => kind.label.clone(),
        None => text::words(screen.draft.kind()),
    }
}

/// How much of its limit a text takes, and whether that is too much.
fn counter(screen: &Compose, field: Field) -> Option<(String, bool)> {
    let (used, most) = match field {
        Field::Title => (length(&screen.draft.title), LONGEST_TITLE),
        Field::Message => (length(&screen.draft.message), LONGEST_MESSAGE),
        _ => return None,
    };
    Some((format!("{used}/{most}"), used > most))
}

fn placeholder(field: Field) -> &'static str {
    match field {
        Field::Only => "everyone there; or the keys of users",
        Field::Title => "one line",
        Field::Link => "nowhere; or an address to act on it",
        Field::Expires => "never; or in words, e.g. fri 18:00",
        Field::SendAt => "at once; or in words, e.g. tomorrow 9:00",
        Field::To | Field::Type | Field::Priority | Field::Message => "",
    }
}

/// How many it reaches.
pub(super) fn draw_reach(buffer: &mut Buffer, area: Rect, screen: &Compose, shared: &Shared) {
    let theme = &shared.theme;
    let (text, tone) = match screen.reach() {
        _ if screen.kept != Kept::Here => ("Reading the draft that was kept…".to_owned(), Tone::Waiting),
        _ if screen.sending.is_some() => ("Being sent…".to_owned(), Tone::Waiting),
        _ if screen.draft.place.is_none() => (String::new(), Tone::Muted),
        None => ("Counting whom it reaches…".to_owned(), Tone::Muted),
        Some(Err(why)) => (format!("How many it reaches is not known: {why}"), Tone::Bad),
        Some(Ok(Reach { size, muted, quiet, connected })) => {
            let first = format!("Reaches {}, {} connected", people(*size), grouped(*connected));
            let (muted, quiet) = (grouped(*muted), grouped(*quiet));
            let text = if area.height > 1 {
                format!("{first}\n{muted} mute this type, {quiet} have quiet hours now")
            } else {
                format!("{first}; {muted} mute it, {quiet} quiet")
            };
            (text, Tone::Text)
        }
    };
    for (row, line) in (0..area.height).zip(text.split('\n')) {
        put(buffer, area, row, line, theme.of(if row == 0 { tone } else { Tone::Muted }));
    }
}
