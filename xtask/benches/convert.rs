//! The converter against the crate `postman2openapi`, in one run: time and peak memory from text to text.
//!
//! A ratio is ours by theirs: below 1 is faster, or smaller. `linear` is the time of ten times as many
//! requests by the time of the smaller number, of which ten are timed together: a long run is interrupted
//! more often than a short one.

use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};
use xtask::convert::convert;

/// The system's allocator, as the command has it, with a count of what is allocated.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let own = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../spec/collection.json"
    ));
    let own = own.expect("the project's collection");
    let collections = [
        ("own, 74 requests", own, 20),
        ("1 000 requests", synthetic(1_000), 9),
        ("10 000 requests", synthetic(10_000), 5),
    ];
    println!(
        "{:<18} {:>9} {:>10} {:>10} {:>11} {:>11}",
        "collection", "bytes", "ours", "theirs", "our peak", "their peak"
    );
    let mut costs = Vec::new();
    for (name, text, rounds) in &collections {
        let (ours, theirs) = compare(text, *rounds);
        println!(
            "{name:<18} {:>9} {:>10.2?} {:>10.2?} {:>11} {:>11}",
            text.len(),
            ours.time,
            theirs.time,
            ours.peak,
            theirs.peak
        );
        costs.push((name, ours, theirs));
    }
    for (name, ours, theirs) in &costs {
        let ratio = ours.time.as_secs_f64() / theirs.time.as_secs_f64();
        println!("ratio {name}: {ratio:.2}");
    }
    for (name, ours, theirs) in &costs {
        let ratio = ours.peak as f64 / theirs.peak as f64;
        println!("memory ratio {name}: {ratio:.2}");
    }
    println!("linear {:.1}", linear(&collections[1].1, &collections[2].1));
}

/// The time of a conversion by that of one of a tenth of its size.
fn linear(small: &str, large: &str) -> f64 {
    let ours = |text: &str| convert(("bench", text.as_bytes()), None, None).is_ok();
    let round = || {
        let ten = Cost::of(|| (0..10).all(|_| ours(small)));
        (ten, Cost::of(|| ours(large)))
    };
    let best = (0..5)
        .map(|_| round())
        .reduce(|best, next| (best.0.least(next.0), best.1.least(next.1)));
    best.map_or(0.0, |(ten, one)| {
        10.0 * one.time.as_secs_f64() / ten.time.as_secs_f64()
    })
}

/// What a conversion took.
struct Cost {
    time: Duration,
    /// Bytes allocated at one time, beside what was there before.
    peak: usize,
}

impl Cost {
    fn of<T>(conversion: impl FnOnce() -> T) -> Self {
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let start = Instant::now();
        let result = black_box(conversion());
        let time = start.elapsed();
        drop(result);
        Self {
            time,
            peak: ALLOCATOR.peak_usage() - before,
        }
    }

    fn least(self, other: Self) -> Self {
        Self {
            time: self.time.min(other.time),
            peak: self.peak.min(other.peak),
        }
    }
}

/// The best of the rounds, taken in turn so that both see the same machine.
fn compare(text: &str, rounds: usize) -> (Cost, Cost) {
    let ours = || Cost::of(|| convert(("bench", text.as_bytes()), None, None).expect("converts"));
    let theirs = || Cost::of(|| postman2openapi::from_str(text, Default::default()).is_ok());
    (1..rounds).fold((ours(), theirs()), |best, _| {
        (best.0.least(ours()), best.1.least(theirs()))
    })
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
