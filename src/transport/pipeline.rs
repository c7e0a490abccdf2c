//! [`Pipeline`], which every call goes through: wait for the rate limiter, send, read the response into memory,
//! classify it, and retry if that is safe.

use super::account::{Account, Accounts};
use super::bare::in_whole_runtime;
use super::body::{self, Patience};
use super::observer::{Attempt, Call, Observer, Pause};
use super::period;
use super::retry::{Budget, Now, Payment, RetryPolicy, decide};
use super::sender::Transport;
use super::trace::Span;
use crate::error::{Error, ErrorKind, Phase, says_error};
use crate::operation::Operation;
use crate::raw_response::{Check, OnDrift, RawResponse, UndecodedResponse};
use crate::token::Token;
use reqwest::Request;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use std::fmt;
use std::mem::take;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

/// The deadline if `now + timeout` would overflow an `Instant`.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// What the generated client passes to its hooks: the account, and how its calls are sent.
#[derive(Clone)]
pub struct Pipeline {
    token: Token,
    account: Arc<Account>,
    shared: Arc<Shared>,
    pub(crate) settings: Settings,
}

/// The settings that may differ from call to call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) retry: RetryPolicy,
    /// For a whole call: waiting for a permit, attempts, and the pauses between them.
    pub(crate) timeout: Duration,
    /// For each wait on the server within an attempt.
    pub(crate) read_timeout: Duration,
    /// The largest response body, in bytes.
    pub(crate) max_body: usize,
}

/// What all clients of one builder share.
pub(crate) struct Shared {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) on_drift: Option<OnDrift>,
    pub(crate) check: Option<Check>,
    pub(crate) accounts: Accounts,
    pub(crate) budget: Budget,
}

impl Shared {
    /// Returns the handler of the drift that decoding finds. With the feature `strict` it is called here, with
    /// that drift and more, and `None` is returned.
    fn on_drift(&self, operation: &'static Operation, response: &RawResponse) -> Option<OnDrift> {
        let (Some(handler), Some(check)) = (&self.on_drift, &self.check) else {
            return self.on_drift.clone();
        };
        let drift = check(operation, response);
        drift.iter().for_each(|drift| handler(operation, drift));
        None
    }

    fn observe(&self, tell: impl FnOnce(&dyn Observer)) {
        if let Some(observer) = &self.observer {
            tell(&**observer);
        }
    }
}

impl Pipeline {
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the rate limit permits no call.
    pub(crate) fn new(
        token: Token,
        settings: Settings,
        shared: Arc<Shared>,
    ) -> Result<Self, Error> {
        Ok(Self {
            account: shared.accounts.of(&token)?,
            token,
            shared,
            settings,
        })
    }

    /// Returns the same pipeline for another account.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the rate limit permits no call.
    pub(crate) fn with_token(&self, token: Token) -> Result<Self, Error> {
        Self::new(token, self.settings, self.shared.clone())
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// Returns the handler of drift that is found outside of a call.
    pub(crate) fn on_drift(&self) -> Option<&OnDrift> {
        self.shared.on_drift.as_ref()
    }

    pub(crate) fn calls_made(&self) -> u64 {
        self.account.calls_made()
    }

    /// Makes a call: attempts until one succeeds or must not be retried.
    pub(crate) async fn call(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<UndecodedResponse, Error> {
        period::check(operation, request.url())?;
        let span = Span::of(operation);
        let call = span.around(self.attempts(operation, request, &span));
        let call = in_whole_runtime(call).await;
        call.unwrap_or_else(|| Err(Error::bare_runtime().at(operation)))
    }

    async fn attempts(
        &self,
        operation: &'static Operation,
        mut request: Request,
        span: &Span,
    ) -> Result<UndecodedResponse, Error> {
        if Handle::try_current().is_err() {
            return Err(Error::no_runtime().at(operation));
        }
        let start = Instant::now();
        let end = start.checked_add(self.settings.timeout);
        let end = end.or_else(|| start.checked_add(FAR));
        let mut patience = Patience {
            each: self.settings.read_timeout,
            whole: self.settings.timeout,
            deadline: end.unwrap_or(start),
        };
        let path: Box<str> = request.url().path().into();
        let mut attempts = 0_u32;
        let mut payment = None;
        let (result, sent) = loop {
            attempts = attempts.saturating_add(1);
            // For a retry, or to know which values an error must not show.
            let sent = request.try_clone();
            let error = match self
                .attempt(operation, attempts, request, &mut patience)
                .await
            {
                Ok(response) => {
                    if let Some(payment) = payment.take() {
                        Payment::keep(payment);
                    }
                    break (Ok(response), sent);
                }
                Err(error) => error,
            };
            if let Some(payment) = payment.take()
                && !error.is_unsent()
            {
                Payment::keep(payment);
            }
            let pause = self.pause(operation, attempts, &error, &patience);
            let (duration, paid, spare) = match (pause, sent) {
                (Some((duration, paid)), Some(spare)) => (duration, paid, spare),
                (_, sent) => break (Err(error), sent),
            };
            payment = Some(paid);
            let pause = Pause {
                operation,
                attempt: attempts,
                failure: error.kind(),
                duration,
            };
            span.pause(&pause);
            self.shared.observe(|observer| observer.pause(&pause));
            sleep(duration).await;
            request = spare;
        };
        let call = || Call {
            operation,
            attempts,
            status: match &result {
                Ok(response) => Some(response.status),
                Err(error) => error.status(),
            },
            failure: result.as_ref().err().map(Error::kind),
            duration: start.elapsed(),
        };
        span.end(call);
        self.shared.observe(|observer| observer.call(&call()));
        match result {
            Ok(response) => {
                self.shared.budget.deposit(attempts > 1);
                let on_drift = self.shared.on_drift(operation, &response);
                Ok(UndecodedResponse {
                    operation,
                    path,
                    attempts,
                    response,
                    on_drift,
                })
            }
            Err(error) => {
                let error = error.of_call(operation, path, attempts);
                Err(error.of_request(&self.token.header(), sent.as_ref()))
            }
        }
    }

    /// Returns the pause before a retry; `None` if the call must not be retried.
    fn pause(
        &self,
        operation: &Operation,
        attempts: u32,
        error: &Error,
        patience: &Patience,
    ) -> Option<(Duration, Payment<'_>)> {
        let now = Now {
            left: patience.deadline.saturating_duration_since(Instant::now()),
            random: fastrand::f64(),
        };
        let outcome = error.outcome()?;
        let pause = decide(attempts, outcome, operation, &self.settings.retry, now);
        Some((pause?, self.shared.budget.withdraw()?))
    }

    async fn attempt(
        &self,
        operation: &'static Operation,
        number: u32,
        mut request: Request,
        patience: &mut Patience,
    ) -> Result<RawResponse, Error> {
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, self.token.header());
        self.account.acquire(&mut patience.deadline).await?;
        self.account.count()?;
        let bytes_sent = request.body().and_then(reqwest::Body::as_bytes);
        let bytes_sent = bytes_sent.map_or(0, <[u8]>::len);
        let start = self.shared.observer.as_ref().map(|_| Instant::now());
        let result = self.exchange(request, patience).await;
        if let Err(error) = &result {
            if error.is_unsent() {
                self.account.uncount();
            }
            if let (ErrorKind::RateLimited, Some(wait)) = (error.kind(), error.retry_after()) {
                self.account.pause(wait);
            }
        }
        self.shared.observe(|observer| {
            let (status, body) = match &result {
                Ok(response) => (Some(response.status), response.body.len()),
                Err(error) => (error.status(), error.body().len()),
            };
            observer.attempt(&Attempt {
                operation,
                number,
                status,
                failure: result.as_ref().err().map(Error::kind),
                duration: start.map_or(Duration::ZERO, |start| start.elapsed()),
                bytes_sent: bytes_sent as u64,
                bytes_received: body as u64,
            });
        });
        result
    }

    /// Sends a request, reads its response, and classifies it as success or failure.
    async fn exchange(
        &self,
        request: Request,
        patience: &mut Patience,
    ) -> Result<RawResponse, Error> {
        let head = self.shared.transport.send(request);
        let head = patience.wait(Phase::Response, head).await?;
        let mut head = head.map_err(Error::unanswered)?;
        let (status, headers) = (head.status(), take(head.headers_mut()));
        let body = body::read(head, self.settings.max_body, patience).await;
        let body = body.map_err(|error| error.with_head(status, &headers))?;
        let response = RawResponse {
            status,
            headers,
            body,
        };
        if !status.is_success() || says_error(&response.body) {
            return Err(Error::refused(&response));
        }
        Ok(response)
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
