//! Operations on operators.

use crate::account::{Account, Operator, STATUSES};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;
use chat2desk::wire::WebhookEvent;
use serde_json::{Value, json};

/// The only group.
const GROUP: i64 = 701;

/// Deleted operators stay in the list.
pub(super) fn list(account: &mut Account, call: &Call) -> ApiResponse {
    let status = call.only("status_id");
    let wanted = |operator: &&Operator| {
        call.allows("email", &operator.email)
            && call
                .flag("online")
                .is_none_or(|online| operator.online == online)
            && status.allows(operator.status)
            && call.allows("role", operator.role)
            && call.allows("status", operator.account_status())
            && !call.has("phone")
    };
    let operators = account.operators.iter().filter(wanted);
    page(call, account.page_cap, operators, |operator| {
        operator.json(account)
    })
}

pub(super) fn get(account: &mut Account, call: &Call) -> ApiResponse {
    let operator = call.id().and_then(|id| account.operators.find(id));
    ApiResponse::found(operator.map(|record| record.json(account)))
}

pub(super) fn set_status(account: &mut Account, call: &Call) -> ApiResponse {
    if call.number("status_id").is_none() {
        return ApiResponse::refused("status_id", "is missing");
    }
    update(account, call)
}

/// Only the working status is known to change.
pub(super) fn update(account: &mut Account, call: &Call) -> ApiResponse {
    let now = account.unix();
    let Some(operator) = call.id().and_then(|id| account.operators.find_mut(id)) else {
        return ApiResponse::not_found();
    };
    if let Some(status) = call.number("status_id") {
        if !STATUSES.iter().any(|(id, ..)| *id == status) {
            return ApiResponse::refused("status_id", "there is no such status");
        }
        (operator.status, operator.last_visit) = (status, now);
        let id = operator.id;
        account.raise(WebhookEvent::OperatorStatusChanged, None, |account| {
            let operator = account.operators.find(id);
            let event = operator.map(|operator| {
                json!({
                    "id": id.to_string(),
                    "email": operator.email,
                    "online": i64::from(operator.online),
                    "offline_type": operator.offline_type(),
                    "status_id": status,
                })
            });
            event.unwrap_or_default()
        });
    }
    get(account, call)
}

/// The response is a list without an envelope.
pub(super) fn statuses(_: &mut Account, _: &Call) -> ApiResponse {
    let statuses = STATUSES
        .iter()
        .map(|(id, name, _)| json!({ "id": id, "name": { "en": name } }));
    ApiResponse::json(statuses.collect())
}

pub(super) fn groups(account: &mut Account, _: &Call) -> ApiResponse {
    let members: Vec<i64> = account
        .operators
        .iter()
        .filter(|operator| operator.is_available())
        .map(|operator| operator.id)
        .collect();
    ApiResponse::data(vec![
        json!({ "id": GROUP, "name": "Sales", "operator_ids": members }) as Value,
    ])
}

/// Returns the first available operator of a group.
pub(super) fn member(account: &Account, group: i64) -> Option<i64> {
    let mut operators = account.operators.iter().filter(|_| group == GROUP);
    Some(operators.find(|operator| operator.is_available())?.id)
}
