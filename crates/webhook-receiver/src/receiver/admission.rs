//! [`Admission`]: how many senders that nobody knows yet are served at once, and with how much memory.
//!
//! Beyond the bounds the one that was admitted first has to leave. A real delivery is complete within
//! milliseconds; whoever holds a place for longer, to keep others out, loses it to them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

pub(super) struct Admission {
    places: usize,
    bytes: usize,
    table: Mutex<Table>,
    /// Bytes that are in memory. Those of whoever had to leave count until they are gone.
    memory: Arc<Semaphore>,
}

#[derive(Default)]
struct Table {
    /// By number, the first admitted first.
    admitted: BTreeMap<u64, Entry>,
    next: u64,
    /// Of all that are admitted, those that are waited for included.
    bytes: usize,
}

struct Entry {
    bytes: usize,
    /// Dropped to say that it has to leave.
    _stay: oneshot::Sender<()>,
}

/// A place, until it is dropped or taken away.
pub(super) struct Admitted {
    admission: Arc<Admission>,
    number: AtomicU64,
    memory: Option<OwnedSemaphorePermit>,
}

/// Ends when the place is taken away.
pub(super) type Leave = oneshot::Receiver<()>;

/// The place was taken away.
#[derive(Debug)]
pub(super) struct Evicted;

impl Admission {
    pub(super) fn new(places: usize, bytes: usize) -> Arc<Self> {
        // What the semaphore can count to; more than any memory.
        let bytes = bytes.min(Semaphore::MAX_PERMITS);
        Arc::new(Self {
            places: places.max(1),
            bytes,
            table: Mutex::default(),
            memory: Arc::new(Semaphore::new(bytes)),
        })
    }

    /// Admits one more, as the newest.
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

    /// Takes the place of the one that was admitted first; nothing if there is none.
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
    /// Waits for memory for so many more bytes, for which others may have to leave.
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

    /// Makes it the newest.
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
