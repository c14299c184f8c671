//! What is changed: at once on the screen, and rolled back there if the server says no; and how it is taken back.

use crate::{
    action::Action,
    effect::Effect,
    input::Line,
    message::Ticket,
    model::{
        fault::Fault,
        overlay::{Answer, Kind, Overlay, Question},
        shared::Shared,
    },
    screens::{
        Tab,
        preferences::{
            Change, Preferences, QuietChange, Told, exchange,
            grid::Origin,
            model::{Done, Pending},
            rows::{self, Row},
        },
    },
    text, when,
};

use super::asking;

/// So much can be taken back; the frame remembers no more either.
const DEPTH: usize = 50;

/// The user wants to change something.
pub(super) fn act(screen: &mut Preferences, shared: &mut Shared, action: Action) -> Vec<Effect> {
    let Some(row) = rows::selected(screen) else {
        return Vec::new();
    };
    match (action, &row) {
        (Action::Toggle, Row::Quiet) | (Action::ToggleQuiet, _) => return toggle_quiet(screen, shared),
        (Action::Toggle, row) => return toggle(screen, shared, row),
        (Action::Inherit, Row::Quiet) => {
            let change = Change::Quiet(QuietChange::Inherit);
            return change_here(screen, shared, change, "quiet hours inherited");
        }
        (Action::Inherit, row) => return inherit(screen, shared, row),
        (Action::ToggleCategory, row) => {
            if let Some(category) = category_of(screen, row) {
                return toggle(screen, shared, &category);
            }
        }
        (Action::InheritCategory, row) => {
            if let Some(category) = category_of(screen, row) {
                return inherit(screen, shared, &category);
            }
        }
        (Action::QuietHours, _) => ask_for_hours(screen, shared),
        (Action::ResetCampus, _) => ask_for_reset(screen, shared),
        _ => {}
    }
    Vec::new()
}

fn category_of(screen: &Preferences, row: &Row) -> Option<Row> {
    match row {
        Row::Category(_) => Some(row.clone()),
        Row::Type(at) => screen.grid.kinds.get(*at).map(|kind| Row::Category(kind.category.clone())),
        Row::Quiet => None,
    }
}

/// What a row is called in "muted …".
fn name(screen: &Preferences, row: &Row) -> String {
    match row {
        Row::Category(name) => format!("all of {}", text::words(name)),
        Row::Type(at) => screen.grid.kinds.get(*at).map_or_else(String::new, |kind| kind.label.clone()),
        Row::Quiet => "quiet hours".to_owned(),
    }
}

/// A type on or off; several on, unless all are.
fn toggle(screen: &mut Preferences, shared: &mut Shared, row: &Row) -> Vec<Effect> {
    let types = rows::types(screen, row);
    if types.is_empty() {
        shared.complain(format!("{} cannot be muted: mandatory", name(screen, row)));
        return Vec::new();
    }
    let on = |at: &usize| screen.grid.cell(*at, screen.column).is_some_and(|cell| cell.enabled == Some(true));
    let enabled = !types.iter().all(on);
    // What is as wanted already stays inherited where it was.
    let changed: Vec<_> = types.into_iter().filter(|at| on(at) != enabled).collect();
    let what = format!("{} {}", if enabled { "unmuted" } else { "muted" }, name(screen, row));
    change_types(screen, shared, &changed, Some(enabled), &what)
}

fn inherit(screen: &mut Preferences, shared: &mut Shared, row: &Row) -> Vec<Effect> {
    let here =
        |at: &usize| screen.grid.cell(*at, screen.column).is_some_and(|cell| cell.origin == Origin::Here);
    let types: Vec<_> = rows::types(screen, row).into_iter().filter(here).collect();
    if types.is_empty() {
        shared.say("nothing is set here: it is inherited already");
        return Vec::new();
    }
    let what = format!("inherited {}", name(screen, row));
    change_types(screen, shared, &types, None, &what)
}

fn change_types(
    screen: &mut Preferences,
    shared: &mut Shared,
    types: &[usize],
    enabled: Option<bool>,
    what: &str,
) -> Vec<Effect> {
    let kinds = types.iter().filter_map(|at| screen.grid.kinds.get(*at));
    let change = Change::Types(kinds.map(|kind| (kind.name.clone(), enabled)).collect());
    change_here(screen, shared, change, what)
}

fn toggle_quiet(screen: &mut Preferences, shared: &mut Shared) -> Vec<Effect> {
    let Some(quiet) = screen.grid.place(screen.column).and_then(|place| place.quiet.as_ref()) else {
        return Vec::new();
    };
    let enabled = !quiet.enabled;
    let change = Change::Quiet(QuietChange::Set { enabled: Some(enabled), between: None, zone: None });
    change_here(screen, shared, change, if enabled { "quiet hours on" } else { "quiet hours off" })
}

fn ask_for_hours(screen: &mut Preferences, shared: &mut Shared) {
    let Some(place) = screen.grid.place(screen.column) else {
        return;
    };
    let now = place.quiet.as_ref().map_or_else(String::new, |hours| format!("{}-{}", hours.start, hours.end));
    screen.questioned = screen.place();
    shared.open(Overlay::Question(Question {
        title: format!("Quiet hours: {}", place_name(screen, screen.questioned.as_ref())),
        text: "From when to when, e.g. 22:00-07:00 or 10pm-7am. This turns them on.".to_owned(),
        kind: Kind::Line { line: Line::of(now), secret: false },
        to: Action::QuietHours,
    }));
}

fn ask_for_reset(screen: &mut Preferences, shared: &mut Shared) {
    screen.questioned = screen.place();
    if screen.questioned.is_none() {
        shared.complain("the default is what campuses go back to: only a campus can be reset");
        return;
    }
    let name = place_name(screen, screen.questioned.as_ref()).to_owned();
    let text = format!("Every type and the quiet hours of {name} will be as by default.");
    shared.open(Overlay::Question(Question::confirm(Action::ResetCampus, format!("Reset {name}?"), text)));
}

/// A question was answered, or the palette told something.
pub(in crate::screens::preferences) fn answered(
    screen: &mut Preferences,
    shared: &mut Shared,
    answer: &Answer,
) -> Vec<Effect> {
    match answer.to {
        Action::QuietHours => {
            let Some(between) = when::hours(&answer.text) else {
                shared.complain(format!("{:?} is no span of a day; write e.g. 22:00-07:00", answer.text));
                return Vec::new();
            };
            let set = QuietChange::Set { enabled: Some(true), between: Some(between), zone: None };
            let place = screen.questioned.clone();
            change(screen, shared, place, Change::Quiet(set), "quiet hours set")
        }
        Action::QuietZone => {
            let zone = Some(answer.text.clone());
            let set = QuietChange::Set { enabled: None, between: None, zone };
            change_here(screen, shared, Change::Quiet(set), "time zone of quiet hours set")
        }
        Action::ResetCampus => {
            let place = screen.questioned.clone();
            change(screen, shared, place, Change::Reset, "everything as by default")
        }
        _ => Vec::new(),
    }
}

fn place_name<'a>(screen: &'a Preferences, place: Option<&String>) -> &'a str {
    let column = screen.columns.iter().find(|column| column.place.as_ref() == place);
    column.map_or("?", |column| &column.name)
}

fn change_here(screen: &mut Preferences, shared: &mut Shared, what: Change, words: &str) -> Vec<Effect> {
    let place = screen.place();
    change(screen, shared, place, what, words)
}

/// Changes something, to be taken back by the frame's undo.
fn change(
    screen: &mut Preferences,
    shared: &mut Shared,
    place: Option<String>,
    change: Change,
    what: &str,
) -> Vec<Effect> {
    let Some(at) = screen.columns.iter().position(|column| column.place == place) else {
        shared.complain("that campus is not yours any more");
        return Vec::new();
    };
    if !shared.link.is_up() {
        shared.complain("not connected: nothing was changed");
        return Vec::new();
    }
    let inverse = inverse(screen, at, &change);
    let what = format!("{what} ({})", place_name(screen, place.as_ref()));
    let ticket = shared.ticket();
    shared.undo.push(Tab::Preferences, ticket, what);
    screen.done.push_back(Done { ticket, place: place.clone(), inverse });
    if screen.done.len() > DEPTH {
        screen.done.pop_front();
    }
    vec![send(screen, ticket, place, change)]
}

fn send(screen: &mut Preferences, ticket: Ticket, place: Option<String>, change: Change) -> Effect {
    screen.pending.push(Pending { ticket, place: place.clone(), change: change.clone() });
    screen.resolve();
    exchange::Effect::Change { ticket, place, change }.into()
}

/// What brings back what is set now in a column.
fn inverse(screen: &Preferences, column: usize, change: &Change) -> Vec<Change> {
    let Some(place) = screen.grid.place(column) else {
        return Vec::new();
    };
    let own = |at: usize| {
        let cell = place.cells.get(at).filter(|cell| cell.origin == Origin::Here);
        cell.and_then(|cell| cell.enabled)
    };
    let own_quiet = place.quiet.as_ref().filter(|_| place.quiet_origin == Origin::Here);
    let all = |zone: bool| match own_quiet {
        None => QuietChange::Inherit,
        Some(hours) => QuietChange::Set {
            enabled: Some(hours.enabled),
            between: Some((hours.start.clone(), hours.end.clone())),
            // Whose zone is the viewer's own would become theirs by name.
            zone: zone.then(|| hours.zone.clone()),
        },
    };
    let kinds = screen.grid.kinds.iter().enumerate();
    match change {
        Change::Types(types) => {
            let before = kinds.filter(|(_, kind)| types.iter().any(|(name, _)| *name == kind.name));
            vec![Change::Types(before.map(|(at, kind)| (kind.name.clone(), own(at))).collect())]
        }
        Change::Quiet(QuietChange::Set { zone: None, .. }) => vec![Change::Quiet(all(false))],
        Change::Quiet(_) => vec![Change::Quiet(all(true))],
        Change::Reset => {
            let set = kinds.filter_map(|(at, kind)| own(at).map(|on| (kind.name.clone(), Some(on))));
            let types = Change::Types(set.collect());
            let quiet = own_quiet.map(|_| Change::Quiet(all(true)));
            std::iter::once(types).chain(quiet).collect()
        }
    }
}

/// Takes something back.
pub(in crate::screens::preferences) fn undo(
    screen: &mut Preferences,
    shared: &mut Shared,
    ticket: Ticket,
) -> Vec<Effect> {
    let at = screen.done.iter().position(|done| done.ticket == ticket);
    let Some(done) = at.and_then(|at| screen.done.remove(at)) else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    for change in done.inverse {
        let ticket = shared.ticket();
        effects.push(send(screen, ticket, done.place.clone(), change));
    }
    effects
}

/// A change was answered. What was refused is rolled back by being forgotten.
pub(super) fn changed(
    screen: &mut Preferences,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<Box<Told>, Fault>,
) -> Vec<Effect> {
    let Some(at) = screen.pending.iter().position(|pending| pending.ticket == ticket) else {
        return Vec::new();
    };
    let Pending { place, .. } = screen.pending.remove(at);
    match result {
        Ok(told) => {
            if let Some(column) = screen.columns.iter_mut().find(|column| column.place == place) {
                (column.told, column.fault) = (Some(*told), None);
            }
            // An answer that is on its way may be from before.
            screen.wanted |= screen.asking;
        }
        Err(fault) => {
            screen.done.retain(|done| done.ticket != ticket);
            shared.undo.forget(ticket);
            shared.complain(format!("failed to change preferences: {fault}"));
            screen.wanted = true;
        }
    }
    screen.resolve();
    asking::ask(screen, shared)
}
