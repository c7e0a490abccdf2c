//! Collections that were made to break a converter end quickly.

use super::*;
use std::time::{Duration, Instant};

/// Far more than an optimized converter takes, far less than one whose work grows faster than its input.
const LONG: Duration = Duration::from_secs(20);

fn quick(collection: &Value) -> Conversion {
    let start = Instant::now();
    let conversion = converted(collection);
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    conversion
}

#[test]
fn variables_that_grow_without_end_are_no_address() {
    let variables = (0..60).map(
        |n| json!({ "key": format!("v{n}"), "value": format!("{{{{v{0}}}}}{{{{v{0}}}}}", n + 1) }),
    );
    let variables: Vec<Value> = variables.collect();
    let circle = json!([{ "key": "v60", "value": "{{v0}}" }]);
    for last in [json!([]), circle] {
        let mut variables = variables.clone();
        variables.extend(last.as_array().unwrap().clone());
        let request = json!({ "name": "A", "request": "{{v0}}/a" });
        let conversion = quick(&json!({ "variable": variables, "item": [request] }));
        assert_eq!(conversion.document().get("servers"), None);
        assert_eq!(conversion.warnings.len(), 1);
    }
}

#[test]
fn html_in_html_is_kept_as_it_is() {
    let mut item = request("GET", "/a");
    let html = "<div>".repeat(4_300);
    item["request"]["description"] = html.as_str().into();
    let conversion = quick(&json!({ "item": [item] }));
    assert_eq!(operation(&conversion, "get", "/a")["description"], html);
}

#[test]
fn a_hundred_thousand_keys_are_read_once() {
    let keys = |value: fn(usize) -> Value| -> Value {
        let entries = (0..100_000).map(|n| (format!("key{}of{n}", n % 7), value(n)));
        Value::Object(entries.collect())
    };
    for value in [|n: usize| n.into(), |n: usize| json!({ "a": n })] {
        let conversion =
            quick(&json!({ "item": [with_answer("GET", "/a/:id", 200, &keys(value))] }));
        assert_eq!(conversion.account.examples.kept, 1);
    }
}

#[test]
fn eight_thousand_requests_on_one_path_are_one_operation() {
    let item = |n: usize| {
        let mut item = with_body(
            "POST",
            &format!("/a?p{n}=1"),
            &json!({ "a": n }).to_string(),
        );
        item["response"] =
            json!([{ "name": "ok", "code": 200, "body": json!({ "x": n }).to_string() }]);
        item["request"]["description"] = format!("Text {n}.").into();
        item
    };
    let items: Vec<Value> = (0..8_000).map(item).collect();
    let conversion = quick(&json!({ "item": items }));
    let account = &conversion.account;
    assert_eq!((account.requests.kept, account.requests.merged), (1, 7_999));
    assert_eq!((account.bodies.kept, account.examples.kept), (8_000, 8_000));
}

#[test]
fn braces_without_end_are_read_once() {
    let conversion = quick(&json!({ "item": [
        request("GET", &format!("/a{}", "{".repeat(100_000))),
        with_body("POST", "/b", &"{{".repeat(100_000)),
        with_body("POST", "/c", &format!("{{\"a\": {}", "{{x ".repeat(50_000))),
    ] }));
    assert_eq!(conversion.account.requests.kept, 3);
}
