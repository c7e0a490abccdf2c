//! [`RetryPolicy`], the pure decision whether a call is retried, and [`Budget`], which limits retries in total.

use crate::error::Outcome;
use crate::operation::Operation;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

/// How failed calls are retried. Only calls are retried that cannot do anything twice.
///
/// | failure | reads | writes, and GETs with side effects |
/// |---|---|---|
/// | no connection, so nothing was sent | retried | retried |
/// | 429, except for the monthly quota | retried | retried |
/// | the connection broke later; 408, 502, 503, 504 | retried | **never** |
/// | timeout; 500; any other response | never | never |
///
/// [`Operation::side_effects`](crate::Operation::side_effects) tells the two columns apart. The wait before a
/// retry is random, up to a bound that doubles each time, and never shorter than the server's `Retry-After`.
/// A call is not retried if the wait would exceed its [timeout](crate::Builder::timeout), or while a large part
/// of all calls fails.
///
/// ```
/// # use chat2desk::Chat2Desk;
/// # use chat2desk::transport::RetryPolicy;
/// # use std::time::Duration;
/// let patient = RetryPolicy::default().max_attempts(6).max_wait(Duration::from_secs(60));
/// let chat = Chat2Desk::builder("token").retry(patient).build()?;
/// let once = chat.with_retry(RetryPolicy::never());
/// # Ok::<(), chat2desk::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    base_wait: Duration,
    max_wait: Duration,
}

impl Default for RetryPolicy {
    /// Makes up to four attempts, with waits of up to 0.5, 1 and 2 seconds, or up to 30 seconds if the server
    /// asks for it.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Makes one attempt and never retries.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the most `attempts` of a call, the first included. Zero counts as one.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest wait before the second attempt. It doubles for each further one.
    pub fn base_wait(mut self, wait: Duration) -> Self {
        self.base_wait = wait;
        self
    }

    /// Sets the longest wait before any attempt. If the server asks for a longer one, the call is not retried;
    /// [`Error::retry_after`](crate::Error::retry_after) returns the time it asked for.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Returns whether no further attempt may follow after `attempts` of them.
    pub(crate) fn is_last(&self, attempts: u32) -> bool {
        attempts >= self.max_attempts
    }

    /// Returns the longest wait after `attempts` attempts, unless the server asks for another.
    fn longest(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        self.base_wait
            .saturating_mul(1 << doublings)
            .min(self.max_wait)
    }
}

/// The circumstances of a decision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// The time until the call's deadline.
    pub(crate) left: Duration,
    /// A random number from 0 to 1, excluding 1.
    pub(crate) random: f64,
}

/// Returns the wait before the next attempt; `None` if none may follow after `attempts` of them.
pub(crate) fn decide(
    attempts: u32,
    outcome: Outcome,
    operation: &Operation,
    policy: &RetryPolicy,
    now: Now,
) -> Option<Duration> {
    if policy.is_last(attempts) || !outcome.may_repeat(operation) {
        return None;
    }
    let jitter = policy.longest(attempts).mul_f64(now.random);
    let wait = match outcome {
        Outcome::Held => return None,
        Outcome::Refused {
            retry_after: Some(asked),
            ..
        } if asked > policy.max_wait => return None,
        // Calls that were refused together are not retried together.
        Outcome::Refused {
            retry_after: Some(asked),
            ..
        } => asked.saturating_add(jitter),
        _ => jitter,
    };
    (wait < now.left).then_some(wait)
}

/// The budget of retries of one connection pool, so that an overloaded server does not get a multiple of its
/// usual load.
///
/// It is one atomic number, so updates need no order.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

/// The cost of a retry, in calls that succeed at their first attempt.
const COST: u32 = 5;
const FULL: u32 = 100 * COST;

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl Budget {
    /// Pays for a retry; `None` if the budget is used up.
    pub(crate) fn withdraw(&self) -> Option<Payment<'_>> {
        let less = |left: u32| left.checked_sub(COST);
        let paid = self.0.fetch_update(Relaxed, Relaxed, less);
        paid.is_ok().then(|| Payment(Some(self)))
    }

    fn add(&self, gain: u32) {
        let more = |left: u32| (left < FULL).then(|| left.saturating_add(gain).min(FULL));
        // The budget is usually full, and is then only read.
        let _ = self.0.fetch_update(Relaxed, Relaxed, more);
    }

    /// Credits a success: the cost of its last retry, or a fraction of a retry.
    pub(crate) fn deposit(&self, was_repeated: bool) {
        self.add(if was_repeated { COST } else { 1 });
    }
}

/// The payment for a retry. Dropping it refunds the retry, which was not sent and cost the server nothing.
#[must_use]
pub(crate) struct Payment<'a>(Option<&'a Budget>);

impl Payment<'_> {
    /// Keeps the payment, since the retry was sent.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Payment<'_> {
    fn drop(&mut self) {
        if let Some(budget) = self.0 {
            budget.add(COST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, COST, FULL, Now, Payment, RetryPolicy, decide};
    use crate::error::Outcome;
    use crate::operation::known;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    fn answered(status: u16) -> Outcome {
        Outcome::Refused {
            status,
            retry_after: None,
            quota: false,
        }
    }

    fn asked(status: u16, seconds: u64) -> Outcome {
        Outcome::Refused {
            status,
            retry_after: Some(Duration::from_secs(seconds)),
            quota: false,
        }
    }

    const QUOTA: Outcome = Outcome::Refused {
        status: 429,
        retry_after: Some(SECOND),
        quota: true,
    };

    /// The whole table: what is repeated, for a read, a write, and a GET that changes something.
    #[test]
    fn what_is_repeated() {
        use Outcome::{Broken, NotSent, TimedOut};
        let (read, write, acting_read) = ("get_client", "send_message", "transfer_message");
        for (outcome, reads, writes) in [
            (NotSent, true, true),
            (Broken, true, false),
            (TimedOut, false, false),
            (answered(200), false, false),
            (answered(302), false, false),
            (answered(400), false, false),
            (answered(401), false, false),
            (answered(403), false, false),
            (answered(404), false, false),
            (answered(408), true, false),
            (answered(409), false, false),
            (answered(422), false, false),
            (answered(429), true, true),
            (QUOTA, false, false),
            (answered(500), false, false),
            (answered(501), false, false),
            (answered(502), true, false),
            (answered(503), true, false),
            (answered(504), true, false),
            (asked(429, 7), true, true),
            (asked(503, 7), true, false),
            (asked(400, 7), false, false),
        ] {
            for (id, expected) in [(read, reads), (write, writes), (acting_read, writes)] {
                let operation = known(id);
                let now = Now {
                    left: SECOND * 60,
                    random: 0.5,
                };
                let wait = decide(1, outcome, operation, &RetryPolicy::default(), now);
                assert_eq!(wait.is_some(), expected, "{outcome:?} of {id}");
            }
        }
    }

    /// How long is waited, in milliseconds, and when there is no time or attempt left.
    #[test]
    fn waits() {
        let policy = RetryPolicy::default();
        let operation = known("get_client");
        for (attempts, outcome, random, left, wait) in [
            // Up to half a second, doubling: random from nothing to all of it.
            (1, Outcome::NotSent, 0.0, 60_000, Some(0)),
            (1, Outcome::NotSent, 0.5, 60_000, Some(250)),
            (2, Outcome::NotSent, 0.5, 60_000, Some(500)),
            (3, Outcome::NotSent, 0.5, 60_000, Some(1_000)),
            (4, Outcome::NotSent, 0.5, 60_000, None),
            (9, Outcome::NotSent, 0.5, 60_000, None),
            // What the server asks for, and then a little.
            (1, asked(429, 7), 0.0, 60_000, Some(7_000)),
            (1, asked(429, 7), 0.5, 60_000, Some(7_250)),
            (1, asked(429, 0), 0.5, 60_000, Some(250)),
            (1, asked(503, 30), 0.0, 60_000, Some(30_000)),
            // More than anybody waits.
            (1, asked(429, 31), 0.0, 60_000, None),
            (1, asked(429, u64::from(u32::MAX)), 0.0, 60_000, None),
            // The call ends before the wait does.
            (1, asked(429, 7), 0.0, 7_000, None),
            (1, asked(429, 7), 0.0, 7_001, Some(7_000)),
            (1, Outcome::NotSent, 0.5, 0, None),
            (1, Outcome::Held, 0.0, 60_000, None),
        ] {
            let now = Now {
                left: Duration::from_millis(left),
                random,
            };
            let decided = decide(attempts, outcome, operation, &policy, now);
            let wait = wait.map(Duration::from_millis);
            assert_eq!(decided, wait, "{attempts} {outcome:?} {random} {left}");
        }
    }

    #[test]
    fn policies() {
        let operation = known("get_client");
        let now = Now {
            left: SECOND * 1_000_000,
            random: 0.5,
        };
        let decide = |attempts, policy| decide(attempts, Outcome::NotSent, operation, &policy, now);
        assert_eq!(decide(1, RetryPolicy::never()), None);
        assert_eq!(decide(1, RetryPolicy::default().max_attempts(0)), None);
        let endless = RetryPolicy::default().max_attempts(u32::MAX);
        assert_eq!(decide(u32::MAX - 1, endless), Some(SECOND * 15));
        let slow = endless.base_wait(Duration::MAX).max_wait(SECOND * 4);
        assert_eq!(decide(40, slow), Some(SECOND * 2));
    }

    #[test]
    fn the_budget_ends_and_comes_back() {
        let budget = Budget::default();
        let spend = || budget.withdraw().map(Payment::keep).is_some();
        let spent = (0..1000).take_while(|_| spend()).count();
        assert_eq!(spent, usize::try_from(FULL / COST).unwrap());
        (0..COST - 1).for_each(|_| budget.deposit(false));
        assert!(!spend());
        budget.deposit(false);
        assert!(spend() && !spend());
        budget.deposit(true);
        drop(budget.withdraw().unwrap());
        assert!(spend() && !spend(), "what was not sent is paid back");
        (0..FULL * 2).for_each(|_| budget.deposit(true));
        let spent = (0..1000).take_while(|_| spend()).count();
        assert_eq!(spent, usize::try_from(FULL / COST).unwrap());
    }
}
