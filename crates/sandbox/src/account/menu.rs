//! The self-service menu: customers choose items in the messenger and get automatic replies.

use super::records::time;
use super::staff::{MAIN_LINE, OPENING_HOURS, SITE};
use super::{Account, Kind, Message};
use serde_json::{Value, json};

pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) channel: i64,
    parent: Option<i64>,
    position: i64,
    level: i64,
    name: &'static str,
    command: Option<&'static str>,
    pub(crate) text: &'static str,
}

/// The items of all channels; the first of a channel is its root.
pub(crate) const MENU: [Item; 4] = [
    Item {
        id: 42_001,
        channel: MAIN_LINE,
        parent: None,
        position: 1,
        level: 1,
        name: "Start",
        command: None,
        text: "Main menu",
    },
    Item {
        id: 42_002,
        channel: MAIN_LINE,
        parent: Some(42_001),
        position: 1,
        level: 2,
        name: "Delivery",
        command: Some("/status"),
        text: "Delivery status",
    },
    Item {
        id: 42_003,
        channel: MAIN_LINE,
        parent: Some(42_001),
        position: 2,
        level: 2,
        name: "Opening hours",
        command: Some("/hours"),
        text: OPENING_HOURS,
    },
    Item {
        id: 42_011,
        channel: SITE,
        parent: None,
        position: 1,
        level: 1,
        name: "Welcome",
        command: None,
        text: "Welcome to our shop",
    },
];

impl Item {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "text": self.text,
            "command": self.command,
            "parentID": self.parent,
            "position": self.position,
            "level": self.level,
            "channelID": self.channel,
            "image": null,
            "url": null,
            "url_enabled": 0,
            "assign_id": null,
            "assign_subject": null,
            "tags": [],
            "smart_method_name": null,
        })
    }

    /// Returns the form of `get_client_last_question`.
    pub(crate) fn question(&self) -> Value {
        json!({ "id": self.id, "text": self.text, "image": null })
    }

    /// Returns the form of `list_client_questions`, which has the time of the message.
    pub(crate) fn sent(&self, message: &Message) -> Value {
        let mut json = self.question();
        json["created"] = time(message.created);
        json
    }

    /// Returns the item that was sent as this message, or `None` if it is another message.
    pub(crate) fn of(message: &Message) -> Option<&'static Self> {
        let text = message.text.as_deref()?;
        let may_be = message.kind == Kind::Autoreply && !message.imported;
        MENU.iter().find(|item| may_be && item.text == text)
    }
}

impl Account {
    /// Returns the items that were sent to a customer, with their messages.
    pub(crate) fn questions(
        &self,
        client: i64,
    ) -> impl DoubleEndedIterator<Item = (&'static Item, &Message)> {
        let of_client = self.messages.iter();
        let of_client = of_client.filter(move |message| message.client == client);
        of_client.filter_map(|message| Some((Item::of(message)?, message)))
    }
}
