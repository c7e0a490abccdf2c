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

/// A timeout that is noticed later than this was not noticed in time: nobody polled the call.
const UNPOLLED: Duration = Duration::from_millis(100);

/// The timeouts of a call: for each wait on the server, and for the whole call.
#[derive(Debug)]
pub(super) struct Patience {
    pub(super) each: Duration,
    pub(super) whole: Duration,
    pub(super) deadline: Instant,
}

impl Patience {
    /// Waits for `future`, which is the given phase of an attempt.
    ///
    /// If nobody polls the call when its time is over, the wait begins anew: the response may have arrived in time.
    ///
    /// # Errors
    /// [`Timeout`](crate::ErrorKind::Timeout), with the phase.
    pub(super) async fn wait<T>(
        &mut self,
        phase: Phase,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        let mut future = pin!(future);
        if phase != Phase::Response
            && let Some(ready) = (&mut future).now_or_never()
        {
            // A short body is usually complete, and needs no timer.
            return Ok(ready);
        }
        let start = Instant::now();
        let mut own = start.checked_add(self.each);
        loop {
            let end = own.map_or(self.deadline, |own| own.min(self.deadline));
            if let Ok(done) = timeout_at(end, &mut future).await {
                return Ok(done);
            }
            let now = Instant::now();
            if now.saturating_duration_since(end) <= UNPOLLED {
                let waited = end.saturating_duration_since(start);
                return Err(Error::timed_out(phase, waited));
            }
            own = now.checked_add(self.each.min(self.whole));
            self.deadline = own.map_or(self.deadline, |own| own.max(self.deadline));
        }
    }
}

/// Reads the whole body of a response, of up to `cap` bytes.
///
/// # Errors
/// [`TooLarge`](crate::ErrorKind::TooLarge), `Timeout`, or the connection's failure.
pub(super) async fn read(
    mut response: reqwest::Response,
    cap: usize,
    patience: &mut Patience,
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
