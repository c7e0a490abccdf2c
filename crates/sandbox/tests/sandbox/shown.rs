//! What the page shows of numbers, responses, messages, files, faults and accounts.

use crate::page::{ask, ask_by, post, write};
use crate::sandbox;
use chat2desk::{Chat2Desk, List, Region};
use chat2desk_sandbox::{Account, Fault, Rule, Sandbox};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn numbers_are_found_in_any_spelling() {
    let sandbox = sandbox().await;
    // Customers of WhatsApp and, by the second number, of Telegram.
    for (client, number) in [(94_000_001, "12005550100"), (94_000_006, "12005550105")] {
        for spelling in [
            "12005550100",
            "+12005550100",
            "+1 200 555-01-00",
            "1 (200) 555 01 00",
            "001.200.555.0100",
            " 200-555\u{2013}0100 ",
            "+1\u{a0}(200)\u{a0}555\u{2011}0100",
        ] {
            let spelling = spelling
                .replace("100", &number[8..])
                .replace("01-00", &format!("01-{}", &number[9..]));
            let spelling = spelling.replace("01 00", &format!("01 {}", &number[9..]));
            let query =
                reqwest::Url::parse_with_params("http://x/", [("search", &spelling)]).unwrap();
            let path = format!("conversations?limit=3&{}", query.query().unwrap());
            let found = ask(&sandbox, &path).await;
            let found: Vec<_> = found
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["client_id"])
                .collect();
            assert_eq!(found, [&json!(client)], "{spelling}");
        }
    }
    assert_eq!(
        ask(&sandbox, "conversations?limit=3&search=(-)").await,
        json!([])
    );
}

#[tokio::test]
async fn a_new_customer_has_a_phone_number() {
    let sandbox = sandbox().await;
    let new = |phone: &str| json!({ "phone": phone, "text": "Hello", "channel_id": 58_001 });
    for phone in [
        "hello",
        "1234",
        "1234567890123456",
        "+1 555 CALL-NOW",
        "[tg] 200300",
        "()",
    ] {
        let answer = write(&sandbox, &new(phone)).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{phone}");
        let said = answer.text().await.unwrap();
        assert!(said.contains("phone number"), "{said}");
    }
    let mut clients = Vec::new();
    for phone in ["+1 (555) 010-0199", "15550100199"] {
        let answer = write(&sandbox, &new(phone)).await.text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        clients.push(answer["client_id"].as_i64().unwrap());
    }
    assert_eq!(
        clients[0], clients[1],
        "one customer, however the number is written"
    );
    let found = sandbox
        .client()
        .find_client("+1 555 010 01 99")
        .await
        .unwrap();
    assert_eq!(found.unwrap().id, clients[0]);
}

#[tokio::test]
async fn what_came_back_is_shown_beside_what_was_sent() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let draft = chat2desk::messages::Draft::text(1, "Hello");
    chat.send_message(draft).send().await.unwrap_err();
    chat.list_clients().limit(200).send().await.unwrap();
    let journal = ask(&sandbox, "journal?calls=0&deliveries=0").await;
    let calls = &journal["calls"];
    assert_eq!(calls[0]["status"], 400);
    assert!(
        calls[0]["response"]
            .as_str()
            .unwrap()
            .contains("client not found")
    );
    assert_eq!(
        (&calls[0]["response_cut"], &calls[1]["response_cut"]),
        (&json!(false), &json!(true))
    );
    let kept = sandbox.calls();
    assert_eq!(kept[0].response.json().unwrap()["status"], "error");
    let page = &kept[1].response;
    assert!(
        page.beginning.len() == 8192 && page.length > 50_000,
        "{page:?}"
    );
    assert!(page.json().is_none());
    assert!(!format!("{kept:?}").contains("client not found"));
}

#[tokio::test]
async fn messages_are_on_the_side_of_who_wrote_them_and_say_why_they_failed() {
    let sandbox = sandbox().await;
    let all = ask(&sandbox, "conversations?limit=80").await;
    let mut kinds = std::collections::BTreeSet::new();
    let mut pictures = Vec::new();
    let http = Client::new();
    for person in all.as_array().unwrap() {
        let path = format!("messages?limit=100&client_id={}", person["client_id"]);
        for message in ask_by(&http, &sandbox, &path).await.as_array().unwrap() {
            kinds.insert((message["type"].to_string(), message["by"].to_string()));
            pictures.extend(message["files"].as_array().unwrap().clone());
        }
    }
    let kinds: Vec<_> = kinds
        .iter()
        .map(|(kind, by)| (kind.as_str(), by.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("\"autoreply\"", "\"company\""),
            ("\"comment\"", "\"comment\""),
            ("\"from_client\"", "\"customer\""),
            ("\"to_client\"", "\"company\""),
            ("null", "\"company\""),
        ]
    );
    let picture = format!("{}{}", sandbox.url(), pictures[0]["url"].as_str().unwrap());
    assert_eq!(
        reqwest::get(picture).await.unwrap().status(),
        StatusCode::OK
    );

    let refused = Fault::NotDelivered("no such number".into());
    sandbox.inject(Rule::new(refused).on("send_message"));
    let draft = chat2desk::messages::Draft::text(94_000_001, "Hello");
    sandbox.client().send_message(draft).send().await.unwrap();
    sandbox.advance(Duration::from_secs(1));
    let messages = ask(&sandbox, "messages?client_id=94000001&limit=1").await;
    assert_eq!(
        (&messages[0]["status"], &messages[0]["error"]),
        (&json!("failed"), &json!("no such number"))
    );
}

/// Whatever a program sends as a file's address, the page opens only what is of the web.
#[tokio::test]
async fn addresses_of_files_are_safe_to_open() {
    let sandbox = sandbox().await;
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.com/x",
        "https://example.com/x",
    ] {
        let message = chat2desk::types::SendMessageRequest::builder().client_id(94_000_001);
        let message = message.text("Look").pdf(link);
        sandbox.client().send_message(message).send().await.unwrap();
        let messages = ask(&sandbox, "messages?client_id=94000001&limit=1").await;
        let url = messages[0]["files"][0]["url"].as_str().unwrap();
        assert!(
            url == "https://example.com/x" || url.starts_with("/sandbox/media/"),
            "{url}"
        );
    }
}

#[tokio::test]
async fn files_of_messages_can_be_fetched() {
    let second = Account::new("second-token").region(Region::Eu);
    let sandbox = Sandbox::builder().account(second).start().await.unwrap();
    for sandbox in [sandbox.account("second-token").unwrap(), sandbox] {
        let chat = sandbox.client();
        let messages = chat.list_messages().collect_all().await.unwrap();
        let photo = messages
            .iter()
            .find_map(|message| message.photo.as_deref())
            .unwrap();
        assert!(
            photo.contains(&format!("company_{}/", sandbox.company())),
            "{photo}"
        );
        let file = reqwest::get(chat.media_url(photo).unwrap()).await.unwrap();
        assert_eq!(
            (file.status(), &file.headers()["content-type"]),
            (StatusCode::OK, &"image/jpeg".parse().unwrap())
        );
        let file = file.bytes().await.unwrap();
        assert!(file.starts_with(&[0xff, 0xd8, 0xff]) && file.ends_with(&[0xff, 0xd9]));
        let none = reqwest::get(chat.media_url("companies/company_1/x.jpg").unwrap())
            .await
            .unwrap();
        assert_eq!(none.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn faults_are_injected_and_removed() {
    let sandbox = sandbox().await;
    let add = async |rule: Value| {
        post(&sandbox, "faults", "application/json", &rule)
            .await
            .status()
    };
    let chat = sandbox
        .client()
        .with_retry(chat2desk::transport::RetryPolicy::never());
    let read = async || match chat.get_client(94_000_001).send().await {
        Ok(_) => 200,
        Err(error) => error.status().map_or(0, |status| status.as_u16()),
    };
    let rules = async || {
        ask(&sandbox, "faults").await["rules"]
            .as_array()
            .unwrap()
            .clone()
    };
    for (rule, status) in [
        (json!({ "fault": "status", "value": "503" }), 503),
        (json!({ "fault": "rate_limited", "value": "7" }), 429),
        (json!({ "fault": "rate_limited", "value": "" }), 429),
        (json!({ "fault": "quota" }), 429),
        (json!({ "fault": "bad_gateway" }), 502),
        (json!({ "fault": "error_in_200" }), 200),
        (json!({ "fault": "reset" }), 0),
        (json!({ "fault": "delay", "value": "1" }), 200),
    ] {
        assert_eq!(add(rule.clone()).await, StatusCode::OK, "{rule}");
        assert_eq!(read().await, status, "{rule}");
        let known = rules().await;
        assert_eq!((known.len(), &known[0]["times"]), (1, &Value::Null));
        let path = format!("faults/{}", known[0]["number"]);
        let delete = Client::new().delete(format!("{}/sandbox/{path}", sandbox.url()));
        assert_eq!(delete.send().await.unwrap().status(), StatusCode::OK);
        assert_eq!(read().await, 200, "{rule}");
    }
    let rule = json!({ "fault": "status", "value": "500", "operation": "get_client", "after": 1, "times": 1 });
    add(rule).await;
    assert_eq!([read().await, read().await, read().await], [200, 500, 200]);
    assert_eq!(rules().await, [] as [Value; 0], "it is used up");
    // Those of the program are shown, too, and all kinds of the page can be added as they are offered.
    sandbox.inject(Rule::new(Fault::Response(StatusCode::OK, "secret".into())).share(0.5));
    assert_eq!(rules().await[0]["title"], "Respond with 200 and a text");
    for kind in ask(&sandbox, "faults").await["kinds"].as_array().unwrap() {
        let value = kind["value"]["example"].as_str().unwrap_or_default();
        let rule = json!({ "fault": kind["name"], "value": value, "operation": "list_tags" });
        assert_eq!(add(rule).await, StatusCode::OK, "{kind}");
    }
    for wrong in [
        json!({ "fault": "earthquake" }),
        json!({ "fault": "status", "value": "200" }),
        json!({ "fault": "status", "value": "99999999999" }),
        json!({ "fault": "delay", "value": "-1" }),
        json!({ "fault": "delay", "value": "99999999999999999999" }),
        json!({ "fault": "reset", "operation": "send_mesage" }),
        json!({ "fault": "reset", "times": -1 }),
        json!({}),
    ] {
        assert_eq!(add(wrong.clone()).await, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

/// What the page looks at is the account that it asks for, and no other.
#[tokio::test]
async fn the_page_shows_one_account() {
    let second = Account::new("second-token").clients(2).messages(0);
    let sandbox = Sandbox::builder().account(second).start().await.unwrap();
    let account = ask(&sandbox, "account?company=1002").await;
    assert_eq!(
        (&account["token"], &account["counts"]["clients"]),
        (&json!("second-token"), &json!(2))
    );
    assert_eq!(account["accounts"].as_array().unwrap().len(), 2);
    assert!(!account.to_string().contains(chat2desk_sandbox::TOKEN));
    sandbox.client().list_tags().send().await.unwrap();
    let calls = async |company: i64| {
        let path = format!("journal?calls=0&deliveries=0&company={company}");
        ask(&sandbox, &path).await["calls"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((calls(1001).await, calls(1002).await), (1, 0));
    let message = json!({ "client_id": 94_000_001, "text": "Hello" });
    let answer = post(
        &sandbox,
        "messages?company=1002",
        "application/json",
        &message,
    )
    .await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(ask(&sandbox, "account").await["counts"]["messages"], 1207);
    assert_eq!(
        ask(&sandbox, "account?company=1002").await["counts"]["messages"],
        1
    );
    for wrong in ["1003", "x", "-1"] {
        let url = format!("{}/sandbox/account?company={wrong}", sandbox.url());
        assert!(reqwest::get(url).await.unwrap().status().is_client_error());
    }
}

/// The customer that the page's snippet looks up exists.
#[tokio::test]
async fn the_snippet_finds_somebody() {
    let sandbox = sandbox().await;
    let phone = ask(&sandbox, "account").await["phone"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        sandbox
            .client()
            .find_client(&phone)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_storage_of_ones_own_can_be_set() {
    let at = |storage: &str| {
        Chat2Desk::builder("token")
            .base_url("https://chat.example.com")
            .storage_url(storage)
            .build()
    };
    for storage in [
        "https://files.example.com/x",
        " https://files.example.com/x/ ",
    ] {
        let chat = at(storage).unwrap().with_token("other").unwrap();
        for path in ["a/b.jpg", "/a/b.jpg"] {
            assert_eq!(
                chat.media_url(path).unwrap(),
                "https://files.example.com/x/a/b.jpg"
            );
        }
        assert_eq!(
            chat.media_url("https://example.com/c").unwrap(),
            "https://example.com/c"
        );
    }
    for wrong in ["", "files.example.com", "ftp://files.example.com", "/files"] {
        let error = at(wrong).unwrap_err();
        assert_eq!(error.kind(), chat2desk::ErrorKind::Config, "{wrong}");
    }
}
