//! What changes the history, and what is asked because of it.

mod happenings;
pub(super) mod query;

use chrono::TimeDelta;

use super::{
    History,
    exchange::{self, Signal},
    model::MOST,
};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    message::{Page, Pointer},
    model::{fault::Fault, overlay::Answer, shared::Shared},
    screens::{Told, feed, wheel},
    triage::{self, inbox::Filter},
};

/// So long nothing more is typed before it is looked for.
const QUIET: TimeDelta = TimeDelta::seconds(1);

/// The user wants something.
pub(super) fn act(screen: &mut History, shared: &mut Shared, action: Action) -> Vec<Effect> {
    let typing = screen.line.context().is_some();
    match action {
        Action::Filter => screen.line.open(),
        Action::Accept if typing => {
            screen.line.act(action);
            let waits = screen.due.take().is_some() || screen.fault.is_some();
            return if waits { ask(screen, shared) } else { Vec::new() };
        }
        Action::Back if typing || !screen.triage.works(action) => {
            let was = screen.query.search.is_some();
            screen.line.act(action);
            screen.due = None;
            look_for(screen);
            return if was { ask(screen, shared) } else { Vec::new() };
        }
        action => {
            if query::changes(screen, shared, action) {
                return ask(screen, shared);
            }
            let mut effects = screen.triage.act(shared, action);
            effects.extend(older(screen, shared));
            return effects;
        }
    }
    Vec::new()
}

/// The user wants something, and has said which.
pub(super) fn run(screen: &mut History, shared: &mut Shared, action: Action, argument: &str) -> Vec<Effect> {
    if let (Action::Sort, Ok(sort)) = (action, argument.parse()) {
        screen.triage.sort(shared, sort);
        return Vec::new();
    }
    match query::told(screen, action, argument) {
        Ok(()) => ask(screen, shared),
        Err(why) => {
            shared.complain(why);
            Vec::new()
        }
    }
}

/// A question that was asked here is answered.
pub(super) fn answered(screen: &mut History, shared: &mut Shared, answer: &Answer) -> Vec<Effect> {
    if answer.to == Action::SaveView {
        return query::save(screen, shared, &answer.text);
    }
    match query::told(screen, answer.to, &answer.text) {
        Ok(()) => ask(screen, shared),
        Err(why) => {
            shared.complain(why);
            Vec::new()
        }
    }
}

/// Part of what is looked for was typed.
pub(super) fn typed(screen: &mut History, shared: &Shared, typed: &Typed) {
    if screen.line.take(typed) {
        look_for(screen);
        screen.due = Some(shared.now + QUIET);
    }
}

/// The mouse did something.
pub(super) fn point(screen: &mut History, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
    screen.triage.point(shared, pointer);
    let mut effects = wheel(screen, shared, pointer.gesture);
    effects.extend(older(screen, shared));
    effects
}

/// Something happened around it.
pub(super) fn tell(screen: &mut History, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Shown => {
            screen.shown = true;
            let mut effects = if screen.stale { look_again(screen, shared) } else { Vec::new() };
            if screen.types.is_empty() && shared.link.is_up() {
                effects.push(exchange::Effect::Types.into());
            }
            effects
        }
        Told::Hidden => {
            screen.shown = false;
            Vec::new()
        }
        Told::Connected => {
            if screen.shown {
                return look_again(screen, shared);
            }
            screen.stale = true;
            Vec::new()
        }
        Told::Campus => {
            if screen.shown {
                return ask(screen, shared);
            }
            screen.ask_later();
            Vec::new()
        }
        Told::Lost => {
            screen.triage.inbox.nothing_comes();
            screen.nothing_is_counted();
            screen.stale = true;
            Vec::new()
        }
        Told::Tick => tick(screen, shared),
        Told::Happening(happening) => {
            happenings::happen(screen, shared, happening);
            Vec::new()
        }
    }
}

/// A second has passed: what was typed is looked for; and whoever looks at the newest gets the newest.
fn tick(screen: &mut History, shared: &Shared) -> Vec<Effect> {
    if screen.due.is_some_and(|due| due < shared.now) {
        screen.due = None;
        return ask(screen, shared);
    }
    let is_old = screen.newer > 0 || screen.stale;
    let can_ask = screen.shown && screen.due.is_none() && screen.fault.is_none();
    if is_old && follows(screen) && can_ask && !screen.triage.inbox.is_fetching() {
        return ask(screen, shared);
    }
    Vec::new()
}

/// Whoever reads on further down, or marks, is not to lose the place.
fn follows(screen: &History) -> bool {
    screen.triage.inbox.selection.following && screen.triage.marks.is_empty()
}

/// What is shown may not be true any more: it is asked for anew, or, where somebody would lose the place, said to be old.
fn look_again(screen: &mut History, shared: &Shared) -> Vec<Effect> {
    if screen.is_answered() && !follows(screen) {
        screen.stale = true;
        return older(screen, shared);
    }
    ask(screen, shared)
}

/// What is done with a notification is answered. Of what was refused, what is true now is asked for; and of the feed, what is
/// unread: other calls of the same change may have been taken.
pub(super) fn triaged(
    screen: &mut History,
    shared: &mut Shared,
    signal: triage::exchange::Signal,
) -> Vec<Effect> {
    if !screen.triage.receive(shared, signal) {
        return Vec::new();
    }
    let mut effects = look_again(screen, shared);
    if shared.link.is_up() {
        effects.push(feed::exchange::Effect::Start { replace: false }.into());
    }
    effects
}

/// What is in the line is what is looked for.
fn look_for(screen: &mut History) {
    let (line, _) = screen.line.line();
    let text = line.text().trim();
    screen.query.search = (!text.is_empty()).then(|| text.to_owned());
}

/// Asks for the newest of what is looked for.
pub(super) fn ask(screen: &mut History, shared: &Shared) -> Vec<Effect> {
    screen.stale = true;
    screen.generation += 1;
    screen.triage.inbox.nothing_comes();
    screen.triage.wanted = query::words(screen.query.search.as_deref().unwrap_or_default());
    if !shared.link.is_up() {
        return Vec::new();
    }
    let filter = match query::filter(screen, shared) {
        Ok(filter) => Box::new(filter),
        Err(error) => {
            screen.fault = Some(error.to_string());
            screen.stale = false;
            return Vec::new();
        }
    };
    (screen.stale, screen.newer) = (false, 0);
    screen.triage.inbox.listing_mut(Filter::All).ask_fresh();
    vec![exchange::Effect::Page { generation: screen.generation, filter, after: None }.into()]
}

/// Asks for a further page when the end of what is known is near.
fn older(screen: &mut History, shared: &Shared) -> Vec<Effect> {
    let near = screen.triage.is_near_the_end(shared) && shared.link.is_up() && screen.is_answered();
    let listing = screen.triage.inbox.listing(Filter::All);
    if !near || listing.len() >= MOST {
        return Vec::new();
    }
    let Ok(filter) = query::filter(screen, shared) else {
        return Vec::new();
    };
    let Some(after) = screen.triage.inbox.listing_mut(Filter::All).ask_older() else {
        return Vec::new();
    };
    let (generation, filter) = (screen.generation, Box::new(filter));
    vec![exchange::Effect::Page { generation, filter, after: Some(after) }.into()]
}

impl History {
    /// The network answers.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Page { generation, after, result } if generation == self.generation => {
                page(self, shared, after.as_deref(), result);
                older(self, shared)
            }
            Signal::Count { name, result } => {
                self.counted_now(name, result.ok());
                Vec::new()
            }
            Signal::Types(result) => {
                // Without them, those that are typed by name are as good.
                self.types = result.unwrap_or_default();
                Vec::new()
            }
            Signal::Page { .. } | Signal::Saved(Ok(())) => Vec::new(),
            Signal::Saved(Err(why)) => {
                shared.complain(format!("failed to save: {why}"));
                Vec::new()
            }
        }
    }

    /// Looks for something else, wherever one is.
    pub fn jump(&mut self, shared: &Shared, view: crate::config::view::View) -> Vec<Effect> {
        query::take(self, view);
        self.ask_later();
        self.triage.inbox.selection.follow();
        if self.shown { ask(self, shared) } else { Vec::new() }
    }

    /// Knows no notification any more, nor what was done with one.
    pub fn forget(&mut self, shared: &Shared) -> Vec<Effect> {
        self.triage.forget();
        self.answered = None;
        self.ask_later();
        if self.shown { ask(self, shared) } else { Vec::new() }
    }

    /// What is shown, and what is on its way, is not what is looked for any more: that is asked for when it is shown.
    fn ask_later(&mut self) {
        self.stale = true;
        self.generation += 1;
        self.triage.inbox.nothing_comes();
    }
}

fn page(screen: &mut History, shared: &mut Shared, after: Option<&str>, result: Result<Page, Fault>) {
    if result.is_err() {
        screen.triage.inbox.nothing_comes();
    }
    match (result, after) {
        (Ok(page), Some(after)) => {
            screen.triage.inbox.append(Filter::All, after, page.notifications, page.end);
        }
        (Ok(page), None) => {
            screen.fault = None;
            screen.answered = Some(screen.generation);
            // What was done before was done to another list.
            screen.triage.receipts.detach();
            screen.triage.marks.clear();
            screen.triage.inbox.keeps_archived = screen.query.archived;
            screen.triage.inbox.renew(page.notifications, page.end);
        }
        (Err(fault), Some(_)) => shared.complain(format!("failed to read on: {fault}")),
        (Err(fault), None) if shared.link.is_up() => screen.fault = Some(fault.to_string()),
        (Err(_), None) => screen.stale = true,
    }
}
