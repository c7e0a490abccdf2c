//! The server: what every call goes through, from its token to the journal.

use super::account::{Account, Fate};
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
use crate::operation::Evidence;
use axum::body::to_bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use chrono::Datelike;
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// A request longer than this is refused.
const MAX_BODY: usize = 1024 * 1024;

/// Says of an answer that it is the document's example, since nobody has published what the operation does or
/// what it answers.
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
    /// Whether something waits for what happens by itself.
    pub(super) watches: AtomicBool,
    pub(super) tasks: Mutex<JoinSet<()>>,
    /// Wakes whoever waits for the clock or for deliveries.
    pub(super) changes: watch::Sender<()>,
    limits: Mutex<Limits>,
    pub(super) deliver_anywhere: bool,
    http: OnceLock<reqwest::Client>,
}

/// A lock that a panic elsewhere does not take away.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// # Errors
    /// If the clock is to start before the last message of the account, or at no sensible time.
    pub(super) fn new(settings: &Builder) -> io::Result<Self> {
        let mut account = super::account::seeded(&settings.size);
        account.page_cap = settings.page_cap;
        account.zone = settings.zone;
        account.listed_after = settings.listed_after;
        account.monthly_calls = settings.monthly_calls;
        let clock = settings
            .clock
            .unwrap_or_else(|| account.now.max(SystemTime::now().into()));
        if clock < account.now || clock.year() > 3000 {
            let text = "the clock is to start after the last message, and before the year 3000";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        Ok(Self {
            token: settings.token.clone(),
            account: Mutex::new(account),
            clock: Clock::start(clock),
            faults: Mutex::new(Faults::new(settings.size.seed)),
            calls: Mutex::new(Journal::new(settings.journal)),
            deliveries: Mutex::new(Journal::new(settings.journal)),
            queue: Mutex::default(),
            workers: Mutex::default(),
            watches: AtomicBool::new(false),
            tasks: Mutex::default(),
            changes: watch::Sender::new(()),
            limits: Mutex::new(Limits::new(settings.monthly_calls, settings.rate)),
            deliver_anywhere: settings.deliver_anywhere,
            http: OnceLock::new(),
        })
    }

    pub(super) fn wake(&self) {
        self.changes.send_replace(());
    }

    /// The client of deliveries, made when it is needed first.
    pub(super) fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = crate::webhook::testing::http()?;
        Ok(self.http.get_or_init(|| http))
    }

    /// Changes the account at the present time, and tells the webhooks what happened.
    pub(super) fn change<T>(self: &Arc<Self>, change: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = lock(&self.account);
        account.set_time(self.clock.now());
        let result = change(&mut account);
        let events = account.take_events();
        let goes_on = account.is_watched() && account.next_change().is_some();
        drop(account);
        self.deliver(events);
        if goes_on && !self.watches.swap(true, Ordering::SeqCst) {
            let server = self.clone();
            self.spawn(async move { server.watch().await });
        }
        result
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Lets a call in that brings the token, within the limits.
    fn let_in(&self, headers: &HeaderMap) -> Result<(), Answer> {
        let refused = |status, message| Err(Answer::error(status, message));
        let token = headers.get(header::AUTHORIZATION);
        match token.map(HeaderValue::as_bytes) {
            None => return refused(StatusCode::UNAUTHORIZED, "You need to auth"),
            Some(b"") => {
                return refused(StatusCode::UNAUTHORIZED, "You have to specify your token");
            }
            Some(token) if token != self.token.as_bytes() => {
                return refused(StatusCode::FORBIDDEN, "Token is not correct");
            }
            Some(_) => (),
        }
        let mut account = lock(&self.account);
        let now = self.clock.now();
        account.set_time(now);
        lock(&self.limits).let_in(account.calls, now)?;
        account.calls += 1;
        Ok(())
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

/// Answers a call, and enters it into the journal. For no operation the answer is the status given.
pub(super) async fn handle(
    operation: Result<Arc<Operation>, StatusCode>,
    State(server): State<Arc<Server>>,
    path: Result<Path<HashMap<String, String>>, PathRejection>,
    request: Request,
) -> Response {
    let (started, at) = (Instant::now(), server.clock.now());
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    let mut faults = Vec::new();
    let refused = |status, message| respond(&Answer::error(status, message));
    let mut response = match (&operation, path, &body) {
        (Ok(operation), Ok(Path(path)), Ok(body)) => match server.let_in(&head.headers) {
            Ok(()) => {
                faults = lock(&server.faults).of(operation.documented.id);
                server.answer(operation, path, &head, body, &faults)
            }
            Err(refusal) => respond(&refusal),
        },
        (Ok(_), Ok(_), Err(_)) => refused(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"),
        (Err(StatusCode::METHOD_NOT_ALLOWED), ..) => {
            refused(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        }
        _ => refused(StatusCode::NOT_FOUND, "Page not found"),
    };
    let broken = faults.contains(&Fault::Reset);
    if broken {
        response.extensions_mut().insert(Broken);
    }
    let delays = faults.iter().filter_map(|fault| match fault {
        Fault::Delay(time) => Some(*time),
        _ => None,
    });
    let delay = delays.sum();
    lock(&server.calls).add(|number| ReceivedCall {
        number,
        at,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: body.unwrap_or_default(),
        operation: operation.ok().map(|operation| operation.documented.id),
        status: (!broken).then(|| response.status().as_u16()),
        faults,
        took: started.elapsed() + delay,
    });
    // The call has had its effect, also for a client that does not wait for the answer.
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
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
        if let Some(response) = faults.iter().find_map(instead) {
            return response;
        }
        let id = operation.documented.id;
        let mut call = Call::read(path, head, body, &operation.documented);
        if let Ok(call) = &mut call
            && faults.contains(&Fault::IgnoreOffset)
        {
            call.forget("offset");
        }
        let answer = self.change(|account| {
            account.fate = Fate::default();
            for fault in faults {
                match fault {
                    Fault::Grow => account.grow(id),
                    Fault::Shrink => account.shrink(id),
                    Fault::NotSeen => account.fate = Fate::Delivered,
                    Fault::NotDelivered(error) => account.fate = Fate::Failed(error.clone()),
                    _ => (),
                }
            }
            match (call, operation.handler) {
                (Err(refusal), _) => refusal,
                (Ok(call), Some(handler)) => handler(account, &call),
                (Ok(_), None) => Answer::json(operation.documented.example()),
            }
        });
        let mut response = match faults.contains(&Fault::Truncated) {
            true => truncated(&answer),
            false => respond(&answer),
        };
        if operation.handler.is_none() || operation.documented.evidence == Evidence::None {
            let value = HeaderValue::from_static("example");
            response.headers_mut().insert(ANSWER_HEADER, value);
        }
        response
    }
}
