//! What becomes of each kind of thing that collections of others hold, case by case.

mod access;
mod bodies;
mod forms;
mod hostile;
mod hosts;
mod names;
mod parameters;
mod placeholders;
mod reading;

use serde_json::{Value, json};
use xtask::convert::{Conversion, convert};

const HOST: &str = "https://api.example.com";

fn converted(collection: &Value) -> Conversion {
    let text = collection.to_string();
    convert(("shop.json", text.as_bytes()), None, None).unwrap()
}

/// A collection of requests.
fn of(items: Value) -> Conversion {
    converted(&json!({ "info": { "name": "Shop" }, "item": items }))
}

/// A request of one host.
fn request(method: &str, path: &str) -> Value {
    let url = format!("{HOST}{path}");
    json!({ "name": format!("{method} {path}"), "request": { "method": method, "url": url } })
}

/// A request with a body of JSON, as a text.
fn with_body(method: &str, path: &str, body: &str) -> Value {
    let mut item = request(method, path);
    let options = json!({ "raw": { "language": "json" } });
    item["request"]["body"] = json!({ "mode": "raw", "raw": body, "options": options });
    item
}

/// A request with one saved response.
fn with_answer(method: &str, path: &str, code: u16, answer: &Value) -> Value {
    let mut item = request(method, path);
    item["response"] = json!([{ "name": "ok", "code": code, "body": answer.to_string() }]);
    item
}

fn operation<'a>(conversion: &'a Conversion, method: &str, path: &str) -> &'a Value {
    let found = &conversion.document()["paths"][path][method];
    assert!(
        found.is_object(),
        "no {method} {path} in {}",
        conversion.text
    );
    found
}

/// The schema of an operation's parameter.
fn parameter<'a>(operation: &'a Value, name: &str) -> &'a Value {
    let parameters = operation["parameters"].as_array().unwrap();
    let mut found = parameters
        .iter()
        .filter(|parameter| parameter["name"] == name);
    found.next().unwrap()
}

/// The ids of all operations, as `method path`, id.
fn ids(conversion: &Conversion) -> Vec<(String, &str)> {
    let operations = xtask::lower::operations(conversion.document());
    let ids = operations.map(|(path, method, operation)| {
        let id = operation["operationId"].as_str().unwrap();
        (format!("{method} {path}"), id)
    });
    ids.collect()
}

/// The component that an operation answers with.
fn answer<'a>(conversion: &'a Conversion, method: &str, path: &str) -> &'a str {
    let responses = operation(conversion, method, path)["responses"]
        .as_object()
        .unwrap();
    let (_, response) = responses.iter().next().unwrap();
    let schema = &response["content"]["application/json"]["schema"];
    let reference = schema["$ref"]
        .as_str()
        .or_else(|| schema["items"]["$ref"].as_str());
    reference.unwrap_or_default().rsplit('/').next().unwrap()
}

fn schema<'a>(conversion: &'a Conversion, name: &str) -> &'a Value {
    &conversion.document()["components"]["schemas"][name]
}
