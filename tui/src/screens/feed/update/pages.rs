//! Pages and the subscription: what is asked first, what is resumed, and what is asked anew.

use super::looks;
use crate::{
    effect::Effect,
    message::Page,
    model::{
        event::Cursor,
        fault::Fault,
        link::LinkState,
        shared::{Next, Shared},
    },
    screens::feed::{
        Feed,
        exchange::{self, Start},
    },
    triage::inbox::Filter,
};

/// So many pages more, at most, are looked through by themselves.
const PAGES: u8 = 20;

/// There is a connection: the first time a page says where the feed begins; later the feed goes on where it was, and the
/// page only brings up to date what is known.
pub(super) fn connected(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let Some(cursor) = screen.cursor.clone() else {
        return refetch(screen, shared);
    };
    let mut effects = vec![follow(screen, cursor)];
    effects.extend(if screen.stale { refetch(screen, shared) } else { refresh(screen, shared) });
    effects
}

/// Asks for what may have changed of what is known.
fn refresh(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let mut effects = vec![exchange::Effect::Start { replace: false }.into()];
    effects.extend(fresh_unread(screen, shared));
    effects
}

/// Asks for everything anew.
pub(super) fn refetch(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    screen.stale = true;
    let now = screen.triage.inbox.listing_mut(Filter::All).ask_fresh();
    let mut effects: Vec<_> =
        now.then(|| exchange::Effect::Start { replace: true }.into()).into_iter().collect();
    effects.extend(fresh_unread(screen, shared));
    effects
}

/// The first page is there.
pub(super) fn started(
    screen: &mut Feed,
    shared: &mut Shared,
    replace: bool,
    result: Result<Box<Start>, Fault>,
) -> Vec<Effect> {
    let start = match result {
        Ok(start) => *start,
        Err(fault) => {
            failed(shared, fault);
            return Vec::new();
        }
    };
    shared.viewer = Some(start.viewer);
    shared.unread = Some(start.unread);
    let Page { notifications, end, feed_cursor } = start.page;
    if !replace {
        screen.triage.inbox.refresh(notifications);
        return Vec::new();
    }
    if !screen.triage.inbox.listing(Filter::All).awaits_fresh() {
        // Of the connection before: it is asked for again.
        return Vec::new();
    }
    screen.stale = screen.triage.inbox.replace(Filter::All, notifications, end);
    looks::look(screen, shared);
    let mut effects = if screen.stale { refetch(screen, shared) } else { older(screen, shared) };
    if screen.cursor.is_none() {
        screen.cursor = Some(feed_cursor.clone());
        effects.push(follow(screen, feed_cursor));
    }
    effects
}

/// A page of a listing is there.
pub(super) fn page(
    screen: &mut Feed,
    shared: &mut Shared,
    filter: Filter,
    after: Option<&str>,
    result: Result<Page, Fault>,
) -> Vec<Effect> {
    let inbox = &mut screen.triage.inbox;
    match (result, after) {
        (Ok(page), Some(after)) => inbox.append(filter, after, page.notifications, page.end),
        (Ok(_), None) if !inbox.listing(filter).awaits_fresh() => {}
        (Ok(page), None) => {
            if inbox.replace(filter, page.notifications, page.end) {
                return fresh_unread(screen, shared);
            }
        }
        (Err(fault), _) => {
            inbox.listing_mut(filter).failed(after);
            if shared.link.is_up() {
                shared.complain(format!("failed to read the history: {fault}"));
            }
            return Vec::new();
        }
    }
    // A page may hold nothing of what is looked for: others may.
    if after.is_some() && screen.triage.inbox.narrow().leaves_out() && screen.pages_ahead > 0 {
        screen.pages_ahead -= 1;
        return older(screen, shared);
    }
    Vec::new()
}

/// The user has moved, or looks for something: asks for older ones where those known come to an end, and, if none of a page
/// is shown, for some more.
pub(super) fn wanted(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    screen.pages_ahead = PAGES;
    older(screen, shared)
}

/// Asks for an older page of the shown listing when its end is near.
pub(super) fn older(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let (near, up) = (screen.triage.is_near_the_end(shared), shared.link.is_up());
    let filter = screen.triage.inbox.filter;
    let after = if near && up { screen.triage.inbox.listing_mut(filter).ask_older() } else { None };
    after.map(|after| exchange::Effect::Page { filter, after: Some(after) }.into()).into_iter().collect()
}

/// Only the unread, or all.
pub(super) fn toggle_unread(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let filter = match screen.triage.inbox.filter {
        Filter::All => Filter::Unread,
        Filter::Unread => Filter::All,
    };
    screen.triage.inbox.show(filter);
    screen.triage.detail_scroll = 0;
    fresh_unread(screen, shared)
}

/// Asks for the newest page of the unread, if they are shown.
fn fresh_unread(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    if screen.triage.inbox.filter != Filter::Unread || !shared.link.is_up() {
        return Vec::new();
    }
    if !screen.triage.inbox.listing_mut(Filter::Unread).ask_fresh() {
        return Vec::new();
    }
    vec![exchange::Effect::Page { filter: Filter::Unread, after: None }.into()]
}

/// The subscription is over. A cursor that is of no use is given up; whatever else it is, a new connection may help.
pub(super) fn feed_ended(shared: &mut Shared, fault: Option<Fault>) {
    let fault = fault.unwrap_or_else(|| Fault::Unreachable("the server ended the feed".to_owned()));
    if fault.is_cursor_expired() {
        // Perhaps the log is another one, with the same names for other notifications.
        shared.next = Some(Next::Forget);
        shared.link.state = LinkState::CatchingUp;
        return;
    }
    failed(shared, fault);
}

impl Feed {
    /// Knows no notification any more, nor what was done with one, and asks for all of them anew.
    pub fn forget(&mut self, shared: &Shared) -> Vec<Effect> {
        self.triage.forget();
        self.revision = 0;
        self.cursor = None;
        refetch(self, shared)
    }
}

/// A question that everything hangs on was not answered. Where the connection itself was lost, that has been said.
fn failed(shared: &mut Shared, fault: Fault) {
    if shared.link.is_up() {
        shared.broken = Some(fault);
    }
}

fn follow(screen: &mut Feed, after: Cursor) -> Effect {
    screen.generation += 1;
    exchange::Effect::Follow { generation: screen.generation, after }.into()
}
