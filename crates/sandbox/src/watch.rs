//! Events that no call causes: messages that change their state as time passes.

use super::server::{Server, lock};
use std::sync::Arc;
use std::sync::atomic::Ordering;

impl Server {
    /// Sets the states of messages when they are due, for as long as any are to come, so that webhooks are delivered in
    /// time.
    pub(super) async fn watch(self: Arc<Self>) {
        let mut woken = self.changes.subscribe();
        loop {
            woken.borrow_and_update();
            let next = {
                let account = lock(&self.account);
                let next = account.next_change();
                if next.is_none() {
                    self.watches.store(false, Ordering::SeqCst);
                }
                next
            };
            let Some(next) = next else {
                return;
            };
            if next <= self.clock.now() {
                self.happen();
                continue;
            }
            tokio::select! {
                _ = woken.changed() => (),
                () = tokio::time::sleep(self.clock.until(next)) => (),
            }
        }
    }

    /// Executes what is due by now, and nothing more: a webhook that has been failing for long is not disabled before
    /// its last attempt.
    pub(super) fn happen(self: &Arc<Self>) {
        let mut account = lock(&self.account);
        account.report_states(self.clock.now());
        let events = account.take_events();
        drop(account);
        self.deliver(events);
    }
}
