//! Tags of customers and requests.

use crate::sandbox::account::{Account, Tag};
use crate::sandbox::answer::{Answer, page};
use crate::sandbox::call::Call;
use axum::http::StatusCode;
use serde_json::json;

pub(super) fn list(account: &mut Account, call: &Call) -> Answer {
    page(call, account.page_cap, account.tags.iter(), Tag::json)
}

pub(super) fn get(account: &mut Account, call: &Call) -> Answer {
    match call.id().and_then(|id| account.tags.find(id)) {
        Some(tag) => Answer::data(tag.json()),
        None => Answer::errors(StatusCode::NOT_FOUND, "Tag not found"),
    }
}

pub(super) fn create(account: &mut Account, call: &Call) -> Answer {
    let Some(label) = call.text("tag_label") else {
        return Answer::refused("tag_label", "is missing");
    };
    let group = call.number("tag_group_id").unwrap_or_default();
    let known = account.tags.iter().find(|tag| tag.group == group);
    let tag = Tag {
        id: account.tags.next_id(),
        group,
        group_name: known.map_or_else(|| format!("Group {group}"), |tag| tag.group_name.clone()),
        label: label.to_owned(),
        description: call.text("tag_description").map(str::to_owned),
    };
    let (json, event) = (tag.json(), json!({ "id": tag.id, "label": tag.label }));
    account.tags.push(tag);
    account.raise("new_tag", None, event);
    Answer::data(json)
}

/// What is attached already stays so, and tags that there are not count as attached: both are a success.
pub(super) fn assign(account: &mut Account, call: &Call) -> Answer {
    let id = call.number("assignee_id").unwrap_or_default();
    let known = call.numbers("tag_ids").into_iter();
    let tags: Vec<i64> = known
        .filter(|tag| account.tags.find(*tag).is_some())
        .collect();
    let kind = call.text("assignee_type").unwrap_or_default();
    let foreign = || {
        Answer::errors(
            StatusCode::BAD_REQUEST,
            format!("{kind} does not belong to the company"),
        )
    };
    match kind {
        "client" => {
            let Some(client) = account.clients.find_mut(id) else {
                return foreign();
            };
            let channel = client.channel;
            for tag in attach(&mut client.tags, tags) {
                let event = json!({ "id": tag, "client_id": id, "channel_id": channel });
                account.raise("add_tag_to_client", Some(channel), event);
            }
        }
        "request" => {
            let Some(request) = account.requests.find_mut(id) else {
                return foreign();
            };
            let (client, channel) = (request.client, request.channel);
            for tag in attach(&mut request.tags, tags) {
                let event = json!({ "id": tag, "request_id": id, "client_id": client });
                account.raise("add_tag_to_request", Some(channel), event);
            }
        }
        _ => return Answer::refused("assignee_type", "is neither client nor request"),
    }
    Answer::done()
}

/// Adds what is not there, and says what that was.
fn attach(to: &mut Vec<i64>, tags: Vec<i64>) -> Vec<i64> {
    let before = to.len();
    for tag in tags {
        if !to.contains(&tag) {
            to.push(tag);
        }
    }
    to[before..].to_vec()
}

/// Detaching twice is an error.
pub(super) fn remove(account: &mut Account, call: &Call) -> Answer {
    let refused = |errors: &str| Answer::errors(StatusCode::BAD_REQUEST, errors);
    let Some(tag) = call.id().filter(|id| account.tags.find(*id).is_some()) else {
        return refused("tag does not exist");
    };
    if let Some(id) = call.number("request_id") {
        let Some(request) = account.requests.find_mut(id) else {
            return refused("request not found");
        };
        if !detach(&mut request.tags, tag) {
            return refused("request not found");
        }
        let (client, channel) = (request.client, request.channel);
        let event = json!({ "id": tag, "request_id": id, "client_id": client });
        account.raise("delete_tag_from_request", Some(channel), event);
        return Answer::done();
    }
    let id = call.number("client_id").unwrap_or_default();
    let Some(client) = account.clients.find_mut(id) else {
        return refused("client not found");
    };
    if !detach(&mut client.tags, tag) {
        return refused("client not found");
    }
    let channel = client.channel;
    let event = json!({ "id": tag, "client_id": id });
    account.raise("delete_tag_from_client", Some(channel), event);
    Answer::done()
}

/// Whether it was there.
fn detach(from: &mut Vec<i64>, tag: i64) -> bool {
    let before = from.len();
    from.retain(|attached| *attached != tag);
    from.len() < before
}
