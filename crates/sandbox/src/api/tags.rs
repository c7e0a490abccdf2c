//! Operations on tags of customers and requests.

use crate::account::{Account, Tag, TagGroup};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;
use axum::http::StatusCode;
use chat2desk::wire::WebhookEvent;
use serde_json::{Value, json};

pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, account.tags.iter(), Tag::json)
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    match call.id().and_then(|id| account.tags.find(id)) {
        Some(tag) => ApiResponse::data(tag.json()),
        None => ApiResponse::errors(StatusCode::NOT_FOUND, "Tag not found"),
    }
}

/// The maximum length of a label, in characters.
const LABEL: usize = 20;

pub(super) fn create(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(label) = call.text("tag_label") else {
        return ApiResponse::refused("tag_label", "is missing");
    };
    if label.chars().count() > LABEL {
        return ApiResponse::refused("tag_label", &format!("is longer than {LABEL} characters"));
    }
    let group = call.number("tag_group_id").unwrap_or_default();
    let known = account.tag_groups.find(group);
    let tag = Tag {
        id: account.tags.next_id(),
        group,
        group_name: known.map_or_else(|| format!("Group {group}"), |group| group.name.clone()),
        label: label.to_owned(),
        description: call.text("tag_description").map(str::to_owned),
    };
    let (id, json) = (tag.id, tag.json());
    account.tags.push(tag);
    account.raise(WebhookEvent::NewTag, None, |account| {
        account.tags.find(id).map(Tag::json).unwrap_or_default()
    });
    ApiResponse {
        status: StatusCode::CREATED,
        ..ApiResponse::data(json)
    }
}

pub(super) fn create_group(account: &mut Account, call: &Call) -> ApiResponse {
    let Some(name) = call.get("tag_group_name").and_then(Value::as_str) else {
        return ApiResponse::refused("tag_group_name", "is missing");
    };
    let group = TagGroup {
        id: account.tag_groups.next_id(),
        name: name.to_owned(),
        order_show: call.number("order_show").unwrap_or(1),
        display: call.number("display").unwrap_or(1),
    };
    let json = group.json();
    account.tag_groups.push(group);
    ApiResponse::data(json)
}

/// Attaches tags. Tags that are already attached or do not exist are ignored, with success.
pub(super) fn assign(account: &mut Account, call: &Call) -> ApiResponse {
    let id = call.number("assignee_id").unwrap_or_default();
    let known = call.numbers("tag_ids").into_iter();
    let tags: Vec<i64> = known
        .filter(|tag| account.tags.find(*tag).is_some())
        .collect();
    let kind = call.text("assignee_type").unwrap_or_default();
    let foreign = || {
        ApiResponse::errors(
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
                account.raise(WebhookEvent::AddTagToClient, Some(channel), |account| {
                    let mut event = tag_of_client(account, tag, id);
                    let client = account.clients.find(id);
                    event["channel_id"] = channel.into();
                    event["transport"] = client.map(|client| client.transport.clone()).into();
                    event["all_client_channels"] = json!([channel]);
                    event
                });
            }
        }
        "request" => {
            let Some(request) = account.requests.find_mut(id) else {
                return foreign();
            };
            let channel = request.channel;
            for tag in attach(&mut request.tags, tags) {
                account.raise(WebhookEvent::AddTagToRequest, Some(channel), |account| {
                    let mut event = tag_of_request(account, tag, id);
                    if let Some(request) = account.requests.find(id) {
                        event["client_id"] = request.client.into();
                        event["channel_id"] = request.channel.into();
                        event["transport"] = request.transport.clone().into();
                    }
                    event
                });
            }
        }
        _ => return ApiResponse::refused("assignee_type", "is neither client nor request"),
    }
    ApiResponse::done()
}

/// Returns the fields of events about a tag and its customer.
fn tag_of_client(account: &Account, tag: i64, client: i64) -> Value {
    let mut event = account.tags.find(tag).map(Tag::event).unwrap_or_default();
    event["client_id"] = client.into();
    event
}

fn tag_of_request(account: &Account, tag: i64, request: i64) -> Value {
    let mut event = account.tags.find(tag).map(Tag::event).unwrap_or_default();
    event["request_id"] = request.into();
    event
}

/// Adds the tags that are missing. Returns those that were added.
fn attach(to: &mut Vec<i64>, tags: Vec<i64>) -> Vec<i64> {
    let before = to.len();
    for tag in tags {
        if !to.contains(&tag) {
            to.push(tag);
        }
    }
    to[before..].to_vec()
}

/// Detaches a tag. Detaching it twice is an error.
pub(super) fn remove(account: &mut Account, call: &Call) -> ApiResponse {
    let refused = |errors: &str| ApiResponse::errors(StatusCode::BAD_REQUEST, errors);
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
        let channel = Some(request.channel);
        account.raise(WebhookEvent::DeleteTagFromRequest, channel, |account| {
            tag_of_request(account, tag, id)
        });
        return ApiResponse::done();
    }
    let id = call.number("client_id").unwrap_or_default();
    let Some(client) = account.clients.find_mut(id) else {
        return refused("client not found");
    };
    if !detach(&mut client.tags, tag) {
        return refused("client not found");
    }
    let channel = Some(client.channel);
    account.raise(WebhookEvent::DeleteTagFromClient, channel, |account| {
        tag_of_client(account, tag, id)
    });
    ApiResponse::done()
}

/// Detaches a tag. Returns whether it was attached.
fn detach(from: &mut Vec<i64>, tag: i64) -> bool {
    let before = from.len();
    from.retain(|attached| *attached != tag);
    from.len() < before
}
