//! Which messages are in the list of messages by now: new ones may appear late, and out of order.

use super::{Account, Message};
use chrono::TimeDelta;

impl Account {
    /// Has a new message be listed as late as is set.
    pub(super) fn list_later(&mut self, message: i64) {
        let delay = self.late_by.unwrap_or(self.listed_after);
        if delay > TimeDelta::zero() {
            self.late.insert(message, self.now + delay);
        }
    }

    /// Takes a message out of the list for this time; `false` if there is none.
    pub(crate) fn list_after(&mut self, message: i64, delay: TimeDelta) -> bool {
        let known = self.messages.find(message).is_some();
        if known {
            self.late.insert(message, self.now + delay);
        }
        known
    }

    /// The messages from this id on that are listed by now, and how many they are.
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
