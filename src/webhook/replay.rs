//! [`Event::replayed`]: turns a message of the API into the event of its delivery, to fill gaps.

use super::Event;
use crate::error::Error;
use crate::generated::types;
use crate::wire::MessageType;
use serde_json::{Map, Value};

impl Event {
    /// Returns the event that a message of the API is delivered as: `inbox`, `outbox`, `comment` or `system_message`,
    /// depending on its type.
    ///
    /// It has the same [`dedup_key`](Self::dedup_key) as the delivered event. Fields that only deliveries have are
    /// missing. Fields that only the API has are in [`other`](super::payload::Message::other).
    ///
    /// # Errors
    /// Returns an error if the message cannot be serialized and read again. No such message is known.
    pub fn replayed(message: &types::Message) -> Result<Self, Error> {
        let undecodable = |_| Error::undecodable("a message is not an event");
        let mut post = match serde_json::to_value(message) {
            Ok(Value::Object(post)) => post,
            _ => Map::new(),
        };
        let hook_type = match &message.type_ {
            Some(MessageType::FromClient) => "inbox",
            Some(MessageType::Comment) => "comment",
            Some(MessageType::System) => "system_message",
            // To the customer, or of an unknown type: not a message that a bot replies to.
            _ => "outbox",
        };
        post.insert("hook_type".into(), hook_type.into());
        for (from, to) in [("id", "message_id"), ("created", "event_time")] {
            if let Some(value) = post.remove(from) {
                post.insert(to.into(), value);
            }
        }
        let event = Self::read(Value::Object(post).to_string().into(), None);
        Ok(event.map_err(undecodable)?.with_replayed(true))
    }
}
