//! Web analytics: the addresses and campaign labels that visitors of the site came with.

use crate::account::{Account, Kind, Message};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::{ordered, page};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Returns a row for the first message of each visitor. The response has no `status`.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    let day = |name| call.day(name, "%Y-%m-%d");
    let (from, until) = match (day("date_from"), day("date_to")) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    let from = from.map(|day| account.midnight(day));
    let until = until.and_then(|day| Some(account.midnight(day.succ_opt()?)));
    let client = call.only("client_id");
    let mut seen = HashSet::new();
    let clicks = account.messages.iter().filter(|message| {
        let by_visitor = message.kind == Kind::FromClient && &*message.transport == "widget";
        by_visitor && seen.insert(message.client)
    });
    let clicks: Vec<&Message> = clicks
        .filter(|message| {
            client.allows(message.client)
                && from.is_none_or(|from| message.created >= from)
                && until.is_none_or(|until| message.created < until)
        })
        .collect();
    let clicks = ordered(call, clicks.into_iter());
    let mut response = page(call, account.page_cap, clicks, row);
    if let Value::Object(body) = &mut response.body {
        body.remove("status");
    }
    response
}

/// Returns the row of a message. Every other visitor came by the newsletter.
fn row(message: &Message) -> Value {
    let campaign = message.client % 16 == 0;
    let label = |text: &'static str| campaign.then_some(text);
    let time = DateTime::from_timestamp(message.created, 0).unwrap_or_default();
    json!({
        "message_id": message.id,
        "client_id": message.client,
        "url": if campaign { "https://example.com/?utm_source=newsletter" } else { "https://example.com/" },
        "click_time": time.to_rfc3339_opts(SecondsFormat::Millis, true),
        "utm": label("spring"),
        "google_id": null,
        "yandex_id": null,
        "comagic_id": null,
        "utm_source": label("newsletter"),
        "utm_medium": label("email"),
        "utm_campaign": label("spring"),
        "utm_content": null,
        "utm_term": null,
        "utm_custom": "",
        "roistat_visit": null,
    })
}
