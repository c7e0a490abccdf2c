//! [`Server`]: one account and its calls, from the check of the token to the entry in the journal.

use super::account::{Account, Fate};
use super::answer::ApiResponse;
use super::api::{Handler, handler};
use super::call::Call;
use super::clock::Clock;
use super::delivery::Queue;
use super::document::Documented;
use super::faults::{Fault, Faults};
use super::journal::{Delivery, Journal, ReceivedCall, RecordedBody};
use super::limits::Limits;
use super::response::{Sent, instead, respond, truncated};
use super::settings;
use super::site::Site;
use axum::body::to_bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use chat2desk::Evidence;
use chat2desk::Region;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The longest request body, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// The header that marks a response as the document's example, because nobody has published what the operation does or
/// how it responds.
const EXAMPLE_HEADER: &str = "x-sandbox-answer";

/// The state of one account that its calls, its deliveries and its handles share.
pub(super) struct Server {
    /// The id of the account's company, by which the journal refers to the account.
    pub(super) company: i64,
    pub(super) token: String,
    pub(super) region: Region,
    pub(super) account: Mutex<Account>,
    pub(super) clock: Arc<Clock>,
    pub(super) faults: Mutex<Faults>,
    pub(super) deliveries: Mutex<Journal<Delivery>>,
    pub(super) queue: Mutex<Queue>,
    /// The webhooks that have a delivering task.
    pub(super) workers: Mutex<HashSet<i64>>,
    /// Whether a task waits for the next state of a message.
    pub(super) watches: AtomicBool,
    pub(super) tasks: Mutex<JoinSet<()>>,
    /// Wakes the tasks that wait for the clock or for deliveries.
    pub(super) changes: watch::Sender<()>,
    limits: Mutex<Limits>,
    pub(super) deliver_anywhere: bool,
    http: OnceLock<reqwest::Client>,
}

/// Locks a mutex, also after a panic elsewhere.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub(super) fn new(
        account: Account,
        settings: &settings::Account,
        clock: Arc<Clock>,
        journal: usize,
        deliver_anywhere: bool,
    ) -> Self {
        Self {
            company: account.company,
            token: settings.token.clone(),
            region: settings.region,
            account: Mutex::new(account),
            clock,
            faults: Mutex::new(Faults::new(settings.size.seed)),
            deliveries: Mutex::new(Journal::new(journal)),
            queue: Mutex::default(),
            workers: Mutex::default(),
            watches: AtomicBool::new(false),
            tasks: Mutex::default(),
            changes: watch::Sender::new(()),
            limits: Mutex::new(Limits::new(settings.monthly_calls, settings.rate)),
            deliver_anywhere,
            http: OnceLock::new(),
        }
    }

    pub(super) fn wake(&self) {
        self.changes.send_replace(());
    }

    /// Returns the HTTP client of deliveries, which is created when it is first needed.
    pub(super) fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = crate::simulator::http()?;
        Ok(self.http.get_or_init(|| http))
    }

    /// Changes the account at the current time, and delivers the events of the change.
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

    /// Counts a call and checks it against the limits.
    fn let_in(&self) -> Result<(), ApiResponse> {
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

/// Marks a response that must not be sent: the connection is closed instead.
#[derive(Clone)]
pub(super) struct Broken;

/// The result of a call, besides the response.
#[derive(Default)]
struct Ended {
    faults: Vec<Fault>,
    note: Option<String>,
}

/// Responds to a call and records it. Where no operation has the path or the method, responds with the given status.
pub(super) async fn handle(
    operation: Result<Arc<Operation>, StatusCode>,
    State(site): State<Arc<Site>>,
    path: Result<Path<HashMap<String, String>>, PathRejection>,
    request: Request,
) -> Response {
    let (started, at) = (Instant::now(), site.clock.now());
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    let server = site.account_of(&head);
    let company = server.as_ref().ok().map(|server| server.company);
    let mut ended = Ended::default();
    let refused = |status, message| respond(&ApiResponse::error(status, message));
    let mut response = match (&operation, path, &body) {
        (Ok(operation), Ok(Path(path)), Ok(body)) => {
            match server.and_then(|server| server.let_in().map(|()| server)) {
                Ok(server) => server.execute(operation, path, &head, body, &mut ended),
                Err(refusal) => respond(&refusal),
            }
        }
        (Ok(_), Ok(_), Err(_)) => refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is longer than 1 MiB",
        ),
        (Err(StatusCode::METHOD_NOT_ALLOWED), ..) => {
            refused(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        }
        _ => refused(StatusCode::NOT_FOUND, "Page not found"),
    };
    let Ended { faults, note } = ended;
    let broken = faults.contains(&Fault::Reset);
    if broken {
        response.extensions_mut().insert(Broken);
    }
    let delays = faults.iter().filter_map(|fault| match fault {
        Fault::Delay(time) => Some(*time),
        _ => None,
    });
    let delay = delays.fold(Duration::ZERO, Duration::saturating_add);
    let sent = response.extensions_mut().remove::<Sent>();
    let sent = sent.filter(|_| !broken).unwrap_or_default();
    lock(&site.calls).add(|number| ReceivedCall {
        number,
        at,
        company,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: body.unwrap_or_default(),
        operation: operation.ok().map(|operation| operation.documented.id),
        status: (!broken).then(|| response.status().as_u16()),
        response: RecordedBody::beginning(&sent.0),
        faults,
        note,
        took: started.elapsed().saturating_add(delay),
    });
    // The call has had its effect, also for a client that does not wait for the response.
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
    response
}

impl Server {
    /// Executes a call of an operation, with the faults that happen to it.
    fn execute(
        self: &Arc<Self>,
        operation: &Operation,
        path: HashMap<String, String>,
        head: &Parts,
        body: &Bytes,
        ended: &mut Ended,
    ) -> Response {
        ended.faults = lock(&self.faults).of(operation.documented.id);
        let faults = &ended.faults;
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
        let (result, note) = self.change(|account| {
            account.fate = Fate::default();
            for fault in faults {
                match fault {
                    Fault::Grow => account.grow(id),
                    Fault::Shrink => account.shrink(id),
                    Fault::NotSeen => account.fate = Fate::Delivered,
                    Fault::NotDelivered(error) => account.fate = Fate::Failed(error.clone()),
                    Fault::ListedAfter(time) => account.late_by = Some(settings::delay(*time)),
                    _ => (),
                }
            }
            let result = match (call, operation.handler) {
                (Err(refusal), _) => refusal,
                (Ok(call), Some(handler)) => handler(account, &call),
                (Ok(_), None) => ApiResponse::json(operation.documented.example()),
            };
            account.late_by = None;
            (result, account.note.take())
        });
        ended.note = note;
        let mut response = match faults.contains(&Fault::Truncated) {
            true => truncated(&result),
            false => respond(&result),
        };
        if operation.handler.is_none() || operation.documented.evidence == Evidence::None {
            let value = HeaderValue::from_static("example");
            response.headers_mut().insert(EXAMPLE_HEADER, value);
        }
        response
    }
}
