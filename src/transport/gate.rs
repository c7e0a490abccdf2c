//! [`RateGate`], which issues permits at the pace of a rate limit, first come, first served.
//!
//! A task serves the queue while it is not empty. So a call gets its permit in time even if the calls before it
//! are not polled, no lock is held while a call waits, and a call that is dropped leaves the queue.

use super::limit::RateLimit;
use crate::error::Error;
use futures_util::future::{Either, select};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// How late a permit may be issued without delaying the next ones: timers fire up to a millisecond late, on busy
/// machines later still.
const CATCH_UP: Duration = Duration::from_millis(100);

pub(crate) struct RateGate {
    limit: RateLimit,
    /// The time until which the server asked all calls to wait.
    paused_until: watch::Sender<Option<Instant>>,
    queue: Mutex<Queue>,
}

struct Queue {
    pace: Pace,
    waiting: VecDeque<oneshot::Sender<Permit>>,
    is_served: bool,
    /// The time at which a permit was returned unused.
    spare: Option<Instant>,
}

/// The times at which permits are due, by the generic cell rate algorithm.
struct Pace {
    interval: Duration,
    /// By how much a burst may be early.
    tolerance: Duration,
    /// The time at which the next permit is due.
    due: Instant,
}

impl Pace {
    /// Takes a permit if one is due. Up to `lateness` after its time it does not delay the next ones.
    ///
    /// # Errors
    /// The time until a permit is due.
    fn take(&mut self, lateness: Duration) -> Result<(), Duration> {
        let now = Instant::now();
        let ahead = self.due.saturating_duration_since(now);
        if let Some(early) = ahead.checked_sub(self.tolerance)
            && !early.is_zero()
        {
            return Err(early);
        }
        let from = self.due.max(now.checked_sub(lateness).unwrap_or(now));
        self.due = from.checked_add(self.interval).unwrap_or(from);
        Ok(())
    }
}

/// The right to send one call now. Dropping it unused returns it to the gate.
struct Permit(Option<Arc<RateGate>>);

impl Permit {
    fn used(mut self) {
        self.0 = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(gate) = self.0.take() {
            gate.queue().spare = Some(Instant::now());
        }
    }
}

impl Queue {
    /// Takes a permit if one is free now.
    ///
    /// # Errors
    /// The time until a permit is free.
    fn take(&mut self, lateness: Duration) -> Result<(), Duration> {
        let spare = self.spare.take();
        if spare.is_some_and(|since| since.elapsed() < self.pace.interval) {
            return Ok(());
        }
        self.pace.take(lateness)
    }
}

impl RateGate {
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub(super) fn new(limit: RateLimit) -> Result<Self, Error> {
        let (interval, tolerance) = limit.spacing()?;
        let pace = Pace {
            interval,
            tolerance,
            due: Instant::now(),
        };
        Ok(Self {
            limit,
            paused_until: watch::Sender::new(None),
            queue: Mutex::new(Queue {
                pace,
                waiting: VecDeque::new(),
                is_served: false,
                spare: None,
            }),
        })
    }

    pub(super) fn limit(&self) -> RateLimit {
        self.limit
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a permit. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// If the server asked for a pause beyond the deadline; then it does not wait.
    pub(super) async fn acquire(self: &Arc<Self>, deadline: Instant) -> Result<(), Error> {
        let mut pauses = self.paused_until.subscribe();
        self.check_pause(deadline)?;
        let Some(mut permit) = self.enter() else {
            return Ok(());
        };
        loop {
            let pause = pin!(pauses.changed());
            match select(&mut permit, pause).await {
                Either::Left((Ok(permit), _)) => {
                    permit.used();
                    return Ok(());
                }
                // The runtime of the serving task was shut down; this call has one of its own.
                Either::Left((Err(_), _)) => match self.enter() {
                    Some(again) => permit = again,
                    None => return Ok(()),
                },
                Either::Right(_) => self.check_pause(deadline)?,
            }
        }
    }

    /// Joins the queue, unless a permit is free now.
    fn enter(self: &Arc<Self>) -> Option<oneshot::Receiver<Permit>> {
        let mut queue = self.queue();
        queue.waiting.retain(|waiting| !waiting.is_closed());
        if queue.waiting.is_empty() && self.paused().is_none() && queue.take(Duration::ZERO).is_ok()
        {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        queue.waiting.push_back(sender);
        if !queue.is_served {
            queue.is_served = true;
            tokio::spawn(self.clone().serve());
        }
        Some(receiver)
    }

    /// Issues permits until the queue is empty.
    async fn serve(self: Arc<Self>) {
        /// However this task ends, even if its runtime is shut down, waiting calls join a new queue.
        struct Served<'a>(&'a RateGate);

        impl Drop for Served<'_> {
            fn drop(&mut self) {
                let mut queue = self.0.queue();
                queue.is_served = false;
                let waiting = std::mem::take(&mut queue.waiting);
                drop(queue);
                // Outside of the lock, since this wakes them.
                drop(waiting);
            }
        }

        let _served = Served(&self);
        loop {
            if let Some(end) = self.paused() {
                sleep_until(end).await;
                continue;
            }
            let wait = {
                let mut queue = self.queue();
                queue.waiting.retain(|waiting| !waiting.is_closed());
                if queue.waiting.is_empty() {
                    return;
                }
                match queue.take(CATCH_UP) {
                    Ok(()) => {
                        let first = queue.waiting.pop_front();
                        drop(queue);
                        // If the call was dropped just now, the permit returns by being dropped.
                        let given = first.map(|first| first.send(Permit(Some(self.clone()))));
                        drop(given);
                        continue;
                    }
                    Err(early) => early,
                }
            };
            sleep(wait).await;
        }
    }

    /// Returns the time at which the pause ends; `None` if there is none.
    fn paused(&self) -> Option<Instant> {
        let now = Instant::now();
        self.paused_until.borrow().filter(|end| *end > now)
    }

    /// # Errors
    /// [`RateLimited`](crate::ErrorKind::RateLimited) if the pause ends after the deadline.
    fn check_pause(&self, deadline: Instant) -> Result<(), Error> {
        match self.paused() {
            Some(end) if end > deadline => {
                let left = end.saturating_duration_since(Instant::now());
                Err(Error::frozen(left))
            }
            _ => Ok(()),
        }
    }

    /// Issues no permits for as long as the server asks, up to the limit's `max_pause`.
    pub(super) fn pause(&self, wait: Duration) {
        let end = Instant::now().checked_add(wait.min(self.limit.longest_pause()));
        self.paused_until.send_if_modified(|until| {
            let is_longer = end > *until;
            if is_longer {
                *until = end;
            }
            is_longer
        });
    }
}
