//! Longer texts as lines: the selected notification, and the help. What the view draws and what scrolling is measured
//! by; no styles here, only what each line is.

use chrono::{DateTime, Utc};

use crate::{
    action::Action,
    age,
    keymap::Context,
    model::{Model, explanation::Explanation, notification::Notification},
    text::{width, wrap},
};

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// What it is called.
    Title(String),
    /// A name and what it stands for; the name is empty where a value goes on.
    Field(String, String),
    /// As it was written.
    Text(String),
}

/// A notification, for a pane of this many columns.
pub fn notification(notification: &Notification, now: DateTime<Utc>, columns: usize) -> Vec<Line> {
    let mut lines: Vec<_> = wrap(&notification.title, columns).into_iter().map(Line::Title).collect();
    lines.push(Line::Text(String::new()));
    lines.extend(wrap(&notification.message, columns).into_iter().map(Line::Text));
    lines.push(Line::Text(String::new()));
    for (name, value) in fields(notification, now) {
        lines.extend(field(name, &value, 11, columns));
    }
    lines
}

/// Why the viewer got a notification, rule by rule.
pub fn explanation(title: &str, explanation: &Explanation, now: DateTime<Utc>) -> Vec<Line> {
    let verdict = if explanation.received { "Why you got" } else { "Why you would not get" };
    let mut lines = vec![Line::Title(format!("{verdict} “{title}”")), Line::Text(String::new())];
    for reason in &explanation.reasons {
        let mark = if reason.holds { "✓" } else { "✗" };
        let at = reason.at.map_or_else(String::new, |at| format!(" · {}", age::long(at, now)));
        lines.push(Line::Field(format!("{mark} {}", reason.rule), format!("{}{at}", reason.detail)));
    }
    if explanation.reasons.is_empty() {
        lines.push(Line::Text("The server gives no reason.".to_owned()));
    }
    lines
}

/// What the keys do in a place, by the parts that it consists of.
pub fn help(model: &Model, context: Context, columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut shown: Vec<Action> = Vec::new();
    for scope in context.scopes() {
        let in_scope = model.bindings(context).filter(|binding| binding.spec.scopes.contains(scope));
        let new: Vec<_> = in_scope.filter(|binding| !shown.contains(&binding.spec.action)).collect();
        shown.extend(new.iter().map(|binding| binding.spec.action));
        if new.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::Text(String::new()));
        }
        lines.push(Line::Title(scope.title().to_owned()));
        for binding in new {
            let keys =
                if binding.keys.is_empty() { format!(":{}", binding.spec.name()) } else { binding.names() };
            lines.extend(field(&keys, binding.spec.help, 18, columns));
        }
    }
    lines
}

/// A text, for a pane of this many columns.
pub fn wrapped(lines: &[Line], columns: usize) -> Vec<Line> {
    let wrap_line = |line: &Line| match line {
        Line::Title(text) => wrap(text, columns).into_iter().map(Line::Title).collect(),
        Line::Text(text) => wrap(text, columns).into_iter().map(Line::Text).collect(),
        Line::Field(name, value) => field(name, value, 18, columns),
    };
    lines.iter().flat_map(wrap_line).collect()
}

fn field(name: &str, value: &str, indent: usize, columns: usize) -> Vec<Line> {
    let name = format!("{name}{}", " ".repeat(indent.saturating_sub(width(name))));
    let values = wrap(value, columns.saturating_sub(indent));
    let names = std::iter::once(name).chain(std::iter::repeat_with(|| " ".repeat(indent)));
    names.zip(values).map(|(name, value)| Line::Field(name, value)).collect()
}

/// A notification to named users may be news of a campus all the same.
fn audience(notification: &Notification) -> String {
    match &notification.campus {
        Some(campus) if notification.audience == "USERS" => format!("you, about {}", campus.name),
        _ => notification.place().to_owned(),
    }
}

fn fields(notification: &Notification, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let moment = |at: DateTime<Utc>| age::long(at, now);
    let data = &notification.data;
    let mut fields = vec![
        ("Priority", notification.priority.as_str().to_owned()),
        ("Type", format!("{} · {}", notification.label(), notification.category)),
        ("To", audience(notification)),
    ];
    let mut add = |name, value: Option<String>| fields.extend(value.map(|value| (name, value)));
    add("From", notification.sender.as_ref().map(|sender| sender.name.to_string()));
    add("Sent", Some(moment(notification.created_at)));
    add("Expires", notification.expires_at.map(moment));
    add("Read", Some(notification.read_at.map_or_else(|| "not yet".to_owned(), moment)));
    add("Archived", notification.archived_at.map(moment));
    add("Link", data.action_url.clone());
    add("Event", data.event_id.clone());
    add("Attendance", data.attendance_id.clone());
    add("More", data.metadata.as_ref().map(ToString::to_string));
    add("Id", Some(notification.id.as_str().to_owned()));
    fields
}
