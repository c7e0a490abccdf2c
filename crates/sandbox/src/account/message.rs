//! [`Message`] and its forms in the API. It is small in memory, because an account may hold a million.

use super::records::time;
use super::table::records;
use super::{Account, Status};
use chat2desk::wire::WebhookEvent;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The kind of a message: who wrote it, and for whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    FromClient,
    ToClient,
    Autoreply,
    System,
    Comment,
    /// The question of a survey. The API gives such messages no type.
    Survey,
}

impl Kind {
    /// The kinds that `send_message` accepts.
    const TO_SEND: [Self; 4] = [Self::ToClient, Self::Autoreply, Self::System, Self::Comment];

    pub(crate) fn to_send(name: &str) -> Option<Self> {
        Self::TO_SEND
            .into_iter()
            .find(|kind| kind.name() == Some(name))
    }

    pub(crate) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::FromClient => "from_client",
            Self::ToClient => "to_client",
            Self::Autoreply => "autoreply",
            Self::System => "system",
            Self::Comment => "comment",
            Self::Survey => return None,
        })
    }

    /// Returns the event that a new message of this kind raises.
    fn event(self) -> WebhookEvent {
        match self {
            Self::FromClient => WebhookEvent::Inbox,
            Self::ToClient | Self::Autoreply | Self::Survey => WebhookEvent::Outbox,
            Self::System => WebhookEvent::SystemMessage,
            Self::Comment => WebhookEvent::Comment,
        }
    }

    /// Returns the value of this kind in the messages of a request.
    fn direction(self) -> &'static str {
        match self {
            Self::FromClient => "in",
            Self::ToClient | Self::Autoreply | Self::Survey => "out",
            Self::System | Self::Comment => "system",
        }
    }
}

records!(Message);

pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) created: i64,
    pub(crate) kind: Kind,
    pub(crate) read: bool,
    /// Whether the message was imported. Its time is then earlier than that of messages with lower ids.
    pub(crate) imported: bool,
    pub(crate) text: Option<Arc<str>>,
    pub(crate) transport: Arc<str>,
    pub(crate) client: i64,
    pub(crate) channel: i64,
    pub(crate) dialog: Option<i64>,
    pub(crate) request: Option<i64>,
    pub(crate) operator: Option<i64>,
    /// The delivery state of a message to the customer.
    pub(crate) status: Option<Status>,
    /// Fields that few messages have, such as files, coordinates and data of the sender.
    pub(crate) extra: Option<Box<Map<String, Value>>>,
}

impl Message {
    pub(crate) fn json(&self) -> Value {
        let mut json = json!({
            "id": self.id,
            "text": self.text.as_deref(),
            "coordinates": null,
            "transport": &*self.transport,
            "type": self.kind.name(),
            "read": i64::from(self.read),
            "created": time(self.created),
            "pdf": null,
            "remote_id": null,
            "recipient_status": null,
            "ai_tips": null,
            "attachments": [],
            "photo": null,
            "video": null,
            "audio": null,
            "operator_id": self.operator,
            "channel_id": self.channel,
            "dialog_id": self.dialog,
            "client_id": self.client,
            "request_id": self.request,
            "extra_data": {},
            "status": self.status.map(Status::name),
        });
        self.add_extra(&mut json);
        json
    }

    /// Returns the form of the messages of a request, which has other names and values.
    pub(crate) fn of_request(&self, account: &Account) -> Value {
        let mut json = json!({
            "id": self.id,
            "text": self.text.as_deref(),
            "video": null,
            "photo": null,
            "audio": null,
            "pdf": null,
            "coordinates": null,
            "transport": &*self.transport,
            "type": self.kind.direction(),
            "read": i64::from(self.read),
            "created": self.created,
            "clientID": self.client,
            "operatorID": self.operator,
            "channelID": self.channel,
            "companyID": account.company,
            "dialogID": self.dialog,
            "gateway_status": self.status.map(Status::name),
            "extra_data": {},
            "ai_tips": null,
            "conversationID": null,
            "extra_type": "normal",
            "is_menu": null,
            "job_id": null,
            "recipient_status": null,
            "remote_id": null,
            "sent_at": null,
        });
        self.add_extra(&mut json);
        json
    }

    /// Whether a program of the company delivers the message. That program reports the delivery state.
    pub(crate) fn is_external(&self) -> bool {
        &*self.transport == "external"
    }

    /// Returns the event that the new message raises.
    pub(super) fn event(&self) -> WebhookEvent {
        match self.imported {
            true => WebhookEvent::ImportedMessage,
            false => self.kind.event(),
        }
    }

    /// Returns the form of events.
    pub(super) fn body(&self, client: Value, new_request: bool, new_client: bool) -> Value {
        let mut json = json!({
            "message_id": self.id,
            "type": self.kind.name(),
            "text": self.text.as_deref(),
            "transport": &*self.transport,
            "client_id": self.client,
            "operator_id": self.operator,
            "dialog_id": self.dialog,
            "channel_id": self.channel,
            "photo": null,
            "coordinates": null,
            "audio": null,
            "pdf": null,
            "client": client,
            "request_id": self.request,
            "attachments": [],
            "is_new_request": new_request,
            "is_new_client": new_client,
            "insta_comment": false,
            "extra_data": {},
        });
        // A comment has neither files nor the field `is_new`.
        match self.kind {
            Kind::Comment => json["attachments"] = Value::Null,
            _ => json["is_new"] = true.into(),
        }
        self.add_extra(&mut json);
        json
    }

    /// Sets those extra fields that this form of a message has.
    fn add_extra(&self, json: &mut Value) {
        for (name, value) in self.extra.iter().flat_map(|extra| extra.iter()) {
            if let Some(place) = json.get_mut(name) {
                *place = value.clone();
            }
        }
    }
}
