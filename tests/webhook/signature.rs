//! Who posted: what is accepted, and which error each refusal is.

use chat2desk::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER, Verifier, VerifyError, sign};
use http::{HeaderMap, HeaderValue, Request};
use std::time::{Duration, SystemTime};

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const BODY: &[u8] = br#"{"hook_type":"new_qr_code"}"#;
const SIGNED: u64 = 1_777_885_965;

fn verifier() -> Verifier {
    Verifier::new(TOKEN).unwrap()
}

fn headers(token: &str) -> HeaderMap {
    sign(token, SIGNED, BODY).unwrap()
}

fn with(name: &'static str, value: &'static str) -> HeaderMap {
    let mut headers = headers(TOKEN);
    headers.insert(name, HeaderValue::from_static(value));
    headers
}

fn without(name: &str) -> HeaderMap {
    let mut headers = headers(TOKEN);
    headers.remove(name);
    headers
}

#[test]
fn each_refusal_is_an_error_of_its_own() {
    let short = &"0".repeat(62).leak()[..];
    let cases: [(HeaderMap, &[u8], &str); 10] = [
        (
            without(SIGNATURE_HEADER),
            BODY,
            "the delivery is not signed: the header x-signature is missing",
        ),
        (
            without(TIMESTAMP_HEADER),
            BODY,
            "the delivery is not signed: the header x-timestamp is missing",
        ),
        (
            with(SIGNATURE_HEADER, ""),
            BODY,
            "the signature is malformed: the header x-signature cannot be read",
        ),
        (
            with(SIGNATURE_HEADER, "zz"),
            BODY,
            "the signature is malformed: the header x-signature cannot be read",
        ),
        (
            with(SIGNATURE_HEADER, short),
            BODY,
            "the signature is malformed: the header x-signature cannot be read",
        ),
        (
            with(TIMESTAMP_HEADER, "soon"),
            BODY,
            "the signature is malformed: the header x-timestamp cannot be read",
        ),
        (
            with(TIMESTAMP_HEADER, "1777885966"),
            BODY,
            "the signature is wrong: the delivery was signed with another token, or not by the vendor",
        ),
        (
            headers("another"),
            BODY,
            "the signature is wrong: the delivery was signed with another token, or not by the vendor",
        ),
        (
            headers(TOKEN),
            b"{}",
            "the signature is wrong: the delivery was signed with another token, or not by the vendor",
        ),
        (
            sign(TOKEN, SIGNED, b"{").unwrap(),
            b"{",
            "the body is not JSON",
        ),
    ];
    for (headers, body, expected) in cases {
        let error = verifier().verify(&headers, body.to_vec()).unwrap_err();
        assert_eq!(error.to_string(), expected);
        let status = if matches!(error, VerifyError::Malformed(_)) {
            400
        } else {
            401
        };
        assert_eq!(error.status(), status, "{error}");
    }
}

#[test]
fn a_token_is_changed_without_a_gap() {
    let both = Verifier::new("new").unwrap().also("old").unwrap();
    for (token, accepted) in [("new", true), ("old", true), ("other", false)] {
        let verified = both.verify(&headers(token), BODY);
        assert_eq!(verified.is_ok(), accepted, "{token}");
    }
}

#[test]
fn a_token_that_anybody_could_guess_is_refused() {
    for token in ["", " ", "two words", "new\nline"] {
        Verifier::new(token).unwrap_err();
        verifier().also(token).unwrap_err();
        sign(token, SIGNED, BODY).unwrap_err();
    }
}

#[test]
fn the_raw_digest_is_a_key_only_when_asked_for() {
    // What `sign` cannot make: HMAC-SHA256 with the 16 bytes of MD5 of "token" as the key.
    let mut headers = HeaderMap::new();
    let signature = "5dbda372e387d95ff25175ca9466f6186105188629c0ab85bd8198eb18d82ce2";
    headers.insert(SIGNATURE_HEADER, HeaderValue::from_static(signature));
    headers.insert(TIMESTAMP_HEADER, HeaderValue::from_static("1777885965"));
    let verifier = Verifier::new("token").unwrap();
    let refused = verifier.verify(&headers, BODY).unwrap_err();
    assert!(matches!(refused, VerifyError::WrongSignature));
    verifier
        .accept_raw_digest(true)
        .verify(&headers, BODY)
        .unwrap();
}

#[test]
fn age_counts_only_when_asked_for_and_in_both_directions() {
    let at = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let hour = Duration::from_secs(3600);
    for (now, in_time) in [
        (SIGNED, true),
        (SIGNED + 3600, true),
        (SIGNED + 3601, false),
        (SIGNED - 3600, true),
        (SIGNED - 3601, false),
    ] {
        verifier()
            .verify_at(&headers(TOKEN), BODY, at(now))
            .unwrap();
        let verified = verifier()
            .max_age(hour)
            .verify_at(&headers(TOKEN), BODY, at(now));
        match verified {
            Ok(_) => assert!(in_time, "{now}"),
            Err(error) => assert!(
                !in_time && matches!(error, VerifyError::Stale),
                "{now}: {error}"
            ),
        }
    }
    // Seconds beyond all time are stale, not a panic.
    let far = sign(TOKEN, u64::MAX, BODY).unwrap();
    verifier().verify(&far, BODY).unwrap();
    verifier().max_age(hour).verify(&far, BODY).unwrap_err();
}

#[test]
fn a_whole_request_verifies_whatever_made_it() {
    let mut request = Request::post("/").body(BODY.to_vec()).unwrap();
    *request.headers_mut() = headers(TOKEN);
    let event = verifier().verify_request(request).unwrap();
    assert_eq!((event.signed_at(), &event.raw()[..]), (Some(SIGNED), BODY));
}

#[test]
fn nothing_prints_a_token_or_a_key() {
    let digest = "bed128365216c019988915ed3add75fb"; // MD5 of "passw0rd"
    let shown = format!(
        "{:?}",
        Verifier::new("passw0rd").unwrap().also("second").unwrap()
    );
    assert!(
        !shown.contains("passw0rd") && !shown.contains(digest),
        "{shown}"
    );
    assert!(shown.contains("tokens: 2"), "{shown}");
}
