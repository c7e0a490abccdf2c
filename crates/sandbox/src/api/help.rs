//! Reference lists of the API, such as roles and message types. `help/transports` is missing: the document shows the
//! abilities of only two messengers.

use crate::account::Account;
use crate::api_response::ApiResponse;
use crate::call::Call;
use serde_json::{Value, json};

pub(super) fn api_modes(_: &mut Account, _: &Call) -> ApiResponse {
    let modes = [
        ("locked", "No requests"),
        ("demo", "10000 requests per month"),
        ("normal", "250000 requests per month"),
        ("unlimited", "Unlimited requests per month"),
    ];
    described("name", &modes)
}

pub(super) fn message_types(_: &mut Account, _: &Call) -> ApiResponse {
    let types = [
        ("system", "Of the service itself"),
        ("autoreply", "Sent by itself, to a customer"),
        ("to_client", "To a customer"),
        ("from_client", "From a customer"),
        ("comment", "For operators only"),
    ];
    described("id", &types)
}

fn described(key: &str, words: &[(&str, &str)]) -> ApiResponse {
    let words = words.iter();
    let words = words.map(|(word, text)| json!({ key: word, "description": text }));
    ApiResponse::data(words.collect::<Value>())
}

pub(super) fn dialog_states(_: &mut Account, _: &Call) -> ApiResponse {
    ApiResponse::data(json!(["open", "closed"]))
}

pub(super) fn roles(_: &mut Account, _: &Call) -> ApiResponse {
    ApiResponse::data(json!([
        "unconfirmed",
        "operator",
        "supervisor",
        "admin",
        "disabled",
        "deleted"
    ]))
}
