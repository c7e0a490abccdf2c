//! What typed events cost: verifying and reading a delivery, against a bare HMAC and a `Value`.
//!
//! `cargo bench --bench webhook`. Both sides run in turn, and the fastest turn of each counts: what
//! else the machine does only ever adds.

use bytes::Bytes;
use chat2desk::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER, Verifier, sign};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use md5::{Digest, Md5};
use serde_json::Value;
use sha2::Sha256;
use std::hint::black_box;
use std::time::{Duration, Instant};

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const TURNS: usize = 60;
const DELIVERIES: usize = 2000;

fn main() {
    let sample: Value = include_str!("../crates/sandbox/src/samples/inbox.json")
        .parse()
        .expect("JSON");
    let body = Bytes::from(sample.to_string());
    let headers = sign(TOKEN, 1_777_885_965, &body).expect("a token");

    let verifier = Verifier::new(TOKEN).expect("a token");
    let typed = || {
        verifier
            .verify(&headers, body.clone())
            .expect("rightly signed")
    };
    let key = base16ct::lower::encode_string(&Md5::digest(TOKEN));
    let key: Hmac<Sha256> = Hmac::new_from_slice(key.as_bytes()).expect("a key");
    let bare = || bare(&key, &headers, &body);

    let (mut fastest_typed, mut fastest_bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        fastest_typed = fastest_typed.min(time(typed));
        fastest_bare = fastest_bare.min(time(bare));
    }
    let each = |turn: Duration| turn.as_nanos() / DELIVERIES as u128;
    println!("body {} bytes", body.len());
    println!("verify and read an event {} ns", each(fastest_typed));
    println!("bare HMAC and Value {} ns", each(fastest_bare));
    println!(
        "ratio webhook {:.2}",
        fastest_typed.as_secs_f64() / fastest_bare.as_secs_f64()
    );
}

/// The least that a program can do: check and parse, with the key made beforehand.
fn bare(key: &Hmac<Sha256>, headers: &HeaderMap, body: &[u8]) -> Value {
    let mut signature = [0; 32];
    base16ct::mixed::decode(headers[SIGNATURE_HEADER].as_bytes(), &mut signature).expect("hex");
    let mac = key
        .clone()
        .chain_update(body)
        .chain_update(headers[TIMESTAMP_HEADER].as_bytes());
    mac.verify_slice(&signature).expect("rightly signed");
    serde_json::from_slice(body).expect("JSON")
}

fn time<T>(delivery: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..DELIVERIES {
        black_box(delivery());
    }
    start.elapsed()
}
