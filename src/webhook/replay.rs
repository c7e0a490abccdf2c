//! Filling gaps: messages that were not delivered are read from the API, as the events they would have
//! been.

use super::Event;
use crate::error::Error;
use crate::generated::types;
use crate::wire::MessageType;
use serde_json::{Map, Value};

impl Event {
    /// The event that a message of the API was, or would have been: `inbox`, `outbox`, `comment` or
    /// `system_message` by its type.
    ///
    /// Its [`dedup_key`](Self::dedup_key) is that of the delivered one. Fields that only one of the two
    /// has are missing or in [`other`](super::payload::Message::other).
    ///
    /// # Errors
    /// None that is known: a message is JSON.
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
            // To the customer, or of a type that came later: nothing to be answered.
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
