//! How a server may quote a request: encoded more than once, in the entities of a page, with other marks between.

use crate::support::answers::Answers;
use chat2desk::Chat2Desk;
use chat2desk::transport::{RetryPolicy, Transport};
use chat2desk::types::SendMessageRequest;
use serde_json::json;
use std::error::Error as _;
use std::sync::LazyLock;

const TOKEN: &str = "a-Secret-t0ken";
const NAME: &str = "Ann O'Brien & Sons";

/// Refuses everything with this text, or redirects with it in the target.
fn refusing(status: u16, text: &str) -> impl Transport + use<> {
    let text = text.to_owned();
    Answers(move |_: &reqwest::Request| {
        let mut answer = http::Response::builder().status(status);
        if status == 302 {
            answer = answer.header("location", &text);
        }
        let body = json!({ "status": "error", "message": text });
        answer.body(body.to_string()).unwrap()
    })
}

/// All that a log could hold of the errors of calls that carry the name.
async fn printed(status: u16, text: &str) -> String {
    // One for all: TLS takes long to set up.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let chat = Chat2Desk::builder(TOKEN).http_client(HTTP.clone());
    let chat = chat.transport(refusing(status, text));
    let chat = chat.retry(RetryPolicy::never()).build().unwrap();
    let message = SendMessageRequest::builder().client_id(94000001).text(NAME);
    let mut printed = String::new();
    for error in [
        chat.send_message(message).send().await.unwrap_err(),
        chat.list_clients().phone(NAME).send().await.unwrap_err(),
        chat.get_ticket(NAME).send().await.unwrap_err(),
    ] {
        printed += &format!("{error} {error:?} ");
        let mut source = error.source();
        while let Some(cause) = source {
            printed += &format!("{cause} {cause:?} ");
            source = cause.source();
        }
    }
    printed
}

fn bytes(text: &str, form: impl Fn(u8) -> String) -> String {
    text.bytes().map(form).collect()
}

fn codes(text: &str, form: impl Fn(u32) -> String) -> String {
    text.chars().map(|letter| form(letter.into())).collect()
}

/// The ways of quoting: each changes a text, and any may follow another.
const WAYS: [fn(&str) -> String; 10] = [
    |text| text.to_uppercase(),
    |text| bytes(text, |byte| format!("%{byte:02X}")),
    |text| codes(text, |code| format!("\\u{code:04x}")),
    |text| codes(text, |code| format!("\\x{code:02x}")),
    |text| codes(text, |code| format!("&#{code};")),
    |text| codes(text, |code| format!("&#x{code:X};")),
    |text| {
        text.replace('&', "&amp;")
            .replace('\'', "&#39;")
            .replace('"', "&quot;")
    },
    |text| {
        text.replace('%', "%25")
            .replace(' ', "%20")
            .replace('\'', "%27")
    },
    |text| text.replace(' ', "\u{b7}"),
    |text| text.chars().flat_map(|letter| [letter, '\u{b7}']).collect(),
];

#[tokio::test]
async fn a_value_is_masked_in_every_way_of_quoting() {
    for (number, one) in WAYS.iter().enumerate() {
        for (next, other) in WAYS.iter().enumerate() {
            // Marks within an escape leave none.
            if next == 9 && (1..=7).contains(&number) {
                continue;
            }
            for value in [TOKEN, NAME] {
                let quoted = other(&one(value));
                let printed = printed(400, &format!("no «{quoted}» there")).await;
                assert!(printed.contains("no «"), "{printed}");
                assert!(!printed.contains(&quoted), "{number} {next}: {printed}");
                for part in ["Brien", "BRIEN", "Secret", "SECRET", "t0ken"] {
                    assert!(!printed.contains(part), "{number} {next}: {printed}");
                }
            }
        }
    }
}

#[tokio::test]
async fn numbers_and_addresses_are_masked_with_any_marks() {
    for text in [
        "1·555·010·0777",
        "1\u{2212}555\u{2212}010\u{2212}0777",
        "（1）555．010．0777",
        "1•555•010•0777",
        "1\u{3000}555\u{3000}010\u{3000}0777",
        "&#49;&#53;&#53;&#53;&#48;&#49;&#48;0777",
        "%31%35%35%35010%30777",
        "١٥٥٥٠١٠٠٧٧٧",
        "１５５５０１００７７７",
        "ann＠example.com",
        "\"ann x\"@example.com",
        "ann/x@example.com",
        "ann&#64;example.com",
        "ann%2540example.com",
        "YW5uQGV4YW1wbGUuY29tMQ==",
        "5ebe2294ecd0e0f08eab7690d2a6ee69",
    ] {
        let printed = printed(400, &format!("no «{text}» there")).await;
        assert!(printed.contains("no «"), "{printed}");
        for part in ["0777", "٧٧٧", "７７７", "ann", "xample", "YW5u", "b7690"] {
            assert!(!printed.contains(part), "{text}: {printed}");
        }
    }
}

#[tokio::test]
async fn the_target_of_a_redirect_quotes_nothing() {
    let encoded = bytes(TOKEN, |byte| format!("%{byte:02x}"));
    let twice = encoded.replace('%', "%25");
    for path in [
        TOKEN,
        &encoded,
        &twice,
        "A-SECRET-T0KEN",
        "Ann%20O%27Brien%20&%20Sons",
    ] {
        for target in [
            format!("https://example.com/login/{path}/x?t={path}#{path}"),
            format!("/login/{path}"),
            format!("//example.com/{path};jsessionid={path}"),
            format!("https://{}:{path}@example.com/", "ann"),
        ] {
            let printed = printed(302, &target).await;
            for part in [path, "Secret", "SECRET", "Brien", "%2553", "%53", "ann:"] {
                assert!(!printed.contains(part), "{target}: {printed}");
            }
            assert!(printed.contains("the server redirects to"), "{printed}");
        }
    }
}

/// A text that holds nothing of the request is shown as it is.
#[tokio::test]
async fn what_identifies_nobody_is_shown() {
    for text in [
        "operator_id is invalid & required; use 1 of 20",
        "HTTP 422: unprocessable_entity_in_version_2",
        "channel has no transport whatsapp_dialog",
        "100% of a&b; 5 &lt; 7",
    ] {
        let printed = printed(400, text).await;
        assert!(printed.contains(text), "{printed}");
    }
}
