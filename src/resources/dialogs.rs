//! Dialogs and requests: opening, closing, assigning, transferring, and their messages.

use crate::client::Chat2Desk;
use crate::days::Days;
use crate::error::{Error, ErrorKind};
use crate::generated::{builder, types};
use crate::transport::BoxFuture;
use crate::wire::DialogState;
use std::time::Duration;

/// What a [`DialogChange`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was made.
    Made,
    /// The dialog had this state already: see [`DialogChange::allow_unchanged`].
    Unchanged,
}

/// A change of a dialog, not yet sent.
#[derive(Debug, Clone)]
#[must_use = "nothing is changed before `send` or `.await`"]
pub struct DialogChange {
    chat: Chat2Desk,
    dialog: i64,
    request: types::builder::UpdateDialogRequest,
    tolerant: bool,
}

impl DialogChange {
    /// Gives the dialog to an operator with the change. The server wants an operator for changes of state
    /// in practice.
    pub fn operator(mut self, operator_id: i64) -> Self {
        self.request = self.request.operator_id(operator_id);
        self
    }

    /// The operator on whose behalf it is changed; the administrator unless set.
    pub fn by(mut self, operator_id: i64) -> Self {
        self.request = self.request.initiator_id(operator_id);
        self
    }

    /// Gives it to the operator whatever their limits and status are.
    pub fn force_assign(mut self) -> Self {
        self.request = self.request.force_assign(true);
        self
    }

    /// Returns [`Change::Unchanged`] if the dialog has this state already. Unless set, that is a
    /// [`Conflict`](ErrorKind::Conflict).
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

/// Awaiting a change sends it, as [`send`](DialogChange::send) does.
impl IntoFuture for DialogChange {
    type Output = Result<Change, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Whom a message and its dialog are handed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// The operator with this id.
    Operator(i64),
    /// Any operator of the group with this id.
    Group(i64),
}

/// Which request to close: the body of [`Chat2Desk::close_request`], which needs one of the two.
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

    /// Gives a dialog to an operator.
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

    /// Hands a message and its dialog to an operator or a group. The server may refuse because of the operators'
    /// limits and status: see [`force_transfer`](Self::force_transfer).
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

    /// Hands a message and its dialog to an operator or a group, whatever the operators' limits and status are.
    ///
    /// # Errors
    /// As for [`transfer`](Self::transfer).
    pub async fn force_transfer(&self, message_id: i64, to: Recipient) -> Result<(), Error> {
        match to {
            Recipient::Operator(id) => {
                let call = self.transfer_message(message_id, id).force_assign(true);
                call.await.map(drop)
            }
            Recipient::Group(id) => {
                // Both names are in use.
                let call = self.transfer_message_to_group(message_id, id);
                call.force_assign(true).force(true).await.map(drop)
            }
        }
    }

    /// The dialogs whose customer has waited for a reply longer than this, in whole seconds: the call of
    /// [`list_unanswered_dialogs`](Self::list_unanswered_dialogs), whose `limit` is that time.
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

    /// The messages of a dialog: a list to be read, to which further filters may be added.
    pub fn dialog_messages(&self, dialog_id: i64) -> builder::ListMessages {
        self.list_messages().dialog_id(dialog_id)
    }

    /// The messages of a request, in no particular order. They have a type of their own, and types and
    /// ids under other names: [`types::RequestMessage`]. The filter `request_id` of other lists is
    /// ignored by the server.
    pub fn request_messages(&self, request_id: i64) -> builder::ListRequestMessages {
        self.list_request_messages(request_id)
    }

    /// The messages of days, both ends included: a list to be read, to which further filters may be
    /// added. The days are the company's own, while the messages' times are UTC.
    ///
    /// The server leaves out the day at which its filter ends, so the day after the last is sent.
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
