//! Collections that were made to break a converter end quickly.

use super::*;
use std::time::{Duration, Instant};

/// Says whether four times as much takes about four times as long; where each part is compared with each, it
/// takes sixteen times. The best of several runs counts, for the machine may be busy.
fn grows_with_its_input(size: usize, make: impl Fn(usize) -> Value) {
    let best = |size: usize| -> Duration {
        let text = make(size).to_string();
        let run = |_| {
            let start = Instant::now();
            xtask::convert::convert(("many.json", text.as_bytes()), None, None).unwrap();
            start.elapsed()
        };
        (0..3).map(run).min().unwrap()
    };
    let (small, large) = (best(size), best(size * 4));
    assert!(large < small * 10, "{small:?}, {large:?}");
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
        let conversion = converted(&json!({ "variable": variables, "item": [request] }));
        assert_eq!(conversion.document().get("servers"), None);
        assert_eq!(conversion.warnings.len(), 1);
    }
}

#[test]
fn html_in_html_is_kept_as_it_is() {
    let mut item = request("GET", "/a");
    let html = "<div>".repeat(4_300);
    item["request"]["description"] = html.as_str().into();
    let conversion = converted(&json!({ "item": [item] }));
    assert_eq!(operation(&conversion, "get", "/a")["description"], html);
}

#[test]
fn many_keys_of_one_object_are_read_once() {
    let keys = |count: usize, value: fn(usize) -> Value| -> Value {
        let entries = (0..count).map(|n| (format!("key{}of{n}", n % 7), value(n)));
        with_answer("GET", "/a/:id", 200, &Value::Object(entries.collect()))
    };
    for value in [|n: usize| n.into(), |n: usize| json!({ "a": n })] {
        grows_with_its_input(3_000, |count| json!({ "item": [keys(count, value)] }));
    }
}

fn on_one_path(count: usize) -> Value {
    let item = |n: usize| {
        let mut item = with_body(
            "POST",
            &format!("/a?p{n}=1"),
            &json!({ "a": n }).to_string(),
        );
        item["response"] =
            json!([{ "name": "ok", "code": 200, "body": json!({ "x": n }).to_string() }]);
        item["request"]["description"] = format!("Text {n}.").into();
        item["request"]["auth"] =
            json!({ "type": "apikey", "apikey": { "key": format!("X-{n}") } });
        item
    };
    json!({ "item": (0..count).map(item).collect::<Vec<_>>() })
}

#[test]
fn many_requests_on_one_path_are_one_operation() {
    grows_with_its_input(500, on_one_path);
    let conversion = converted(&on_one_path(500));
    let account = &conversion.account;
    assert_eq!((account.requests.kept, account.requests.merged), (1, 499));
    assert_eq!((account.bodies.kept, account.examples.kept), (500, 500));
}

#[test]
fn many_paths_with_objects_that_differ_are_read_once() {
    grows_with_its_input(500, |count| {
        let item = |n: usize| {
            with_answer(
                "GET",
                &format!("/x{n}/y"),
                200,
                &json!({ "inner": { format!("k{n}"): 1 }, "n": 1 }),
            )
        };
        json!({ "item": (0..count).map(item).collect::<Vec<_>>() })
    });
}

#[test]
fn braces_without_end_are_read_once() {
    let conversion = converted(&json!({ "item": [
        request("GET", &format!("/a{}", "{".repeat(100_000))),
        with_body("POST", "/b", &"{{".repeat(100_000)),
        with_body("POST", "/c", &format!("{{\"a\": {}", "{{x ".repeat(50_000))),
    ] }));
    assert_eq!(conversion.account.requests.kept, 3);
}

#[test]
fn an_object_of_more_keys_than_fields_have_names_is_a_map() {
    let entries = (0..6_000).map(|n| (format!("key{}of{n}", n % 7), json!({ "a": n })));
    let answer = json!({ "all": Value::Object(entries.collect()) });
    let conversion =
        converted(&json!({ "item": [with_answer("GET", "/books/:id", 200, &answer)] }));
    let all = &schema(&conversion, "Book")["properties"]["all"];
    assert_eq!(
        all["additionalProperties"]["$ref"],
        "#/components/schemas/All"
    );
}
