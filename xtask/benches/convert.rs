//! The converter against the crate `postman2openapi`, in one run: time from text to text.
//!
//! `ratio` is ours by theirs: below 1 is faster. `linear` is the time of ten times as many requests by
//! the time of the smaller number.

use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};
use xtask::convert::convert;

/// The command's own; both sides of a comparison have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let own = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../spec/collection.json"
    ));
    let own = own.expect("the project's collection");
    let (small, large) = (synthetic(1_000), synthetic(10_000));
    println!(
        "{:<24} {:>10} {:>12} {:>12}",
        "collection", "bytes", "ours", "theirs"
    );
    let mut ratios = Vec::new();
    let mut times = Vec::new();
    for (name, text, rounds) in [
        ("own, 74 requests", &own, 20),
        ("1 000 requests", &small, 7),
        ("10 000 requests", &large, 3),
    ] {
        let (ours, theirs) = compare(text, rounds);
        println!(
            "{name:<24} {:>10} {ours:>12.2?} {theirs:>12.2?}",
            text.len()
        );
        ratios.push((name, ours.as_secs_f64() / theirs.as_secs_f64()));
        times.push(ours.as_secs_f64());
    }
    for (name, ratio) in ratios {
        println!("ratio {name}: {ratio:.2}");
    }
    println!("linear {:.1}", times[2] / times[1]);
}

/// The best of the rounds, taken in turn so that both see the same machine.
fn compare(text: &str, rounds: usize) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        let start = Instant::now();
        black_box(convert(("bench", text.as_bytes()), None, None).expect("converts"));
        best.0 = best.0.min(start.elapsed());
        let start = Instant::now();
        let _ = black_box(postman2openapi::from_str(text, Default::default()));
        best.1 = best.1.min(start.elapsed());
    }
    best
}

/// A collection of many resources with a list, a record, a creation and a removal each.
fn synthetic(requests: usize) -> String {
    let folders: Vec<Value> = (0..requests / 4).map(folder).collect();
    let info = json!({
        "name": "Synthetic",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    });
    json!({ "info": info, "item": folders }).to_string()
}

fn folder(number: usize) -> Value {
    let record = json!({ "id": number, "name": "Ann", "price": 1.5, "tags": ["a", "b"], "owner": { "id": 1, "mail": null } });
    let page = json!({ "data": [record, record], "meta": { "total": 2 } });
    let url = |tail: &[&str]| {
        let resource = format!("things{number}");
        let path: Vec<&str> = ["v1", &resource]
            .into_iter()
            .chain(tail.iter().copied())
            .collect();
        json!({ "raw": format!("https://example.com/{}", path.join("/")), "protocol": "https", "host": ["example", "com"], "path": path })
    };
    let item = |name: &str, method: &str, url: Value, body: Option<&Value>, answer: &Value| {
        let mut request = json!({ "method": method, "header": [], "url": url });
        if let Some(body) = body {
            request["body"] = json!({ "mode": "raw", "raw": body.to_string(), "options": { "raw": { "language": "json" } } });
        }
        let response = json!({ "name": "ok", "originalRequest": request, "code": 200, "status": "OK", "body": answer.to_string(),
            "_postman_previewlanguage": "json", "header": [{ "key": "Content-Type", "value": "application/json" }], "cookie": [] });
        json!({ "name": name, "request": request, "response": [response] })
    };
    json!({ "name": format!("things {number}"), "item": [
        item("List", "GET", url(&[]), None, &page),
        item("Get", "GET", url(&[":id"]), None, &record),
        item("Create", "POST", url(&[]), Some(&record), &record),
        item("Delete", "DELETE", url(&[":id"]), None, &json!({ "status": "ok" })),
    ] })
}
