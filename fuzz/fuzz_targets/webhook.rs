//! Any bytes as a delivery: an error or an event, never a panic, and what is kept comes back.
#![no_main]

use chat2desk::webhook::{Event, SIGNATURE_HEADER, TIMESTAMP_HEADER, Verifier, VerifyError, sign};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let verifier = Verifier::new("token").expect("a token");

    // Headers that anybody can make, here of the same bytes, do not verify.
    let (signature, timestamp) = body.split_at(body.len().min(64));
    let mut headers = HeaderMap::new();
    for (name, value) in [(SIGNATURE_HEADER, signature), (TIMESTAMP_HEADER, timestamp)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let forged = verifier.verify(&headers, body.to_vec());
    forged.expect_err("forged");

    let headers = sign("token", 1_777_885_965, body).expect("a token");
    let event = match verifier.verify(&headers, body.to_vec()) {
        Err(VerifyError::Malformed(_) | VerifyError::NotAnObject) => return,
        verified => verified.expect("rightly signed"),
    };
    assert_eq!(event.raw(), body);
    let _ = format!("{event:?} {:?}", (event.client_id(), event.occurred_at()));
    let kept = serde_json::to_vec(&event).expect("an event is JSON");
    let restored: Event = serde_json::from_slice(&kept).expect("an event that was kept");
    assert_eq!(restored.payload(), event.payload());
    assert_eq!(restored.dedup_key(), event.dedup_key());
    assert!(event.dedup_key().is_some(), "what is signed can be told");
});
