//! Whose numbers are followed: those on the screen that can still change, and not too many.

use std::collections::BTreeSet;

use crate::{
    effect::Effect,
    model::{
        broadcast::{Broadcast, BroadcastId},
        shared::Shared,
    },
    screens::broadcasts::{Broadcasts, exchange},
};

/// So many at once. A server takes 32 operations on a connection unless it is told otherwise, and the feed, the dashboard
/// and what is asked are some of them.
pub(super) const WATCHED: usize = 20;

/// Follows those that are on the screen now, and no others. Called when rows have come and once a second, so that nobody
/// subscribes to what only scrolls by.
pub(super) fn follow(screen: &mut Broadcasts, shared: &Shared) -> Vec<Effect> {
    if !shared.link.is_up() {
        return Vec::new();
    }
    let wanted = if screen.shown { wanted(screen, shared) } else { BTreeSet::new() };
    let generation = screen.generation;
    let left = screen.watched.difference(&wanted).cloned().map(|id| exchange::Effect::Leave { id });
    let new = wanted.difference(&screen.watched).cloned();
    let new = new.map(|id| exchange::Effect::Watch { generation, id });
    let effects = left.chain(new).map(Effect::from).collect();
    screen.watched = wanted;
    effects
}

fn wanted(screen: &Broadcasts, shared: &Shared) -> BTreeSet<BroadcastId> {
    let can_be = |row: &&Broadcast| row.is_open() && !screen.unheard.contains(&row.id);
    let rows = screen.layout(shared.body()).list.height.max(1).into();
    // Where only the detail has room, the selected one is the one that is looked at.
    let selected = screen.selected().into_iter();
    let visible = screen.shown_rows().skip(screen.selection.offset).take(rows);
    let mut wanted = BTreeSet::new();
    for row in selected.chain(visible).filter(can_be) {
        if wanted.len() < WATCHED {
            wanted.insert(row.id.clone());
        }
    }
    wanted
}

/// Follows none any more.
pub(super) fn leave_all(screen: &mut Broadcasts) -> Vec<Effect> {
    screen.generation += 1;
    let watched = std::mem::take(&mut screen.watched);
    watched.into_iter().map(|id| exchange::Effect::Leave { id }.into()).collect()
}

/// There is another connection, or none: nothing is followed on it, nothing asked.
pub(super) fn begin_anew(screen: &mut Broadcasts) {
    screen.generation += 1;
    screen.watched.clear();
    screen.unheard.clear();
    screen.fetching = None;
}
