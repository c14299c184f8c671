//! What it will look like: as a row and a page of a terminal, and as a card of a dashboard.

use crate::{
    document::{self, Line},
    draft::{self, Place},
    model::{
        notification::{Campus, Data, Notification, Priority, Sender},
        shared::Shared,
    },
    screens::compose::Compose,
    text::{self, pad, width},
};

/// For a pane of this many columns.
pub(in crate::screens::compose) fn lines(screen: &Compose, shared: &Shared, columns: usize) -> Vec<Line> {
    if columns == 0 {
        return Vec::new();
    }
    let notification = notification(screen, shared);
    let mut lines = vec![Line::Title("In a terminal".to_owned()), Line::Text(row(&notification, columns))];
    lines.push(Line::Text(String::new()));
    // What it does not have yet is left out.
    let is_there =
        |line: &Line| !matches!(line, Line::Field(name, _) if ["Id", "Read"].contains(&name.trim()));
    lines.extend(document::notification(&notification, shared.now, columns).into_iter().filter(is_there));
    lines.push(Line::Text(String::new()));
    lines.push(Line::Title("On a dashboard".to_owned()));
    lines.extend(card(&notification, columns).into_iter().map(Line::Text));
    lines
}

/// It, as if it had just been sent.
fn notification(screen: &Compose, shared: &Shared) -> Notification {
    let draft = &screen.draft;
    let or = |text: &str, none: &str| if text.trim().is_empty() { none.to_owned() } else { text.to_owned() };
    let zone = screen.zone(shared);
    let at = |words: &str| draft::moment(words, shared.now, zone).ok().flatten();
    let users = !draft.only.trim().is_empty();
    Notification {
        id: "–".into(),
        kind: draft.kind().into(),
        category: screen.chosen_kind().map_or("–", |kind| kind.category.as_str()).into(),
        audience: match draft.place {
            _ if users => "USERS",
            Some(Place::All) => "SYSTEM",
            _ => "CAMPUS",
        }
        .into(),
        campus: match &draft.place {
            Some(Place::Campus { key, name }) => {
                Some(Campus { id: "".into(), key: key.as_str().into(), name: name.as_str().into() })
            }
            _ => None,
        },
        title: or(&draft.title, "(no title yet)"),
        message: or(&draft.message, "(no message yet)"),
        data: Data {
            action_url: Some(draft.link.clone()).filter(|link| !link.is_empty()),
            ..Data::default()
        },
        priority: draft.priority.clone(),
        sender: shared
            .viewer
            .as_ref()
            .map(|viewer| Sender { id: viewer.key.as_str().into(), name: viewer.name.as_str().into() }),
        created_at: at(&draft.send_at).unwrap_or(shared.now),
        expires_at: at(&draft.expires),
        read_at: None,
        archived_at: None,
    }
}

/// A row of a feed.
fn row(notification: &Notification, columns: usize) -> String {
    let priority = match &notification.priority {
        Priority::Medium => "",
        Priority::Urgent => "URGENT",
        Priority::High => "high",
        _ => "low",
    };
    let place = pad(notification.place(), (columns / 4).min(18));
    let title = columns.saturating_sub(2 + 7 + width(&place) + 2);
    format!("● {}{}{place}0s", pad(priority, 7), pad(&notification.title, title))
}

/// A card of a dashboard.
fn card(notification: &Notification, columns: usize) -> Vec<String> {
    let Some(room) = columns.checked_sub(4).filter(|room| *room > 3) else {
        return Vec::new();
    };
    let edge = "─".repeat(room + 2);
    let inside = |line: &str| format!("│ {} │", pad(line, room + 1).strip_suffix(' ').unwrap_or_default());
    let urgent = if notification.priority == Priority::Urgent { "URGENT · " } else { "" };
    let above = format!("{urgent}{} · {} · now", notification.label(), notification.place());
    let mut texts = text::wrap(&above, room);
    texts.extend(text::wrap(&notification.title, room));
    texts.push(String::new());
    texts.extend(text::wrap(&notification.message, room));
    if let Some(link) = &notification.data.action_url {
        texts.push(String::new());
        texts.push(format!("[ Open {} ]", text::fit(link, room.saturating_sub(9))));
    }
    let mut lines = vec![format!("╭{edge}╮")];
    lines.extend(texts.iter().map(|line| inside(line)));
    lines.push(format!("╰{edge}╯"));
    lines
}
