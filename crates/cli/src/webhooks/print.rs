//! Printing events: each is a line of JSON on stdout.
//!
//! A thread of its own writes, because a reader that is slow must not delay the response to a delivery.

use super::line::line;
use crate::exit::Failure;
use crate::output::{Output, note};
use chat2desk_webhook_receiver::Delivery;
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::{Notify, oneshot};

/// A line, and whom to tell that stdout has it.
type Request = (String, oneshot::Sender<()>);

pub struct Print(mpsc::Sender<Request>);

/// A line could not be written.
#[derive(Debug, thiserror::Error)]
#[error("stdout cannot be written")]
pub struct NotPrinted;

impl Print {
    /// Starts the thread. It notifies `reader_gone` when nobody reads stdout any longer.
    pub fn start(reader_gone: Arc<Notify>) -> Result<Self, Failure> {
        let (sender, requests) = mpsc::channel();
        let thread = thread::Builder::new().name("chat2desk-print".into());
        let started = thread.spawn(move || serve(&requests, &reader_gone));
        // It ends with the process, also if stdout never takes another line.
        started.map_err(|error| Failure::of(&error))?;
        Ok(Self(sender))
    }

    /// Writes an event. It counts as handed on when stdout has taken the whole line.
    pub async fn write(self: Arc<Self>, delivery: Delivery) -> Result<(), NotPrinted> {
        let line = line(&delivery).map_err(|_| NotPrinted)?;
        let (written, is_written) = oneshot::channel();
        self.0.send((line, written)).map_err(|_| NotPrinted)?;
        is_written.await.map_err(|_| NotPrinted)
    }
}

/// Writes lines until nobody reads them.
fn serve(requests: &mpsc::Receiver<Request>, reader_gone: &Notify) {
    let mut output = Output::new();
    while let Ok((line, written)) = requests.recv() {
        let printed = output.line(line).and_then(|()| output.flush());
        match printed {
            // The handler may have been dropped, at the end of the program.
            Ok(()) => drop(written.send(())),
            Err(Failure::ReaderGone) => return reader_gone.notify_one(),
            Err(Failure::Because(_, text)) => note(format_args!("warning: {text}")),
        }
    }
}
