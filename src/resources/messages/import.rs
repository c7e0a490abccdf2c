//! [`Import`]: a history of any length, in calls of the size that the server takes, and none of it twice.

use super::past::PastMessage;
use crate::client::Chat2Desk;
use crate::error::{Error, ErrorKind};
use crate::generated::types::{ImportMessagesRequest, ImportedMessage};
use crate::operation::{Operation, known};
use crate::raw_response::RawResponse;
use crate::wire::Messenger;
use std::fmt;
use std::ops::Range;

/// The most messages that the server takes in a call.
const MOST: usize = 10;
const OPERATION: &Operation = known("import_messages");

/// What became of a message of an [`Import`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It was not sent, or its call was turned away for its token, its rate or the month's quota. It is sent
    /// next.
    Waiting,
    /// The server imported it.
    Imported,
    /// The server refused the call that held it, with a status from 400 to 499. Its neighbours in the call may
    /// be the reason. The vendor does not document whether such a call imports a part of its messages.
    Refused,
    /// The server may have imported it: the call timed out or broke after it was sent, the server failed, or
    /// its response names errors beside its success. It is never sent again; look into the chat.
    Unclear,
}

/// The import of a history, from [`Chat2Desk::import_history`].
///
/// It remembers what became of each message, also if the future of [`send`](Self::send) is dropped: the
/// messages of a call that was under way are [`Unclear`](ImportState::Unclear) then. `send` goes on with those
/// that wait.
#[derive(Clone)]
#[must_use = "nothing is imported until `send`"]
pub struct Import {
    chat: Chat2Desk,
    client_id: i64,
    channel_id: i64,
    transport: Messenger,
    messages: Vec<ImportedMessage>,
    states: Vec<ImportState>,
}

/// Why an import stopped, and what became of each message until then.
#[derive(Debug)]
#[non_exhaustive]
pub struct ImportError {
    /// What became of each message, in the order in which they were given.
    pub states: Vec<ImportState>,
    /// Why the last call failed. If the response named errors beside its success, they are in
    /// [`field_errors`](Error::field_errors) or [`body`](Error::body), since their form is not known.
    pub error: Error,
}

impl ImportError {
    /// Returns the positions of the messages in this state, for example of all that may have been imported.
    pub fn positions(&self, state: ImportState) -> Vec<usize> {
        let states = self.states.iter().enumerate();
        let positions = states.filter(|(_, known)| **known == state);
        positions.map(|(position, _)| position).collect()
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |state| self.positions(state).len();
        write!(
            f,
            "of {} messages {} are imported, {} may be, {} were refused and {} wait: {}",
            self.states.len(),
            count(ImportState::Imported),
            count(ImportState::Unclear),
            count(ImportState::Refused),
            count(ImportState::Waiting),
            self.error,
        )
    }
}

impl std::error::Error for ImportError {
    /// Of the call's error, which is part of the text.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl Import {
    /// Returns what became of each message so far, in the order in which they were given.
    pub fn states(&self) -> &[ImportState] {
        &self.states
    }

    /// Returns the positions of the messages that the next call takes; an empty range if none wait.
    ///
    /// A program that has to know after a crash what it imported writes them down before
    /// [`send_next`](Self::send_next), and again after it.
    pub fn next_call(&self) -> Range<usize> {
        let mut states = self.states.iter();
        let waiting = states.position(|state| *state == ImportState::Waiting);
        let start = waiting.unwrap_or(self.states.len());
        start..self.states.len().min(start + MOST)
    }

    /// Imports the messages that wait, one call after the other, and stops at the first call that fails.
    ///
    /// Calling it again goes on with those that wait. What was refused or is unclear is not sent again.
    ///
    /// # Errors
    /// [`ImportError`], with what became of each message.
    pub async fn send(&mut self) -> Result<(), ImportError> {
        while !self.next_call().is_empty() {
            self.send_next().await?;
        }
        Ok(())
    }

    /// Imports up to 10 of the messages that wait, in one call. Does nothing if none wait.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub async fn send_next(&mut self) -> Result<(), ImportError> {
        let batch = self.next_call();
        if batch.is_empty() {
            return Ok(());
        }
        // Until the call has ended, nobody knows; it ends here or with the future.
        self.states[batch.clone()].fill(ImportState::Unclear);
        let (state, error) = match self.call(batch.clone()).await {
            Ok(None) => (ImportState::Imported, None),
            Ok(Some(error)) => (ImportState::Unclear, Some(error)),
            Err(error) => (state_after(&error), Some(error)),
        };
        self.states[batch].fill(state);
        error.map_or(Ok(()), |error| {
            let states = self.states.clone();
            Err(ImportError { states, error })
        })
    }

    /// Sends these messages, and returns the errors that the response names beside its success.
    async fn call(&self, batch: Range<usize>) -> Result<Option<Error>, Error> {
        let request = ImportMessagesRequest {
            channel_id: self.channel_id,
            client_id: self.client_id,
            messages: self.messages[batch].to_vec(),
            transport: self.transport.clone(),
        };
        let response = self.chat.import_messages(request).send().await?;
        Ok((!response.errors.is_empty()).then(|| {
            let response = RawResponse {
                status: response.status(),
                headers: response.headers().clone(),
                body: response.body().clone(),
            };
            Error::refused(&response)
                .with_reason("the response names errors beside its success")
                .at(OPERATION)
        }))
    }
}

/// What became of the messages of a call that failed.
fn state_after(error: &Error) -> ImportState {
    // None of these is about the messages: the server turned the call away before it read them.
    let turned_away = matches!(
        error.kind(),
        ErrorKind::Auth | ErrorKind::RateLimited | ErrorKind::QuotaExceeded
    );
    let is_refusal = |status: reqwest::StatusCode| status.is_client_error();
    if turned_away || !error.was_sent() {
        ImportState::Waiting
    } else if error.status().is_some_and(is_refusal) && !error.is_timeout() {
        ImportState::Refused
    } else {
        ImportState::Unclear
    }
}

impl Chat2Desk {
    /// Imports messages that a customer and the company exchanged before the messenger was connected, any
    /// number of them, in the order given.
    ///
    /// The server takes 10 messages a call, so a list is sent in parts. A call whose outcome is not known is
    /// never repeated, and its messages are not sent again: see [`ImportState`]. The dialog is not handed to
    /// anybody. A message to the customer without
    /// an operator is booked on the company's administrator. [`import_messages`](Self::import_messages) is a single call.
    ///
    /// ```no_run
    /// # use chat2desk::Chat2Desk;
    /// use chat2desk::messages::{ImportError, ImportState, PastMessage};
    ///
    /// # async fn run(chat: &Chat2Desk, messages: Vec<PastMessage>) -> Result<(), ImportError> {
    /// let mut import = chat.import_history(94000001, 58001, "whatsapp", messages);
    /// if let Err(error) = import.send().await {
    ///     eprintln!("{error}; look into the chat for {:?}", error.positions(ImportState::Unclear));
    ///     import.send().await?; // goes on with the messages that wait
    /// }
    /// # Ok(()) }
    /// ```
    pub fn import_history(
        &self,
        client_id: i64,
        channel_id: i64,
        transport: impl Into<Messenger>,
        messages: impl IntoIterator<Item = PastMessage>,
    ) -> Import {
        let messages: Vec<_> = messages.into_iter().map(Into::into).collect();
        Import {
            chat: self.clone(),
            client_id,
            channel_id,
            transport: transport.into(),
            states: vec![ImportState::Waiting; messages.len()],
            messages,
        }
    }
}

/// Without what was written to whom.
impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("channel_id", &self.channel_id)
            .field("states", &self.states)
            .finish_non_exhaustive()
    }
}
