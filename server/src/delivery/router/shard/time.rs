//! What is due with time and not with the log: cursors that nothing else moves on, and tokens that run out.

use super::deadlines::Due;
use super::{Key, Shard};
use crate::delivery::{Ending, FeedEvent, Offer};

/// Seconds until a subscriber's cursor has been moved on, if nothing else moved it.
const PROGRESS: usize = 30;

impl Shard {
    /// Does what is due with time; to be called every second.
    pub(super) async fn tick(&mut self) {
        self.of_thread.count_campuses(self.index.campus_sizes());
        self.deadlines.tick();
        self.look_at_deadlines().await;
        let second = self.clock.now().timestamp();
        // Each second has its part of them.
        let parts = std::mem::replace(&mut self.second, second)..second;
        for part in parts.take(PROGRESS).map(part_of) {
            for key in (part..self.slots.capacity()).step_by(PROGRESS) {
                self.move_on(key).await;
            }
        }
    }

    /// Tells a subscriber how far they are, where nothing else told them.
    async fn move_on(&mut self, key: Key) {
        let Some(slot) = self.slots.get(key) else { return };
        if !slot.away && self.routed > slot.reading.told {
            let at = self.routed.max(slot.reading.position);
            self.tell(key, FeedEvent::Progress { at, revision: slot.reading.revision }).await;
        }
    }

    /// Ends those whose token has run out, and warns those whose token will soon.
    pub(super) async fn look_at_deadlines(&mut self) {
        let now = self.clock.now();
        while let Some((deadline, due)) = self.deadlines.next(now) {
            let Some(&key) = self.by_id.get(&deadline.id()) else { continue };
            let slot = &self.slots[key];
            match due {
                Due::End => {
                    slot.subscriber.end(Ending::TokenExpired);
                    self.leave(deadline.id());
                }
                Due::Warning(_) if slot.away => self.deadlines.put_off(deadline),
                Due::Warning(expires_at) => {
                    let at = self.routed.max(slot.reading.position);
                    let revision = slot.reading.revision;
                    if self.tell(key, FeedEvent::Expiring { at, revision, expires_at }).await {
                        self.deadlines.warned(deadline, expires_at);
                    } else {
                        self.deadlines.put_off(deadline);
                    }
                }
            }
        }
    }

    /// Tells one live subscriber something that is not in the log. False where there was no room: they fall behind.
    async fn tell(&mut self, key: Key, event: FeedEvent) -> bool {
        let slot = &mut self.slots[key];
        let encoded = slot.subscriber.shape.encode(&event).await;
        match slot.subscriber.sink.offer(&[&encoded]) {
            Offer::Taken | Offer::Full(1..) => {
                slot.reading.told = event.position();
                slot.subscriber.delivered.note(event.position());
                true
            }
            Offer::Full(0) => {
                self.send_away(key, self.routed);
                false
            }
            // Whoever held it lets go of it.
            Offer::Gone => true,
        }
    }
}

/// Which subscribers have their cursors moved on in this second.
fn part_of(second: i64) -> usize {
    usize::try_from(second).unwrap_or_default() % PROGRESS
}
