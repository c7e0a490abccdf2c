//! Lists: pages, filters and what the server ignores.

use crate::sandbox;
use chat2desk::{ErrorKind, List};

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
    // Surveys are requests without an operator.
    let mut stats = stats.data.iter();
    let survey = stats.find(|row| row.request_type.as_deref() == Some("rating"));
    assert!(survey.unwrap().operator_name.is_none());
}

#[tokio::test]
async fn what_the_server_ignores_is_ignored() {
    let sandbox = sandbox().await;
    let get = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        let answer = request.header("authorization", chat2desk_sandbox::TOKEN);
        let text = answer.send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let clients = get("/v1/clients").await;
    // A filter that there is not, and a slash at the end.
    assert_eq!(get("/v1/clients/?search=Ada").await, clients);
    let messages = get("/v1/messages").await;
    assert_eq!(
        get("/v1/messages?offset=40&request_id=75000011").await,
        messages
    );
    let dialogs = get("/v1/dialogs").await;
    assert_eq!(get("/v1/dialogs?client_id=94000001").await, dialogs);
    assert_eq!(
        get("/v1/messages?start_date=2026-05-04").await["message"],
        "wrong date format"
    );
    // Past the end there is nothing, with success.
    let nothing = get("/v1/tags?offset=100000").await;
    assert_eq!(
        (&nothing["data"], &nothing["status"]),
        (&serde_json::json!([]), &"success".into())
    );
}

#[tokio::test]
async fn pages_are_capped_and_dates_leave_out_the_last_day() {
    let sandbox = chat2desk_sandbox::Sandbox::builder().page_cap(20);
    let sandbox = sandbox.start().await.unwrap();
    let chat = sandbox.client();
    let page = chat.list_clients().limit(200).send().await.unwrap();
    assert_eq!(page.meta.as_ref().unwrap().limit, Some(20));
    let all = chat.list_messages().items().collect_all().await.unwrap();
    assert_eq!(all.len(), 1207);
    let of_the_day = all.iter().filter(|message| {
        let created = message.created.as_ref().unwrap().to_utc().unwrap();
        created.date_naive().to_string() == "2026-05-04"
    });
    let dated = chat
        .list_messages()
        .start_date("04-05-2026")
        .finish_date("05-05-2026");
    let dated = dated.send().await.unwrap();
    let total = dated.meta.as_ref().unwrap().total.unwrap();
    assert_eq!(usize::try_from(total).unwrap(), of_the_day.count());
    assert!(total > 100);
}

/// A list that does not know `order` ignores it.
#[tokio::test]
async fn not_every_list_has_an_order() {
    let sandbox = sandbox().await;
    let ids = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        let answer = request.header("authorization", chat2desk_sandbox::TOKEN);
        let text = answer.send().await.unwrap().text().await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        let records = answer["data"].as_array().unwrap().iter();
        records
            .map(|record| record["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("/v1/tags?order=desc").await, ids("/v1/tags").await);
    assert_ne!(
        ids("/v1/dialogs?order=desc").await,
        ids("/v1/dialogs").await
    );
}

#[tokio::test]
async fn new_messages_may_be_listed_late() {
    let sandbox = chat2desk_sandbox::Sandbox::builder();
    let sandbox = sandbox.listed_after(std::time::Duration::from_secs(60));
    let sandbox = sandbox.start().await.unwrap();
    let id = sandbox.write_as(94_000_001, "Hello?").unwrap();
    let listed = async || {
        let messages = sandbox.client().list_messages().start_id(id);
        messages.collect_all().await.unwrap().len()
    };
    assert_eq!(listed().await, 0);
    sandbox.client().get_message(id).send().await.unwrap();
    sandbox.advance(std::time::Duration::from_secs(60));
    assert_eq!(listed().await, 1);
}

/// Days begin at the company's midnight, and messages have their time in UTC.
#[tokio::test]
async fn days_are_those_of_the_company() {
    let zone = chrono::FixedOffset::east_opt(5 * 3600).unwrap();
    let start = "2026-06-01T20:00:00Z".parse().unwrap();
    let sandbox = chat2desk_sandbox::Sandbox::builder()
        .time_zone(zone)
        .clock(start);
    let sandbox = sandbox.start().await.unwrap();
    let chat = sandbox.client();
    // One without an open dialog: the last customer never wrote.
    let id = sandbox.write_as(94_000_321, "Hello?").unwrap();
    let of_day = async |from: &str, until: &str| {
        let messages = chat
            .list_messages()
            .start_date(from)
            .finish_date(until)
            .limit(200);
        messages
            .send()
            .await
            .unwrap()
            .data
            .iter()
            .any(|message| message.id == id)
    };
    assert!(of_day("02-06-2026", "03-06-2026").await);
    assert!(!of_day("01-06-2026", "02-06-2026").await);
    let day = chrono::NaiveDate::from_ymd_opt(2026, 6, 2).unwrap();
    let rows = chat
        .get_statistics("request_stats", day)
        .send()
        .await
        .unwrap();
    let begun = rows.data[0].request_start.as_ref().unwrap().to_string();
    assert!(begun.starts_with("2026-06-02 01:00:0"), "{begun}");
}

/// The fields of dialogs and requests, as the vendor documents them.
#[tokio::test]
async fn a_list_shows_less_than_the_record() {
    let sandbox = sandbox().await;
    let message = sandbox.write_as(94_000_001, "Hello?").unwrap();
    let message = sandbox.client().get_message(message).send().await.unwrap();
    let (dialog, request) = (message.data.dialog_id, message.data.request_id);
    let sorted = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        let answer = request.header("authorization", chat2desk_sandbox::TOKEN);
        let text = answer.send().await.unwrap().text().await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        let record = answer["data"].get(0).unwrap_or(&answer["data"]).clone();
        let mut fields: Vec<_> = record.as_object().unwrap().keys().cloned().collect();
        fields.sort_unstable();
        fields.join(" ")
    };
    let short = "begin end id operator_id state";
    assert_eq!(sorted("/v1/clients/94000001/dialogs").await, short);
    let listed = "begin end id last_message operator_id state";
    assert_eq!(sorted("/v1/dialogs").await, listed);
    let whole = "begin end id last_message last_request_id messages operator_id state";
    assert_eq!(
        sorted(&format!("/v1/dialogs/{}", dialog.unwrap())).await,
        whole
    );
    let request = format!("/v1/requests/{}", request.unwrap());
    assert_eq!(sorted(&request).await, "dialog_id id tags");
}
