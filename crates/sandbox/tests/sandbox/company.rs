//! Words, places, calls that are left, the menu and where visitors come from.

use crate::{new_customer, sandbox};
use chat2desk::types::*;
use chat2desk::wire::MessageType;
use chat2desk::{ErrorKind, List};
use chat2desk_sandbox::{Sandbox, TOKEN};
use chrono::NaiveDate;
use serde_json::Value;

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
    let response = request.header("authorization", TOKEN).send().await.unwrap();
    assert!(!response.headers().contains_key("x-sandbox-response"));
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn countries_and_regions_have_pages() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let first = chat.list_countries().send().await.unwrap();
    assert_eq!(first.data.len(), 20);
    let countries = chat.list_countries().collect_all().await.unwrap();
    assert!(countries.len() > 20);
    assert_eq!(
        first.meta.as_ref().unwrap().total,
        Some(countries.len().try_into().unwrap())
    );
    let japan = countries
        .iter()
        .find(|country| country.iso_code.as_deref() == Some("jp"));
    assert_eq!(japan.unwrap().code, Some(81));
    let regions = chat
        .list_regions()
        .page_size(200)
        .collect_all()
        .await
        .unwrap();
    assert!(regions.len() > 200, "more than a page takes");
    assert_eq!(sandbox.calls_of("list_regions").len(), 2);
    let page = chat
        .list_regions()
        .limit(2)
        .offset(200)
        .send()
        .await
        .unwrap();
    assert_eq!(page.data, regions[200..202]);
}

#[tokio::test]
async fn words_are_explained() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let modes = chat.list_api_modes().send().await.unwrap();
    assert_eq!(modes.data[1].name.as_deref(), Some("demo"));
    assert_eq!(
        modes.data[1].description.as_deref(),
        Some("10000 requests per month")
    );
    let types = chat.list_message_types().send().await.unwrap();
    assert_eq!(types.data.len(), 5);
    let roles = get(&sandbox, "/v1/help/roles").await;
    assert_eq!(roles["data"].as_array().unwrap().len(), 6);
    let states = get(&sandbox, "/v1/help/dialog_states").await;
    assert_eq!(states["data"], serde_json::json!(["open", "closed"]));
}

#[tokio::test]
async fn calls_are_counted_down() {
    let sandbox = Sandbox::builder().monthly_calls(3).start().await.unwrap();
    let chat = sandbox.client();
    let calls = async || {
        let info = chat.get_api_info().send().await?.into_inner().data;
        let calls = info.api_calls.unwrap();
        Ok::<_, chat2desk::Error>((calls.used_this_month, calls.left_free_requests))
    };
    for n in 1..=3 {
        assert_eq!(calls().await.unwrap(), (Some(n), Some(3 - n)));
    }
    assert!(calls().await.unwrap_err().is_quota_exceeded());
}

#[tokio::test]
async fn texts_about_the_company_come_back() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let texts = |key: &str| {
        let texts = serde_json::Map::from_iter([(key.to_owned(), "since 2019".into())]);
        UpdateCompanyRequest::builder().custom_fields(texts)
    };
    chat.update_company(texts("1")).send().await.unwrap();
    let info = chat.get_api_info().send().await.unwrap();
    assert_eq!(info.data.custom_info.as_ref().unwrap()["1"], "since 2019");
    let error = chat.update_company(texts("4")).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[tokio::test]
async fn the_menu_answers() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let of = |channel: i64| ListMenuItemsRequest::builder().channel_id(channel);
    let items = chat.list_menu_items(of(58_001)).send().await.unwrap();
    assert!(items.data.len() > 1);
    assert!(
        items
            .data
            .iter()
            .all(|item| item.channel_id == Some(58_001))
    );
    let elsewhere = chat.list_menu_items(of(137)).send().await.unwrap();
    assert!(
        elsewhere
            .data
            .iter()
            .all(|item| item.channel_id == Some(137))
    );

    let client = new_customer(chat).await;
    let none = chat.get_client_last_question(client).send().await;
    assert!(none.unwrap_err().is_not_found());
    let send = |item: Option<i64>| {
        let request = SendMenuItemRequest::builder().client_id(client);
        chat.send_menu_item(match item {
            Some(item) => request.menu_item_id(item),
            None => request,
        })
    };
    // The root of the channel that the customer writes through.
    send(None).send().await.unwrap();
    let last = chat.get_client_last_question(client).send().await.unwrap();
    assert_eq!(last.data.id, items.data[0].id);
    send(Some(items.data[1].id)).send().await.unwrap();
    let last = chat.get_client_last_question(client).send().await.unwrap();
    assert_eq!(last.data.text, items.data[1].text);
    let questions = chat.list_client_questions(client);
    assert_eq!(questions.collect_all().await.unwrap().len(), 2);
    let before = chat.list_client_questions(client).finish_date("01-05-2026");
    assert_eq!(before.send().await.unwrap().data.len(), 0);
    let messages = chat.list_messages().client_id(client).send().await.unwrap();
    assert!(
        messages
            .data
            .iter()
            .all(|message| message.type_ == Some(MessageType::Autoreply))
    );
    let unknown = send(Some(1)).send().await.unwrap_err();
    assert!(unknown.is_not_found());
}

#[tokio::test]
async fn where_visitors_come_from() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let all = chat.list_web_analytics_data().collect_all().await.unwrap();
    let first = &all[0];
    let message = chat.get_message(first.message_id).send().await.unwrap();
    assert_eq!(message.data.client_id, first.client_id);
    assert!(
        all.iter()
            .any(|row| row.utm_source.as_deref() == Some("newsletter"))
    );
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let of_day = chat.list_web_analytics_data().date_from(day).date_to(day);
    let of_day = of_day.collect_all().await.unwrap();
    assert!(!of_day.is_empty() && of_day.len() < all.len());
    let body = get(&sandbox, "/v1/web_analytics_data?limit=1&order=desc").await;
    assert_eq!(
        body["data"][0]["message_id"],
        all.last().unwrap().message_id
    );
    assert_eq!(body["meta"]["total"], all.len());
    assert!(body.get("status").is_none());
}

#[tokio::test]
async fn tags_have_groups_and_short_labels() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let group = CreateTagGroupRequest::builder().tag_group_name("Seasons");
    let group = chat.create_tag_group(group).send().await.unwrap().data.id;
    let tag = |label: String| {
        let tag = CreateTagRequest::builder()
            .tag_group_id(group)
            .tag_label(label);
        let tag = tag.tag_description("d").tag_bg_color("2F80ED");
        chat.create_tag(tag.tag_text_color("FFFFFF")).send()
    };
    let made = tag("ü".repeat(20)).await.unwrap();
    assert_eq!(made.status(), 201);
    assert_eq!(made.data.group_name.as_deref(), Some("Seasons"));
    let error = tag("a".repeat(21)).await.unwrap_err();
    assert_eq!(error.field_errors()[0].field, "tag_label");
}
