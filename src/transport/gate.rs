//! [`RateGate`]: permits at the pace of a rate limit, first come, first served.
//!
//! A task serves the queue while anybody waits. So a permit comes at its time whether or not those in front are
//! polled, no lock is held while anybody waits, and whoever gives up leaves the queue.

use super::limit::RateLimit;
use crate::error::Error;
use futures_util::future::{Either, select};
use std::collections::VecDeque;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// How late a permit may be given without the next ones being later for it: clocks wake whoever waits up to a
/// millisecond late, and busy machines later still.
const CATCH_UP: Duration = Duration::from_millis(100);

pub(crate) struct RateGate {
    limit: RateLimit,
    /// Until when the server has asked all calls to wait.
    paused_until: watch::Sender<Option<Instant>>,
    queue: Mutex<Queue>,
}

struct Queue {
    pace: Pace,
    waiting: VecDeque<oneshot::Sender<Permit>>,
    is_served: bool,
    /// When a permit came back unused.
    spare: Option<Instant>,
}

/// When permits are due: the generic cell rate algorithm.
struct Pace {
    interval: Duration,
    /// By how much a burst may be ahead of its time.
    tolerance: Duration,
    /// When the next permit is due.
    due: Instant,
}

impl Pace {
    /// Gives a permit if one is due. Whoever waited for it makes up for the `lateness` of the clock.
    ///
    /// # Errors
    /// How long until one is.
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

/// The right to send one call now. It comes back to the gate if it is dropped instead.
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
    /// How long until one is.
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
    /// A limit that lets nothing through.
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

    /// Waits for a permit. Dropping the wait gives its place to the next.
    ///
    /// # Errors
    /// At once if the server has asked for a wait beyond the deadline.
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

    /// Goes into the queue, unless a permit is free at once.
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

    /// Gives permits until nobody waits.
    async fn serve(self: Arc<Self>) {
        /// However this task ends, also with its runtime: whoever waits still goes into a new queue.
        struct Served<'a>(&'a RateGate);

        impl Drop for Served<'_> {
            fn drop(&mut self) {
                let mut queue = self.0.queue();
                queue.is_served = false;
                let waiting = std::mem::take(&mut queue.waiting);
                drop(queue);
                // Outside of the lock, since it wakes them.
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
                        // If it gave up just now, the permit comes back by being dropped.
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

    /// When permits are given again, if none are now.
    fn paused(&self) -> Option<Instant> {
        let now = Instant::now();
        self.paused_until.borrow().filter(|end| *end > now)
    }

    /// # Errors
    /// If permits are given again only after the deadline.
    fn check_pause(&self, deadline: Instant) -> Result<(), Error> {
        match self.paused() {
            Some(end) if end > deadline => {
                let left = end.saturating_duration_since(Instant::now());
                Err(Error::frozen(left))
            }
            _ => Ok(()),
        }
    }

    /// Gives no permits for as long as the server asks, and as the limit allows.
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

impl fmt::Debug for RateGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateGate")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
