//! The self-service menu.

use super::clients;
use crate::account::{Account, Draft, Item, Kind, MENU};
use crate::answer::{Answer, page};
use crate::call::Call;

/// The channel comes in the body of the GET.
pub(super) fn list(_: &mut Account, call: &Call) -> Answer {
    let channel = call.only("channel_id");
    let items = MENU.iter().filter(|item| channel.allows(item.channel));
    Answer::data(items.map(Item::json).collect::<Vec<_>>())
}

/// Without an item the root of the channel that the customer last wrote through.
pub(super) fn send(account: &mut Account, call: &Call) -> Answer {
    let client = call.number("client_id");
    let Some(client) = client.and_then(|id| account.clients.find(id)) else {
        return Answer::refused("client_id", "client not found");
    };
    let mut items = MENU.iter();
    let item = match call.number("menu_item_id") {
        Some(id) => items.find(|item| item.id == id),
        None => items.find(|item| item.channel == client.channel),
    };
    let Some(item) = item else {
        return Answer::not_found();
    };
    let mut draft = Draft::new(Kind::Autoreply, client.id, Some(item.text.into()));
    draft.channel = Some(client.channel);
    account.send(draft);
    Answer::done()
}

pub(super) fn last_question(account: &mut Account, call: &Call) -> Answer {
    let last = call
        .id()
        .and_then(|client| account.questions(client).next_back());
    Answer::found(last.map(|(item, _)| item.question()))
}

/// Of days in the company's time, the last one too.
pub(super) fn questions(account: &mut Account, call: &Call) -> Answer {
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
