//! The calls that people make, each against a server that answers as the real one does.

mod clients;
mod dialogs;
mod messages;
mod statistics;

use chat2desk::Chat2Desk;
use httpmock::MockServer;
use serde_json::{Value, json};

fn chat(server: &MockServer) -> Chat2Desk {
    let builder = Chat2Desk::builder("token").base_url(server.base_url());
    builder.build().unwrap()
}

fn page(data: Value) -> Value {
    let total = data.as_array().map_or(0, Vec::len);
    json!({ "data": data, "meta": { "total": total, "limit": 200, "offset": 0 }, "status": "success" })
}
