//! Operations that register webhooks. The module `delivery` delivers to them.

use crate::account::{Account, Webhook};
use crate::api_response::ApiResponse;
use crate::call::Call;
use axum::http::StatusCode;
use chat2desk::wire::WebhookEvent;
use serde_json::{Map, Value, json};

/// How many webhooks a company may have.
const MOST: usize = 5;

pub(super) fn list(account: &mut Account, _: &Call) -> ApiResponse {
    ApiResponse::data(
        account
            .webhooks
            .iter()
            .map(Webhook::json)
            .collect::<Vec<_>>(),
    )
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    let webhook = call.id().and_then(|id| account.webhooks.find(id));
    // A list of one record, as was seen on the real server.
    ApiResponse::found(webhook.map(|record| json!([record.json()])))
}

pub(super) fn create(account: &mut Account, call: &Call) -> ApiResponse {
    let mut webhook = Webhook {
        id: account.webhooks.next_id(),
        name: String::new(),
        url: String::new(),
        events: Vec::new(),
        channels: Vec::new(),
        enabled: true,
        errors: Vec::new(),
        fails_since: None,
    };
    if account.webhooks.len() >= MOST {
        return ApiResponse::errors(
            StatusCode::BAD_REQUEST,
            format!("there are {MOST} webhooks already"),
        );
    }
    if let Err(refusal) = set(account, &mut webhook, call) {
        return refusal;
    }
    let response = ApiResponse::data(webhook.json());
    account.webhooks.push(webhook);
    response
}

pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(known) = call.id().and_then(|id| account.webhooks.find(id)) else {
        return ApiResponse::not_found();
    };
    let mut webhook = known.clone();
    if let Err(refusal) = set(account, &mut webhook, call) {
        return refusal;
    }
    let response = ApiResponse::data(webhook.json());
    if let Some(known) = account.webhooks.find_mut(webhook.id) {
        *known = webhook;
    }
    response
}

pub(super) fn delete(account: &mut Account, call: &Call) -> ApiResponse {
    match call.id().and_then(|id| account.webhooks.remove(id)) {
        Some(_) => ApiResponse::done(),
        None => ApiResponse::errors(StatusCode::NOT_FOUND, "webhook not found"),
    }
}

/// Sets the fields that the call has. Reports all errors at once.
fn set(account: &Account, webhook: &mut Webhook, call: &Call) -> Result<(), ApiResponse> {
    let mut errors = Map::new();
    let mut wrong = |field: &str, text: &str| {
        errors.insert(field.to_owned(), json!([text]));
    };
    match call.text("name").unwrap_or(&webhook.name) {
        "" => wrong("name", "is missing"),
        name => webhook.name = name.to_owned(),
    }
    let url = call.text("url").unwrap_or(&webhook.url);
    let same = |other: &Webhook| other.url == url && other.id != webhook.id;
    if reqwest::Url::parse(url).is_err() {
        wrong("url", "is not a URL");
    } else if account.webhooks.iter().any(same) {
        wrong("url", "has already been taken");
    } else {
        webhook.url = url.to_owned();
    }
    match call.get("events").map(events) {
        Some(Some(events)) => webhook.events = events,
        Some(None) => wrong("events", "unknown event"),
        None if webhook.events.is_empty() => wrong("events", "is missing"),
        None => (),
    }
    if call.has("channels") {
        webhook.channels = call.numbers("channels");
    }
    match call.text("status") {
        None => (),
        Some("enable") => {
            if !webhook.enabled {
                webhook.fails_since = None;
            }
            webhook.enabled = true;
        }
        Some("disable") => webhook.enabled = false,
        Some(_) => wrong("status", "is neither enable nor disable"),
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApiResponse::errors(StatusCode::BAD_REQUEST, errors))
    }
}

/// Reads the names of events. Returns `None` if one is unknown.
fn events(names: &Value) -> Option<Vec<WebhookEvent>> {
    let known = |name: &Value| {
        let event = WebhookEvent::from(name.as_str()?);
        (!matches!(event, WebhookEvent::Other(_))).then_some(event)
    };
    names.as_array()?.iter().map(known).collect()
}
