//! What an error prints of a server's text: nothing that the request carried, whatever the form it comes in.

use crate::support::answers::always;
use chat2desk::transport::{BoxFuture, RetryPolicy, Transport, TransportError};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, Error};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::error::Error as _;
use std::sync::LazyLock;

const TOKEN: &str = "a-Secret-t0ken";

/// Breaks every connection with this text.
struct Broken(String);

impl Transport for Broken {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let error = TransportError::maybe_sent(self.0.clone());
        Box::pin(async { Err(error) })
    }
}

fn client(transport: impl Transport + 'static, token: &str) -> Chat2Desk {
    // One for all: TLS takes long to set up.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let builder = Chat2Desk::builder(token)
        .http_client(HTTP.clone())
        .transport(transport);
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// All that a log could hold of an error.
fn printed(error: &Error) -> String {
    let mut printed = format!("{error} {error:?} {error:#?} {:?}", error.field_errors());
    let mut source = error.source();
    while let Some(cause) = source {
        printed += &format!("{cause} {cause:?}");
        source = cause.source();
    }
    printed
}

/// The forms in which servers say what is wrong, with this text in it.
fn forms(text: &str) -> Vec<Value> {
    let error = |key: &str, value: Value| json!({ "status": "error", key: value });
    vec![
        error("message", json!(text)),
        error("error", json!(text)),
        error("errors", json!(text)),
        error("errors", json!([text, text])),
        error("errors", json!({ "phone": [text] })),
        error("errors", json!({ "phone": text })),
        error("errors", json!({ text: ["is taken"] })),
        error(
            "errors",
            json!({ "client": ["Client already exist", json!({ "name": text }).to_string()] }),
        ),
        error("errors", json!({ "client": { "name": { "value": text } } })),
        json!({ "data": { "status": "error", "message": text } }),
    ]
}

const STATUSES: [u16; 7] = [200, 400, 401, 404, 409, 429, 500];

#[tokio::test]
async fn no_form_of_an_error_shows_what_was_sent() {
    let text = "Ann Example at 15550100777: Where is my \"order\"? ann@example.com a-Secret-t0ken Gold-Customer";
    for status in STATUSES {
        for body in forms(text) {
            let chat = client(always(status, &body.to_string()), TOKEN);
            let message = SendMessageRequest::builder()
                .client_id(94000001)
                .text("Where is my \"order\"?")
                .external_id("Gold-Customer");
            let call = chat.list_clients().phone("Ann Example");
            let errors = [
                chat.send_message(message).send().await.unwrap_err(),
                call.send().await.unwrap_err(),
                chat.get_ticket("Ann Example").send().await.unwrap_err(),
                chat.delete_ticket("Gold-Customer")
                    .send()
                    .await
                    .unwrap_err(),
            ];
            for (index, error) in errors.iter().enumerate() {
                let printed = printed(error);
                let carried: &[&str] = match index {
                    0 => &["order", "Gold"],
                    1 | 2 => &["Ann Example", "Example"],
                    _ => &["Gold-Customer"],
                };
                let always = ["Secret", "t0ken", "01007", "ann@", "example.com"];
                for secret in carried.iter().chain(&always) {
                    assert!(!printed.contains(secret), "{secret} of {body} in {printed}");
                }
                let said = format!("{:?} {:?}", error.message(), error.body());
                assert!(said.contains("Ann Example") || error.message().is_none());
                assert_eq!(error.body(), body.to_string().as_bytes());
            }
        }
    }
}

#[tokio::test]
async fn the_text_as_it_came_is_at_hand() {
    let body = json!({ "status": "error", "message": "Ann is busy", "errors": { "phone": ["15550100777?"] } });
    let chat = client(always(400, &body.to_string()), TOKEN);
    let error = chat
        .list_clients()
        .phone("15550100777")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("Ann is busy"));
    assert_eq!(error.field_errors()[0].messages, ["15550100777?"]);
    assert_eq!(
        format!("{:?}", error.field_errors()),
        "[FieldError { messages: 1, .. }]"
    );
    assert_eq!(
        error.to_string(),
        "list_clients: HTTP 400: the server rejected an argument (the server said: Ann is busy; phone: …?)"
    );
}

#[tokio::test]
async fn what_every_request_carries_is_no_secret() {
    let body = json!({ "status": "error", "message": "application/json is not understood" });
    let chat = client(always(406, &body.to_string()), TOKEN);
    let message = SendMessageRequest::builder().client_id(94000001);
    let error = chat.send_message(message).send().await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with("(the server said: application/json is not understood)"),
        "{text}"
    );
}

#[tokio::test]
async fn a_transport_of_your_own_is_no_leak() {
    let broken = Broken(format!("proxy refused {TOKEN} for 1 (555) 010-0777"));
    let chat = client(broken, TOKEN);
    let error = chat.list_clients().send().await.unwrap_err();
    let printed = format!("{error} {error:?}");
    assert!(printed.contains("proxy refused … for …"), "{printed}");
    assert!(!printed.contains("t0ken"), "{printed}");
    // Who wants the source has it.
    assert!(error.source().unwrap().to_string().contains(TOKEN));
}

/// How a server may quote a value.
fn quoted(value: &str, how: u8) -> String {
    match how {
        0 => value.to_uppercase(),
        1 => value.to_lowercase(),
        2 => value.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        3 => json!(value).to_string(),
        4 => value.replace(' ', "+"),
        _ => value.to_owned(),
    }
}

proptest! {
    // Ten thousand errors: several of each text, which takes longer to make than to print.
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_texts_around_random_values(
        before in "\\PC{0,40}",
        after in "\\PC{0,300}",
        value in "[a-zA-Z0-9а-я .,'\"/+-]{6,40}",
        token in "[!-~]{8,40}",
        ways in [(); 5].map(|()| (0u8..6, 0usize..10, 0usize..STATUSES.len())),
    ) {
        prop_assume!(value.chars().filter(|c| c.is_alphanumeric()).count() >= 4);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (how, form, status) in ways {
            let text = format!("{before}{}{after} {}", quoted(&value, how), quoted(&token, how));
            let body = forms(&text)[form].to_string();
            let error = runtime.block_on(async {
                let chat = client(always(STATUSES[status], &body), &token);
                let message = SendMessageRequest::builder().client_id(7).text(&*value);
                chat.send_message(message).send().await.unwrap_err()
            });
            let printed = printed(&error).to_lowercase();
            for secret in [&value, &token] {
                let secret = secret.trim().to_lowercase();
                prop_assert!(!printed.contains(&secret), "{} in {}", secret, printed);
                prop_assert!(!printed.contains(&quoted(&secret, 2)), "{} in {}", secret, printed);
            }
        }
    }
}
