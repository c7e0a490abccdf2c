//! How a call by name is read as a list: like the typed list of its operation, by the operation's row in the table.

use super::arguments::Arguments;
use super::call::CallByName;
use crate::error::Error;
use crate::list::{
    Filters, Key, List, ListCall, PageRequest, RawPage, RawRecord, Start, Traversal,
};
use crate::operation::{Operation, Pagination, ParameterLocation};
use crate::raw_response::OnDrift;
use crate::runtime::ClientInfo;
use crate::transport::BoxFuture;
use crate::wire::Timestamp;
use crate::wire::decode::{DecodeError, Decoded};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The parameters that a read sets itself, which are no filters.
const SET_BY_READ: [&str; 3] = ["limit", "offset", "start_id"];

/// The dates that the server accepts only without a lowest id.
const DATES: [&str; 2] = ["start_date", "finish_date"];

impl List for CallByName {
    type Item = RawRecord;
}

impl ListCall for CallByName {
    type Record = RawRecord;

    fn operation(&self) -> &'static Operation {
        self.operation
    }

    fn traversal(&self) -> Result<Traversal, Error> {
        let arguments = self.checked()?;
        match self.operation.pagination {
            None => Err(self.invalid("it is no list; `send` returns its response")),
            Some(Pagination::Single) => Ok(Traversal::Single),
            Some(Pagination::Offset) => Ok(Traversal::Offset),
            Some(Pagination::StartId) => {
                let start = arguments
                    .get("start_id")
                    .and_then(serde_json::Value::as_i64);
                let dated = DATES.iter().any(|date| arguments.get(date).is_some());
                if dated && start.is_some() {
                    return Err(self
                        .invalid("dates and `start_id` exclude each other; set only one of them"));
                }
                let order = arguments.get("order");
                Ok(Traversal::Ids {
                    start,
                    dated,
                    descending: order.is_some_and(|order| order == "desc"),
                })
            }
        }
    }

    fn with_page(mut self, request: PageRequest) -> Self {
        let Ok(arguments) = &mut self.arguments else {
            return self;
        };
        match request.start {
            Start::Offset(offset) if self.operation.pagination == Some(Pagination::Offset) => {
                arguments.set("limit", Some(request.limit.into()));
                arguments.set("offset", Some(offset.into()));
            }
            Start::Ids {
                start,
                descending,
                dated,
            } => {
                let order = if descending { "desc" } else { "asc" };
                arguments.set("limit", Some(request.limit.into()));
                arguments.set("order", Some(order.into()));
                arguments.set("start_id", start.map(Into::into));
                if !dated {
                    DATES.iter().for_each(|date| arguments.set(date, None));
                }
            }
            Start::Offset(_) | Start::Day { .. } => {}
        }
        self
    }

    fn fetch(self) -> BoxFuture<'static, Result<RawPage<RawRecord>, Error>> {
        Box::pin(async move {
            let page = self.codec()?.page;
            let page = page.ok_or_else(|| self.invalid("it is no list"))?;
            page(self.exec().await?).await
        })
    }

    fn decode(record: &[u8]) -> Result<Decoded<RawRecord>, DecodeError> {
        RawRecord::read(record)
    }

    fn on_drift(&self) -> Option<OnDrift> {
        self.chat.api().inner().on_drift().cloned()
    }

    fn key(record: &RawRecord) -> Key {
        record.key()
    }

    fn filters(&self) -> Result<Filters, Error> {
        Ok(filters(self.operation, self.checked()?))
    }

    fn created(&self, record: &RawRecord) -> Option<DateTime<Utc>> {
        #[derive(Deserialize)]
        struct Dated {
            created: Option<Timestamp>,
        }
        record.decode::<Dated>().ok()?.created?.to_utc()
    }
}

/// Returns what the typed list returns: its parameters outside of the body, given or not.
fn filters(operation: &'static Operation, arguments: &Arguments) -> Filters {
    let known = operation.parameters.iter();
    let filters = known.filter(|known| {
        known.location != ParameterLocation::Body && !SET_BY_READ.contains(&known.key)
    });
    filters.fold(Filters::default(), |filters, known| {
        filters.add(known.key, &arguments.get(known.key))
    })
}
