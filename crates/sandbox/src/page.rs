//! The page for people: what is in the accounts, what happens, and a box to write as a customer.
//!
//! The page asks for JSON below `/sandbox`, without a token: whoever reaches the address may see it. What a browser sends
//! for the page of another site is refused, and whatever changes something must come as JSON, which a form cannot send.

mod faults;
mod origin;
mod view;

use super::account::{Account, Draft, Kind, PICTURE};
use super::answer::Answer;
use super::response::respond;
use super::server::{Server, lock};
use super::site::{Site, path_of};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get, post};
use chat2desk::clients::digits;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

/// What the page may load: itself and what this server tells it.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     img-src data: 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Below which path the files of messages are. They are public, as on the server.
pub(super) const FILES: &str = "/sandbox/media";

pub(super) fn router() -> Router<Arc<Site>> {
    let asked = Router::new()
        .route("/sandbox/account", get(account))
        .route("/sandbox/conversations", get(conversations))
        .route("/sandbox/messages", get(messages).post(write))
        .route("/sandbox/journal", get(journal))
        .route("/sandbox/faults", get(rules).post(inject))
        .route("/sandbox/faults/{number}", delete(cure))
        .route("/sandbox/clock", post(advance))
        .route_layer(from_fn(origin::only_ours));
    Router::new()
        .route("/", get(page))
        .route(&format!("{FILES}/{{*path}}"), get(file))
        .merge(asked)
}

async fn page() -> impl IntoResponse {
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, Html(include_str!("page/index.html")))
}

async fn file(State(site): State<Arc<Site>>, Path(path): Path<String>) -> Response {
    let mut accounts = site.servers.iter().map(|server| lock(&server.account));
    match accounts.any(|account| account.has_file(&path)) {
        true => ([(header::CONTENT_TYPE, "image/jpeg")], PICTURE).into_response(),
        false => respond(&Answer::not_found()),
    }
}

/// The account that the page looks at: that of the company in the query, the usual one without.
struct Shown(Arc<Server>);

#[derive(Deserialize)]
struct Which {
    company: Option<i64>,
}

impl FromRequestParts<Arc<Site>> for Shown {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let which = Query::<Which>::try_from_uri(&parts.uri);
        let Which { company } = which
            .map_err(|error| respond(&Answer::bad_request(&error.body_text())))?
            .0;
        let first = site.servers.first().map(|server| server.company);
        let shown = company.or(first).and_then(|company| site.company(company));
        let shown = shown.ok_or_else(|| respond(&Answer::not_found()))?;
        Ok(Self(shown.clone()))
    }
}

async fn account(State(site): State<Arc<Site>>, Shown(server): Shown) -> Response {
    let mut account = server.change(|account| view::account(account));
    account["company"] = server.company.into();
    account["token"] = server.token.as_str().into();
    account["base"] = path_of(server.region).into();
    account["now"] = view::time(server.clock.now());
    let name = |server: &Arc<Server>| {
        let name = lock(&server.account).company_name();
        json!({ "company": server.company, "name": name, "region": format!("{:?}", server.region) })
    };
    account["accounts"] = site.servers.iter().map(name).collect();
    respond(&Answer::json(account))
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    search: String,
    limit: usize,
}

async fn conversations(Shown(server): Shown, Query(search): Query<Search>) -> Response {
    let found = view::conversations(&lock(&server.account), &search.search, search.limit);
    respond(&Answer::json(found.into()))
}

#[derive(Deserialize)]
struct Of {
    client_id: i64,
    limit: usize,
}

async fn messages(Shown(server): Shown, Query(of): Query<Of>) -> Response {
    let found = view::messages(&lock(&server.account), of.client_id, of.limit);
    respond(&Answer::json(found.into()))
}

/// How far the page has read.
#[derive(Deserialize)]
struct Read {
    calls: u64,
    deliveries: u64,
}

async fn journal(
    State(site): State<Arc<Site>>,
    Shown(server): Shown,
    Query(read): Query<Read>,
) -> Response {
    // What is due by now is to be seen now.
    let state = server.change(|account| (account.messages.len(), account.changes));
    let next_call = lock(&site.calls).next();
    let calls = site.calls_of(server.company, view::latest(read.calls, next_call));
    let deliveries = lock(&server.deliveries);
    let next_delivery = deliveries.next();
    let deliveries = deliveries.since(view::latest(read.deliveries, next_delivery), |_| true);
    let faults = lock(&server.faults).in_force().count();
    // What came since `next` was asked is told the next time.
    let calls = calls.iter().filter(|call| call.number < next_call);
    respond(&Answer::json(json!({
        "now": view::time(server.clock.now()),
        "next": { "calls": next_call, "deliveries": next_delivery },
        "calls": calls.map(view::call).collect::<Vec<_>>(),
        "state": [state.0, state.1, faults],
        "deliveries": deliveries.iter().map(view::delivery).collect::<Vec<_>>(),
    })))
}

async fn rules(Shown(server): Shown) -> Response {
    respond(&Answer::json(faults::show(&lock(&server.faults))))
}

async fn inject(Shown(server): Shown, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match read(&headers, &body) {
        Ok(wanted) => faults::add(&mut lock(&server.faults), &wanted),
        Err(refusal) => refusal,
    };
    respond(&answer)
}

async fn cure(Shown(server): Shown, Path(number): Path<u64>) -> Response {
    respond(&faults::remove(&mut lock(&server.faults), number))
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

async fn write(Shown(server): Shown, headers: HeaderMap, body: Bytes) -> Response {
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

/// How many digits a phone number has.
const PHONE: RangeInclusive<usize> = 5..=15;

/// The customer with the number of a message, made if there is none.
fn customer(account: &mut Account, message: &Written) -> Result<i64, &'static str> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let phone = given(&message.phone).ok_or("A phone number is needed")?;
    let phone = digits(&phone).filter(|digits| PHONE.contains(&digits.len()));
    let phone =
        phone.ok_or("This is no phone number. It has 5 to 15 digits, such as +1 555 010-0001")?;
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

async fn advance(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match read::<Step>(&headers, &body) {
        Ok(step) => {
            site.advance(Duration::from_secs(step.seconds));
            Answer::json(json!({ "now": view::time(site.clock.now()) }))
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
