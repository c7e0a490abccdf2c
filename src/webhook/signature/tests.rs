//! Tests of signatures with the vendor's example, in which every bit is flipped.

use super::{Claimed, Keys, SIGNATURE_HEADER, TIMESTAMP_HEADER, Verifier, keyed};
use crate::webhook::VerifyError;
use http::{HeaderMap, HeaderValue};
use std::marker::PhantomData;

// The vendor's published example. Its key is this text itself, not the digest of a token.
const KEY: &[u8] = b"md5_api_token";
const TIMESTAMP: &[u8] = b"1743681006";
const BODY: &str = r#"{"message_id":28780,"type":"from_client","text":"test7","transport":"widget","client_id":12568,"operator_id":null,"dialog_id":942,"channel_id":1,"photo":null,"coordinates":null,"audio":null,"pdf":null,"client":{"id":12568,"phone":"[chat] 1d0bb2e221762cfcc05c","client_phone":null,"name":"[chat] 1d0bb2e221762cfcc05c","assigned_name":null,"external_id":null},"hook_type":"inbox","request_id":5357,"attachments":[],"is_new_request":false,"is_new_client":false,"insta_comment":false,"extra_data":{},"is_new":true,"event_time":"2025-04-03T11:50:06.984494Z"}"#;
const SIGNATURE: &[u8] = b"88b574d8237e1b7740f88102018b734d3dd5bc6803c509a3694eff9721b0c595";

fn verifier() -> Verifier {
    let keys = Keys {
        hex: keyed(KEY),
        raw: keyed(KEY),
    };
    Verifier {
        keys: vec![keys],
        raw_digest: false,
        max_age: None,
    }
}

/// Whether this delivery verifies. One with headers that HTTP does not allow does not.
fn verifies(body: &[u8], timestamp: &[u8], signature: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in [(TIMESTAMP_HEADER, timestamp), (SIGNATURE_HEADER, signature)] {
        match HeaderValue::from_bytes(value) {
            Ok(value) => headers.insert(name, value),
            Err(_) => return false,
        };
    }
    let verified = verifier().verify(&headers, body.to_vec());
    !matches!(
        verified,
        Err(VerifyError::WrongSignature | VerifyError::MalformedHeader { .. })
    )
}

fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

#[test]
fn the_vendors_example_verifies_and_is_read() {
    assert!(verifies(BODY.as_bytes(), TIMESTAMP, SIGNATURE));
    let upper = SIGNATURE.to_ascii_uppercase();
    assert!(verifies(BODY.as_bytes(), TIMESTAMP, &upper));
}

#[test]
fn a_single_bit_that_changed_is_noticed() {
    for body in flips(BODY.as_bytes()) {
        assert!(!verifies(&body, TIMESTAMP, SIGNATURE));
    }
    for timestamp in flips(TIMESTAMP) {
        assert!(!verifies(BODY.as_bytes(), &timestamp, SIGNATURE));
    }
    for signature in flips(&base16ct::lower::decode_vec(SIGNATURE).unwrap()) {
        let signature = base16ct::lower::encode_string(&signature);
        assert!(!verifies(BODY.as_bytes(), TIMESTAMP, signature.as_bytes()));
    }
    // As text it may differ only by the case of a digit.
    for signature in flips(SIGNATURE) {
        let same = signature.eq_ignore_ascii_case(SIGNATURE);
        assert_eq!(verifies(BODY.as_bytes(), TIMESTAMP, &signature), same);
    }
}

#[test]
fn moving_the_border_between_body_and_timestamp_gains_nothing() {
    // They are signed without a separator, so digits could be moved from one to the other.
    let (body, moved) = (format!("{BODY}1"), &TIMESTAMP[1..]);
    let verified = verifies(body.as_bytes(), moved, SIGNATURE);
    assert!(verified, "the signature is over the same bytes");
    let mut headers = HeaderMap::new();
    headers.insert(
        SIGNATURE_HEADER,
        HeaderValue::from_bytes(SIGNATURE).unwrap(),
    );
    headers.insert(TIMESTAMP_HEADER, HeaderValue::from_bytes(moved).unwrap());
    let read = verifier().verify(&headers, body);
    assert!(matches!(read, Err(VerifyError::Malformed(_))), "{read:?}");
}

/// Detects whether a type has `==`: an inherent method takes precedence over that of a trait.
struct Probe<T>(PhantomData<T>);

impl<T: PartialEq> Probe<T> {
    fn comparable(&self) -> bool {
        true
    }
}

trait Otherwise {
    fn comparable(&self) -> bool {
        false
    }
}

impl<T> Otherwise for Probe<T> {}

#[test]
fn a_signature_cannot_be_compared_but_in_constant_time() {
    assert!(Probe::<[u8; 32]>(PhantomData).comparable());
    assert!(!Probe::<Claimed>(PhantomData).comparable());
}
