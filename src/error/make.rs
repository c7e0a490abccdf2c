//! Constructors of [`Error`], one for each cause, and what is added to an error on its way to the caller.

use super::carried::Carried;
use super::connection::{causes, host, target};
use super::message::{ServerMessage, form};
use super::retry_after::retry_after;
use super::{Error, ErrorKind, Outcome, Phase, Repr, TransportError};
use crate::operation::Operation;
use crate::raw_response::{RawResponse, UndecodedResponse};
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{Request, StatusCode};
use std::error::Error as StdError;
use std::panic::resume_unwind;
use std::time::{Duration, SystemTime};
use tokio::task::JoinError;

impl Error {
    fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Repr {
            kind,
            operation: None,
            path: None,
            attempts: 0,
            status: None,
            phase: None,
            outcome: None,
            retry_after: None,
            server: ServerMessage::default(),
            body: Bytes::new(),
            reason: None,
            waited: None,
            location: None,
            said: None,
            cause: None,
            source: None,
        }))
    }

    pub(crate) fn config(reason: &str) -> Self {
        Self::new(ErrorKind::Config).with_reason(reason)
    }

    pub(crate) fn invalid_request(reason: &str) -> Self {
        Self::new(ErrorKind::InvalidRequest).with_reason(reason)
    }

    /// A successful response with an unexpected body.
    pub(crate) fn undecodable(reason: &str) -> Self {
        Self::new(ErrorKind::Decode).with_reason(reason)
    }

    /// A task that was aborted when its runtime was shut down.
    pub(crate) fn of_task(error: JoinError) -> Self {
        match error.try_into_panic() {
            // The program's own transport, observer or handler panicked.
            Ok(panic) => resume_unwind(panic),
            Err(_) => Self::shut_down(),
        }
    }

    pub(crate) fn shut_down() -> Self {
        Self::config("the runtime was shut down during the call")
    }

    pub(crate) fn incomplete(operation: &'static Operation, reason: &str) -> Self {
        Self::new(ErrorKind::Incomplete)
            .with_reason(reason)
            .at(operation)
    }

    /// A failure that the server reported, classified by status and text.
    pub(crate) fn refused(response: &RawResponse) -> Self {
        let server = ServerMessage::read(&response.body);
        let mut error = Self::new(ErrorKind::of(response.status, &server));
        error.0.server = server;
        error.0.body = response.body.clone();
        let mut error = error.with_head(response.status, &response.headers);
        error.0.outcome = Some(Outcome::Refused {
            status: response.status.as_u16(),
            retry_after: error.0.retry_after,
            quota: error.0.kind == ErrorKind::QuotaExceeded,
        });
        error
    }

    /// A call without a running runtime.
    pub(crate) fn no_runtime() -> Self {
        Self::config(
            "no tokio runtime is running; make the call in an async function under `#[tokio::main]`, or in \
             `block_on` of a `tokio::runtime::Runtime`",
        )
    }

    /// A call whose runtime has no clock or no I/O.
    pub(crate) fn bare_runtime() -> Self {
        Self::config("the tokio runtime has no timers or no I/O; build it with `enable_all`")
    }

    /// A request without a response.
    pub(crate) fn unanswered(error: TransportError) -> Self {
        let phase = if error.was_sent {
            Phase::Response
        } else {
            Phase::Connect
        };
        Self::broken(phase, error)
    }

    pub(crate) fn broken(phase: Phase, error: TransportError) -> Self {
        let kind = if error.timed_out {
            ErrorKind::Timeout
        } else {
            ErrorKind::Transport
        };
        let mut made = Self::new(kind);
        made.0.phase = Some(phase);
        made.0.outcome = Some(match (error.was_sent, error.timed_out) {
            (false, _) => Outcome::NotSent,
            (true, true) => Outcome::TimedOut,
            (true, false) => Outcome::Broken,
        });
        made.0.source = Some(error.source);
        made
    }

    pub(crate) fn timed_out(phase: Phase, waited: Duration) -> Self {
        let mut error = Self::new(ErrorKind::Timeout);
        error.0.waited = Some(waited);
        error.0.phase = Some(phase);
        error.0.outcome = Some(match phase {
            Phase::Queue | Phase::Connect => Outcome::NotSent,
            Phase::Response | Phase::Body => Outcome::TimedOut,
        });
        error
    }

    /// The server asked all calls to wait for longer than this one may take.
    pub(crate) fn frozen(left: Duration) -> Self {
        let reason = "the server asked to wait for longer than the call's timeout permits";
        let mut error = Self::new(ErrorKind::RateLimited).with_reason(reason);
        error.0.phase = Some(Phase::Queue);
        error.0.outcome = Some(Outcome::Held);
        error.0.retry_after = Some(left);
        error
    }

    pub(crate) fn out_of_calls(most: u64) -> Self {
        let reason = format!("all {most} calls of the budget were made");
        let mut error = Self::new(ErrorKind::BudgetExceeded).with_reason(&reason);
        error.0.phase = Some(Phase::Queue);
        error
    }

    pub(crate) fn too_large(cap: usize) -> Self {
        let reason = format!("more than {cap} bytes; `Builder::max_body` sets the limit");
        let mut error = Self::new(ErrorKind::TooLarge).with_reason(&reason);
        error.0.phase = Some(Phase::Body);
        error
    }

    pub(crate) fn with_head(mut self, status: StatusCode, headers: &HeaderMap) -> Self {
        self.0.status = Some(status);
        self.0.retry_after = retry_after(headers, SystemTime::now());
        let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
        self.0.location = location.map(Into::into);
        self
    }

    pub(crate) fn at(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn of_call(
        mut self,
        operation: &'static Operation,
        path: Box<str>,
        attempts: u32,
    ) -> Self {
        self.0.path = Some(path);
        self.0.attempts = attempts;
        self.at(operation)
    }

    /// Adds what is masked with the values of the request: the server's text, the causes of a failed connection,
    /// and the host. Without a request nothing of it is added, since nothing could be masked.
    pub(crate) fn of_request(mut self, token: &HeaderValue, request: Option<&Request>) -> Self {
        let (Some(operation), Some(request)) = (self.0.operation, request) else {
            return self;
        };
        let repr = &mut self.0;
        let carried = Carried::of(token, operation, request);
        if let Some(Outcome::Refused { status, .. }) = repr.outcome {
            let said = repr.server.said(&repr.body);
            let said = said.map(|said| format!("the server said: {}", carried.mask(&said)));
            repr.said = said.or_else(|| form(&repr.body));
            let location = repr
                .location
                .take()
                .filter(|_| (300..400).contains(&status));
            if let Some(location) = location.and_then(|to| target(request.url(), &to, &carried)) {
                repr.reason = Some(format!(
                    "the server redirects to {location}; redirects are not followed, check the base URL"
                ));
                repr.said = None;
            }
        }
        if let Some(source) = &repr.source {
            repr.cause = Some(carried.mask(&causes(&**source)));
        }
        if repr.phase == Some(Phase::Connect) {
            repr.reason = host(request.url()).map(|host| format!("cannot reach {host}"));
        }
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_reason(mut self, reason: &str) -> Self {
        self.0.reason = Some(reason.to_owned());
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// A response whose body cannot be used.
    pub(crate) fn undecoded(undecoded: UndecodedResponse) -> Self {
        let error = Self::refused(&undecoded.response);
        error.of_call(undecoded.operation, undecoded.path, undecoded.attempts)
    }

    /// A request that cannot be built.
    pub(crate) fn of_build(error: reqwest::Error) -> Self {
        // A URL holds query values: phone numbers, ids.
        Self::new(ErrorKind::InvalidRequest).with_source(error.without_url())
    }
}
