//! Sending one message of a broadcast, and recording what became of it.

use super::journal::{Journal, State};
use super::list::Address;
use super::message::Message;
use crate::exit::{Code, Failure, text_of};
use chat2desk::messages::Draft;
use chat2desk::types::CreateClientRequest;
use chat2desk::wire::Messenger;
use chat2desk::{Chat2Desk, Error, ErrorKind};
use serde::Serialize;
use std::collections::HashMap;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Sent,
    /// The same recipient has got it in an earlier run.
    AlreadySent,
    /// An earlier line has the same recipient.
    Repeated,
    Refused,
    /// It may have been sent, now or in an earlier run.
    Unknown,
}

/// A line of the output.
#[derive(Debug, Serialize)]
pub struct Row {
    pub line: u64,
    pub state: Fate,
    pub client_id: Option<i64>,
    pub message_id: Option<i64>,
    pub error: Option<String>,
}

pub struct Sender {
    chat: Chat2Desk,
    journal: Journal,
    transport: Option<Messenger>,
    channel: Option<i64>,
    /// The clients of this run, with the line and the text of each.
    clients: HashMap<i64, (u64, String)>,
}

impl Sender {
    pub fn new(
        chat: Chat2Desk,
        journal: Journal,
        transport: Option<Messenger>,
        channel: Option<i64>,
    ) -> Self {
        Self {
            chat,
            journal,
            transport,
            channel,
            clients: HashMap::new(),
        }
    }

    /// Sends a message, unless the recipient has got it or may have got it.
    ///
    /// # Errors
    /// If no message can be sent, such as without calls that are left.
    pub async fn send(&mut self, message: &Message) -> Result<Row, Failure> {
        let mut row = Row {
            line: message.line,
            state: Fate::Sent,
            client_id: None,
            message_id: None,
            error: None,
        };
        if message.is_repeated {
            row.state = Fate::Repeated;
            return Ok(row);
        }
        if !self.is_of_this_run(&message.address)
            && let Some(fate) = before(self.journal.state(&message.address))
        {
            row.state = fate;
            return Ok(row);
        }
        let id = match self.client(&message.address).await {
            Ok(id) => id,
            Err(error) if is_of_this_row(&error) => return Ok(row.refused(&error)),
            // That a customer was created is in no doubt once the next run asks for it again.
            Err(error) => return Err(Failure::new(stopping(&error), text_of(&error))),
        };
        row.client_id = Some(id);
        // Another line may have named the same customer in another way.
        match self.clients.get(&id) {
            Some((_, text)) if *text == message.text => {
                row.state = Fate::Repeated;
                return Ok(row);
            }
            Some((line, _)) => {
                let reason = format!("line {line} has another text for the same client");
                return Ok(row.refused(&reason));
            }
            None => {}
        }
        let client = Address::Client(id);
        if let Some(fate) = before(self.journal.state(&client)) {
            row.state = fate;
            return Ok(row);
        }
        self.clients
            .insert(id, (message.line, message.text.clone()));
        let addresses = [&client, &message.address];
        self.journal.record(&addresses, State::Begun)?;
        let mut draft = Draft::text(id, &message.text);
        if let Some(transport) = self.transport_of(&message.address) {
            draft = draft.transport(transport);
        }
        if let Some(channel) = self.channel {
            draft = draft.channel(channel);
        }
        match self.chat.send_message(draft).send().await {
            Ok(sent) => {
                self.journal.record(&addresses, State::Sent)?;
                row.message_id = Some(sent.data.message_id);
                Ok(row)
            }
            Err(error) if error.may_have_taken_effect() => {
                row.state = Fate::Unknown;
                row.error = Some(text_of(&error));
                Ok(row)
            }
            Err(error) => {
                self.journal.record(&addresses, State::NotSent)?;
                match is_of_this_row(&error) {
                    true => Ok(row.refused(&error)),
                    false => Err(error.into()),
                }
            }
        }
    }

    /// Returns whether a line of this run was about this client.
    fn is_of_this_run(&self, address: &Address) -> bool {
        matches!(address, Address::Client(id) if self.clients.contains_key(id))
    }

    /// Returns the messenger to use. `None` if the server chooses it: the one that the customer used last.
    fn transport_of(&self, address: &Address) -> Option<Messenger> {
        let of_phone = matches!(address, Address::Phone(_)).then_some(Messenger::Whatsapp);
        self.transport.clone().or(of_phone)
    }

    async fn client(&self, address: &Address) -> Result<i64, Error> {
        let phone = match address {
            Address::Client(id) => return Ok(*id),
            Address::Phone(phone) => phone,
        };
        let mut request = CreateClientRequest::builder()
            .phone(phone)
            .transport(self.transport_of(address).unwrap_or(Messenger::Whatsapp));
        if let Some(channel) = self.channel {
            request = request.channel_id(channel);
        }
        Ok(self.chat.get_or_create_client(request).await?.id())
    }
}

impl Row {
    fn refused(self, error: &impl ToString) -> Self {
        Self {
            state: Fate::Refused,
            error: Some(error.to_string()),
            ..self
        }
    }
}

/// Returns what became of an earlier message, if nothing may be sent to its address.
pub fn before(state: Option<State>) -> Option<Fate> {
    match state? {
        State::Sent => Some(Fate::AlreadySent),
        State::Begun => Some(Fate::Unknown),
        State::NotSent => None,
    }
}

/// Returns whether an error concerns one recipient, and not all of them.
fn is_of_this_row(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Validation
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::InvalidRequest
            | ErrorKind::Api
    )
}

/// Returns the exit code for a customer who could neither be found nor created.
fn stopping(error: &Error) -> Code {
    match Code::of(error) {
        Code::Unclear => Code::Unavailable,
        code => code,
    }
}
