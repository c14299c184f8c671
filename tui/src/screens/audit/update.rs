//! What changes the audit: whether there is one, its pages, and what they are narrowed to.

use ratatui::layout::{Position, Rect};

use super::{
    Audit, Wanted,
    exchange::{self, Page, Signal},
};
use crate::{
    action::Action,
    age,
    document::Line as Row,
    effect::Effect,
    input::Line,
    model::{
        fault::Fault,
        overlay::{Answer, Kind, Overlay, Question},
        shared::Shared,
    },
    screens::{Tab, Told},
};

/// So many rows before the end of what is known, the next page is asked for.
const AHEAD: usize = 10;
/// No more entries are kept: who looks for older ones narrows them down.
pub(super) const MOST: usize = 5_000;

/// The rows of entries, below a row that says what they are and one of names.
pub(super) fn list(area: Rect) -> Rect {
    let above = area.height.min(2);
    Rect { y: area.y + above, height: area.height - above, ..area }
}

/// The user wants something.
pub(super) fn act(screen: &mut Audit, shared: &mut Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::AuditDetail => {
            detail(screen, shared);
            Vec::new()
        }
        Action::AuditActor => {
            let of_selected = || Some(screen.selected()?.actor.as_ref()?.key.clone());
            let now = screen.wanted.actor.clone().or_else(of_selected);
            ask_for(shared, Action::AuditActor, "Only what one user did", "The user's key:", now);
            Vec::new()
        }
        Action::AuditAction => {
            let of_selected = || Some(screen.selected()?.action.clone());
            let now = screen.wanted.action.clone().or_else(of_selected);
            ask_for(shared, Action::AuditAction, "Only one kind of action", "As the log calls it:", now);
            Vec::new()
        }
        Action::AuditAll => narrow(screen, shared, Wanted::default()),
        Action::AuditRefresh => newest(screen, shared),
        action => {
            let (len, rows) = (screen.entries.len(), rows(shared));
            screen.selection.moved(action, len, rows);
            older(screen, shared)
        }
    }
}

/// Whether an action would do something now.
pub(super) fn works(screen: &Audit, action: Action) -> bool {
    match action {
        Action::AuditDetail => screen.selected().is_some(),
        Action::AuditAll => screen.wanted != Wanted::default(),
        _ => true,
    }
}

fn ask_for(shared: &mut Shared, to: Action, title: &str, text: &str, now: Option<String>) {
    shared.open(Overlay::Question(Question {
        title: title.to_owned(),
        text: text.to_owned(),
        kind: Kind::Line { line: Line::of(now.unwrap_or_default()), secret: false },
        to,
    }));
}

/// What they are narrowed to was said.
pub(super) fn answered(screen: &mut Audit, shared: &mut Shared, answer: Answer) -> Vec<Effect> {
    let before = screen.wanted.clone();
    let wanted = match answer.to {
        Action::AuditActor => Wanted { actor: Some(answer.text), ..before },
        Action::AuditAction => Wanted { action: Some(answer.text), ..before },
        _ => return Vec::new(),
    };
    narrow(screen, shared, wanted)
}

fn narrow(screen: &mut Audit, shared: &mut Shared, wanted: Wanted) -> Vec<Effect> {
    screen.wanted = wanted;
    // What is shown is not what is wanted any more.
    screen.entries.clear();
    screen.end = None;
    screen.selection.go(0, 0, rows(shared));
    newest(screen, shared)
}

/// All that is known of the selected entry.
fn detail(screen: &Audit, shared: &mut Shared) {
    let Some(entry) = screen.selected() else {
        return;
    };
    let field = |name: &str, value: Option<String>| {
        Row::Field(name.to_owned(), value.unwrap_or_else(|| "–".to_owned()))
    };
    let actor = entry.actor.as_ref().map(|actor| format!("{} ({})", actor.name, actor.key));
    let lines = vec![
        Row::Title(entry.action.clone()),
        Row::Text(String::new()),
        field("At", Some(age::long(entry.at, shared.now))),
        field("By", actor),
        field("To", entry.target.clone()),
        field("From", entry.remote_address.clone()),
        field("Outcome", Some(entry.outcome.clone())),
        field("Id", Some(entry.id.clone())),
    ];
    shared.open(Overlay::Text { lines, scroll: 0 });
}

/// An entry is selected by pointing at it.
pub(super) fn press(screen: &mut Audit, shared: &Shared, at: Position) -> Vec<Effect> {
    let list = list(shared.body());
    if !list.contains(at) {
        return Vec::new();
    }
    let index = screen.selection.offset + usize::from(at.y - list.y);
    if index < screen.entries.len() {
        screen.selection.go(index, screen.entries.len(), list.height.into());
    }
    older(screen, shared)
}

/// Something happened around it.
pub(super) fn tell(screen: &mut Audit, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Connected => screen.asked = false,
        Told::Lost => screen.fetching = false,
        Told::Shown => return newest(screen, shared),
        Told::Hidden | Told::Tick | Told::Campus | Told::Happening(_) => {}
    }
    // Who it is is known a little after the connection is there.
    let may = shared.viewer.as_ref().is_some_and(|viewer| viewer.permissions.audit_log);
    if !may || screen.asked {
        return Vec::new();
    }
    newest(screen, shared)
}

fn newest(screen: &mut Audit, shared: &Shared) -> Vec<Effect> {
    if !shared.link.is_up() {
        return Vec::new();
    }
    screen.asked = true;
    screen.generation += 1;
    ask(screen, None)
}

/// Asks for an older page when the end of what is known is near.
fn older(screen: &mut Audit, shared: &Shared) -> Vec<Effect> {
    let near = screen.selection.index + rows(shared).max(AHEAD) >= screen.entries.len();
    let more = screen.end.clone().filter(|_| near && screen.entries.len() < MOST);
    match more {
        Some(end) if shared.link.is_up() && !screen.fetching => ask(screen, Some(end)),
        _ => Vec::new(),
    }
}

fn ask(screen: &mut Audit, after: Option<String>) -> Vec<Effect> {
    screen.fetching = true;
    let (generation, wanted) = (screen.generation, screen.wanted.clone());
    vec![exchange::Effect::Page { generation, wanted, after }.into()]
}

impl Audit {
    /// The network answers.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
        let Signal::Page { generation, older: is_older, result } = signal;
        if generation != self.generation {
            return Vec::new();
        }
        self.fetching = false;
        match result {
            Ok(Page { entries, end }) => {
                shared.audit_log = true;
                self.fault = None;
                self.end = end;
                if is_older {
                    self.entries.extend(entries);
                    self.entries.truncate(MOST);
                } else {
                    let (len, rows) = (entries.len(), rows(shared));
                    self.entries = entries;
                    self.selection.go(0, len, rows);
                }
                if shared.tab == Tab::Audit { older(self, shared) } else { Vec::new() }
            }
            Err(fault) => {
                // There is none here, or none for this viewer: then there is no tab either.
                shared.audit_log &= !is_final(&fault);
                self.fault = Some(fault.to_string());
                Vec::new()
            }
        }
    }
}

/// The server does not have the field, or does not show it.
fn is_final(fault: &Fault) -> bool {
    match fault {
        Fault::Foreign(_) => true,
        Fault::Refused { code, .. } => code == "FORBIDDEN",
        Fault::Unreachable(_) | Fault::Unauthenticated(_) => false,
    }
}

/// After whatever changed: brings the selection back to where there is something.
pub(super) fn settle(screen: &mut Audit, shared: &Shared) {
    screen.selection.fit(screen.entries.len(), rows(shared));
}

fn rows(shared: &Shared) -> usize {
    list(shared.body()).height.into()
}
