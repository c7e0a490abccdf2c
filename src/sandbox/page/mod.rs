//! The page for people: what is in the account, what happens, and a box to write as a customer.
//!
//! The page asks for JSON below `/sandbox`, without a token: the server is there for this machine alone.
//! Whatever changes something must come as JSON, which a form of a foreign page cannot send.

mod view;

use super::account::{Account, Draft, Kind};
use super::answer::Answer;
use super::response::respond;
use super::server::{Server, lock};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// What the page may load: itself and what this server tells it.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn router() -> Router<Arc<Server>> {
    Router::new()
        .route("/", get(page))
        .route("/sandbox/account", get(account))
        .route("/sandbox/conversations", get(conversations))
        .route("/sandbox/messages", get(messages).post(write))
        .route("/sandbox/journal", get(journal))
        .route("/sandbox/clock", post(advance))
}

async fn page() -> impl IntoResponse {
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, Html(include_str!("index.html")))
}

async fn account(State(server): State<Arc<Server>>) -> Response {
    let mut account = server.change(|account| view::account(account));
    account["token"] = server.token.as_str().into();
    account["now"] = view::time(server.clock.now());
    respond(&Answer::json(account))
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    search: String,
    limit: usize,
}

async fn conversations(
    State(server): State<Arc<Server>>,
    Query(search): Query<Search>,
) -> Response {
    let found = view::conversations(&lock(&server.account), &search.search, search.limit);
    respond(&Answer::json(found.into()))
}

#[derive(Deserialize)]
struct Of {
    client_id: i64,
    limit: usize,
}

async fn messages(State(server): State<Arc<Server>>, Query(of): Query<Of>) -> Response {
    let found = view::messages(&lock(&server.account), of.client_id, of.limit);
    respond(&Answer::json(found.into()))
}

/// How far the page has read.
#[derive(Deserialize)]
struct Read {
    calls: u64,
    deliveries: u64,
}

async fn journal(State(server): State<Arc<Server>>, Query(read): Query<Read>) -> Response {
    let (calls, next_call) = view::latest(&lock(&server.calls), read.calls);
    let (deliveries, next_delivery) = view::latest(&lock(&server.deliveries), read.deliveries);
    respond(&Answer::json(json!({
        "now": view::time(server.clock.now()),
        "next": { "calls": next_call, "deliveries": next_delivery },
        "calls": calls.iter().map(view::call).collect::<Vec<_>>(),
        "messages": lock(&server.account).messages.len(),
        "deliveries": deliveries.iter().map(view::delivery).collect::<Vec<_>>(),
    })))
}

/// A message of a customer: of one who is known, or of one with this phone number.
#[derive(Deserialize)]
struct Written {
    text: String,
    client_id: Option<i64>,
    phone: Option<String>,
    name: Option<String>,
    channel_id: Option<i64>,
}

async fn write(State(server): State<Arc<Server>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match read(&headers, &body) {
        Ok(message) => server.change(|account| written(account, message)),
        Err(refusal) => refusal,
    };
    respond(&answer)
}

fn written(account: &mut Account, message: Written) -> Answer {
    if message.text.trim().is_empty() {
        return Answer::bad_request("There is no text");
    }
    let client = match message.client_id {
        Some(client) => client,
        None => match customer(account, &message) {
            Ok(client) => client,
            Err(problem) => return Answer::bad_request(problem),
        },
    };
    let mut draft = Draft::new(Kind::FromClient, client, Some(message.text.into()));
    draft.channel = message.channel_id;
    match account.write(draft) {
        Some(message) => {
            Answer::json(json!({ "message_id": message.id, "client_id": message.client }))
        }
        None => Answer::bad_request("There is no such customer"),
    }
}

/// The customer with the number of a message, made if there is none.
fn customer(account: &mut Account, message: &Written) -> Result<i64, &'static str> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let phone = given(&message.phone).ok_or("A phone number is needed")?;
    let channel = message.channel_id.and_then(|id| account.channels.find(id));
    let channel = channel.ok_or("There is no such channel")?;
    let transport = channel.transports.first().copied().unwrap_or("external");
    let channel = channel.id;
    let name = given(&message.name);
    Ok(account.customer_at(&phone, name.as_deref(), transport, channel))
}

#[derive(Deserialize)]
struct Step {
    seconds: u64,
}

async fn advance(State(server): State<Arc<Server>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match read::<Step>(&headers, &body) {
        Ok(step) => {
            server.advance(Duration::from_secs(step.seconds));
            Answer::json(json!({ "now": view::time(server.clock.now()) }))
        }
        Err(refusal) => refusal,
    };
    respond(&answer)
}

/// Reads what the page sends.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Answer> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media = content_type.unwrap_or_default().split(';').next();
    if media.map(str::trim) != Some("application/json") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Answer::error(status, "Only JSON is read"));
    }
    serde_json::from_slice(body).map_err(|error| Answer::bad_request(&error.to_string()))
}
