//! Custom fields of customers, by id or by name.

use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types;
use crate::list::List;
use serde_json::{Map, Value};

/// A custom field, by its id or by its name in the panel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// The id, which never changes.
    Id(i64),
    /// The name, in its exact spelling. Needs a call to look up the id.
    Name(String),
}

impl From<i64> for FieldName {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for FieldName {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for FieldName {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

/// The custom fields of an account, from [`Chat2Desk::custom_fields`].
#[derive(Debug, Clone, PartialEq)]
pub struct CustomFields(Vec<types::CustomClientField>);

impl CustomFields {
    /// Returns the field with this id or name; `None` if it does not exist.
    pub fn get(&self, field: impl Into<FieldName>) -> Option<&types::CustomClientField> {
        let field = field.into();
        self.0.iter().find(|known| match &field {
            FieldName::Id(id) => known.id == *id,
            FieldName::Name(name) => known.name.as_deref() == Some(name),
        })
    }

    /// Returns the customer's value of the field; `None` if it is empty or the field does not exist.
    pub fn value<'a>(
        &self,
        client: &'a types::Client,
        field: impl Into<FieldName>,
    ) -> Option<&'a str> {
        let key = self.get(field)?.id.to_string();
        let value = client.custom_fields.get(&key)?.as_str()?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns an iterator over all fields.
    pub fn iter(&self) -> impl Iterator<Item = &types::CustomClientField> {
        self.0.iter()
    }
}

/// ## clients: helpers for custom fields
impl Chat2Desk {
    /// Returns the custom fields of the account, with their names.
    ///
    /// # Errors
    /// Those of [`list_custom_client_fields`](Self::list_custom_client_fields).
    pub async fn custom_fields(&self) -> Result<CustomFields, Error> {
        let fields = self.list_custom_client_fields().collect_all().await?;
        Ok(CustomFields(fields))
    }

    /// Sets custom fields of a customer, by id or by name. An empty text clears a field; fields that are not
    /// listed stay unchanged.
    ///
    /// A name needs a call to look up its id.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// chat.set_custom_fields(94000001, [("Segment", "Gold")]).await?;
    /// chat.set_custom_fields(94000001, [(5, "")]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if no field has the name, and the errors of
    /// [`update_client`](Self::update_client).
    pub async fn set_custom_fields<F: Into<FieldName>, V: Into<String>>(
        &self,
        client_id: i64,
        values: impl IntoIterator<Item = (F, V)>,
    ) -> Result<(), Error> {
        let values = values.into_iter();
        let values: Vec<(FieldName, String)> = values.map(|(f, v)| (f.into(), v.into())).collect();
        let by_name = values
            .iter()
            .any(|(field, _)| matches!(field, FieldName::Name(_)));
        let known = if by_name {
            self.custom_fields().await?
        } else {
            CustomFields(Vec::new())
        };
        let mut map = Map::new();
        for (field, value) in values {
            let id = match field {
                FieldName::Id(id) => id,
                FieldName::Name(name) => known
                    .get(name.as_str())
                    .map(|field| field.id)
                    .ok_or_else(|| {
                        Error::invalid_request(&format!("no custom field is named `{name}`"))
                    })?,
            };
            map.insert(id.to_string(), Value::String(value));
        }
        let change = types::UpdateClientRequest::builder().custom_fields(map);
        self.update_client(client_id, change).send().await?;
        Ok(())
    }
}

/// Converts an id that is a text.
impl From<&str> for types::ExternalId {
    fn from(id: &str) -> Self {
        Self::Text(id.to_owned())
    }
}

/// Converts an id that is a text.
impl From<String> for types::ExternalId {
    fn from(id: String) -> Self {
        Self::Text(id)
    }
}
