//! Filters of the list of customers that consist of two parameters, or of a point in time.

use crate::generated::builder::ListClients;
use chrono::{DateTime, TimeZone};

impl ListClients {
    /// Sets `custom_field[id]` and `custom_field[text]`, which belong together: returns only customers with this
    /// text in this custom field.
    ///
    /// Whether the server compares the whole text or a part of it is not documented.
    /// [`CustomFields::get`](crate::clients::CustomFields::get) returns the id that belongs to a name.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// let gold = chat.list_clients().custom_field(5, "Gold").collect_all().await?;
    /// # Ok(()) }
    /// ```
    pub fn custom_field(self, id: i64, text: impl Into<String>) -> Self {
        self.custom_field_id(id).custom_field_text(text.into())
    }

    /// Sets `created_after`: returns only customers whose first message came after `time`, in whole seconds.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, List};
    /// # async fn run(chat: &Chat2Desk, last_run: chrono::DateTime<chrono::Utc>) -> Result<(), Error> {
    /// let new = chat.list_clients().created_after_time(last_run).collect_all().await?;
    /// # Ok(()) }
    /// ```
    pub fn created_after_time(self, time: DateTime<impl TimeZone>) -> Self {
        self.created_after(time.timestamp())
    }
}
