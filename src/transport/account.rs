//! [`Account`], what all calls with one token share: their count, their budget and their rate limit.

use super::gate::RateGate;
use super::limit::RateLimit;
use crate::error::Error;
use crate::token::Token;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The number of tokens from which those that no client uses are forgotten.
const MOST: usize = 10_000;

/// The limits that each token begins with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) rate: Option<RateLimit>,
    /// The call budget.
    pub(crate) calls: Option<u64>,
}

/// The accounts of all tokens that were used with one connection pool.
///
/// They outlive their clients, so the limits also apply to a program that creates a client for each request.
pub(crate) struct Accounts {
    limits: Limits,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    accounts: HashMap<Token, (Arc<Account>, u64)>,
    /// The number of uses, by which the least recently used account is found.
    uses: u64,
}

impl Accounts {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            known: Mutex::default(),
        }
    }

    /// Returns the account of a token, creating it if needed.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the rate limit permits no call.
    pub(crate) fn of(&self, token: &Token) -> Result<Arc<Account>, Error> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.uses = known.uses.saturating_add(1);
        let now = known.uses;
        if let Some((account, used)) = known.accounts.get_mut(token) {
            *used = now;
            return Ok(account.clone());
        }
        if known.accounts.len() >= MOST {
            known.forget_the_idle();
        }
        let account = Arc::new(Account::new(self.limits)?);
        known.accounts.insert(token.clone(), (account.clone(), now));
        Ok(account)
    }
}

impl Known {
    /// Forgets a tenth of the accounts that no client uses: the least recently used ones.
    fn forget_the_idle(&mut self) {
        let idle = self.accounts.values();
        let idle = idle.filter(|(account, _)| Arc::strong_count(account) == 1);
        let mut idle: Vec<u64> = idle.map(|(_, used)| *used).collect();
        idle.sort_unstable();
        let Some(last) = idle.get(idle.len() / 10) else {
            return;
        };
        self.accounts
            .retain(|_, (account, used)| Arc::strong_count(account) > 1 || *used > *last);
    }
}

/// The calls and limits of one token.
pub(crate) struct Account {
    calls: AtomicU64,
    most: AtomicU64,
    gate: Mutex<Option<Arc<RateGate>>>,
}

impl Account {
    fn new(limits: Limits) -> Result<Self, Error> {
        Ok(Self {
            calls: AtomicU64::new(0),
            most: AtomicU64::new(limits.calls.unwrap_or(u64::MAX)),
            gate: Mutex::new(limits.rate.map(RateGate::new).transpose()?.map(Arc::new)),
        })
    }

    fn gate(&self) -> std::sync::MutexGuard<'_, Option<Arc<RateGate>>> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the rate limit of the token. Calls and pauses before it count.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub(crate) fn set_rate(&self, limit: RateLimit) -> Result<(), Error> {
        let mut gate = self.gate();
        match &*gate {
            Some(gate) => gate.set_limit(limit)?,
            None => *gate = Some(Arc::new(RateGate::new(limit)?)),
        }
        Ok(())
    }

    pub(crate) fn set_most(&self, calls: u64) {
        self.most.store(calls, Relaxed);
    }

    /// Waits for the rate limit, and moves the deadline by the time in which nobody polled the call at its turn.
    ///
    /// # Errors
    /// [`Timeout`](crate::ErrorKind::Timeout) at the deadline. If the server asked for a pause beyond it, the call
    /// does not wait.
    pub(crate) async fn acquire(&self, deadline: &mut Instant) -> Result<(), Error> {
        let gate = self.gate().clone();
        match gate {
            Some(gate) => gate.acquire(deadline).await,
            None => Ok(()),
        }
    }

    /// Issues no permits for as long as the server asks.
    pub(crate) fn pause(&self, wait: Duration) {
        if let Some(gate) = &*self.gate() {
            gate.pause(wait);
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// [`BudgetExceeded`](crate::ErrorKind::BudgetExceeded) if the budget is used up.
    pub(crate) fn count(&self) -> Result<(), Error> {
        let most = self.most.load(Relaxed);
        let more = |calls: u64| (calls < most).then(|| calls.saturating_add(1));
        let counted = self.calls.fetch_update(Relaxed, Relaxed, more);
        counted.map(drop).map_err(|_| Error::out_of_calls(most))
    }

    /// Uncounts a call that was not sent.
    pub(crate) fn uncount(&self) {
        let fewer = |calls: u64| calls.checked_sub(1);
        let _ = self.calls.fetch_update(Relaxed, Relaxed, fewer);
    }

    pub(crate) fn calls_made(&self) -> u64 {
        self.calls.load(Relaxed)
    }
}
