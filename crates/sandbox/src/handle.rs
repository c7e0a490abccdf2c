//! Handles a call: from the check of the token to the entry in the journal.

use super::account::Fate;
use super::api::{Handler, handler};
use super::api_response::ApiResponse;
use super::call::Call;
use super::document::Documented;
use super::faults::Fault;
use super::journal::{ReceivedCall, RecordedBody};
use super::response::{Sent, instead, respond, truncated};
use super::server::{Server, lock};
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
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The longest request body, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// The header that marks a response as the document's example, because nobody has published what the operation does or
/// how it responds.
const EXAMPLE_HEADER: &str = "x-sandbox-response";

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
