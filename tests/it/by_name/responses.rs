//! Responses of calls by name: the server's own JSON, through the pipeline of all calls.

use super::by_name;
use crate::support::{TOKEN, client};
use chat2desk::{Chat2Desk, ErrorKind};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use httpmock::prelude::*;
use serde_json::json;
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn nothing_is_left_out_and_drift_is_that_of_the_typed_call() {
    let server = MockServer::start_async().await;
    let body = json!({ "data": { "id": 7, "name": { "first": "Ada" }, "a_new_one": [1] }, "status": "success" });
    let mock = server.mock_async(|when, then| {
        when.path("/v1/clients/7");
        then.status(200).json_body(body.clone());
    });
    mock.await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let handler = seen.clone();
    let chat = Chat2Desk::builder(TOKEN).base_url(server.base_url());
    let chat = chat.on_drift(move |operation, drift| {
        handler.lock().unwrap().push((operation.id, drift.clone()));
    });
    let chat = chat.build().unwrap();
    let typed = chat.get_client(7).send().await.unwrap();
    let of_typed = std::mem::take(&mut *seen.lock().unwrap());
    let named = by_name(&chat, "get_client", json!({ "id": 7 }))
        .await
        .unwrap();
    assert_eq!(*named, body);
    assert_eq!(named.drift(), typed.drift());
    assert!(!typed.drift().is_empty());
    assert_eq!(*seen.lock().unwrap(), of_typed);
}

/// A record without its id fails the typed call, which is no reason to lose the JSON.
#[tokio::test]
async fn a_response_that_the_types_cannot_read_is_returned() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.path("/v1/clients/7");
            then.status(200)
                .json_body(json!({ "data": { "name": "Ada" } }));
        })
        .await;
    let chat = client(&server);
    assert_eq!(
        chat.get_client(7).send().await.unwrap_err().kind(),
        ErrorKind::Decode
    );
    let named = by_name(&chat, "get_client", json!({ "id": 7 }))
        .await
        .unwrap();
    assert_eq!(
        (&named["data"]["name"], named.drift().len()),
        (&json!("Ada"), 1)
    );
    mock.delete_async().await;
    server
        .mock_async(|_, then| {
            then.status(200).body("<html>");
        })
        .await;
    let error = by_name(&chat, "get_client", json!({ "id": 7 }))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn retries_limits_and_errors_are_those_of_all_calls() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.client();
    let get = || by_name(chat, "get_client", json!({ "id": 94_000_001 }));
    sandbox.inject(Rule::new(Fault::BadGateway).on("get_client").times(1));
    assert_eq!(get().await.unwrap().attempts(), 2);

    let write = || {
        by_name(
            chat,
            "send_message",
            json!({ "client_id": 94_000_001, "text": "a secret text" }),
        )
    };
    sandbox.inject(Rule::new(Fault::Reset).on("send_message").times(1));
    let error = write().await.unwrap_err();
    assert!(error.was_sent() && error.attempts() == 1, "{error:?}");
    assert_eq!(error.operation().unwrap(), "send_message");
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("a secret text") && !shown.contains("15550"),
        "{shown}"
    );

    let gone = by_name(chat, "get_client", json!({ "id": 1 }))
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    let made = chat.calls_made();
    let error = {
        let limited = chat.with_call_budget(made);
        by_name(&limited, "get_client", json!({ "id": 1 }))
            .await
            .unwrap_err()
    };
    assert_eq!(error.kind(), ErrorKind::BudgetExceeded);
}
