//! Lists: [`List`], which every list operation implements, and reading one to its end.

use crate::operation::{Operation, Pagination};
use crate::{Error, types};
use futures_core::Stream;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The most records that the server puts on a page.
const PAGE_SIZE: i64 = 200;

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// An operation whose answer is a list; the builders of all such operations implement it.
///
/// Both readers go on to the last page, ask for the largest pages, believe the page size that the
/// server reports over the one they asked for, and give no record twice. A list that cannot be read
/// to its end is an [`Incomplete`](crate::ErrorKind::Incomplete) error, never a short list.
///
/// `limit` and the position are theirs to set. Messages are read oldest first, from `start_id` on.
pub trait List: sealed::Sealed + Clone + Send + Sized {
    /// A record of the list.
    type Item: Send;

    #[doc(hidden)]
    const OPERATION: &'static Operation;

    #[doc(hidden)]
    const PAGINATION: Pagination;

    #[doc(hidden)]
    fn seek(self, limit: i64, position: i64) -> Self;

    #[doc(hidden)]
    fn fetch(self) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;

    /// Reads the list record by record, page after page.
    fn items<'a>(self) -> ListStream<'a, Self::Item>
    where
        Self: 'a,
    {
        let pages = pages(self).map_ok(|page| stream::iter(page.items.into_iter().map(Ok)));
        ListStream(Box::pin(pages.try_flatten()))
    }

    /// Reads the list page by page.
    fn pages<'a>(self) -> ListStream<'a, Page<Self::Item>>
    where
        Self: 'a,
    {
        ListStream(Box::pin(pages(self)))
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records that no page before it had.
    pub items: Vec<T>,
    /// What the server says of the whole list; only paged lists have it.
    pub meta: Option<types::Meta>,
    key: fn(&T) -> Option<Key>,
}

/// What tells a record from every other one of its list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    Number(i64),
    Text(String),
}

impl<T> Page<T> {
    pub(crate) fn new(
        items: Vec<T>,
        meta: Option<types::Meta>,
        key: fn(&T) -> Option<Key>,
    ) -> Self {
        Self { items, meta, key }
    }
}

impl Page<Value> {
    /// A page of an answer that nobody has published: the array, or the array under `data`.
    pub(crate) fn of_free_json(answer: Value) -> Result<Self, Error> {
        let (data, meta) = match answer {
            Value::Object(mut envelope) => {
                let meta = envelope
                    .remove("meta")
                    .and_then(|meta| serde_json::from_value(meta).ok());
                (envelope.remove("data").unwrap_or(Value::Null), meta)
            }
            other => (other, None),
        };
        match data {
            Value::Array(items) => Ok(Self::new(items, meta, free_key)),
            Value::Null => Ok(Self::new(Vec::new(), meta, free_key)),
            _ => Err(Error::undecodable(
                "it holds no list; `send` returns it as it is",
            )),
        }
    }
}

fn free_key(item: &Value) -> Option<Key> {
    match item.get("id")? {
        Value::String(id) => Some(Key::Text(id.clone())),
        id => id.as_i64().map(Key::Number),
    }
}

/// Records or pages, as they arrive: a [`Stream`], with a `next` of its own.
#[must_use = "nothing is read until the stream is polled"]
pub struct ListStream<'a, T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send + 'a>>);

impl<T> ListStream<'_, T> {
    /// The next one; `None` after the last. After an error there is no next one.
    ///
    /// # Errors
    /// Those of the call, and [`Incomplete`](crate::ErrorKind::Incomplete).
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// All of them, in memory.
    ///
    /// # Errors
    /// The first error; nothing is returned of a list that was not read to its end.
    pub async fn collect_all(self) -> Result<Vec<T>, Error> {
        self.0.try_collect().await
    }
}

impl<T> Stream for ListStream<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for ListStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListStream").finish_non_exhaustive()
    }
}

fn pages<'a, L: List + 'a>(
    call: L,
) -> impl Stream<Item = Result<Page<L::Item>, Error>> + Send + 'a {
    let start = Some(Reader {
        position: 0,
        seen: HashSet::new(),
        read: 0,
    });
    stream::try_unfold(start, move |reader| {
        let call = call.clone();
        async move {
            let Some(mut reader) = reader else {
                return Ok(None);
            };
            let operation = L::OPERATION;
            let page = call.seek(PAGE_SIZE, reader.position).fetch().await;
            let mut page = page.map_err(|error| error.at(operation))?;
            let more = reader.take::<L>(operation, &mut page)?;
            Ok(Some((page, more.then_some(reader))))
        }
    })
    .boxed()
}

/// How far a list was read.
struct Reader {
    position: i64,
    seen: HashSet<Key>,
    /// Records that the server sent, those sent twice included.
    read: i64,
}

impl Reader {
    /// Takes a page in: drops what was seen before, moves on, and says whether there is more.
    fn take<L: List>(
        &mut self,
        operation: &'static Operation,
        page: &mut Page<L::Item>,
    ) -> Result<bool, Error> {
        let sent = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let (mut highest, mut keyed) = (None, false);
        let key = page.key;
        page.items.retain(|item| match key(item) {
            None => true,
            Some(key) => {
                keyed = true;
                if let Key::Number(id) = key {
                    highest = highest.max(Some(id));
                }
                self.seen.insert(key)
            }
        });
        self.read += sent;
        let fresh = page.items.len();

        let meta = page.meta.as_ref();
        let total = meta.and_then(|meta| meta.total);
        let limit = meta.and_then(|meta| meta.limit).filter(|limit| *limit > 0);
        let last = match (L::PAGINATION, total) {
            (Pagination::Single, _) => return Ok(false),
            (Pagination::Offset, Some(total)) => self.read >= total,
            _ => sent < limit.unwrap_or(PAGE_SIZE).min(PAGE_SIZE),
        };
        if last {
            return Ok(false);
        }
        if sent == 0 || (keyed && fresh == 0) {
            let total = total.map_or("more".into(), |total| total.to_string());
            let reason = format!(
                "the server ignores the position: {} of {total} records came",
                self.read
            );
            return Err(Error::incomplete(operation, &reason));
        }
        self.position = match (L::PAGINATION, highest) {
            (Pagination::StartId, Some(id)) => id + 1,
            (Pagination::StartId, None) => {
                return Err(Error::incomplete(
                    operation,
                    "its records have no ids to go on from",
                ));
            }
            _ => self.position + sent,
        };
        Ok(true)
    }
}
