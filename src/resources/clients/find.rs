//! Finding a customer by phone number, and creating one that does not exist yet.

use super::phone::digits;
use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types;
use std::fmt;

/// A customer that was created or already existed, from [`Chat2Desk::get_or_create_client`].
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// The customer was created.
    Created(Box<types::Client>),
    /// The customer already existed; the server reports only the id.
    Existing(i64),
}

impl Entry {
    /// Returns the customer's id.
    pub fn id(&self) -> i64 {
        match self {
            Self::Created(client) => client.id,
            Self::Existing(id) => *id,
        }
    }
}

/// ## clients: helpers
impl Chat2Desk {
    /// Returns the customer with this phone number, or `None` if there is none. The number may be written in any
    /// way, such as `+1 555 010-0001`.
    ///
    /// The server silently ignores unknown filters and returns every customer, so the result is checked against
    /// the number before it is returned.
    ///
    /// It compares with `phone`, the address in the messenger, which is a phone number in WhatsApp, Viber and
    /// SMS. For messengers that hide the number, use [`find_by_client_phone`](Self::find_by_client_phone).
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if `phone` is not a phone number, and the errors of
    /// [`list_clients`](Self::list_clients).
    pub async fn find_client(&self, phone: &str) -> Result<Option<types::Client>, Error> {
        let wanted =
            digits(phone).ok_or_else(|| Error::invalid_request("`phone` is not a phone number"))?;
        let found = self.list_clients().phone(&wanted).send().await?;
        let has_number = |client: &types::Client| {
            let phone = client.phone.as_deref().and_then(digits);
            phone.as_ref() == Some(&wanted)
        };
        Ok(found.into_inner().data.into_iter().find(has_number))
    }

    /// Returns the customers with this number in `client_phone`, which the customer shared or an operator entered.
    /// The number may be written in any way; the result is empty if no customer has it.
    ///
    /// Several customers can have the same number, since the server does not verify it: one person in several
    /// messengers, or different people. The server stores these numbers with and without a plus, and compares them
    /// as texts. So this makes a second call with a plus if the digits alone find nobody. As in
    /// [`find_client`](Self::find_client), the results are checked against the number.
    ///
    /// # Errors
    /// Those of [`find_client`](Self::find_client).
    pub async fn find_by_client_phone(&self, phone: &str) -> Result<Vec<types::Client>, Error> {
        let wanted =
            digits(phone).ok_or_else(|| Error::invalid_request("`phone` is not a phone number"))?;
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

    /// Creates a customer, or returns the id of the existing one with the same number and messenger. The phone
    /// number may be written in any way.
    ///
    /// It needs a single call: if the customer exists, the server's error contains the id.
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
    /// Those of [`create_client`](Self::create_client), except for a [`Conflict`](crate::ErrorKind::Conflict)
    /// with a known id.
    pub async fn get_or_create_client(
        &self,
        customer: impl TryInto<types::CreateClientRequest, Error: fmt::Display>,
    ) -> Result<Entry, Error> {
        let customer = customer.try_into();
        let mut customer = customer.map_err(|error| Error::invalid_request(&error.to_string()))?;
        // Other messengers have their own ids here.
        if let Some(phone) = digits(&customer.phone) {
            customer.phone = phone;
        }
        match self.create_client(customer).send().await {
            Ok(made) => Ok(Entry::Created(Box::new(made.into_inner().data))),
            Err(error) => error.existing_client_id().map(Entry::Existing).ok_or(error),
        }
    }
}
