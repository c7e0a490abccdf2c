//! [`Admission`]: limits how many unverified senders are served at once, and how much memory they use.
//!
//! Beyond a limit, the sender that was admitted first is evicted. A real delivery is complete within milliseconds, so
//! a sender that holds a place for longer, to keep others out, loses it to them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

pub(super) struct Admission {
    places: usize,
    bytes: usize,
    table: Mutex<Table>,
    /// Permits for bytes in memory. Those of an evicted sender count until they are freed.
    memory: Arc<Semaphore>,
}

#[derive(Default)]
struct Table {
    /// By number, in the order of admission.
    admitted: BTreeMap<u64, Entry>,
    next: u64,
    /// The bytes of all admitted senders, including those that a sender still waits for.
    bytes: usize,
}

struct Entry {
    bytes: usize,
    /// Dropped to notify the sender that it is evicted.
    _stay: oneshot::Sender<()>,
}

/// A place of one sender, until it is dropped or the sender is evicted.
pub(super) struct Admitted {
    admission: Arc<Admission>,
    number: AtomicU64,
    memory: Option<OwnedSemaphorePermit>,
}

/// Completes when the sender is evicted.
pub(super) type Leave = oneshot::Receiver<()>;

/// The sender was evicted.
#[derive(Debug)]
pub(super) struct Evicted;

impl Admission {
    pub(super) fn new(places: usize, bytes: usize) -> Arc<Self> {
        // The most that the semaphore can count, which is more than any memory.
        let bytes = bytes.min(Semaphore::MAX_PERMITS);
        Arc::new(Self {
            places: places.max(1),
            bytes,
            table: Mutex::default(),
            memory: Arc::new(Semaphore::new(bytes)),
        })
    }

    /// Admits one more sender, as the newest.
    pub(super) fn enter(self: &Arc<Self>) -> (Admitted, Leave) {
        let (stay, leave) = oneshot::channel();
        let mut table = self.table();
        let number = table.insert(Entry {
            bytes: 0,
            _stay: stay,
        });
        while table.admitted.len() > self.places {
            table.evict();
        }
        let admitted = Admitted {
            admission: self.clone(),
            number: number.into(),
            memory: None,
        };
        (admitted, leave)
    }

    /// Evicts the sender that was admitted first, if there is one.
    pub(super) fn evict_oldest(&self) {
        self.table().evict();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // No method leaves the table half changed.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn insert(&mut self, entry: Entry) -> u64 {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.admitted.insert(number, entry);
        number
    }

    fn remove(&mut self, number: u64) -> Option<Entry> {
        let entry = self.admitted.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        Some(entry)
    }

    fn evict(&mut self) -> Option<u64> {
        let number = *self.admitted.first_key_value()?.0;
        self.remove(number);
        Some(number)
    }
}

impl Admitted {
    /// Waits for memory for `bytes` more bytes. Other senders may be evicted for it.
    pub(super) async fn grow(&mut self, bytes: usize) -> Result<(), Evicted> {
        self.claim(bytes)?;
        let permits = u32::try_from(bytes).map_err(|_| Evicted)?;
        let memory = self.admission.memory.clone();
        let more = memory.acquire_many_owned(permits).await;
        let more = more.map_err(|_| Evicted)?;
        match &mut self.memory {
            Some(memory) => memory.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }

    fn claim(&self, bytes: usize) -> Result<(), Evicted> {
        let number = self.number.load(Ordering::Relaxed);
        let mut table = self.admission.table();
        let entry = table.admitted.get_mut(&number).ok_or(Evicted)?;
        entry.bytes = entry.bytes.saturating_add(bytes);
        table.bytes = table.bytes.saturating_add(bytes);
        while table.bytes > self.admission.bytes {
            if table.evict().is_none_or(|evicted| evicted == number) {
                return Err(Evicted);
            }
        }
        Ok(())
    }

    /// Makes the sender the newest.
    pub(super) fn renew(&self) {
        let mut table = self.admission.table();
        if let Some(entry) = table.remove(self.number.load(Ordering::Relaxed)) {
            table.bytes = table.bytes.saturating_add(entry.bytes);
            self.number.store(table.insert(entry), Ordering::Relaxed);
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let number = self.number.load(Ordering::Relaxed);
        self.admission.table().remove(number);
    }
}
