//! The client's settings: token, host, environment, HTTP client.

use chat2desk::{Chat2Desk, ErrorKind, Region};
use httpmock::prelude::*;

#[test]
fn unusable_tokens_are_refused() {
    for (token, reason) in [
        ("", "empty"),
        ("  ", "empty"),
        ("abc\n", "line break"),
        ("abc def", "space"),
        ("токен", "character"),
    ] {
        let error = Chat2Desk::new(token).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn unusable_urls_are_refused() {
    for (url, reason) in [
        ("ftp://example.com", "scheme other than https"),
        ("http://example.com", "plain http"),
        ("example.com", "not a URL"),
        ("https://user:word@example.com", "user name or password"),
        ("https://example.com/?token=x", "query"),
    ] {
        let error = Chat2Desk::builder("token")
            .base_url(url)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(reason), "{error}");
    }
    Chat2Desk::builder("token")
        .base_url("http://example.com")
        .allow_http(true)
        .build()
        .unwrap();
}

#[test]
fn regions_have_their_hosts() {
    for (region, url) in [
        (Region::Main, "https://api.chat2desk.com"),
        (Region::Eu, "https://api.chat24.io"),
        (Region::Mx, "https://api.chat2desk.com.mx"),
        (Region::Kz, "https://api.chat2desk.kz"),
        (Region::Kz02, "https://api-02.chat2desk.kz"),
    ] {
        let chat = Chat2Desk::builder("token").region(region).build().unwrap();
        assert_eq!(chat.base_url(), url);
    }
    assert_eq!(
        Chat2Desk::new("token").unwrap().base_url(),
        Region::default().base_url()
    );
}

#[tokio::test]
async fn a_call_carries_the_raw_token_and_no_header_of_the_generator() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.path("/v1/operators_groups")
            .header("authorization", "first-token")
            .header("user-agent", "my-program/1")
            .header_missing("api-version");
        then.status(200).body(r#"{"data":[],"status":"success"}"#);
    });
    let mock = mock.await;
    let other = server.mock_async(|when, then| {
        when.path("/v1/operators_groups")
            .header("authorization", "second-token");
        then.status(200).body(r#"{"data":[],"status":"success"}"#);
    });
    let other = other.await;
    // A slash and a version at the end of the base URL are tolerated.
    let builder = Chat2Desk::builder("first-token").base_url(format!("{}/v1/", server.base_url()));
    let first = builder.user_agent("my-program/1").build().unwrap();
    first.list_operator_groups().send().await.unwrap();
    first
        .with_token("second-token")
        .unwrap()
        .list_operator_groups()
        .send()
        .await
        .unwrap();
    mock.assert_async().await;
    other.assert_async().await;
    assert!(first.with_token("").is_err());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = MockServer::start_async().await;
    let target = server.mock_async(|when, then| {
        when.path("/elsewhere");
        then.status(200).body(r#"{"data":[],"status":"success"}"#);
    });
    let target = target.await;
    let redirect = server.mock_async(|when, then| {
        when.path("/v1/operators_groups");
        then.status(302).header("location", "/elsewhere");
    });
    redirect.await;
    let chat = Chat2Desk::builder("token")
        .base_url(server.base_url())
        .build()
        .unwrap();
    let error = chat.list_operator_groups().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Api, 302)
    );
    target.assert_calls_async(0).await;
}

#[tokio::test]
async fn an_http_client_of_your_own_is_used() {
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.header("x-proxy", "mine");
        then.status(200).body(r#"{"data":[],"status":"success"}"#);
    });
    let mock = mock.await;
    let headers = [("x-proxy".parse().unwrap(), "mine".parse().unwrap())];
    let own = reqwest::Client::builder()
        .default_headers(headers.into_iter().collect())
        .build()
        .unwrap();
    let builder = Chat2Desk::builder("token")
        .base_url(server.base_url())
        .http_client(own);
    builder
        .build()
        .unwrap()
        .list_operator_groups()
        .send()
        .await
        .unwrap();
    mock.assert_async().await;
}

/// A forgotten `send` is no mistake, and a missing column needs no `if let`.
#[tokio::test]
async fn calls_are_awaited_and_values_may_be_missing() {
    use chat2desk::types::{CreateClientRequest, ExternalId};
    let server = MockServer::start_async().await;
    let mock = server.mock_async(|when, then| {
        when.method(POST)
            .path("/v1/clients")
            .json_body(serde_json::json!({ "phone": "15550100001", "transport": "whatsapp", "nickname": "Ada" }));
        then.status(200).body(r#"{"data":{"id":7},"status":"success"}"#);
    });
    mock.await;
    let chat = Chat2Desk::builder("token").base_url(server.base_url());
    let chat = chat.build().unwrap();
    let (nickname, channel): (Option<&str>, Option<i64>) = (Some("Ada"), None);
    let client = CreateClientRequest::builder()
        .phone("15550100001")
        .transport("whatsapp")
        .maybe(nickname, |client, nickname| client.nickname(nickname))
        .maybe(channel, |client, channel| client.channel_id(channel));
    let created = chat.create_client(client).await.unwrap();
    assert_eq!(created.data.id, 7);
    assert_eq!(ExternalId::from("crm-1"), ExternalId::Text("crm-1".into()));
}

#[test]
fn a_url_to_which_no_path_can_be_added_is_refused() {
    for (url, reason) in [
        ("https://https://example.com", "scheme twice"),
        ("https:///example.com", "no host"),
        ("https://ann:word@example.com", "user name or password"),
        ("https://:word@example.com", "user name or password"),
        ("https://example.com?x=1", "query"),
        ("https://example.com/#", "fragment"),
        ("ftp://example.com", "scheme other than https"),
        ("\"https://example.com\"", "not a URL"),
        (" ", "not a URL"),
    ] {
        let builder = Chat2Desk::builder("token");
        for (name, builder) in [
            ("base", builder.clone().base_url(url)),
            ("storage", builder.storage_url(url)),
        ] {
            let printed = format!("{builder:?}");
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            let expected = format!("the {name} URL ");
            let text = error.to_string();
            assert!(text.contains(&expected) && text.contains(reason), "{text}");
            assert!(!(text + &printed).contains("word@"), "{url}");
        }
    }
    for (url, expected) in [
        (
            " https://storage.example.com/ ",
            "https://storage.example.com/a.png",
        ),
        (
            "https://example.com/files//",
            "https://example.com/files/a.png",
        ),
    ] {
        let chat = Chat2Desk::builder("token")
            .storage_url(url)
            .build()
            .unwrap();
        assert_eq!(chat.media_url("/a.png").unwrap(), expected);
    }
}

#[test]
fn a_user_agent_that_is_no_header_is_named() {
    for name in ["a\nb", "a\r\nX-Y: 1", "\0", "\u{7f}"] {
        let error = Chat2Desk::builder("token").user_agent(name).build();
        let text = error.unwrap_err().to_string();
        assert!(text.contains("the user agent contains"), "{text}");
    }
    Chat2Desk::builder("token")
        .user_agent("Läden/1.0")
        .build()
        .unwrap();
}
