//! Delayed listing: new messages may appear in the list of messages late, and out of order.

use super::{Account, Message};
use chrono::TimeDelta;

impl Account {
    /// Hides a new message from the list for the delay that is set.
    pub(super) fn list_later(&mut self, message: i64) {
        let delay = self.late_by.unwrap_or(self.listed_after);
        if delay > TimeDelta::zero() {
            self.late.insert(message, self.now + delay);
        }
    }

    /// Hides a message from the list for `delay`. Returns `false` if there is no such message.
    pub(crate) fn list_after(&mut self, message: i64, delay: TimeDelta) -> bool {
        let known = self.messages.find(message).is_some();
        if known {
            self.late.insert(message, self.now + delay);
        }
        known
    }

    /// Returns the messages from the id `start` on that are listed by now, and their number.
    pub(crate) fn listed(
        &self,
        start: Option<i64>,
    ) -> (impl DoubleEndedIterator<Item = &Message> + Clone, usize) {
        let start = start.unwrap_or(i64::MIN);
        let first = self.messages.partition_point(|message| message.id < start);
        let messages = &self.messages[first..];
        let total = messages.len() - self.late.range(start..).count();
        let is_listed = |message: &&Message| !self.late.contains_key(&message.id);
        (messages.iter().filter(is_listed), total)
    }
}
