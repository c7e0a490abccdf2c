//! Bodies of a status 200: those that report a failure are errors, in whatever form, and no others are.

use crate::support::answers::always;
use chat2desk::transport::RetryPolicy;
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, Error, ErrorKind};

fn client(body: &str) -> Chat2Desk {
    let chat = Chat2Desk::builder("token").transport(always(200, body));
    chat.retry(RetryPolicy::never()).build().unwrap()
}

/// What calls of different kinds make of a body: acknowledgements, a list, a record and free JSON.
async fn results(body: &str) -> Vec<Result<(), Error>> {
    let chat = client(body);
    let message = SendMessageRequest::builder().client_id(7);
    vec![
        chat.delete_webhook(901).send().await.map(drop),
        chat.mark_message_read(9).send().await.map(drop),
        chat.delete_ticket("7").send().await.map(drop),
        chat.list_access_rights().send().await.map(drop),
        chat.list_clients().send().await.map(drop),
        chat.send_message(message).send().await.map(drop),
    ]
}

#[tokio::test]
async fn a_failure_in_any_form_is_an_error() {
    use ErrorKind::*;
    for (body, kind) in [
        (r#"{"status":["error"]}"#, Api),
        (r#"{"status":" error "}"#, Api),
        (r#"{"status":"ERRor"}"#, Api),
        (r#"{"status":"erro\u0072"}"#, Api),
        (r#"{"st\u0061tus":"\u0065rror"}"#, Api),
        (r#"{"status":"success","status":"error"}"#, Api),
        (r#"[{"status":"error","message":"boom"}]"#, Api),
        (r#"{"data":[{"status":"error","message":"boom"}]}"#, Api),
        (r#"{"data":{"status":["error"]},"status":"success"}"#, Api),
        (r#"{"success":false,"message":"boom"}"#, Api),
        (r#"{"success":false,"data":null}"#, Api),
        (r#"{"success":"false"}"#, Api),
        (r#"{"status":"fail","message":"boom"}"#, Api),
        (r#"{"status":"Failed"}"#, Api),
        (r#"{"status":false,"message":"boom"}"#, Api),
        (r#"{"error":"boom"}"#, Api),
        (r#"{"error":true,"message":"boom"}"#, Api),
        (r#"{"error":{"code":7}}"#, Api),
        (r#"{"errors":{"id":["unknown"]},"data":null}"#, Api),
        (r#"{"errors":["boom"]}"#, Api),
        (r#"{"status":"fail","error":"boom"}"#, Api),
        (r#"{"status":500,"error":"boom"}"#, Api),
        (r#"{"error":"Token is not correct"}"#, Auth),
        (r#"{"message":"not_found"}"#, NotFound),
        (
            r#"{"message":"Client already exist","data":null}"#,
            Conflict,
        ),
        (r#"["not found"]"#, Decode),
        ("You need to auth", Auth),
        (
            r#"[{"data":null,"status":"error","message":"API limit per month"}]"#,
            QuotaExceeded,
        ),
    ] {
        for (number, result) in results(body).await.into_iter().enumerate() {
            // Free JSON may be anything that says of no failure.
            if kind == Decode && number == 3 {
                continue;
            }
            let error = result.expect_err(body);
            assert_eq!(error.kind(), kind, "{body}: {error}");
            assert_eq!(error.status().unwrap().as_u16(), 200);
            if body.contains("boom") {
                assert!(error.to_string().contains("boom"), "{body}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_failure_is_none() {
    for body in [
        r#"{"status":"success"}"#,
        r#"{"status":"ok","message":"Token is not correct"}"#,
        r#"{"status":"success","errors":["a row was left out"]}"#,
        r#"{"status":"success","success":false}"#,
        r#"{"message":"Webhook deleted"}"#,
        r#"{"success":true,"error":null,"errors":[]}"#,
        r#"{"error":false}"#,
        r#"{"error":0,"errors":{}}"#,
        r#"{"error":""}"#,
        r#"{"id":7,"status":"queued","error":"busy"}"#,
        r#"{"data":{"id":7,"status":"error"}}"#,
        r#"{"data":{"message_id":7,"status":"failed"}}"#,
        r#"{"id":7,"status":"failed"}"#,
        r#"[{"id":7,"status":"error"}]"#,
        r#"{}"#,
        "",
    ] {
        for result in results(body).await.into_iter().take(4) {
            result.unwrap_or_else(|error| panic!("{body}: {error}"));
        }
    }
}

/// However much the server says about it.
#[tokio::test]
async fn a_long_failure_is_one_too() {
    for length in [10, 300, 3_000] {
        for envelope in [
            r#""success":false"#,
            r#""status":"failed""#,
            r#""status":["error"],"data":null"#,
            r#""data":[{"status":"error"}]"#,
        ] {
            let body = format!(
                r#"{{{envelope},"message":"{}"}}"#,
                "long ".repeat(length / 5)
            );
            for result in results(&body).await {
                assert_eq!(
                    result.unwrap_err().kind(),
                    ErrorKind::Api,
                    "{envelope} {length}"
                );
            }
        }
    }
}

/// The id of a customer that exists, in every form in which ids are written.
#[tokio::test]
async fn the_id_of_an_existing_customer_may_be_a_text() {
    for (told, expected) in [
        (
            r#"["Client already exist", "{\"id\": 94000001}"]"#,
            Some(94_000_001),
        ),
        (
            r#"["Client already exist", "{\"id\": \"94000001\"}"]"#,
            Some(94_000_001),
        ),
        (
            r#"["Client already exist", {"id": "94000001"}]"#,
            Some(94_000_001),
        ),
        (r#"["Client already exist", "{\"id\": [94000001]}"]"#, None),
        (r#"["Client already exist", "{\"id\": 1e30}"]"#, None),
        (r#""Client already exist""#, None),
    ] {
        let body = format!(r#"{{"status":"error","errors":{{"client":{told}}}}}"#);
        let chat = client(&body);
        let request = chat2desk::types::CreateClientRequest::builder()
            .phone("15550100001")
            .transport("whatsapp");
        let error = chat.create_client(request).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{told}");
        assert_eq!(error.existing_client_id(), expected, "{told}");
    }
}
