//! [`JournalStore`]: a store in a file, which one thread writes.
//!
//! The thread takes all requests that wait, flushes what they change to the disk once, and answers only
//! then. So deliveries that come together are flushed together, and a repeat is not acknowledged before
//! the first one is safe.

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

/// A store in a file: what was acknowledged survives the end of the process and of the machine's power.
///
/// A delivery is answered once it is flushed to the disk. The file is locked: a second store of it, by
/// whatever path or link, is an error. It holds customers' messages, and on Unix only its owner may read
/// it. Once something could not be written, everything fails until the store is opened again, and the
/// vendor keeps what it has.
///
/// Every entry has a checksum. What was being written when the power failed was never acknowledged: it is
/// cut off. Any other damage is an error.
///
/// To stay small, the file is written anew when it is opened and while it grows. If there is no space for
/// that it is put off.
#[derive(Debug)]
pub struct JournalStore {
    path: PathBuf,
    requests: Option<mpsc::Sender<Request>>,
    writer: Option<JoinHandle<()>>,
    /// Why the thread has ended.
    failure: Arc<OnceLock<Failure>>,
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the thread is asked for, and where the answer goes.
enum Request {
    Accept(String, Event, Reply<bool>),
    Done(String, Reply<()>),
    Pending(Reply<Vec<(String, Event)>>),
    Gap(Reply<Option<i64>>),
    SetGap(Option<i64>, Reply<()>),
}

/// An answer that waits until all is flushed, or has failed to be.
type Flushed = Box<dyn FnOnce(Option<&Failure>)>;

#[derive(Debug, Clone, thiserror::Error)]
#[error("the journal cannot be written")]
struct Failure(#[source] Arc<io::Error>);

impl JournalStore {
    /// Opens the file, or makes it, and reads what is in it. Blocks meanwhile.
    ///
    /// # Errors
    /// Those of the file system; [`WouldBlock`](io::ErrorKind::WouldBlock) if another store has it
    /// open; [`InvalidData`](io::ErrorKind::InvalidData) if what was acknowledged is damaged, with the
    /// place, or if it is of another version of the format, which is not read.
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

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> StoreFuture<'_, T> {
        let (sender, answer) = oneshot::channel();
        if let Some(requests) = &self.requests {
            // Of a thread that has ended the answer tells.
            let _ = requests.send(request(sender));
        }
        Box::pin(async {
            match (answer.await, self.failure.get()) {
                (Ok(answer), _) => answer,
                (Err(_), Some(failure)) => Err(failure.clone().into()),
                (Err(ended), None) => Err(ended.into()),
            }
        })
    }
}

/// Waits for the thread, so that the file is free for the next store.
impl Drop for JournalStore {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(writer) = self.writer.take() {
            // If it panicked there is nothing left to wait for.
            let _ = writer.join();
        }
    }
}

impl Store for JournalStore {
    fn accept<'a>(&'a self, key: &'a str, event: &'a Event) -> StoreFuture<'a, bool> {
        self.ask(|answer| Request::Accept(key.to_owned(), event.clone(), answer))
    }

    fn done<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.ask(|answer| Request::Done(key.to_owned(), answer))
    }

    fn pending(&self) -> StoreFuture<'_, Vec<(String, Event)>> {
        self.ask(Request::Pending)
    }

    fn gap(&self) -> StoreFuture<'_, Option<i64>> {
        self.ask(Request::Gap)
    }

    fn set_gap(&self, after: Option<i64>) -> StoreFuture<'_, ()> {
        self.ask(|answer| Request::SetGap(after, answer))
    }
}

/// Answers requests until nobody can make one, or one could not be written: then it is unknown what the
/// file holds, and nothing more is acknowledged.
fn serve(journal: &mut Journal, requests: &mpsc::Receiver<Request>, failed: &OnceLock<Failure>) {
    while let Ok(first) = requests.recv() {
        let waiting = std::iter::once(first).chain(requests.try_iter());
        let answers: Vec<Flushed> = waiting.map(|request| take(journal, request)).collect();
        let failure = journal.flush().err();
        let failure = failure.map(|error| failed.get_or_init(|| Failure(Arc::new(error))));
        for answer in answers {
            answer(failure);
        }
        if failure.is_some() {
            return;
        }
    }
}

fn take(journal: &mut Journal, request: Request) -> Flushed {
    match request {
        Request::Accept(key, event, answer) => later(journal.accept(&key, &event), answer),
        Request::Done(key, answer) => {
            journal.done(&key);
            later((), answer)
        }
        Request::Pending(answer) => later(journal.pending(), answer),
        Request::Gap(answer) => later(journal.gap(), answer),
        Request::SetGap(after, answer) => {
            journal.set_gap(after);
            later((), answer)
        }
    }
}

fn later<T: 'static>(value: T, answer: Reply<T>) -> Flushed {
    Box::new(move |failure| {
        let result = match failure {
            None => Ok(value),
            Some(failure) => Err(failure.clone().into()),
        };
        // Whoever asked may have stopped waiting.
        let _ = answer.send(result);
    })
}
