//! [`RateGate`], which lets calls through at the pace of a rate limit, first come, first served.
//!
//! A waiting call has a place in a queue and sleeps until the turn of that place. Whichever call wakes also lets
//! through those in front of it whose turns have come. So no call waits for a future, a task or a runtime that
//! nobody polls, and no lock is held while a call waits. A call that is dropped leaves the queue, and the calls
//! behind it move up.

use super::limit::RateLimit;
use crate::error::{Error, Phase};
use futures_util::future::select;
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A call that takes its turn later than this is late: timers fire up to a millisecond late, on busy machines later
/// still.
const LATE: Duration = Duration::from_millis(100);

/// A pause that no clock can represent ends then.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

pub(crate) struct RateGate {
    queue: Mutex<Queue>,
    /// Wakes the waiting calls when their turns have changed.
    changes: watch::Sender<()>,
}

/// The waiting calls, and the times at which they are due, by the generic cell rate algorithm.
struct Queue {
    limit: RateLimit,
    interval: Duration,
    /// By how much a burst may be early.
    tolerance: Duration,
    /// The time at which the first call is due.
    due: Instant,
    /// The time until which there is no further exception from the pace.
    strict_until: Instant,
    /// The time until which the server asked all calls to wait.
    paused_until: Option<Instant>,
    /// The numbers of the waiting calls, in ascending order.
    waiting: VecDeque<u64>,
    entered: u64,
}

impl Queue {
    /// Returns the time at which the call in this place has its turn.
    fn turn(&self, place: usize, now: Instant) -> Instant {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let first = self.due.checked_sub(self.tolerance).unwrap_or(now);
        let turn = first.checked_add(self.interval.saturating_mul(place));
        let turn = turn.unwrap_or(first);
        self.pause_end(now).map_or(turn, |end| turn.max(end))
    }

    /// Returns the time at which the pause ends; `None` if there is none.
    fn pause_end(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|end| *end > now)
    }

    /// Takes the next turn.
    fn advance(&mut self) {
        self.due = self.due.checked_add(self.interval).unwrap_or(self.due);
    }

    /// Lets through the calls whose turns have come.
    fn let_through(&mut self, now: Instant) {
        while !self.waiting.is_empty() && self.turn(0, now) <= now {
            self.waiting.pop_front();
            self.advance();
        }
    }

    /// Permits an exception from the pace, one in each interval.
    fn permits_exception(&mut self, now: Instant) -> bool {
        let is_permitted = self.strict_until <= now;
        if is_permitted {
            self.strict_until = now.checked_add(self.interval).unwrap_or(now);
        }
        is_permitted
    }
}

/// The place of a waiting call.
struct Place<'a> {
    gate: &'a RateGate,
    number: u64,
    /// The time of its turn.
    turn: Instant,
    /// Whether nobody polled the call at its turn.
    is_late: bool,
    is_used: bool,
}

impl Place<'_> {
    /// Takes the turn of this place if it has come. If it has long passed, moves the deadline by that time.
    ///
    /// # Errors
    /// The time at which to try again.
    fn take(&mut self, deadline: &mut Instant) -> Result<(), Instant> {
        let mut queue = self.gate.queue();
        let now = Instant::now();
        queue.let_through(now);
        if let Ok(place) = queue.waiting.binary_search(&self.number) {
            self.turn = queue.turn(place, now);
            return Err(self.turn);
        }
        if let Some(end) = queue.pause_end(now) {
            return Err(end);
        }
        let late = now.saturating_duration_since(self.turn);
        self.is_late |= late > LATE;
        if self.is_late {
            *deadline = deadline.checked_add(late).unwrap_or(*deadline);
            self.turn = now;
            // Several calls that nobody polled at their turns must not be sent at once.
            if !queue.permits_exception(now) {
                return Err(queue.strict_until);
            }
        }
        self.is_used = true;
        Ok(())
    }
}

/// Leaves the queue. The turn of a call that was not sent goes to the next one, if it is not over.
impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.is_used {
            return;
        }
        let mut queue = self.gate.queue();
        if let Ok(place) = queue.waiting.binary_search(&self.number) {
            queue.waiting.remove(place);
        } else if self.turn.elapsed() < queue.interval {
            queue.due = queue.due.checked_sub(queue.interval).unwrap_or(queue.due);
        } else {
            return;
        }
        drop(queue);
        self.gate.changes.send_replace(());
    }
}

impl RateGate {
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub(super) fn new(limit: RateLimit) -> Result<Self, Error> {
        let (interval, tolerance) = limit.spacing()?;
        let now = Instant::now();
        Ok(Self {
            queue: Mutex::new(Queue {
                limit,
                interval,
                tolerance,
                due: now,
                strict_until: now,
                paused_until: None,
                waiting: VecDeque::new(),
                entered: 0,
            }),
            changes: watch::Sender::new(()),
        })
    }

    /// Changes the limit. The calls that were made before count: setting limits in turn permits no more calls.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub(super) fn set_limit(&self, limit: RateLimit) -> Result<(), Error> {
        let (interval, tolerance) = limit.spacing()?;
        let mut queue = self.queue();
        if queue.limit == limit {
            return Ok(());
        }
        let now = Instant::now();
        queue.interval = interval.max(queue.interval);
        let wait = if queue.permits_exception(now) {
            Duration::ZERO
        } else {
            interval.saturating_add(tolerance)
        };
        let latest = now.checked_add(wait).unwrap_or(queue.due);
        queue.due = queue.due.min(latest);
        (queue.limit, queue.interval, queue.tolerance) = (limit, interval, tolerance);
        drop(queue);
        self.changes.send_replace(());
        Ok(())
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of a call. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`Timeout`](crate::ErrorKind::Timeout) at the deadline, which moves by the time in which nobody polled the
    /// call at its turn. If the server asked for a pause beyond the deadline, it does not wait.
    pub(super) async fn acquire(&self, deadline: &mut Instant) -> Result<(), Error> {
        let start = Instant::now();
        let mut changes = self.changes.subscribe();
        self.check_pause(*deadline)?;
        let Some(mut place) = self.enter() else {
            return Ok(());
        };
        while let Err(turn) = place.take(deadline) {
            if *deadline <= Instant::now() {
                return Err(Error::timed_out(Phase::Queue, start.elapsed()));
            }
            let timer = pin!(sleep_until(turn.min(*deadline)));
            select(timer, pin!(changes.changed())).await;
            self.check_pause(*deadline)?;
        }
        Ok(())
    }

    /// Joins the queue, unless the call may be sent now.
    fn enter(&self) -> Option<Place<'_>> {
        let mut queue = self.queue();
        let now = Instant::now();
        queue.let_through(now);
        if queue.waiting.is_empty() {
            queue.due = queue.due.max(now);
            if queue.turn(0, now) <= now {
                queue.advance();
                return None;
            }
        }
        let number = queue.entered;
        queue.entered = number.wrapping_add(1);
        queue.waiting.push_back(number);
        let turn = queue.turn(queue.waiting.len().saturating_sub(1), now);
        Some(Place {
            gate: self,
            number,
            turn,
            is_late: false,
            is_used: false,
        })
    }

    /// # Errors
    /// [`RateLimited`](crate::ErrorKind::RateLimited) if the pause ends after the deadline.
    fn check_pause(&self, deadline: Instant) -> Result<(), Error> {
        let now = Instant::now();
        match self.queue().pause_end(now) {
            Some(end) if end > deadline => Err(Error::frozen(end.saturating_duration_since(now))),
            _ => Ok(()),
        }
    }

    /// Lets no call through for as long as the server asks, up to the limit's `max_pause`.
    pub(super) fn pause(&self, wait: Duration) {
        let mut queue = self.queue();
        let now = Instant::now();
        let wait = wait.min(queue.limit.longest_pause());
        let end = now.checked_add(wait).or_else(|| now.checked_add(FAR));
        if end <= queue.paused_until {
            return;
        }
        queue.paused_until = end;
        // The turns that pass meanwhile are not made up for.
        queue.due = end.map_or(queue.due, |end| queue.due.max(end));
        drop(queue);
        self.changes.send_replace(());
    }
}
