//! Another life of the log: everybody starts again.

use super::Shard;
use crate::delivery::Ending;
use crate::domain::id::Seq;

impl Shard {
    /// Another life of the log has begun: whatever anybody here has been told is of the one before.
    pub(super) fn renew(&mut self, head: Seq) {
        self.routed = head;
        self.of_thread.routed(head);
        let everybody: Vec<u64> = self.by_id.keys().copied().collect();
        for id in everybody {
            if let Some(slot) = self.by_id.get(&id).and_then(|key| self.slots.get(*key)) {
                slot.subscriber.end(Ending::Renewed);
            }
            self.leave(id);
        }
    }
}
