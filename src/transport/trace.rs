//! [`Span`], the `tracing` span of a call.

use super::observer::{Call, Pause};
use crate::operation::Operation;

/// The span of one call.
pub(super) struct Span(tracing::Span);

impl Span {
    pub(super) fn of(operation: &Operation) -> Self {
        Self(tracing::info_span!(
            "chat2desk",
            operation = operation.id,
            method = ?operation.method,
            path = operation.path,
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
            failure = tracing::field::Empty,
            duration_ms = tracing::field::Empty,
        ))
    }

    pub(super) async fn around<T>(&self, call: impl Future<Output = T>) -> T {
        tracing::Instrument::instrument(call, self.0.clone()).await
    }

    pub(super) fn pause(&self, pause: &Pause) {
        tracing::warn!(
            parent: &self.0,
            attempt = pause.attempt,
            failure = ?pause.failure,
            pause_ms = millis(pause.duration),
            "the call will be retried"
        );
    }

    pub(super) fn end(&self, call: impl FnOnce() -> Call) {
        let call = call();
        if let Some(status) = call.status {
            self.0.record("status", status.as_u16());
        }
        if let Some(failure) = call.failure {
            self.0.record("failure", tracing::field::debug(failure));
        }
        self.0.record("attempts", call.attempts);
        self.0.record("duration_ms", millis(call.duration));
    }
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Makes a future that another task polls part of the current span.
pub(crate) fn in_current_span<F: Future>(future: F) -> impl Future<Output = F::Output> {
    tracing::Instrument::in_current_span(future)
}
