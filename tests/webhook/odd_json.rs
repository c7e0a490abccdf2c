//! What is signed and a JSON object is an event, however odd; nothing can be moved between body and time.

use chat2desk::webhook::{Event, TIMESTAMP_HEADER, Verifier, VerifyError, sign};
use chat2desk::wire::WebhookEvent;
use http::{HeaderMap, HeaderValue};

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SIGNED: u64 = 1_777_885_965;

fn verify(headers: &HeaderMap, body: &[u8]) -> Result<Event, VerifyError> {
    Verifier::new(TOKEN).unwrap().verify(headers, body.to_vec())
}

fn signed(body: &[u8]) -> Result<Event, VerifyError> {
    verify(&sign(TOKEN, SIGNED, body).unwrap(), body)
}

/// Values that few parsers take.
fn odd_values() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        "1e999",
        "-1e999",
        "1e-999",
        "0.0000000000000000000000000000000000001",
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ud83d\ude00""#,
        r#""\u0000""#,
        r#"{"\u0000": 1, "\ud800": 2}"#,
        r#"{"a": 1, "a": {"a": 2, "a": 3}}"#,
        "[[], {}, [[]], null]",
    ]
    .map(|value| value.as_bytes().to_vec())
    .into();
    values.push(b"\"\xff\xfe\xed\xa0\x80\"".to_vec());
    for digits in [20, 40, 309, 500, 100_000] {
        values.push("9".repeat(digits).into_bytes());
        values.push(format!("-0.{}", "9".repeat(digits)).into_bytes());
    }
    let key = "k".repeat(1 << 18);
    values.push(format!("{{\"{key}\": \"{key}\"}}").into_bytes());
    for depth in [126, 127, 128, 129, 255, 256, 257, 1000, 100_000] {
        let (arrays, objects) = ("[".repeat(depth), r#"{"a":"#.repeat(depth));
        values.push((arrays + &"]".repeat(depth)).into_bytes());
        values.push((objects + "1" + &"}".repeat(depth)).into_bytes());
    }
    values
}

#[test]
fn an_odd_value_anywhere_is_accepted_and_kept() {
    // Of the known fields of an event, in one that is not known, and under a key of its own.
    let places = [
        r#"{"hook_type": "inbox", "message_id": 7, "text": VALUE}"#,
        r#"{"hook_type": "inbox", "client": VALUE, "message_id": 7}"#,
        r#"{"hook_type": "inbox", "extra_data": VALUE, "message_id": 7}"#,
        r#"{"hook_type": "inbox", "attachments": [VALUE, VALUE], "message_id": 7}"#,
        r#"{"hook_type": "unheard_of", "x": VALUE}"#,
        r#"{"hook_type": VALUE, "event_time": VALUE}"#,
        r#"{"x": VALUE}"#,
        "\u{feff} \n{\"x\": VALUE}\r\n ",
    ];
    let mut count = 0;
    for value in odd_values() {
        // Long ones take long to read in a build without optimizations.
        let some = if value.len() > 50_000 { 3 } else { 8 };
        for place in places.into_iter().take(some) {
            let mut body = Vec::new();
            for (number, part) in place.split("VALUE").enumerate() {
                if number > 0 {
                    body.extend_from_slice(&value);
                }
                body.extend_from_slice(part.as_bytes());
            }
            let shown = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
            // On a stack as small as those that programs give their threads.
            let thread = std::thread::Builder::new().stack_size(512 << 10);
            let check = move || {
                let event = signed(&body).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(event.raw(), &body);
                assert_eq!(event.signed_at(), Some(SIGNED));
                let _ = (format!("{event:?}"), event.client_id(), event.occurred_at());
                let key = event.dedup_key().unwrap();
                let kept = serde_json::to_vec(&event).unwrap();
                let restored: Event = serde_json::from_slice(&kept).unwrap();
                assert_eq!(
                    (restored.raw(), restored.dedup_key()),
                    (&body.into(), Some(key))
                );
                if place.contains("\"message_id\": 7") {
                    assert_eq!(event.name(), Some(WebhookEvent::Inbox));
                    assert_eq!(event.message().unwrap().message_id, Some(7));
                }
            };
            let checked = thread.spawn(check).unwrap().join();
            assert!(checked.is_ok(), "{shown} in {place}");
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn what_is_signed_and_no_object_is_refused() {
    for body in [
        "1777885965",
        "-1.5e3",
        "\"text\"",
        "true",
        "false",
        "null",
        "[]",
        "[{}]",
        " [ {\"a\": 1} ] ",
        "\u{feff}7",
        "\u{feff}[]",
        "{}".repeat(2).as_str(),
        "",
        " ",
        "\u{feff}",
        "{}1",
        "{} 1",
        "{}\u{0}",
        "{}}",
        "{},",
        "{}\u{feff}",
        "\u{feff}\u{feff}{}",
        "{\"a\": 1",
        "{\"a\"}",
        "{'a': 1}",
        "{\"a\": \"\u{0}\"}",
        "{\"a\": 01}",
        "{\"a\": NaN}",
        "/**/{}",
        "\u{a0}{}",
        "<a/>",
        "a=b",
    ] {
        let error = signed(body.as_bytes()).unwrap_err();
        assert_eq!(error.status(), 400, "{body:?}: {error}");
        let is_json =
            serde_json::from_str::<serde_json::Value>(body.trim_start_matches('\u{feff}')).is_ok();
        let is_one_mark = !body.starts_with("\u{feff}\u{feff}");
        let expected = match is_json && is_one_mark {
            true => "the body is JSON, but not an object",
            false => "the body is not JSON",
        };
        assert_eq!(error.to_string(), expected, "{body:?}");
    }
}

/// Whoever has seen one delivery has its signature for the same bytes, cut elsewhere.
#[test]
fn a_signature_is_of_one_body_and_one_time() {
    let bodies = [
        "{}",
        "{} ",
        "{}\n",
        "\u{feff}{}",
        r#"{"message_id": 1777}"#,
        r#"{"a": "}1"}"#,
        "1000",
        "-10",
        "1.5e3",
        "[1]",
        "\"1\"",
        "null",
        "",
    ];
    let mut cut_elsewhere = 0;
    for body in bodies {
        for seconds in [0, 7, 1_777_885_965, 100_000_000_000, u64::MAX] {
            let headers = sign(TOKEN, seconds, body.as_bytes()).unwrap();
            let bytes = format!("{body}{seconds}").into_bytes();
            for cut in 0..=bytes.len() {
                let (moved, time) = bytes.split_at(cut);
                let Ok(time) = HeaderValue::from_bytes(time) else {
                    continue;
                };
                let mut headers = headers.clone();
                headers.insert(TIMESTAMP_HEADER, time);
                let verified = verify(&headers, moved);
                if cut != body.len() {
                    verified.unwrap_err();
                    cut_elsewhere += 1;
                } else if serde_json::from_slice::<serde_json::Map<_, _>>(
                    body.trim_start_matches('\u{feff}').as_bytes(),
                )
                .is_ok()
                {
                    assert_eq!(verified.unwrap().signed_at(), Some(seconds));
                } else {
                    verified.unwrap_err();
                }
            }
        }
    }
    assert!(cut_elsewhere > 500, "{cut_elsewhere}");
}

#[test]
fn a_time_has_one_spelling() {
    // Signed are the body and the text of the time behind it: a part of the text can be signed as body.
    for (front, is_read) in [
        ("1", true),
        ("177788596", true),
        ("", true),
        ("+1", false),
        ("+", false),
        ("-", false),
        ("0", false),
        ("01", false),
        (" 1", false),
        ("1.", false),
        ("1_", false),
        ("0x", false),
        ("1e", false),
        ("1844674407370955161", true),
        ("1844674407370955162", false),
    ] {
        let mut headers = sign(TOKEN, 0, format!("{{}}{front}").as_bytes()).unwrap();
        let time = HeaderValue::from_str(&format!("{front}0")).unwrap();
        headers.insert(TIMESTAMP_HEADER, time);
        let verified = verify(&headers, b"{}");
        assert_eq!(verified.is_ok(), is_read, "{front}0");
        if !is_read {
            let error = verified.unwrap_err();
            assert_eq!(
                error.to_string(),
                "the signature is malformed: the header x-timestamp cannot be read",
                "{front}0"
            );
        }
    }
}
