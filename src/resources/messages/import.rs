//! [`Import`], the import of a history of any length, in calls of ten messages, none of which is sent twice.

use super::past::PastMessage;
use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types::{ImportMessagesRequest, ImportedMessage};
use crate::operation::{Operation, known};
use crate::raw_response::RawResponse;
use crate::wire::Messenger;
use std::fmt;
use std::ops::Range;

/// The most messages that the server accepts in a call.
const MOST: usize = 10;
const OPERATION: &Operation = known("import_messages");

/// The state of a message of an [`Import`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// The message was not sent yet, or its call was rejected because of the token, the rate limit or the monthly
    /// quota. The next call sends it.
    Waiting,
    /// The server imported the message.
    Imported,
    /// The server rejected the call with the message, with a status from 400 to 499. Another message of the call
    /// may be the reason. The vendor does not document whether such a call imports some of its messages.
    Refused,
    /// The server may have imported the message: the call timed out or broke after it was sent, the server failed,
    /// or its response reports errors despite its success. It is never sent again; look into the chat.
    Unclear,
}

/// The import of a history, from [`Chat2Desk::import_history`].
///
/// It tracks the state of each message, even if the future of [`send`](Self::send) is dropped: the messages of the
/// call in progress are then [`Unclear`](ImportState::Unclear). Calling `send` again continues with those that are
/// [`Waiting`](ImportState::Waiting).
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

/// Why an import stopped, and the state of each message at that time.
#[derive(Debug)]
#[non_exhaustive]
pub struct ImportError {
    /// The state of each message, in the order of the messages.
    pub states: Vec<ImportState>,
    /// The error of the last call. Errors that a successful response reports are in
    /// [`field_errors`](Error::field_errors) or [`body`](Error::body), since their form is not known.
    pub error: Error,
}

impl ImportError {
    /// Returns the positions of the messages in this state, for example [`Unclear`](ImportState::Unclear).
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
            "of {} messages {} were imported, {} may have been, {} were refused and {} are waiting: {}",
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
    /// Returns the source of the call's error, whose own text is part of this one's.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl Import {
    /// Returns the state of each message, in the order of the messages.
    pub fn states(&self) -> &[ImportState] {
        &self.states
    }

    /// Returns the positions of the messages that the next call will send; an empty range if none are waiting.
    ///
    /// To know after a crash what was imported, store them before [`send_next`](Self::send_next), and the states
    /// after it.
    pub fn next_call(&self) -> Range<usize> {
        let mut states = self.states.iter();
        let waiting = states.position(|state| *state == ImportState::Waiting);
        let start = waiting.unwrap_or(self.states.len());
        start..self.states.len().min(start + MOST)
    }

    /// Imports the waiting messages, one call after the other, and stops at the first call that fails.
    ///
    /// Calling it again continues with those that still wait. Messages that were refused or are unclear are not
    /// sent again.
    ///
    /// # Errors
    /// [`ImportError`], with the state of each message.
    pub async fn send(&mut self) -> Result<(), ImportError> {
        while !self.next_call().is_empty() {
            self.send_next().await?;
        }
        Ok(())
    }

    /// Imports up to 10 waiting messages, in one call. Does nothing if none are waiting.
    ///
    /// # Errors
    /// [`ImportError`], with the state of each message.
    pub async fn send_next(&mut self) -> Result<(), ImportError> {
        let batch = self.next_call();
        if batch.is_empty() {
            return Ok(());
        }
        // Unclear until the call has ended; if the future is dropped, it stays so.
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

    /// Sends these messages, and returns the errors that a successful response reports.
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
                .with_reason("the response reports errors despite its success")
                .at(OPERATION)
        }))
    }
}

/// Returns the state of the messages of a call that failed.
fn state_after(error: &Error) -> ImportState {
    if error.was_turned_away() || !error.was_sent() {
        ImportState::Waiting
    } else if error.may_have_taken_effect() {
        ImportState::Unclear
    } else {
        ImportState::Refused
    }
}

/// ## messages: helpers for imports
impl Chat2Desk {
    /// Returns the import of any number of messages from before the messenger was connected. Nothing is sent until
    /// [`Import::send`].
    ///
    /// The server accepts 10 messages a call, so they are sent in parts and in order. A call whose outcome is
    /// unknown is never retried, and its messages are not sent again: see [`ImportState`]. The dialog is not
    /// assigned to an operator. [`import_messages`](Self::import_messages) is a single call.
    ///
    /// ```no_run
    /// # use chat2desk::Chat2Desk;
    /// use chat2desk::messages::{ImportError, ImportState, PastMessage};
    ///
    /// # async fn run(chat: &Chat2Desk, messages: Vec<PastMessage>) -> Result<(), ImportError> {
    /// let mut import = chat.import_history(94000001, 58001, "whatsapp", messages);
    /// if let Err(error) = import.send().await {
    ///     eprintln!("{error}; look into the chat for {:?}", error.positions(ImportState::Unclear));
    ///     import.send().await?; // continues with the messages that are waiting
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

/// Shows channel and states, but no text and no customer.
impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("channel_id", &self.channel_id)
            .field("states", &self.states)
            .finish_non_exhaustive()
    }
}
