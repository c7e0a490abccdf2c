//! Operations on the company: its channels, templates, quota and legacy webhooks.

use crate::account::{Account, Channel, Template};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;
use serde_json::{Value, json};

/// The names of the texts about the company.
const TEXTS: [&str; 3] = ["1", "2", "3"];

pub(super) fn channels(account: &mut Account, call: &Call) -> ApiResponse {
    let wanted =
        |channel: &&Channel| call.allows("phone", channel.phone.as_deref().unwrap_or_default());
    page(
        call,
        account.page_cap,
        account.channels.iter().filter(wanted),
        Channel::json,
    )
}

pub(super) fn channel(account: &mut Account, call: &Call) -> ApiResponse {
    let channel = call.id().and_then(|id| account.channels.find(id));
    ApiResponse::found(channel.map(|record| record.json()))
}

pub(super) fn templates(account: &mut Account, call: &Call) -> ApiResponse {
    page(
        call,
        account.page_cap,
        account.templates.iter(),
        Template::json,
    )
}

pub(super) fn template(account: &mut Account, call: &Call) -> ApiResponse {
    let template = call.id().and_then(|id| account.templates.find(id));
    ApiResponse::found(template.map(|record| record.json()))
}

/// The monthly quota that is shown if the account has none.
const FREE_CALLS: u64 = 100_000;

pub(super) fn info(account: &mut Account, _: &Call) -> ApiResponse {
    let texts = &account.company_texts;
    let free = account.monthly_calls.unwrap_or(FREE_CALLS);
    ApiResponse::data(json!({
        "companyID": account.company,
        "partnerID": 1,
        "partner_type": "partner_client",
        "company_mode": "standard",
        "hook": account.legacy_hook,
        "hook_preferences": null,
        "current_version": 1,
        "channels": account.channels.len(),
        "company_name": account.company_name(),
        "company_lang": "en",
        "admin_email": "admin@example.org",
        "custom_info": (!texts.is_empty()).then_some(texts),
        "write_first_option": true,
        "domain_urls": ["https://example.org"],
        "api_calls": {
            "used_this_month": account.calls,
            "left_free_requests": free.saturating_sub(account.calls),
            "left_paid_requests": 0,
        },
    }))
}

/// Stores the texts of the call. Other texts stay.
pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let texts = call.get("custom_fields").and_then(Value::as_object);
    let Some(texts) = texts.filter(|texts| texts.keys().all(|key| TEXTS.contains(&key.as_str())))
    else {
        return ApiResponse::refused("custom_fields", "has other names than 1, 2 and 3");
    };
    account.company_texts.extend(texts.clone());
    ApiResponse::unknown()
}

pub(super) fn set_hook(account: &mut Account, call: &Call) -> ApiResponse {
    account.legacy_hook = url(call);
    ApiResponse::done()
}

pub(super) fn set_close_hook(account: &mut Account, call: &Call) -> ApiResponse {
    account.legacy_close_hook = url(call);
    ApiResponse::done()
}

/// Returns the URL. An empty one removes the webhook.
fn url(call: &Call) -> Value {
    call.text("url").into()
}
