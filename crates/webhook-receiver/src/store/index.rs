//! [`Index`]: the keys and the waiting events that both stores hold in memory.

use super::Memory;
use chat2desk::webhook::Event;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Catching up begins this many seconds before the last message. A delivery that failed then may have had
/// its last retry, after 2 hours and 5 minutes, while nobody listened.
const OVERLAP: u64 = 3 * 3600;

/// Returns the current time, in unix seconds.
pub(super) fn now() -> u64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH);
    passed.unwrap_or_default().as_secs()
}

#[derive(Default)]
pub(super) struct Index {
    memory: Memory,
    known: HashMap<Arc<str>, Known>,
    /// Keys of handled events, in the order in which they were handled and will be removed.
    handled: VecDeque<Arc<str>>,
    accepted: u64,
    gap: Option<i64>,
    /// The gap when the last process ended. Messages received since then would hide it.
    gap_at_start: Option<i64>,
}

struct Known {
    /// When the event was accepted, in unix seconds.
    at: u64,
    message: Option<i64>,
    /// The event and its position in the order of acceptance. `None` once it is handled.
    waiting: Option<(u64, Event)>,
}

impl Index {
    pub(super) fn new(memory: Memory) -> Self {
        Self {
            memory,
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Accepts an event. Returns whether it is new.
    pub(super) fn accept(&mut self, key: &str, event: &Event, at: u64) -> bool {
        self.forget(at);
        if self.known.contains_key(key) {
            return false;
        }
        self.accepted = self.accepted.saturating_add(1);
        let known = Known {
            at,
            message: event.message().and_then(|message| message.message_id),
            waiting: Some((self.accepted, event.clone())),
        };
        self.known.insert(key.into(), known);
        true
    }

    /// Marks an event as handled. Returns whether it was waiting.
    pub(super) fn done(&mut self, key: &str) -> bool {
        let Some((key, _)) = self.known.get_key_value(key) else {
            return false;
        };
        let key = key.clone();
        let waiting = self
            .known
            .get_mut(&key)
            .and_then(|known| known.waiting.take());
        if waiting.is_some() {
            self.handled.push_back(key);
        }
        waiting.is_some()
    }

    /// Adds a handled event, read from a journal.
    pub(super) fn remember(&mut self, key: &str, at: u64, message: Option<i64>) {
        let key: Arc<str> = key.into();
        let known = Known {
            at,
            message,
            waiting: None,
        };
        if self.known.insert(key.clone(), known).is_none() {
            self.handled.push_back(key);
        }
    }

    pub(super) fn pending(&self) -> Vec<(String, Event)> {
        let waiting = self.waiting().into_iter();
        waiting
            .map(|(key, _, event)| (key.to_owned(), event.clone()))
            .collect()
    }

    /// Returns the keys, times and events of the waiting events, in the order of acceptance.
    pub(super) fn waiting(&self) -> Vec<(&str, u64, &Event)> {
        let known = self.known.iter();
        let waiting = known.filter_map(|(key, known)| {
            let (place, event) = known.waiting.as_ref()?;
            Some((place, (&**key, known.at, event)))
        });
        let mut waiting: Vec<_> = waiting.collect();
        waiting.sort_by_key(|(place, _)| *place);
        waiting.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Returns the keys, times and message ids of handled events, in the order in which they were handled.
    pub(super) fn handled(&self) -> impl Iterator<Item = (&str, u64, Option<i64>)> {
        self.handled.iter().filter_map(|key| {
            let known = self.known.get(key)?;
            Some((&**key, known.at, known.message))
        })
    }

    /// Returns the recorded gap, or else the one that the last known messages suggest.
    pub(super) fn gap(&self, now: u64) -> Option<i64> {
        let noted = self.gap.or(self.gap_at_start);
        noted.or_else(|| self.suggested_gap(now))
    }

    pub(super) fn noted_gap(&self) -> Option<i64> {
        self.gap
    }

    pub(super) fn set_gap(&mut self, after: Option<i64>) {
        self.gap = after;
        self.gap_at_start = None;
    }

    /// Marks everything known as from an earlier process.
    pub(super) fn restart(&mut self, now: u64) {
        self.gap_at_start = self.suggested_gap(now);
    }

    fn suggested_gap(&self, now: u64) -> Option<i64> {
        let known = self.known.values();
        let messages: Vec<_> = known
            .filter_map(|known| Some((known.at, known.message?)))
            .collect();
        let (last, _) = messages.iter().max()?;
        if last.saturating_add(self.memory.age.as_secs()) < now.saturating_add(OVERLAP) {
            // Messages that are read again would not be recognized.
            return messages.iter().map(|(_, message)| *message).max();
        }
        let recent = messages
            .iter()
            .filter(|(at, _)| at.saturating_add(OVERLAP) >= *last);
        recent.map(|(_, message)| message.saturating_sub(1)).min()
    }

    fn forget(&mut self, now: u64) {
        while let Some(key) = self.handled.front() {
            let old = self
                .known
                .get(key)
                .is_none_or(|known| known.at.saturating_add(self.memory.age.as_secs()) < now);
            if !old && self.handled.len() <= self.memory.keys {
                break;
            }
            self.known.remove(key);
            self.handled.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::store::Memory;
    use chat2desk::webhook::Event;
    use std::time::Duration;

    const AGE: u64 = 100_000;
    const THREE_HOURS: u64 = 10_800;

    fn index() -> Index {
        Index::new(Memory {
            keys: 10,
            age: Duration::from_secs(AGE),
        })
    }

    fn event(id: i64) -> Event {
        let text = format!(r#"{{"hook_type":"inbox","message_id":{id},"type":"from_client"}}"#);
        Event::parse_unverified(text).unwrap()
    }

    #[test]
    fn a_handled_event_is_known_for_its_age_and_no_longer() {
        for (later, is_new) in [(AGE, false), (AGE + 1, true)] {
            let mut index = index();
            assert!(index.accept("a", &event(1), 1_000));
            assert!(index.done("a"));
            assert_eq!(
                index.accept("a", &event(1), 1_000 + later),
                is_new,
                "{later}"
            );
        }
    }

    /// Messages of the last three hours are read again, as long as those that were handled are still known then.
    #[test]
    fn catching_up_begins_before_the_last_message_while_its_repeats_are_known() {
        const LAST: u64 = 1_000_000;
        for (passed, gap) in [
            (0, 102),
            (AGE - THREE_HOURS, 102),
            (AGE - THREE_HOURS + 1, 110),
            (AGE, 110),
            (AGE * 9, 110),
        ] {
            let mut index = index();
            for (id, at) in [
                (101, LAST - THREE_HOURS - 1),
                (103, LAST - THREE_HOURS),
                (110, LAST - 9),
                (107, LAST),
            ] {
                index.accept(&format!("{id}"), &event(id), at);
            }
            assert_eq!(index.gap(LAST + passed), Some(gap), "after {passed} s");
        }
    }
}
