//! Printing events: each is a line of JSON on stdout.

use super::line::line;
use crate::exit::Failure;
use crate::output::{Output, note};
use chat2desk_webhook_receiver::Delivery;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

pub struct Print {
    output: Mutex<Output>,
    reader_gone: Arc<Notify>,
}

/// A line could not be written.
#[derive(Debug, thiserror::Error)]
#[error("stdout cannot be written")]
pub struct NotPrinted;

impl Print {
    /// Notifies `reader_gone` when nobody reads stdout any longer.
    pub fn new(reader_gone: Arc<Notify>) -> Self {
        Self {
            output: Mutex::new(Output::new()),
            reader_gone,
        }
    }

    /// Writes an event. It counts as handed on when stdout has taken the whole line.
    pub async fn write(self: Arc<Self>, delivery: Delivery) -> Result<(), NotPrinted> {
        self.line(&delivery).map_err(|failure| {
            match failure {
                Failure::ReaderGone => self.reader_gone.notify_one(),
                Failure::Because(_, text) => note(format_args!("warning: {text}")),
            }
            NotPrinted
        })
    }

    fn line(&self, delivery: &Delivery) -> Result<(), Failure> {
        let line = line(delivery)?;
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.line(line)?;
        output.flush()
    }
}
