//! [`FetchTask`]: a page that a task of its own reads.

use super::{List, RawPage};
use crate::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A page that is being read, whether or not anybody polls for it: its deadlines are kept, and it holds up no other
/// call. It is given up when this is dropped.
pub(super) struct FetchTask<T>(JoinHandle<Result<RawPage<T>, Error>>);

impl<T: Send + 'static> FetchTask<T> {
    /// Begins to read the page of a call.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) outside of a tokio runtime.
    pub(super) fn of(call: impl List<Item = T>) -> Result<Self, Error> {
        let runtime = Handle::try_current().map_err(|_| Error::no_runtime())?;
        let fetch = call.fetch();
        #[cfg(feature = "tracing")]
        let fetch = tracing::Instrument::in_current_span(fetch);
        Ok(Self(runtime.spawn(fetch)))
    }
}

impl<T> Future for FetchTask<T> {
    type Output = Result<RawPage<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(page) => Poll::Ready(page),
            Err(error) => Poll::Ready(Err(Error::of_task(error))),
        }
    }
}

impl<T> Drop for FetchTask<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
