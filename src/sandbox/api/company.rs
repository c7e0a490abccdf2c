//! The company: its channels, canned answers, calls of the month and old webhooks.

use crate::sandbox::account::{Account, Channel, Template};
use crate::sandbox::answer::{Answer, page};
use crate::sandbox::call::Call;
use serde_json::{Value, json};

pub(super) fn channels(account: &mut Account, call: &Call) -> Answer {
    let wanted =
        |channel: &&Channel| call.allows("phone", channel.phone.as_deref().unwrap_or_default());
    page(
        call,
        account.page_cap,
        account.channels.iter().filter(wanted),
        Channel::json,
    )
}

pub(super) fn channel(account: &mut Account, call: &Call) -> Answer {
    let channel = call.id().and_then(|id| account.channels.find(id));
    Answer::found(channel.map(|record| record.json()))
}

pub(super) fn templates(account: &mut Account, call: &Call) -> Answer {
    page(
        call,
        account.page_cap,
        account.templates.iter(),
        Template::json,
    )
}

pub(super) fn template(account: &mut Account, call: &Call) -> Answer {
    let template = call.id().and_then(|id| account.templates.find(id));
    Answer::found(template.map(|record| record.json()))
}

pub(super) fn info(account: &mut Account, _: &Call) -> Answer {
    Answer::data(json!({
        "mode": "demo",
        "hook": account.legacy_hook,
        "chat_close_web_hook": account.legacy_close_hook,
        "current_version": 1,
        "requests_this_month": account.calls,
        "channels": account.channels.len(),
        "company_name": "Example Ltd",
        "companyID": crate::sandbox::account::COMPANY,
        "admin_email": "admin@example.org",
        "company_mode": "full",
        "company_lang": "en",
        "domain_urls": ["example.org"],
        "write_first_option": true,
    }))
}

pub(super) fn set_hook(account: &mut Account, call: &Call) -> Answer {
    account.legacy_hook = url(call);
    Answer::done()
}

pub(super) fn set_close_hook(account: &mut Account, call: &Call) -> Answer {
    account.legacy_close_hook = url(call);
    Answer::done()
}

/// An empty one removes the hook.
fn url(call: &Call) -> Value {
    call.text("url").into()
}
