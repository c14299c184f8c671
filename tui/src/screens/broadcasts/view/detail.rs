//! The selected broadcast, whole: how it fares first, then what it says, then the rest.

use chrono::{DateTime, Utc};

use crate::{
    document::{self, Line},
    model::{
        broadcast::{Broadcast, State, grouped},
        shared::Shared,
    },
    screens::broadcasts::Broadcasts,
    view::bar::{bar, percent},
    when,
};

/// For a pane of this many columns.
pub(in crate::screens::broadcasts) fn lines(
    screen: &Broadcasts,
    shared: &Shared,
    columns: usize,
) -> Vec<Line> {
    let Some(row) = screen.selected() else {
        return Vec::new();
    };
    let mut lines = vec![Line::Title(row.title.clone())];
    let mut add = |name: &str, value: String| lines.push(Line::Field(name.to_owned(), value));
    let state = if screen.is_changing(&row.id) { "being changed" } else { row.state.as_str() };
    add("State", state.to_owned());
    if let Some(failure) = &row.failure {
        add("Why", failure.clone());
    }
    add("To", row.place());
    if matches!(row.state, State::Sent | State::Recalled) {
        // What the names and the numbers leave.
        let room = columns.saturating_sub(18 + 26).min(40);
        let share = |part: u32| {
            let numbers = format!("{} of {}", grouped(part), grouped(row.size));
            format!("{} {:>4}  {numbers}", bar(part, row.size, room), percent(part, row.size))
        };
        add("Delivered", share(row.delivered));
        add("Read", share(row.read));
    } else {
        add("Reaches", format!("{} as things are now", grouped(row.size)));
    }
    for (name, at) in moments(row) {
        for (name, spelled) in [name, ""].iter().zip(spelled(row, shared, at)) {
            add(name, spelled);
        }
    }
    lines.push(Line::Text(String::new()));
    lines.extend(row.message.split('\n').map(|line| Line::Text(line.to_owned())));
    lines.push(Line::Text(String::new()));
    let mut add = |name: &str, value: String| lines.push(Line::Field(name.to_owned(), value));
    add("Priority", row.priority.as_str().to_owned());
    add("Type", row.label());
    add("From", row.sender.clone());
    if let Some(link) = row.outcome.as_ref().and_then(|outcome| outcome.link.clone()) {
        add("Link", link);
    }
    add("Id", row.id.as_str().to_owned());
    document::wrapped(&lines, columns)
}

fn moments(row: &Broadcast) -> Vec<(&'static str, DateTime<Utc>)> {
    let name = match row.state {
        State::Scheduled => "To be sent",
        State::Sent | State::Recalled => "Sent",
        _ => "Was to be sent",
    };
    let sent = row.when().map(|at| (name, at));
    sent.into_iter().chain(row.expires_at.map(|at| ("Expires", at))).collect()
}

/// By the campus's clocks, and by ours where they go differently.
fn spelled(row: &Broadcast, shared: &Shared, at: DateTime<Utc>) -> Vec<String> {
    let local = shared.options.zone;
    let campus = row.campus.as_ref().and_then(|campus| campus.zone).filter(|zone| *zone != local);
    campus.into_iter().chain([local]).map(|zone| when::spelled(at, shared.now, zone)).collect()
}
