//! [`Server`]: the state of one account, which its calls, its deliveries and its handles share.

use super::account::Account;
use super::api_response::ApiResponse;
use super::clock::Clock;
use super::faults::Faults;
use super::journal::{Delivery, Journal};
use super::limits::Limits;
use super::queue::Queue;
use super::settings;
use chat2desk::Region;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The state of one account that its calls, its deliveries and its handles share.
pub(super) struct Server {
    /// The id of the account's company, by which the journal refers to the account.
    pub(super) company: i64,
    pub(super) token: String,
    pub(super) region: Region,
    pub(super) account: Mutex<Account>,
    pub(super) clock: Arc<Clock>,
    pub(super) faults: Mutex<Faults>,
    pub(super) deliveries: Mutex<Journal<Delivery>>,
    pub(super) queue: Mutex<Queue>,
    /// The webhooks that have a delivering task.
    pub(super) workers: Mutex<HashSet<i64>>,
    /// Whether a task waits for the next state of a message.
    pub(super) watches: AtomicBool,
    pub(super) tasks: Mutex<JoinSet<()>>,
    /// Wakes the tasks that wait for the clock or for deliveries.
    pub(super) changes: watch::Sender<()>,
    limits: Mutex<Limits>,
    pub(super) deliver_anywhere: bool,
    http: OnceLock<reqwest::Client>,
}

/// Locks a mutex, also after a panic elsewhere.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub(super) fn new(
        account: Account,
        settings: &settings::Account,
        clock: Arc<Clock>,
        journal: usize,
        deliver_anywhere: bool,
    ) -> Self {
        Self {
            company: account.company,
            token: settings.token.clone(),
            region: settings.region,
            account: Mutex::new(account),
            clock,
            faults: Mutex::new(Faults::new(settings.size.seed)),
            deliveries: Mutex::new(Journal::new(journal)),
            queue: Mutex::default(),
            workers: Mutex::default(),
            watches: AtomicBool::new(false),
            tasks: Mutex::default(),
            changes: watch::Sender::new(()),
            limits: Mutex::new(Limits::new(settings.monthly_calls, settings.rate)),
            deliver_anywhere,
            http: OnceLock::new(),
        }
    }

    pub(super) fn wake(&self) {
        self.changes.send_replace(());
    }

    /// Returns the HTTP client of deliveries, which is created when it is first needed.
    pub(super) fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = crate::simulator::http()?;
        Ok(self.http.get_or_init(|| http))
    }

    /// Changes the account at the current time, and delivers the events of the change.
    pub(super) fn change<T>(self: &Arc<Self>, change: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = lock(&self.account);
        account.set_time(self.clock.now());
        let result = change(&mut account);
        let events = account.take_events();
        let goes_on = account.is_watched() && account.next_change().is_some();
        drop(account);
        self.deliver(events);
        if goes_on && !self.watches.swap(true, Ordering::SeqCst) {
            let server = self.clone();
            self.spawn(async move { server.watch().await });
        }
        result
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Counts a call and checks it against the limits.
    pub(super) fn let_in(&self) -> Result<(), ApiResponse> {
        let mut account = lock(&self.account);
        let now = self.clock.now();
        account.set_time(now);
        lock(&self.limits).let_in(account.calls, now)?;
        account.calls += 1;
        Ok(())
    }
}
