//! Dialogs and requests: opening, closing, assigning and transferring them, and reading their messages.
//!
//! The methods are [`close_dialog`](crate::Chat2Desk::close_dialog) and others of `Chat2Desk`; this module has
//! their types.

use crate::client::Chat2Desk;
use crate::days::Days;
use crate::error::{Error, ErrorKind};
use crate::generated::{builder, types};
use crate::transport::BoxFuture;
use crate::wire::DialogState;
use std::time::Duration;

/// The effect of a [`DialogChange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The dialog was changed.
    Made,
    /// The dialog already had this state: see [`DialogChange::allow_unchanged`].
    Unchanged,
}

/// A change of a dialog that was not sent yet, from [`Chat2Desk::open_dialog`], [`Chat2Desk::close_dialog`] or
/// [`Chat2Desk::assign_dialog`].
#[derive(Debug, Clone)]
#[must_use = "nothing is changed before `send` or `.await`"]
pub struct DialogChange {
    chat: Chat2Desk,
    dialog: i64,
    request: types::builder::UpdateDialogRequest,
    tolerant: bool,
}

impl DialogChange {
    /// Assigns the dialog to this operator as part of the change. In practice the server rejects changes of state
    /// without an operator.
    pub fn operator(mut self, operator_id: i64) -> Self {
        self.request = self.request.operator_id(operator_id);
        self
    }

    /// Sets the operator on whose behalf the dialog is changed. The administrator unless set.
    pub fn by(mut self, operator_id: i64) -> Self {
        self.request = self.request.initiator_id(operator_id);
        self
    }

    /// Assigns the dialog regardless of the operator's limits and status.
    pub fn force_assign(mut self) -> Self {
        self.request = self.request.force_assign(true);
        self
    }

    /// Makes [`send`](Self::send) return [`Change::Unchanged`] if the dialog already has this state. Unless set,
    /// that is a [`Conflict`](ErrorKind::Conflict) error.
    pub fn allow_unchanged(mut self) -> Self {
        self.tolerant = true;
        self
    }

    /// Sends the change.
    ///
    /// # Errors
    /// Those of [`Chat2Desk::update_dialog`].
    pub async fn send(self) -> Result<Change, Error> {
        let call = self.chat.update_dialog(self.dialog, self.request);
        match call.send().await {
            Ok(_) => Ok(Change::Made),
            Err(error) if self.tolerant && error.kind() == ErrorKind::Conflict => {
                Ok(Change::Unchanged)
            }
            Err(error) => Err(error),
        }
    }
}

/// Sends the change when awaited, as [`send`](DialogChange::send) does.
impl IntoFuture for DialogChange {
    type Output = Result<Change, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// The operator or group that a message and its dialog are transferred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// The operator with this id.
    Operator(i64),
    /// Any operator of the group with this id.
    Group(i64),
}

/// The request to close: the body of [`Chat2Desk::close_request`], which needs exactly one of two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closing {
    /// The request with this id.
    Request(i64),
    /// The open request of the customer with this id.
    OpenOfClient(i64),
}

impl TryFrom<Closing> for types::CloseRequestRequest {
    type Error = types::error::ConversionError;

    fn try_from(closing: Closing) -> Result<Self, Self::Error> {
        let request = Self::builder();
        let request = match closing {
            Closing::Request(id) => request.request_id(id),
            Closing::OpenOfClient(id) => request.client_id(id),
        };
        request.try_into()
    }
}

/// ## dialogs and requests: helpers
impl Chat2Desk {
    /// Opens a dialog.
    pub fn open_dialog(&self, dialog_id: i64) -> DialogChange {
        self.change_dialog(dialog_id, |change| change.state(DialogState::Open))
    }

    /// Closes a dialog.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// chat.close_dialog(18400001).operator(310001).allow_unchanged().await?;
    /// # Ok(()) }
    /// ```
    pub fn close_dialog(&self, dialog_id: i64) -> DialogChange {
        self.change_dialog(dialog_id, |change| change.state(DialogState::Closed))
    }

    /// Assigns a dialog to an operator.
    pub fn assign_dialog(&self, dialog_id: i64, operator_id: i64) -> DialogChange {
        self.change_dialog(dialog_id, |change| change.operator_id(operator_id))
    }

    fn change_dialog(
        &self,
        dialog: i64,
        change: impl FnOnce(types::builder::UpdateDialogRequest) -> types::builder::UpdateDialogRequest,
    ) -> DialogChange {
        DialogChange {
            chat: self.clone(),
            dialog,
            request: change(types::UpdateDialogRequest::builder()),
            tolerant: false,
        }
    }

    /// Transfers a message and its dialog to an operator or a group. The server may reject it because of the
    /// operators' limits and status: see [`force_transfer`](Self::force_transfer).
    ///
    /// # Errors
    /// Those of [`transfer_message`](Self::transfer_message) and
    /// [`transfer_message_to_group`](Self::transfer_message_to_group).
    pub async fn transfer(&self, message_id: i64, to: Recipient) -> Result<(), Error> {
        match to {
            Recipient::Operator(id) => self.transfer_message(message_id, id).await.map(drop),
            Recipient::Group(id) => self
                .transfer_message_to_group(message_id, id)
                .await
                .map(drop),
        }
    }

    /// Transfers a message and its dialog to an operator or a group, regardless of the operators' limits and
    /// status.
    ///
    /// # Errors
    /// Those of [`transfer`](Self::transfer).
    pub async fn force_transfer(&self, message_id: i64, to: Recipient) -> Result<(), Error> {
        match to {
            Recipient::Operator(id) => {
                let call = self.transfer_message(message_id, id).force_assign(true);
                call.await.map(drop)
            }
            Recipient::Group(id) => {
                // Published programs use both names.
                let call = self.transfer_message_to_group(message_id, id);
                call.force_assign(true).force(true).await.map(drop)
            }
        }
    }

    /// Returns the call for the dialogs whose customer has waited for a reply longer than `waiting`, in whole
    /// seconds.
    ///
    /// It is [`list_unanswered_dialogs`](Self::list_unanswered_dialogs), whose `limit` is that time.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error};
    /// # use std::time::Duration;
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let waiting = chat.unanswered_dialogs(Duration::from_secs(600)).send().await?;
    /// println!("{} dialogs of the customers {:?}", waiting.data.ids.len(), waiting.data.client_ids);
    /// # Ok(()) }
    /// ```
    pub fn unanswered_dialogs(&self, waiting: Duration) -> builder::ListUnansweredDialogs {
        let seconds = i64::try_from(waiting.as_secs()).unwrap_or(i64::MAX);
        self.list_unanswered_dialogs().limit(seconds)
    }

    /// Returns the list of the messages of a dialog, to which further filters may be added.
    pub fn dialog_messages(&self, dialog_id: i64) -> builder::ListMessages {
        self.list_messages().dialog_id(dialog_id)
    }

    /// Returns the list of the messages of a request, in no particular order.
    ///
    /// Their type is [`types::RequestMessage`], whose fields have other names than those of other messages. Use
    /// it in place of a filter `request_id` on other lists, which the server ignores.
    pub fn request_messages(&self, request_id: i64) -> builder::ListRequestMessages {
        self.list_request_messages(request_id)
    }

    /// Returns the list of the messages of `days`, both ends included, to which further filters may be added.
    ///
    /// The days are in the company's time zone, while the times of messages are UTC. The server's filter excludes
    /// its last day, so the day after the last of `days` is sent.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List};
    /// # async fn run(chat: &Chat2Desk, day: chrono::NaiveDate) -> Result<(), Error> {
    /// let messages = chat.messages_of(day).collect_all().await?;
    /// # Ok(()) }
    /// ```
    pub fn messages_of(&self, days: impl Into<Days>) -> builder::ListMessages {
        let days = days.into();
        let mut call = self
            .list_messages()
            .start_date(days.first())
            .finish_date(days.end());
        if let Err(reason) = days.checked() {
            call.start_date = Err(reason);
        }
        call
    }
}
