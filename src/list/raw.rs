//! [`RawList`] and [`RawRecord`], a list whose records are the JSON that the server wrote.

use super::call::ListCall;
use super::page::RawPage;
use super::position::Filters;
use super::request::{PageRequest, Traversal};
use super::summary::Key;
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::raw_response::OnDrift;
use crate::response::work_on;
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded, decode};
use crate::wire::slices;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// A list whose records are the server's own JSON, from [`List::raw`](crate::List::raw). It is read like the typed
/// list.
#[derive(Debug, Clone)]
#[must_use = "nothing is read until the stream is polled"]
pub struct RawList<L>(pub(super) L);

impl<L: ListCall> ListCall for RawList<L> {
    type Record = RawRecord;

    fn operation(&self) -> &'static Operation {
        self.0.operation()
    }

    fn traversal(&self) -> Result<Traversal, Error> {
        self.0.traversal()
    }

    fn with_page(self, request: PageRequest) -> Self {
        Self(self.0.with_page(request))
    }

    fn filters(&self) -> Result<Filters, Error> {
        self.0.filters()
    }

    fn created(&self, record: &RawRecord) -> Option<DateTime<Utc>> {
        let record = L::decode(record.0.as_bytes()).ok()?;
        self.0.created(&record.value)
    }

    fn on_drift(&self) -> Option<OnDrift> {
        self.0.on_drift()
    }

    fn fetch(self) -> BoxFuture<'static, Result<RawPage<RawRecord>, Error>> {
        Box::pin(async move { RawRecord::page_of::<L>(self.0.fetch().await).await })
    }

    fn decode(record: &[u8]) -> Result<Decoded<RawRecord>, DecodeError> {
        RawRecord::read(record)
    }

    fn key(record: &RawRecord) -> Key {
        record.key()
    }
}

/// A record of a list as the server wrote it: every field, known or not, in the server's order and spelling.
///
/// Serializes as that JSON. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RawRecord(Box<str>);

impl RawRecord {
    /// Returns the page of a list as its JSON texts, with the keys of the typed records, so that positions are
    /// interchangeable.
    pub(crate) async fn page_of<L: ListCall>(
        page: Result<RawPage<L::Record>, Error>,
    ) -> Result<RawPage<Self>, Error> {
        let page = match page {
            // A record that does not fit its type is still a record.
            Err(error) if error.kind() == ErrorKind::Decode => {
                let salvage = |body: &_| RawPage::salvage(body, L::decode, L::key);
                let page = work_on(error.bytes().clone(), salvage).await?;
                page.ok_or(error)?
            }
            page => page?,
        };
        let texts = work_on(page.body.clone(), |_| page.into_texts()).await?;
        let texts = texts.ok_or_else(|| Error::undecodable("the body contains no list"))?;
        Ok(texts.map(|text| Self(text.into())))
    }

    pub(crate) fn read(record: &[u8]) -> Result<Decoded<Self>, DecodeError> {
        let text = String::from_utf8_lossy(record);
        Ok(Decoded {
            value: Self(text.into()),
            drift: Vec::new(),
        })
    }

    pub(crate) fn key(&self) -> Key {
        let json = decode(self.0.as_bytes());
        Key::of_json(&json.map(|json| json.value).unwrap_or_default())
    }

    /// Returns the JSON text as the server wrote it, which may have line breaks between its values. Bytes that are
    /// not UTF-8 are replaced by U+FFFD. It contains personal data.
    pub fn get(&self) -> &str {
        &self.0
    }

    /// Returns the JSON on one line, for JSON Lines: without the blanks and line breaks between its values.
    pub fn to_line(&self) -> String {
        slices::one_line(&self.0)
    }

    /// Decodes the record as the client does, for example into [`types::Message`](crate::types::Message).
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode) if a required value is missing, such as the id.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let decoded = decode(self.0.as_bytes());
        let decoded = decoded.map_err(|error| Error::undecodable(&error.to_string()))?;
        Ok(decoded.value)
    }
}

impl Serialize for RawRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = RawValue::from_string(self.0.clone().into());
        json.map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl fmt::Debug for RawRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRecord").finish_non_exhaustive()
    }
}
