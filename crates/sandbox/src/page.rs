//! The sandbox's page: it shows the accounts, calls and deliveries, and lets people write as customers and inject
//! faults.
//!
//! The page loads JSON below `/sandbox`, without a token: anybody who reaches the address may see it. Requests that a
//! browser sends for another site's page are refused. Requests that change something must be JSON, which a form of
//! another site cannot send.

mod faults;
mod origin;
mod view;

use super::account::{Account, Draft, Kind, PICTURE};
use super::api_response::ApiResponse;
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

/// The content security policy: the page may load itself, and data of this server.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     img-src data: 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The path of the files of messages. They are public, as on the real server.
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
        false => respond(&ApiResponse::not_found()),
    }
}

/// The account that the page shows: that of the company in the query, or the first one.
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
            .map_err(|error| respond(&ApiResponse::bad_request(&error.body_text())))?
            .0;
        let first = site.servers.first().map(|server| server.company);
        let shown = company.or(first).and_then(|company| site.company(company));
        let shown = shown.ok_or_else(|| respond(&ApiResponse::not_found()))?;
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
    respond(&ApiResponse::json(account))
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    search: String,
    limit: usize,
}

async fn conversations(Shown(server): Shown, Query(search): Query<Search>) -> Response {
    let found = view::conversations(&lock(&server.account), &search.search, search.limit);
    respond(&ApiResponse::json(found.into()))
}

#[derive(Deserialize)]
struct Of {
    client_id: i64,
    limit: usize,
}

async fn messages(Shown(server): Shown, Query(of): Query<Of>) -> Response {
    let found = view::messages(&lock(&server.account), of.client_id, of.limit);
    respond(&ApiResponse::json(found.into()))
}

/// The numbers of the first entries that the page has not read yet.
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
    // Executes what is due by now, so that the page shows it.
    let state = server.change(|account| (account.messages.len(), account.changes));
    let next_call = lock(&site.calls).next();
    let calls = site.calls_of(server.company, view::latest(read.calls, next_call));
    let deliveries = lock(&server.deliveries);
    let next_delivery = deliveries.next();
    let deliveries = deliveries.since(view::latest(read.deliveries, next_delivery), |_| true);
    let faults = lock(&server.faults).in_force().count();
    // Calls received since `next_call` was read are in the next response.
    let calls = calls.iter().filter(|call| call.number < next_call);
    respond(&ApiResponse::json(json!({
        "now": view::time(server.clock.now()),
        "next": { "calls": next_call, "deliveries": next_delivery },
        "calls": calls.map(view::call).collect::<Vec<_>>(),
        "state": [state.0, state.1, faults],
        "deliveries": deliveries.iter().map(view::delivery).collect::<Vec<_>>(),
    })))
}

async fn rules(Shown(server): Shown) -> Response {
    respond(&ApiResponse::json(faults::show(&lock(&server.faults))))
}

async fn inject(Shown(server): Shown, headers: HeaderMap, body: Bytes) -> Response {
    let response = match read(&headers, &body) {
        Ok(wanted) => faults::add(&mut lock(&server.faults), &wanted),
        Err(refusal) => refusal,
    };
    respond(&response)
}

async fn cure(Shown(server): Shown, Path(number): Path<u64>) -> Response {
    respond(&faults::remove(&mut lock(&server.faults), number))
}

/// A message of a customer: of an existing one, or of the one with this phone number.
#[derive(Deserialize)]
struct Written {
    text: String,
    client_id: Option<i64>,
    phone: Option<String>,
    name: Option<String>,
    channel_id: Option<i64>,
}

async fn write(Shown(server): Shown, headers: HeaderMap, body: Bytes) -> Response {
    let response = match read(&headers, &body) {
        Ok(message) => server.change(|account| written(account, message)),
        Err(refusal) => refusal,
    };
    respond(&response)
}

fn written(account: &mut Account, message: Written) -> ApiResponse {
    if message.text.trim().is_empty() {
        return ApiResponse::bad_request("The text is empty");
    }
    let client = match message.client_id {
        Some(client) => client,
        None => match customer(account, &message) {
            Ok(client) => client,
            Err(problem) => return ApiResponse::bad_request(problem),
        },
    };
    let mut draft = Draft::new(Kind::FromClient, client, Some(message.text.into()));
    draft.channel = message.channel_id;
    match account.write(draft) {
        Some(message) => {
            ApiResponse::json(json!({ "message_id": message.id, "client_id": message.client }))
        }
        None => ApiResponse::bad_request("There is no customer with this id"),
    }
}

/// How many digits a phone number may have.
const PHONE: RangeInclusive<usize> = 5..=15;

/// Returns the customer with the phone number of a message, and creates one if there is none.
fn customer(account: &mut Account, message: &Written) -> Result<i64, &'static str> {
    let given = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let phone = given(&message.phone).ok_or("Enter a phone number")?;
    let phone = digits(&phone).filter(|digits| PHONE.contains(&digits.len()));
    let phone = phone.ok_or(
        "This is no phone number. A phone number has 5 to 15 digits, such as +1 555 010-0001",
    )?;
    let channel = message.channel_id.and_then(|id| account.channels.find(id));
    let channel = channel.ok_or("There is no channel with this id")?;
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
    let response = match read::<Step>(&headers, &body) {
        Ok(step) => {
            site.advance(Duration::from_secs(step.seconds));
            ApiResponse::json(json!({ "now": view::time(site.clock.now()) }))
        }
        Err(refusal) => refusal,
    };
    respond(&response)
}

/// Reads a JSON body that the page sent.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, ApiResponse> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media = content_type.unwrap_or_default().split(';').next();
    if media.map(str::trim) != Some("application/json") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(ApiResponse::error(
            status,
            "The content type must be application/json",
        ));
    }
    serde_json::from_slice(body).map_err(|error| ApiResponse::bad_request(&error.to_string()))
}
