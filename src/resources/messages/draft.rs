//! [`Draft`], a message to a customer or a comment in the chat, before it is sent.

use super::template::{Template, TemplateError};
use crate::generated::types::error::ConversionError;
use crate::generated::types::{SendMessageRequest, builder};
use crate::wire::{ButtonType, MessageType, Messenger};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// A message that was not sent yet: the body of [`Chat2Desk::send_message`](crate::Chat2Desk::send_message).
///
/// Its kind `K`, such as [`Text`] or [`Comment`], determines its methods: a comment has no buttons.
///
/// According to the vendor the server accepts about 15 to 20 messages a second and refuses more with 429. A
/// client with [`RateLimit::messages`](crate::transport::RateLimit::messages) stays below that.
///
/// ```no_run
/// use chat2desk::messages::Draft;
/// # use chat2desk::{Chat2Desk, Error};
/// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
///
/// let draft = Draft::text(94000001, "It is on its way").link("Track", "https://example.com/118");
/// let sent = chat.send_message(draft).send().await?.into_inner().data;
/// println!("message {} in dialog {:?}", sent.message_id, sent.dialog_id);
///
/// let note = Draft::comment(94000001, "Called back at noon").operator(310001);
/// chat.send_message(note).send().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a draft is sent by `send_message`"]
pub struct Draft<K> {
    request: builder::SendMessageRequest,
    buttons: Vec<builder::Button>,
    keyboard: Vec<builder::Button>,
    kind: PhantomData<K>,
}

/// Declares the kinds of drafts.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $($trait:ident)*;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub enum $kind {}
            $(impl sealed::$trait for $kind {})*
        )*
    };
}

pub(crate) mod sealed {
    /// Kinds that reach the customer.
    pub trait Delivered {}
    /// Kinds that can carry buttons.
    pub trait Pressable {}
}

kinds! {
    /// The kind of a text.
    Text: Delivered Pressable;
    /// The kind of a file, with or without a text.
    Attachment: Delivered Pressable;
    /// The kind of a WhatsApp list or button message.
    Interactive: Delivered;
    /// The kind of an approved WhatsApp template.
    TemplateText: Delivered;
    /// The kind of a note for operators, which is never delivered to the customer.
    Comment: ;
    /// The kind of a service line in the chat, which is never delivered to the customer.
    SystemLine: ;
}

impl<K> Draft<K> {
    fn new(client_id: i64, kind: MessageType) -> Self {
        let request = SendMessageRequest::builder();
        Self {
            request: request.client_id(client_id).type_(kind),
            buttons: Vec::new(),
            keyboard: Vec::new(),
            kind: PhantomData,
        }
    }

    fn set(
        mut self,
        set: impl FnOnce(builder::SendMessageRequest) -> builder::SendMessageRequest,
    ) -> Self {
        self.request = set(self.request);
        self
    }

    /// Sets the operator on whose behalf the message is sent. The operator of the current dialog unless set.
    pub fn operator(self, operator_id: i64) -> Self {
        self.set(|request| request.operator_id(operator_id))
    }

    /// Sets an id of your system. The server returns it as `external_id` in
    /// [`extra_data`](crate::types::Message::extra_data) of the message and of its webhook events.
    ///
    /// After a failure it shows whether the message was sent: see
    /// [`Error::may_have_taken_effect`](crate::Error::may_have_taken_effect).
    pub fn external_id(self, id: impl Into<String>) -> Self {
        self.set(|request| request.external_id(id.into()))
    }

    /// Leaves the dialog in its state. Unless set, a message opens it.
    pub fn keep_dialog_closed(self) -> Self {
        self.set(|request| request.open_dialog(false))
    }
}

impl<K: sealed::Delivered> Draft<K> {
    /// Sets the messenger. The one that the customer used last unless set.
    pub fn transport(self, transport: impl Into<Messenger>) -> Self {
        self.set(|request| request.transport(transport.into()))
    }

    /// Sets the channel. The one that the customer used last unless set.
    pub fn channel(self, channel_id: i64) -> Self {
        self.set(|request| request.channel_id(channel_id))
    }

    /// Marks the message as a reply to the message with this id. Unconfirmed.
    pub fn reply_to(self, message_id: i64) -> Self {
        self.set(|request| request.reply_message_id(message_id))
    }

    /// Hides the text in the panel. The customer receives it unchanged.
    pub fn hidden_in_panel(self) -> Self {
        self.set(|request| request.encrypted(true))
    }

    /// Shows the message in the panel as an automatic reply.
    pub fn automatic(self) -> Self {
        self.set(|request| request.type_(MessageType::Autoreply))
    }
}

impl<K: sealed::Pressable> Draft<K> {
    /// Adds a button under the message that opens a URL.
    pub fn link(self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.button(button(ButtonType::Url, label).url(url.into()))
    }

    /// Adds a button under the message that sends its label as the customer's reply, and `payload` to your program.
    pub fn reply_button(self, label: impl Into<String>, payload: impl Into<String>) -> Self {
        self.button(button(ButtonType::Reply, label).payload(payload.into()))
    }

    /// Adds any other button under the message: a [`Button`](crate::types::Button) or its builder.
    pub fn button(mut self, button: impl Into<builder::Button>) -> Self {
        self.buttons.push(button.into());
        self
    }

    /// Sets a keyboard with these replies, which the messenger shows in place of the customer's own.
    pub fn keyboard<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        let labels = labels.into_iter();
        self.keyboard = labels
            .map(|label| button(ButtonType::Reply, label))
            .collect();
        self
    }
}

fn button(kind: ButtonType, label: impl Into<String>) -> builder::Button {
    crate::types::Button::builder()
        .type_(kind)
        .text(label.into())
}

impl Draft<Text> {
    /// Creates a text to a customer.
    pub fn text(client_id: i64, text: impl Into<String>) -> Self {
        Self::new(client_id, MessageType::ToClient).set(|request| request.text(text.into()))
    }
}

impl Draft<Attachment> {
    /// Creates a message with a file to a customer. The server fetches it from its public URL.
    pub fn attachment(client_id: i64, url: impl Into<String>) -> Self {
        Self::new(client_id, MessageType::ToClient).set(|request| request.attachment(url.into()))
    }

    /// Sets the name to show for the file.
    pub fn file_name(self, name: impl Into<String>) -> Self {
        self.set(|request| request.attachment_filename(name.into()))
    }

    /// Sets a text that is sent with the file.
    pub fn caption(self, text: impl Into<String>) -> Self {
        self.set(|request| request.text(text.into()))
    }
}

impl Draft<Interactive> {
    /// Creates a WhatsApp list or button message.
    ///
    /// The vendor does not document the form of `interactive`, so it is free JSON. The API requires a text in
    /// every message without a file.
    pub fn interactive(client_id: i64, text: impl Into<String>, interactive: Value) -> Self {
        Self::new(client_id, MessageType::ToClient)
            .set(|request| request.text(text.into()).interactive(interactive))
    }
}

impl Draft<TemplateText> {
    /// Creates a message from an approved WhatsApp template, the only kind that WhatsApp permits later than 24
    /// hours after the customer's last message.
    ///
    /// A template in the [direct](Template::direct) grammar is sent through the transport `wa_direct`.
    ///
    /// # Errors
    /// [`TemplateError`] if the template's grammar cannot express the template.
    pub fn template(client_id: i64, template: &Template) -> Result<Self, TemplateError> {
        let text = template.text()?;
        let draft = Self::new(client_id, MessageType::ToClient).set(|request| request.text(text));
        let draft = match template.transport() {
            Some(transport) => draft.transport(transport),
            None => draft,
        };
        Ok(match template.media() {
            Some(url) => draft.set(|request| request.attachment(url)),
            None => draft,
        })
    }
}

impl Draft<Comment> {
    /// Creates a note for operators in the customer's chat.
    pub fn comment(client_id: i64, text: impl Into<String>) -> Self {
        Self::new(client_id, MessageType::Comment).set(|request| request.text(text.into()))
    }
}

impl Draft<SystemLine> {
    /// Creates a service line in the customer's chat.
    pub fn system(client_id: i64, text: impl Into<String>) -> Self {
        Self::new(client_id, MessageType::System).set(|request| request.text(text.into()))
    }
}

impl<K> TryFrom<Draft<K>> for SendMessageRequest {
    type Error = ConversionError;

    fn try_from(draft: Draft<K>) -> Result<Self, ConversionError> {
        let build = |buttons: Vec<builder::Button>| -> Result<Vec<_>, _> {
            buttons.into_iter().map(TryInto::try_into).collect()
        };
        let mut request = draft.request.inline_buttons(build(draft.buttons)?);
        if !draft.keyboard.is_empty() {
            let keyboard = crate::types::Keyboard::builder().buttons(build(draft.keyboard)?);
            request = request.keyboard(keyboard);
        }
        request.try_into()
    }
}

/// Shows neither text nor recipient.
impl<K> fmt::Debug for Draft<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}
