//! Reads bodies within limits of length, time and memory, because anybody can send one.

use super::admission::{Admission, Admitted, Evicted};
use bytes::{Buf, Bytes};
use http_body_util::BodyExt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::time::timeout;

/// How many bodies may be read at once.
const BODIES: usize = 1024;

/// The most memory that is reserved for a body before any of it was received. Nearly all deliveries are shorter.
const FIRST: usize = 16 << 10;

/// The limits of bodies.
pub(super) struct Bodies {
    limit: usize,
    time: Duration,
    admission: Arc<Admission>,
}

/// Why a body could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    TooLong,
    TooSlow,
    /// Another body needed the memory or the place.
    Evicted,
    BrokenOff,
}

impl From<Evicted> for Unread {
    fn from(_: Evicted) -> Self {
        Self::Evicted
    }
}

impl Bodies {
    pub(super) fn new(limit: usize, time: Duration, memory: usize) -> Self {
        Self {
            limit,
            time,
            // At least one body of the greatest length.
            admission: Admission::new(BODIES, memory.max(limit)),
        }
    }

    /// Reads a whole body. Its frames are copied, so that none holds a connection's buffer.
    pub(super) async fn read<B: http_body::Body>(&self, body: B) -> Result<Bytes, Unread> {
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if expected > self.limit {
            return Err(Unread::TooLong);
        }
        let (mut admitted, mut leave) = self.admission.enter();
        let mut body = pin!(body);
        let reading = async {
            let mut bytes = Vec::new();
            enlarge(&mut bytes, expected.min(FIRST), &mut admitted).await?;
            while let Some(frame) = body.as_mut().frame().await {
                let frame = frame.map_err(|_| Unread::BrokenOff)?;
                let Ok(mut data) = frame.into_data() else {
                    continue;
                };
                let length = bytes.len().saturating_add(data.remaining());
                if length > self.limit {
                    return Err(Unread::TooLong);
                }
                if length > bytes.capacity() {
                    let double = bytes.capacity().saturating_mul(2);
                    let capacity = double.clamp(length, self.limit);
                    enlarge(&mut bytes, capacity, &mut admitted).await?;
                }
                while data.has_remaining() {
                    let chunk = data.chunk();
                    bytes.extend_from_slice(chunk);
                    let read = chunk.len();
                    data.advance(read);
                }
            }
            bytes.shrink_to_fit();
            Ok(Bytes::from(bytes))
        };
        let mut reading = pin!(reading);
        let admitted = poll_fn(|context| {
            if Pin::new(&mut leave).poll(context).is_ready() {
                return Poll::Ready(Err(Unread::Evicted));
            }
            reading.as_mut().poll(context)
        });
        timeout(self.time, admitted)
            .await
            .unwrap_or(Err(Unread::TooSlow))
    }
}

async fn enlarge(
    bytes: &mut Vec<u8>,
    capacity: usize,
    admitted: &mut Admitted,
) -> Result<(), Evicted> {
    admitted
        .grow(capacity.saturating_sub(bytes.capacity()))
        .await?;
    bytes.reserve_exact(capacity.saturating_sub(bytes.len()));
    Ok(())
}
