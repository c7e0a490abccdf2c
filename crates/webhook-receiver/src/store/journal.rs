//! [`JournalStore`]: a store in a file, which one thread writes.
//!
//! The thread takes all waiting requests, flushes their changes to the disk once, and replies only then.
//! So concurrent deliveries are flushed together, and a repeat is not acknowledged before the first one is
//! on the disk.

mod file;
mod line;
mod place;

use super::{Memory, Store, StoreError, StoreFuture};
use chat2desk::webhook::Event;
use file::Journal;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// A store in a file. Acknowledged events survive a crash of the process and a power failure.
///
/// A delivery is acknowledged once it is flushed to the disk. After a failed write, every call fails until the store is
/// opened again. Deliveries then get 500, and the vendor retries them.
///
/// The file is locked. Opening it a second time, by whatever path or link, is an error. It holds customers' messages.
/// On Unix only its owner may read it.
///
/// Every entry has a checksum. An entry that was being written when the power failed was never acknowledged, and is
/// removed. Any other damage is an error when the file is opened.
///
/// To stay small, the file is rewritten when it is opened and when it has grown. Without free space for a second file,
/// this is postponed.
#[derive(Debug)]
pub struct JournalStore {
    path: PathBuf,
    requests: Option<mpsc::Sender<Request>>,
    writer: Option<JoinHandle<()>>,
    /// Why the thread has ended.
    failure: Arc<OnceLock<Failure>>,
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A request to the thread, and the channel for its reply.
enum Request {
    Accept(String, Event, Reply<bool>),
    Done(String, Reply<()>),
    Pending(Reply<Vec<(String, Event)>>),
    Gap(Reply<Option<i64>>),
    SetGap(Option<i64>, Reply<()>),
}

/// Sends a reply after the flush, which may have failed.
type Flushed = Box<dyn FnOnce(Option<&Failure>)>;

#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "the journal cannot be written; after the cause is removed, open it again by restarting the program"
)]
struct Failure(#[source] Arc<io::Error>);

impl JournalStore {
    /// Opens the file at `path`, or creates it, and reads it. Blocks the thread until it is read.
    ///
    /// # Errors
    /// Returns
    ///
    /// * [`WouldBlock`](io::ErrorKind::WouldBlock) if another store has the file open,
    /// * [`InvalidData`](io::ErrorKind::InvalidData) if acknowledged entries are damaged, with the position of the
    ///   damage,
    /// * [`InvalidData`](io::ErrorKind::InvalidData) if the file has another version of the format, or is not a journal;
    ///   it is left as it is,
    /// * any other error of the file system.
    pub fn open(path: impl Into<PathBuf>, memory: Memory) -> io::Result<Self> {
        let path = path.into();
        let mut journal = Journal::open(&path, memory)?;
        let (sender, requests) = mpsc::channel();
        let failure = Arc::new(OnceLock::new());
        let failed = failure.clone();
        let writer = thread::Builder::new()
            .name("chat2desk-journal".into())
            .spawn(move || serve(&mut journal, &requests, &failed))?;
        Ok(Self {
            path,
            requests: Some(sender),
            writer: Some(writer),
            failure,
        })
    }

    /// Returns the path that the store was opened with.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn request<T: Send + 'static>(
        &self,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> StoreFuture<'_, T> {
        let (sender, reply) = oneshot::channel();
        if let Some(requests) = &self.requests {
            // If the thread has ended, the reply says so.
            let _ = requests.send(request(sender));
        }
        Box::pin(async {
            match (reply.await, self.failure.get()) {
                (Ok(reply), _) => reply,
                (Err(_), Some(failure)) => Err(failure.clone().into()),
                (Err(ended), None) => Err(ended.into()),
            }
        })
    }
}

/// Waits for the thread, so that the file is unlocked for the next store.
impl Drop for JournalStore {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(writer) = self.writer.take() {
            // If it panicked, there is nothing left to wait for.
            let _ = writer.join();
        }
    }
}

impl Store for JournalStore {
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool> {
        self.request(|reply| Request::Accept(key.to_owned(), event.clone(), reply))
    }

    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.request(|reply| Request::Done(key.to_owned(), reply))
    }

    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>> {
        self.request(Request::Pending)
    }

    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        self.request(Request::Gap)
    }

    fn set_gap(&self, after: Option<i64>) -> StoreFuture<'_, ()> {
        self.request(|reply| Request::SetGap(after, reply))
    }
}

/// Serves requests until all senders are dropped, or until a write fails. After a failed write it is unknown
/// what the file holds, so nothing more is acknowledged.
fn serve(journal: &mut Journal, requests: &mpsc::Receiver<Request>, failed: &OnceLock<Failure>) {
    while let Ok(first) = requests.recv() {
        let waiting = std::iter::once(first).chain(requests.try_iter());
        let replies: Vec<Flushed> = waiting.map(|request| take(journal, request)).collect();
        let failure = journal.flush().err();
        let failure = failure.map(|error| failed.get_or_init(|| Failure(Arc::new(error))));
        for reply in replies {
            reply(failure);
        }
        if failure.is_some() {
            return;
        }
    }
}

fn take(journal: &mut Journal, request: Request) -> Flushed {
    match request {
        Request::Accept(key, event, reply) => later(journal.accept(&key, &event), reply),
        Request::Done(key, reply) => {
            journal.done(&key);
            later((), reply)
        }
        Request::Pending(reply) => later(journal.pending(), reply),
        Request::Gap(reply) => later(journal.gap(), reply),
        Request::SetGap(after, reply) => {
            journal.set_gap(after);
            later((), reply)
        }
    }
}

fn later<T: 'static>(value: T, reply: Reply<T>) -> Flushed {
    Box::new(move |failure| {
        let result = match failure {
            None => Ok(value),
            Some(failure) => Err(failure.clone().into()),
        };
        // The caller may have stopped waiting.
        let _ = reply.send(result);
    })
}
