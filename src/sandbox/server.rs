//! The server: what every call goes through, from its token to the journal.

use super::account::Account;
use super::answer::Answer;
use super::api::{Handler, handler};
use super::builder::Builder;
use super::call::Call;
use super::clock::Clock;
use super::delivery::Queue;
use super::document::Documented;
use super::faults::{Fault, Faults};
use super::journal::{Delivery, Journal, ReceivedCall};
use super::limits::Limits;
use super::response::{instead, respond, truncated};
use axum::body::to_bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// A request longer than this is refused.
const MAX_BODY: usize = 1024 * 1024;

/// Says of an answer that it is the document's example, since nobody has published what the operation does.
const ANSWER_HEADER: &str = "x-sandbox-answer";

/// Everything that calls, deliveries and the handle share.
pub(super) struct Server {
    pub(super) token: String,
    pub(super) account: Mutex<Account>,
    pub(super) clock: Clock,
    pub(super) faults: Mutex<Faults>,
    pub(super) calls: Mutex<Journal<ReceivedCall>>,
    pub(super) deliveries: Mutex<Journal<Delivery>>,
    pub(super) queue: Mutex<Queue>,
    /// The webhooks that something delivers to.
    pub(super) workers: Mutex<HashSet<i64>>,
    pub(super) tasks: Mutex<JoinSet<()>>,
    /// Wakes whoever waits for the clock or for deliveries.
    pub(super) changes: watch::Sender<()>,
    limits: Mutex<Limits>,
    http: OnceLock<reqwest::Client>,
}

/// A lock that a panic elsewhere does not take away.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub(super) fn new(settings: &Builder) -> Self {
        let mut account = super::account::seeded(&settings.size);
        account.page_cap = settings.page_cap;
        Self {
            token: settings.token.clone(),
            account: Mutex::new(account),
            clock: Clock::start(settings.clock),
            faults: Mutex::new(Faults::new(settings.size.seed)),
            calls: Mutex::new(Journal::new(settings.journal)),
            deliveries: Mutex::new(Journal::new(settings.journal)),
            queue: Mutex::default(),
            workers: Mutex::default(),
            tasks: Mutex::default(),
            changes: watch::Sender::new(()),
            limits: Mutex::new(Limits::new(settings.monthly_calls, settings.rate)),
            http: OnceLock::new(),
        }
    }

    pub(super) fn wake(&self) {
        self.changes.send_replace(());
    }

    /// The client of deliveries, made when it is needed first.
    pub(super) fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = reqwest::Client::builder().build()?;
        Ok(self.http.get_or_init(|| http))
    }

    /// Changes the account at the present time, and tells the webhooks what happened.
    pub(super) fn change<T>(self: &Arc<Self>, change: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = lock(&self.account);
        account.now = self.clock.now();
        let result = change(&mut account);
        let events = account.take_events();
        drop(account);
        if !events.is_empty() {
            self.deliver(events);
        }
        result
    }

    /// Refuses a call that brings no good token.
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Answer> {
        let Some(token) = headers.get(header::AUTHORIZATION) else {
            return Err(Answer::error(StatusCode::UNAUTHORIZED, "You need to auth"));
        };
        match token.as_bytes() {
            b"" => Err(Answer::error(
                StatusCode::UNAUTHORIZED,
                "You have to specify your token",
            )),
            token if token == self.token.as_bytes() => Ok(()),
            _ => Err(Answer::error(StatusCode::FORBIDDEN, "Token is not correct")),
        }
    }
}

/// An operation that can be called.
pub(super) struct Operation {
    documented: Documented,
    handler: Option<Handler>,
}

impl Operation {
    pub(super) fn new(documented: Documented) -> Self {
        let handler = handler(documented.id);
        Self {
            documented,
            handler,
        }
    }
}

/// Tells the connection to break off instead of answering.
#[derive(Clone)]
pub(super) struct Broken;

/// Answers a call, and enters it into the journal.
pub(super) async fn handle(
    operation: Option<Arc<Operation>>,
    State(server): State<Arc<Server>>,
    path: Result<Path<HashMap<String, String>>, PathRejection>,
    request: Request,
) -> Response {
    let (started, at) = (Instant::now(), server.clock.now());
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    let id = operation.as_ref().map(|operation| operation.documented.id);
    let stranger = server.check_token(&head.headers).err();
    let faults = match id {
        Some(id) if stranger.is_none() => lock(&server.faults).of(id),
        _ => Vec::new(),
    };
    for fault in &faults {
        if let Fault::Delay(time) = fault {
            tokio::time::sleep(*time).await;
        }
    }
    let mut response = match (&operation, path, &body) {
        (Some(operation), Ok(Path(path)), Ok(body)) => match stranger {
            Some(refusal) => respond(&refusal),
            None => server.answer(operation, path, &head, body, &faults),
        },
        (Some(_), Ok(_), Err(_)) => respond(&Answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too long",
        )),
        _ => respond(&Answer::error(StatusCode::NOT_FOUND, "Page not found")),
    };
    let broken = faults.contains(&Fault::Reset);
    if broken {
        response.extensions_mut().insert(Broken);
    }
    lock(&server.calls).add(|number| ReceivedCall {
        number,
        at,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: body.unwrap_or_default(),
        operation: id,
        status: (!broken).then(|| response.status().as_u16()),
        faults,
        took: started.elapsed(),
    });
    response
}

impl Server {
    fn answer(
        self: &Arc<Self>,
        operation: &Operation,
        path: HashMap<String, String>,
        head: &Parts,
        body: &Bytes,
        faults: &[Fault],
    ) -> Response {
        let limited = lock(&self.limits).refusal(self.clock.now());
        if let Some(response) = limited.or_else(|| faults.iter().find_map(instead)) {
            return response;
        }
        let call = Call::read(path, head, body);
        let mut example = false;
        let answer = self.change(|account| {
            account.calls += 1;
            for fault in faults {
                account.move_list(operation.documented.id, fault);
            }
            match (call, operation.handler) {
                (Err(refusal), _) => refusal,
                (Ok(call), Some(handler)) => handler(account, &call),
                (Ok(_), None) => {
                    example = true;
                    Answer::json(operation.documented.example())
                }
            }
        });
        let mut response = match faults.contains(&Fault::Truncated) {
            true => truncated(&answer),
            false => respond(&answer),
        };
        if example {
            let value = HeaderValue::from_static("example");
            response.headers_mut().insert(ANSWER_HEADER, value);
        }
        response
    }
}
