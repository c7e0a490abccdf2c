//! Operations on the self-service menu.

use super::clients;
use crate::account::{Account, Draft, Item, Kind, MENU};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;

/// The channel is in the body of the GET request.
pub(super) fn list(_: &mut Account, call: &Call) -> ApiResponse {
    let channel = call.only("channel_id");
    let items = MENU.iter().filter(|item| channel.allows(item.channel));
    ApiResponse::data(items.map(Item::json).collect::<Vec<_>>())
}

/// Sends an item, or the root of the channel that the customer last wrote through.
pub(super) fn send(account: &mut Account, call: &Call) -> ApiResponse {
    let client = call.number("client_id");
    let Some(client) = client.and_then(|id| account.clients.find(id)) else {
        return ApiResponse::refused("client_id", "client not found");
    };
    let mut items = MENU.iter();
    let item = match call.number("menu_item_id") {
        Some(id) => items.find(|item| item.id == id),
        None => items.find(|item| item.channel == client.channel),
    };
    let Some(item) = item else {
        return ApiResponse::not_found();
    };
    let mut draft = Draft::new(Kind::Autoreply, client.id, Some(item.text.into()));
    draft.channel = Some(client.channel);
    account.send(draft);
    ApiResponse::done()
}

pub(super) fn last_question(account: &mut Account, call: &Call) -> ApiResponse {
    let last = call
        .id()
        .and_then(|client| account.questions(client).next_back());
    ApiResponse::found(last.map(|(item, _)| item.question()))
}

/// Filters by days in the company's time zone. The last day is included.
pub(super) fn questions(account: &mut Account, call: &Call) -> ApiResponse {
    let day = |name| call.day(name, "%d-%m-%Y");
    let (from, until) = match (day("start_date"), day("finish_date")) {
        (Ok(from), Ok(until)) => (from, until),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    let client = call.id();
    let Some(client) = client.filter(|id| account.clients.find(*id).is_some()) else {
        return clients::not_found();
    };
    let from = from.map(|day| account.midnight(day));
    let until = until.and_then(|day| Some(account.midnight(day.succ_opt()?)));
    let questions = account.questions(client);
    let questions = questions.filter(|(_, message)| {
        from.is_none_or(|from| message.created >= from)
            && until.is_none_or(|until| message.created < until)
    });
    let questions: Vec<_> = questions.collect();
    page(call, account.page_cap, &questions, |(item, message)| {
        item.sent(message)
    })
}
