//! What the page of the sandbox asks for: no token, no trace in the journal, nothing for foreign pages.

use crate::sandbox;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::Sandbox;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

pub async fn ask(sandbox: &Sandbox, path: &str) -> Value {
    ask_by(&Client::new(), sandbox, path).await
}

pub async fn ask_by(http: &Client, sandbox: &Sandbox, path: &str) -> Value {
    let url = format!("{}/sandbox/{path}", sandbox.url());
    let answer = http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

pub async fn post(sandbox: &Sandbox, path: &str, content_type: &str, body: &Value) -> Response {
    let url = format!("{}/sandbox/{path}", sandbox.url());
    let request = Client::new().post(url).header("content-type", content_type);
    request.body(body.to_string()).send().await.unwrap()
}

pub async fn write(sandbox: &Sandbox, message: &Value) -> Response {
    post(sandbox, "messages", "application/json", message).await
}

#[tokio::test]
async fn the_page_loads_nothing_else() {
    let sandbox = sandbox().await;
    let page = reqwest::get(sandbox.url()).await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = page.text().await.unwrap();
    for outside in ["src=", "@import", " url(", "href=\"http", "innerHTML"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[tokio::test]
async fn conversations_are_found_and_those_who_wrote_last_come_first() {
    let sandbox = sandbox().await;
    sandbox.write_as(94_000_007, "Is anybody there?").unwrap();
    let all = ask(&sandbox, "conversations?limit=3").await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    let first = &all[0];
    assert_eq!(
        (&first["client_id"], &first["last_text"], &first["state"]),
        (
            &json!(94_000_007),
            &json!("Is anybody there?"),
            &json!("open")
        )
    );
    let phone = first["phone"].as_str().unwrap();
    for search in [phone, "94000007", "aNyBoDy%20tHeRe"] {
        let found = ask(&sandbox, &format!("conversations?limit=3&search={search}")).await;
        assert_eq!(found, json!([first]), "{search}");
    }
    let messages = ask(&sandbox, "messages?client_id=94000007&limit=2").await;
    let messages = messages.as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["text"], "Is anybody there?", "oldest first");
}

#[tokio::test]
async fn what_a_new_customer_writes_raises_events() {
    let sandbox = sandbox().await;
    let events = [
        WebhookEvent::NewClient,
        WebhookEvent::NewRequest,
        WebhookEvent::Inbox,
    ];
    let webhook = sandbox
        .client()
        .ensure_webhook("http://127.0.0.1:9/", events);
    webhook.send().await.unwrap();
    let account = ask(&sandbox, "account").await;
    let message = json!({
        "phone": "15550199", "name": "", "text": "Hello", "channel_id": account["channels"][0]["id"],
    });
    assert_eq!(write(&sandbox, &message).await.status(), StatusCode::OK);
    sandbox.settle().await;
    let journal = ask(&sandbox, "journal?calls=0&deliveries=0").await;
    let events = journal["deliveries"].as_array().unwrap().iter();
    let events: Vec<&Value> = events.map(|delivery| &delivery["event"]).collect();
    assert_eq!(events, ["new_client", "new_request", "inbox"]);

    let later = format!(
        "journal?calls=0&deliveries={}",
        journal["next"]["deliveries"]
    );
    assert_eq!(ask(&sandbox, &later).await["deliveries"], json!([]));
}

#[tokio::test]
async fn only_calls_of_the_api_are_in_the_journal() {
    let sandbox = sandbox().await;
    ask(&sandbox, "account").await;
    write(
        &sandbox,
        &json!({ "client_id": 94_000_001, "text": "Hello" }),
    )
    .await;
    let chat = sandbox.client();
    let draft = chat2desk::messages::Draft::text(94_000_001, "Good afternoon");
    chat.send_message(draft).send().await.unwrap();
    let journal = ask(&sandbox, "journal?calls=0&deliveries=0").await;
    let calls = journal["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["operation"], "send_message");
    assert!(
        calls[0]["body"]
            .as_str()
            .unwrap()
            .contains("Good afternoon")
    );
    assert_eq!(sandbox.calls().len(), 1);
}

#[tokio::test]
async fn what_a_form_of_a_foreign_page_can_post_changes_nothing() {
    let sandbox = sandbox().await;
    let (before, message) = (
        sandbox.now(),
        json!({ "client_id": 94_000_001, "text": "Hello" }),
    );
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        for (path, body) in [
            ("messages", &message),
            ("clock", &json!({ "seconds": 7200 })),
        ] {
            let answer = post(&sandbox, path, content_type, body).await;
            assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
    }
    assert!((sandbox.now() - before).num_minutes() < 60);
    assert_eq!(ask(&sandbox, "account").await["counts"]["messages"], 1207);
}

#[tokio::test]
async fn the_clock_moves_and_what_cannot_be_is_refused() {
    let sandbox = sandbox().await;
    let before = sandbox.now();
    let clock = async |seconds: u64| {
        let step = json!({ "seconds": seconds });
        post(&sandbox, "clock", "application/json; charset=utf-8", &step)
            .await
            .status()
    };
    assert_eq!(clock(7200).await, StatusCode::OK);
    assert!((sandbox.now() - before).num_minutes() >= 120);
    // A century is as far as it goes.
    assert_eq!(clock(u64::MAX).await, StatusCode::OK);
    assert!((sandbox.now() - before).num_days() <= 365 * 100);
    for refused in [
        json!({ "client_id": 1, "text": "Hello" }),
        json!({ "client_id": 94_000_001, "text": " " }),
        json!({ "phone": "", "text": "Hello", "channel_id": 58_001 }),
        json!({ "phone": "15550199", "text": "Hello", "channel_id": 1 }),
        json!("Hello"),
    ] {
        let answer = write(&sandbox, &refused).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{refused}");
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert!(answer["message"].is_string(), "{answer}");
    }
}
