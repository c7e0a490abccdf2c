//! The embedded server behaves as the API does, where that is attested.
#![cfg(feature = "sandbox")]

use chat2desk::sandbox::{Sandbox, TOKEN};
use chat2desk::types::SendMessageRequest;
use chat2desk::{Chat2Desk, ErrorKind, List};

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}

#[tokio::test]
async fn the_token_is_checked() {
    let sandbox = sandbox().await;
    let stranger = sandbox.client().with_token("another").unwrap();
    let error = stranger.list_clients().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Auth, Some("Token is not correct"))
    );
    let known = Chat2Desk::builder(TOKEN)
        .base_url(sandbox.url())
        .build()
        .unwrap();
    known.list_clients().send().await.unwrap();
}

#[tokio::test]
async fn customers_are_paged_filtered_and_found() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let first = chat.list_clients().send().await.unwrap();
    assert_eq!(first.data.len(), 20, "unless asked otherwise");
    let capped = chat.list_clients().limit(1000).send().await.unwrap();
    assert_eq!(
        (capped.data.len(), capped.meta.as_ref().unwrap().limit),
        (200, Some(200))
    );

    let all = chat.list_clients().items().collect_all().await.unwrap();
    assert_eq!(all.len(), 321);
    let last = all.last().unwrap();
    let newest = chat
        .list_clients()
        .order("desc")
        .limit(1)
        .send()
        .await
        .unwrap();
    assert_eq!(newest.data[0].id, last.id);

    let phone = last.phone.as_deref().unwrap();
    let found = chat.list_clients().phone(phone).send().await.unwrap();
    assert_eq!(found.data, std::slice::from_ref(last));
    let with_plus = chat
        .list_clients()
        .phone(format!("+{phone}"))
        .send()
        .await
        .unwrap();
    assert!(with_plus.data.is_empty());

    assert_eq!(
        chat.get_client(last.id)
            .send()
            .await
            .unwrap()
            .data
            .phone
            .as_deref(),
        Some(phone)
    );
    assert!(chat.get_client(1).send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn messages_go_by_start_id_only() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let all = chat.list_messages().items().collect_all().await.unwrap();
    assert!(all.len() > 1000 && all.is_sorted_by_key(|message| message.id));
    let dated = chat
        .list_messages()
        .start_id(all[0].id)
        .start_date("04-05-2026");
    assert_eq!(
        dated.send().await.unwrap_err().kind(),
        ErrorKind::Validation
    );
    let written = all
        .iter()
        .filter(|message| message.client_id == Some(94_000_001))
        .count();
    let filtered = chat
        .list_messages()
        .client_id(94_000_001)
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(filtered.len(), written);
}

#[tokio::test]
async fn sending_answers_with_a_new_id_each_time() {
    let sandbox = sandbox().await;
    let send = |client: i64| {
        let message = SendMessageRequest::builder()
            .client_id(client)
            .text("Hello");
        sandbox.client().send_message(message).send()
    };
    let (first, second) = (
        send(94_000_001).await.unwrap(),
        send(94_000_002).await.unwrap(),
    );
    assert!(second.data.message_id > first.data.message_id);
    assert_eq!(second.data.client_id, Some(94_000_002));
    let error = send(1).await.unwrap_err();
    assert_eq!(error.field_errors()[0].field, "client_id");
}

#[tokio::test]
async fn reports_differ() {
    let sandbox = sandbox().await;
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let rating = sandbox
        .client()
        .get_statistics("rating", day)
        .send()
        .await
        .unwrap();
    assert!(rating.data[0].valuation_request_id.is_some());
    let stats = sandbox
        .client()
        .get_statistics("request_stats", day)
        .send()
        .await
        .unwrap();
    assert!(stats.data[0].valuation_request_id.is_none() && stats.data[0].replies.is_some());
}
