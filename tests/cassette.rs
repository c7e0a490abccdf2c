//! Calls recorded from a server, and made again without it.

use chat2desk::cassette::{Player, Recorder};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, Error, ErrorKind};
use httpmock::prelude::*;
use std::sync::Arc;

const TOKEN: &str = "a-secret-token";
const PHONE: &str = "15550100777";
const TEXT: &str = "Where is my order";
const NAME: &str = "Ann Example";

/// What a program does; returns what it has seen.
async fn session(chat: &Chat2Desk, phone: &str, text: &str) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let found = chat.list_clients().phone(phone).send().await?;
    let client = &found.data[0];
    seen.push(format!(
        "{} {:?}",
        client.id,
        found.meta.as_ref().and_then(|meta| meta.total)
    ));
    for _ in 0..2 {
        let message = SendMessageRequest::builder()
            .client_id(client.id)
            .text(text);
        let sent = chat.send_message(message).send().await?;
        seen.push(sent.data.message_id.to_string());
    }
    let error = chat.get_dialog(8).send().await.unwrap_err();
    seen.push(error.to_string());
    let error = chat.get_operator(9).send().await.unwrap_err();
    seen.push(format!("{:?} {:?}", error.kind(), error.status()));
    Ok(seen)
}

async fn record(file: &std::path::Path) -> Vec<String> {
    let server = MockServer::start_async().await;
    let clients = format!(
        r#"{{"data":[{{"id":7,"phone":"{PHONE}","name":"{NAME}"}}],"meta":{{"total":1,"limit":20,"offset":0}},"status":"success"}}"#
    );
    server
        .mock_async(|when, then| {
            when.path("/v1/clients").query_param("phone", PHONE);
            then.status(200)
                .header("content-type", "application/json")
                .body(clients);
        })
        .await;
    server
        .mock_async(|when, then| {
            when.method(POST).path("/v1/messages").body_includes(TEXT);
            then.status(200)
                .body(r#"{"data":{"message_id":5000000102},"status":"success"}"#);
        })
        .await;
    server
        .mock_async(|when, then| {
            when.path("/v1/dialogs/8");
            then.status(404).body(format!(
                r#"{{"status":"error","message":"not_found {PHONE}"}}"#
            ));
        })
        .await;
    server
        .mock_async(|when, then| {
            when.path("/v1/operators/9");
            then.status(500).body(format!("<html>{NAME}</html>"));
        })
        .await;
    let recorder = Arc::new(Recorder::new(reqwest::Client::new()));
    let chat = Chat2Desk::builder(TOKEN)
        .base_url(server.base_url())
        .transport(recorder.clone())
        .build()
        .unwrap();
    let seen = session(&chat, PHONE, TEXT).await.unwrap();
    recorder.save(file).unwrap();
    seen
}

#[tokio::test]
async fn what_was_recorded_is_played_and_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.json");
    let seen = record(&file).await;

    let tape = std::fs::read_to_string(&file).unwrap();
    for secret in [TOKEN, PHONE, TEXT, NAME, "127.0.0.1", "uthorization"] {
        assert!(!tape.contains(secret), "{secret} in {tape}");
    }
    let player = Arc::new(Player::open(&file).unwrap());
    let chat = Chat2Desk::builder("another")
        .transport(player.clone())
        .build()
        .unwrap();
    // Another phone and text: they are not in the recording, and make no difference.
    let again = session(&chat, "15550100888", "Hello").await.unwrap();
    assert_eq!(again, seen);
    assert_eq!(player.unused(), 0);

    let error = chat.get_client(7).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    let text = error.to_string();
    assert!(
        text.contains("the cassette has no GET /v1/clients/7 left"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_cassette_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.json");
    assert!(Player::open(&file).is_err());
    std::fs::write(&file, "{}").unwrap();
    assert!(
        Player::open(&file)
            .unwrap_err()
            .to_string()
            .contains("calls")
    );
}
