//! One thread that fans out: it owns its subscribers while they are live, routes each entry to those whom it concerns, and
//! writes straight to their sinks. It waits for nobody: who has no room falls behind, and catches up elsewhere.

mod deadlines;
mod renewal;
mod time;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

use slab::Slab;
use tokio::sync::mpsc;

use self::deadlines::Deadlines;
use super::batch::{self, Part, Pieces, Shapes};
use super::index::{Index, Key};
use super::tally::Tally;
use super::{Command, Group};
use crate::clock::Clock;
use crate::delivery::Offer;
use crate::delivery::catch_up::CatchUp;
use crate::delivery::figures::{Figures, Thread};
use crate::delivery::hub::Hub;
use crate::delivery::subscription::{Reading, Subscriber};
use crate::domain::entry::{Audience, Change, Entry};
use crate::domain::id::Seq;
use crate::domain::receipts::ReceiptHint;

/// Subscribers that are looked at together before they are written to: what that takes has room in a core's own cache.
const NEAR: usize = 16;
/// Commands that are done before entries have a turn again.
const COMMANDS: usize = 256;

pub(super) struct Shard {
    hub: Weak<Hub>,
    clock: Clock,
    selections_per_user: usize,
    figures: Arc<Figures>,
    /// What of this thread is among the figures.
    of_thread: Arc<Thread>,
    /// Everything up to here has been routed.
    routed: Seq,
    slots: Slab<Slot>,
    by_id: HashMap<u64, Key>,
    index: Index,
    shapes: Shapes,
    deadlines: Deadlines,
    /// Those with receipts to be told once they have had what these are about.
    waiting: Vec<Key>,
    /// Those who are told something of this batch.
    touched: Vec<Touched>,
    /// The second up to which cursors have been moved on.
    second: i64,
}

/// A subscriber's place.
struct Slot {
    subscriber: Arc<Subscriber>,
    shape: usize,
    /// Follows the log while they are away too, so that the index does.
    reading: Reading,
    /// They have something else to do first, and will be brought back.
    away: bool,
    /// What this user may do everywhere has changed: whether they may still have a feed has to be asked before they are told
    /// anything more.
    in_question: bool,
    /// Where they stand among those who are told something of this batch.
    touched: Option<u32>,
}

/// One who is told something of a batch.
struct Touched {
    key: Key,
    /// What.
    part: Part,
    /// Whether they have yet to be offered some of it.
    waits: bool,
}

impl Shard {
    pub(super) fn new(hub: &Arc<Hub>, routed: Seq) -> Self {
        Self {
            hub: Arc::downgrade(hub),
            clock: hub.clock.clone(),
            selections_per_user: hub.bounds.selections_per_user,
            figures: Arc::clone(&hub.figures),
            of_thread: hub.figures.thread(routed),
            routed,
            slots: Slab::new(),
            by_id: HashMap::new(),
            index: Index::default(),
            shapes: Shapes::default(),
            deadlines: Deadlines::default(),
            waiting: Vec::new(),
            touched: Vec::new(),
            second: hub.clock.now().timestamp(),
        }
    }

    /// Runs until the hub has gone.
    pub(super) async fn run(
        mut self,
        mut groups: mpsc::Receiver<Group>,
        mut commands: mpsc::UnboundedReceiver<Command>,
    ) {
        let mut batch: Vec<Arc<Entry>> = Vec::new();
        loop {
            tokio::select! {
                command = commands.recv() => {
                    let Some(command) = command else { return };
                    self.obey(command).await;
                    for _ in 1..COMMANDS {
                        let Ok(command) = commands.try_recv() else { break };
                        self.obey(command).await;
                    }
                }
                group = groups.recv() => {
                    let mut next = group;
                    if next.is_none() {
                        return;
                    }
                    // What waits shares its writes.
                    while let Some(Group::Entries(entries)) = next {
                        batch.extend_from_slice(&entries);
                        next = if batch.len() < batch::MOST { groups.try_recv().ok() } else { None };
                    }
                    for batch in batch.chunks(batch::MOST) {
                        self.route(batch).await;
                    }
                    batch.clear();
                    if let Some(Group::Renewed(head)) = next {
                        self.renew(head);
                    }
                }
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Register(subscriber, reply) => {
                let _ = reply.send(self.register(subscriber));
            }
            Command::Join(subscriber, reading) => self.join(&subscriber, reading),
            Command::Leave(id) => self.leave(id),
            Command::Hint(hint) => self.hint(&hint),
            Command::Count(audience, reply) => drop(reply.send(self.count(&audience))),
            Command::Users(reply) => drop(reply.send(self.index.users().collect())),
            Command::Tick => self.tick().await,
        }
    }

    fn register(&mut self, subscriber: Arc<Subscriber>) -> bool {
        let user = subscriber.user;
        let mut selections: Vec<u64> =
            self.index.of_user(user).iter().map(|key| self.slots[*key].subscriber.shape.id()).collect();
        selections.push(subscriber.shape.id());
        selections.sort_unstable();
        selections.dedup();
        if selections.len() > self.selections_per_user {
            return false;
        }
        let id = subscriber.id;
        let by_id = &self.by_id;
        self.deadlines.watch(&subscriber, by_id.len(), |id| by_id.contains_key(&id));
        let slot = Slot {
            shape: self.shapes.enter(&subscriber.shape),
            reading: Reading::nowhere(user),
            away: true,
            in_question: false,
            touched: None,
            subscriber,
        };
        let key = self.slots.insert(slot);
        self.by_id.insert(id, key);
        self.index.insert(key, user);
        true
    }

    fn count(&self, audience: &Audience) -> usize {
        let mut users = HashSet::new();
        self.index.audience(audience, |key| {
            users.insert(self.slots[key].subscriber.user);
        });
        users.len()
    }

    fn join(&mut self, subscriber: &Arc<Subscriber>, reading: Reading) {
        // Otherwise they have left meanwhile.
        let Some(&key) = self.by_id.get(&subscriber.id) else { return };
        if let Err(reading) = self.take_back(key, reading) {
            self.catch_up(key, reading);
        }
    }

    /// Takes somebody back who is up to date; who is not has to go on with what they have: their scope has yet to follow
    /// what was routed since.
    fn take_back(&mut self, key: Key, reading: Reading) -> Result<(), Reading> {
        if reading.position < self.routed {
            return Err(reading);
        }
        let slot = &mut self.slots[key];
        self.index.move_to(key, &slot.reading.scope.memberships, &reading.scope.memberships);
        slot.reading = reading;
        slot.away = false;
        let (is_due, is_empty) =
            slot.subscriber.with_inbox(|inbox| (inbox.has_due(self.routed), inbox.is_empty()));
        if is_due {
            self.send_away(key, self.routed);
        } else if !is_empty {
            self.waiting.push(key);
        }
        Ok(())
    }

    fn leave(&mut self, id: u64) {
        let Some(key) = self.by_id.remove(&id) else { return };
        let slot = self.slots.remove(key);
        self.index.remove(key, slot.subscriber.user, &slot.reading.scope.memberships);
        self.shapes.leave(slot.shape);
        self.waiting.retain(|waiting| *waiting != key);
    }

    fn hint(&mut self, hint: &Arc<ReceiptHint>) {
        for key in self.index.of_user(hint.user).to_vec() {
            let slot = &self.slots[key];
            // Another server says so, and they have been told.
            if !slot.away && slot.reading.revision >= hint.revision {
                continue;
            }
            let is_due = slot.subscriber.with_inbox(|inbox| {
                inbox.put(Arc::clone(hint));
                inbox.has_due(self.routed)
            });
            match (slot.away, is_due) {
                (true, _) => {}
                (false, true) => self.send_away(key, self.routed),
                (false, false) => self.waiting.push(key),
            }
        }
    }

    /// Hands a live subscriber who has had everything up to `position` to a task that brings them back.
    fn send_away(&mut self, key: Key, position: Seq) {
        let slot = &mut self.slots[key];
        slot.away = true;
        slot.reading.position = position.max(slot.reading.position);
        slot.reading.scope.as_of = self.routed.max(slot.reading.scope.as_of);
        let reading = slot.reading.clone();
        self.catch_up(key, reading);
    }

    fn catch_up(&mut self, key: Key, reading: Reading) {
        let slot = &mut self.slots[key];
        let in_question = std::mem::take(&mut slot.in_question);
        if let Some(hub) = self.hub.upgrade() {
            CatchUp::go(hub, Arc::clone(&slot.subscriber), reading, in_question);
        }
    }

    async fn route(&mut self, batch: &[Arc<Entry>]) {
        let now = self.clock.now();
        // Nobody is told anything after their token's end.
        self.look_at_deadlines().await;
        for (place, entry) in batch.iter().enumerate() {
            self.mark(place, entry, now);
            self.routed = entry.seq;
        }
        for Touched { key, part, .. } in &self.touched {
            self.shapes.want(self.slots[*key].shape, part);
        }
        self.shapes.encode(batch).await;
        self.offer(batch);
        self.of_thread.routed(self.routed);
        self.shapes.clear();
        self.release_receipts();
    }

    /// Notes whom an entry tells something.
    fn mark(&mut self, place: usize, entry: &Entry, now: chrono::DateTime<chrono::Utc>) {
        let Self { slots, touched, index, .. } = self;
        match &entry.change {
            Change::Added(notification) | Change::Recalled(notification) => {
                index
                    .audience(&notification.audience, |key| slots[key].hear(key, place, entry, now, touched));
            }
            Change::Membership { user, .. } => {
                for key in index.of_user(*user).to_vec() {
                    let slot = &mut slots[key];
                    let before = slot.reading.scope.memberships.clone();
                    slot.hear(key, place, entry, now, touched);
                    index.move_to(key, &before, &slot.reading.scope.memberships);
                }
            }
            Change::Preferences { user, .. } => {
                for key in index.of_user(*user) {
                    slots[*key].hear(*key, place, entry, now, touched);
                }
            }
            Change::Standing { user } => {
                for key in index.of_user(*user) {
                    slots[*key].hear(*key, place, entry, now, touched);
                    slots[*key].in_question |= slots[*key].is_at(entry);
                }
            }
            Change::Unknown => {}
        }
    }

    /// Writes to everybody who is told something, what they are told together sharing writes. In rounds of one write each:
    /// whoever is told more than fits in one can read it before the next.
    fn offer(&mut self, batch: &[Arc<Entry>]) {
        let Self { slots, touched, shapes, figures, .. } = self;
        let mut tally = Tally::new(figures, batch);
        let mut fell_behind = Vec::new();
        let before = batch.first().map_or(Seq::ZERO, |first| Seq(first.seq.0 - 1));
        if shapes.are_several() || touched.iter().any(|one| one.part.is_silent()) {
            // One after the other: what they share is put together once, and its bytes stay near.
            touched.sort_by_key(|one| (slots[one.key].shape, one.part));
        }
        let mut round = 0;
        while touched.iter().any(|one| one.waits) {
            let (mut of, mut pieces) = ((usize::MAX, Part::default()), Pieces::default());
            for at in 0..touched.len() {
                if at % NEAR == 0 {
                    touched[at..].iter().take(NEAR).for_each(|one| slots[one.key].approach());
                }
                let one = &mut touched[at];
                if !one.waits {
                    continue;
                }
                let slot = &mut slots[one.key];
                // Most are told the same as the one before.
                if of != (slot.shape, one.part) {
                    of = (slot.shape, one.part);
                    pieces = shapes.pieces(slot.shape, &one.part);
                }
                let Some(piece) = pieces.piece(round) else {
                    one.waits = false;
                    continue;
                };
                let (begin, end) = (piece.start, piece.end);
                let taken = match slot.subscriber.sink.offer(&pieces.events[piece]) {
                    Offer::Taken => end,
                    Offer::Full(some) => begin + some,
                    // Whoever held one that has gone lets go of it.
                    Offer::Gone => {
                        one.waits = false;
                        continue;
                    }
                };
                tally.add(&pieces.places[begin..taken]);
                let last = pieces.places[..taken].last().map_or(before, |place| batch[*place].seq);
                if taken > begin {
                    slot.reading.told = last;
                    slot.subscriber.delivered.note(last);
                }
                one.waits = taken == end && end < pieces.events.len();
                // Of who is in question, nothing behind that was noted.
                if taken < end || (slot.in_question && !one.waits) {
                    fell_behind.push((one.key, last));
                }
            }
            round += 1;
        }
        drop(tally);
        for one in touched.drain(..) {
            slots[one.key].touched = None;
        }
        for (key, position) in fell_behind {
            self.send_away(key, position);
        }
    }

    /// Sends those to hear of their receipts who have had what these are about by now.
    fn release_receipts(&mut self) {
        for key in std::mem::take(&mut self.waiting) {
            let Some(slot) = self.slots.get(key) else { continue };
            if slot.away {
                continue;
            }
            if slot.subscriber.with_inbox(|inbox| inbox.has_due(self.routed)) {
                self.send_away(key, self.routed);
            } else {
                self.waiting.push(key);
            }
        }
    }
}

impl Slot {
    /// Whether this entry is the next that they deal with, here.
    fn is_at(&self, entry: &Entry) -> bool {
        !self.away && entry.seq > self.reading.position
    }

    /// See [`Sink::approach`](crate::delivery::Sink::approach).
    fn approach(&self) {
        self.subscriber.delivered.approach();
        self.subscriber.sink.approach();
    }

    /// Notes whether they are told this entry.
    fn hear(
        &mut self,
        key: Key,
        place: usize,
        entry: &Entry,
        now: chrono::DateTime<chrono::Utc>,
        touched: &mut Vec<Touched>,
    ) {
        let is_at = self.is_at(entry) && !self.in_question;
        let scope = &mut self.reading.scope;
        if !is_at {
            scope.follow(entry);
            return;
        }
        let Some(told) = scope.hear(&self.subscriber.interest, entry, now) else { return };
        let at = *self.touched.get_or_insert_with(|| {
            touched.push(Touched { key, part: Part::default(), waits: true });
            u32::try_from(touched.len() - 1).unwrap_or_default()
        });
        touched[at as usize].part.add(place, told);
    }
}

#[cfg(test)]
mod tests;
