//! Reads a response into memory, up to a size, with a timeout for each part.

use crate::error::Error;
use crate::error::Phase;
use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The most bytes that are allocated on the word of a `Content-Length` header, before any of them arrived.
const BELIEVED: usize = 1024 * 1024;

/// The timeouts of an attempt: for each wait on the server, and for the whole call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) each: Duration,
    pub(super) deadline: Instant,
}

impl Patience {
    /// Waits for `future`, which is the given phase of an attempt.
    ///
    /// # Errors
    /// [`Timeout`](crate::ErrorKind::Timeout), with the phase.
    pub(super) async fn wait<T>(
        self,
        phase: Phase,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        let mut future = pin!(future);
        if phase != Phase::Response
            && let Some(ready) = (&mut future).now_or_never()
        {
            // A permit is usually free, and a short body usually complete: neither needs a timer.
            return Ok(ready);
        }
        let deadline = match phase {
            // Other calls cause this wait, not the server.
            Phase::Queue => None,
            _ => Instant::now().checked_add(self.each),
        };
        let start = Instant::now();
        let end = deadline.unwrap_or(self.deadline).min(self.deadline);
        let waited = timeout_at(end, future).await;
        waited.map_err(|_| Error::timed_out(phase, end.saturating_duration_since(start)))
    }
}

/// Reads the whole body of a response, of up to `cap` bytes.
///
/// # Errors
/// [`TooLarge`](crate::ErrorKind::TooLarge), `Timeout`, or the connection's failure.
pub(super) async fn read(
    mut response: reqwest::Response,
    cap: usize,
    patience: Patience,
) -> Result<Bytes, Error> {
    let claimed = response.content_length().unwrap_or_default();
    let claimed = usize::try_from(claimed).unwrap_or(usize::MAX);
    if claimed > cap {
        return Err(Error::too_large(cap));
    }
    let mut length = 0_usize;
    let mut next = async || {
        let chunk = patience.wait(Phase::Body, response.chunk()).await?;
        let chunk = chunk.map_err(|error| Error::broken(Phase::Body, error.into()))?;
        length = chunk.as_ref().map_or(0, Bytes::len).saturating_add(length);
        if length > cap {
            return Err(Error::too_large(cap));
        }
        Ok(chunk)
    };
    // Most bodies arrive in one piece, which needs no copy.
    let Some(first) = next().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next().await? else {
        return Ok(first);
    };
    let expected = claimed
        .min(BELIEVED)
        .max(first.len().saturating_add(second.len()));
    let mut body = BytesMut::with_capacity(expected);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
