//! Finding a customer by phone, and making one unless there is one.

use super::phone::digits;
use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types;
use std::fmt;

/// A customer that was made or was there already.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// It was made just now.
    Created(Box<types::Client>),
    /// It was there; the server tells the id only.
    Existing(i64),
}

impl Entry {
    /// The customer's id.
    pub fn id(&self) -> i64 {
        match self {
            Self::Created(client) => client.id,
            Self::Existing(id) => *id,
        }
    }
}

impl Chat2Desk {
    /// The customer with this phone number, written in any way; `None` if there is none.
    ///
    /// The server ignores filters that it does not know and then gives everybody, so what comes is
    /// compared with what was asked for: a customer with another number is never the answer.
    ///
    /// It looks at `phone`, the address in the messenger, which is a phone number in WhatsApp, Viber and SMS.
    /// For messengers that hide the number there is [`find_by_client_phone`](Self::find_by_client_phone).
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if it is no phone number; those of
    /// [`list_clients`](Self::list_clients).
    pub async fn find_client(&self, phone: &str) -> Result<Option<types::Client>, Error> {
        let wanted =
            digits(phone).ok_or_else(|| Error::invalid_request("it is not a phone number"))?;
        let found = self.list_clients().phone(&wanted).send().await?;
        let has_number = |client: &types::Client| {
            let phone = client.phone.as_deref().and_then(digits);
            phone.as_ref() == Some(&wanted)
        };
        Ok(found.into_inner().data.into_iter().find(has_number))
    }

    /// Returns the customers with this number in `client_phone`, which they shared or an operator typed in. The
    /// number may be written in any way; the result is empty if nobody has it.
    ///
    /// The number is nobody's address and nobody checks it, so several customers can have it: the same person in
    /// several messengers, or different people. The server compares texts, and stores numbers with and without
    /// a plus: it is asked for the digits, and once more with a plus if that finds nobody. As with
    /// [`find_client`](Self::find_client), what the server returns is compared with what was asked for.
    ///
    /// # Errors
    /// As for [`find_client`](Self::find_client).
    pub async fn find_by_client_phone(&self, phone: &str) -> Result<Vec<types::Client>, Error> {
        let wanted =
            digits(phone).ok_or_else(|| Error::invalid_request("it is not a phone number"))?;
        for spelling in [wanted.clone(), format!("+{wanted}")] {
            let call = self.list_clients().client_phone(spelling).limit(200);
            let mut found = call.send().await?.into_inner().data;
            found.retain(|client| {
                let phone = client.client_phone.as_deref().and_then(digits);
                phone.as_ref() == Some(&wanted)
            });
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Makes a customer, or takes the one that is there with the same number and messenger: in one call,
    /// since the server names it when it refuses a second one. A phone number may be written in any way.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, types::CreateClientRequest};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let customer = CreateClientRequest::builder().phone("+1 555 010-0001").transport("whatsapp");
    /// println!("{}", chat.get_or_create_client(customer).await?.id());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`create_client`](Self::create_client), without
    /// [`Conflict`](crate::ErrorKind::Conflict) where it names the customer.
    pub async fn get_or_create_client(
        &self,
        customer: impl TryInto<types::CreateClientRequest, Error: fmt::Display>,
    ) -> Result<Entry, Error> {
        let customer = customer.try_into();
        let mut customer = customer.map_err(|error| Error::invalid_request(&error.to_string()))?;
        // Other messengers have ids of their own in this place.
        if let Some(phone) = digits(&customer.phone) {
            customer.phone = phone;
        }
        match self.create_client(customer).send().await {
            Ok(made) => Ok(Entry::Created(Box::new(made.into_inner().data))),
            Err(error) => error.existing_client_id().map(Entry::Existing).ok_or(error),
        }
    }
}
