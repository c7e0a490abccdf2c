//! What every call meets: the token, the forms of its parameters, what is not known.

use crate::sandbox;
use chat2desk::{Chat2Desk, ErrorKind};
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::{Value, json};

#[tokio::test]
async fn the_token_is_checked() {
    let sandbox = Sandbox::builder().token("demo").start().await.unwrap();
    let stranger = sandbox.client().with_token(TOKEN).unwrap();
    let error = stranger.list_clients().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Auth, Some("Token is not correct"))
    );
    let nobody = reqwest::get(format!("{}/v1/clients", sandbox.url()))
        .await
        .unwrap();
    assert_eq!(nobody.status(), 401);
    assert!(nobody.text().await.unwrap().contains("You need to auth"));
    let known = Chat2Desk::builder("demo")
        .base_url(sandbox.url())
        .build()
        .unwrap();
    known.list_clients().send().await.unwrap();
    let journal = format!("{:?} {sandbox:?}", sandbox.calls());
    assert!(!journal.contains("demo"), "{journal}");
}

#[tokio::test]
async fn operations_of_unknown_behaviour_say_so() {
    let sandbox = sandbox().await;
    let header = |response: reqwest::Response| {
        let header = response.headers().get("x-sandbox-response");
        header.map(|value| value.to_str().unwrap().to_owned())
    };
    let get = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        header(request.header("authorization", TOKEN).send().await.unwrap())
    };
    assert_eq!(get("/v1/countries").await, None);
    assert_eq!(get("/v1/help/transports").await.as_deref(), Some("example"));
    // What it does is known, and what it responds with is not.
    let response = get("/v1/gateway/delete_outbox").await;
    assert_eq!(response.as_deref(), Some("example"));
    assert_eq!(get("/v1/clients").await, None);
}

#[tokio::test]
async fn parameters_travel_in_a_form_or_the_query_as_well() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    let post = |query: &str| {
        http.post(format!("{}/v1/messages{query}", sandbox.url()))
            .header("authorization", TOKEN)
    };
    let form = post("").header("content-type", "application/x-www-form-urlencoded");
    let form = form
        .body("client_id=94000001&text=Hello%21")
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), 200);
    let query = post("?client_id=94000001&text=Hello").send().await.unwrap();
    assert_eq!(query.status(), 200);
    let broken = post("")
        .header("content-type", "application/json")
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), 400);
    let last = sandbox
        .client()
        .list_messages()
        .order("desc")
        .limit(2)
        .send()
        .await
        .unwrap();
    let texts: Vec<_> = last
        .data
        .iter()
        .filter_map(|message| message.text.as_deref())
        .collect();
    assert_eq!(texts, ["Hello", "Hello!"]);
}

/// The path of an operation, about a record that there is.
fn of_a_record(path: &str) -> String {
    let id = match path.split('/').nth(2) {
        Some("clients") => "94000001",
        Some("dialogs") => "18400001",
        Some("messages") => "5000000101",
        Some("operators") => "310001",
        Some("tickets") => "TICK-118",
        _ => "901",
    };
    let parts = path.split('/');
    let parts = parts.map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_changes_nothing() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    for operation in chat2desk::operations() {
        let method = format!("{:?}", operation.method).parse().unwrap();
        let url = format!("{}{}/", sandbox.url(), of_a_record(operation.path));
        let call = http.request(method, url).header("authorization", TOKEN);
        call.send().await.unwrap();
        let reached = sandbox.calls().pop().unwrap().operation;
        assert_eq!(reached, Some(operation.id));
    }
    let twice = http.get(format!("{}/v1//clients", sandbox.url()));
    let response = twice.header("authorization", TOKEN).send().await.unwrap();
    assert_eq!(response.status(), 404);
}

/// The fields of an operation's body in the document's first example, as they go into a query: lists as names
/// that come again. `None` if one holds more than that.
fn as_pairs(body: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let mut pairs = Vec::new();
    for (name, value) in body.as_object()? {
        for value in value.as_array().unwrap_or(&vec![value.clone()]) {
            pairs.push((name.clone(), text(value)?));
        }
    }
    Some(pairs)
}

/// Two accounts that get the same calls, one as JSON and one as a query, stay the same.
#[tokio::test(start_paused = true)]
async fn what_an_operation_takes_as_json_it_takes_in_the_query() {
    let document: Value = serde_json::from_str(chat2desk_openapi::DOCUMENT).unwrap();
    let clock = "2030-01-01T12:00:00Z".parse().unwrap();
    let start = async || Sandbox::builder().clock(clock).start().await.unwrap();
    let sandboxes = [start().await, start().await];
    // Idle connections would be timed, and the clock is to stand.
    let http = reqwest::Client::builder().pool_max_idle_per_host(0);
    let http = http.build().unwrap();
    let mut done = Vec::new();
    for operation in chat2desk::operations() {
        let method = format!("{:?}", operation.method);
        let described = &document["paths"][operation.path][method.to_lowercase()];
        let examples = &described["requestBody"]["content"]["application/json"]["examples"];
        let Some(example) = examples.as_object().and_then(|named| named.values().next()) else {
            continue;
        };
        let Some(pairs) = as_pairs(&example["value"]) else {
            continue;
        };
        let call = |sandbox: &Sandbox| {
            let mut url = reqwest::Url::parse(&sandbox.url()).unwrap();
            url.set_path(&of_a_record(operation.path));
            http.request(method.parse().unwrap(), url)
                .header("authorization", TOKEN)
        };
        let [json, query] = &sandboxes;
        let json = call(json)
            .header("content-type", "application/json")
            .body(example["value"].to_string());
        let mut query = call(query).build().unwrap();
        query.url_mut().query_pairs_mut().extend_pairs(pairs);
        let json = json.send().await.unwrap();
        let query = http.execute(query).await.unwrap();
        let id = operation.id;
        assert_eq!(json.status(), query.status(), "{id}");
        if json.status().is_success() {
            done.push(id);
        }
        assert_eq!(
            json.text().await.unwrap(),
            query.text().await.unwrap(),
            "{id}"
        );
    }
    for id in [
        "assign_tags",
        "create_ticket",
        "create_webhook",
        "send_message",
        "update_webhook",
    ] {
        assert!(done.contains(&id), "{done:?}");
    }
}

#[tokio::test]
async fn a_list_of_one_is_a_list_in_the_query_too() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    for (number, events) in ["events=inbox", "events%5B%5D=inbox"].iter().enumerate() {
        let query = format!("name=CRM&url=https://example.com/{number}&{events}");
        let call = http.post(format!("{}/v1/webhooks/?{query}", sandbox.url()));
        let response = call.header("authorization", TOKEN).send().await.unwrap();
        let response: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(response["data"]["events"], json!(["inbox"]), "{response}");
    }
}

#[tokio::test]
async fn a_truth_is_one_in_any_case() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    let online = async |word: &str| {
        let call = http.get(format!("{}/v1/operators?online={word}", sandbox.url()));
        let response = call.header("authorization", TOKEN).send().await.unwrap();
        let response: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        response["meta"]["total"].as_u64().unwrap()
    };
    let all = online("true").await;
    assert!(all > 0);
    assert_eq!((online("True").await, online("False").await), (all, 0));
}

#[tokio::test]
#[ignore = "a child of the test below"]
async fn child_behind_a_proxy() {
    let sandbox = sandbox().await;
    let here = format!("{}/", sandbox.url());
    let ensure = sandbox.client().ensure_webhook(here, ["inbox".into()]);
    ensure.send().await.unwrap();
    sandbox.write_as(94_000_001, "Hello?").unwrap();
    sandbox.settle().await;
    // The sandbox itself takes no deliveries, but it was reached.
    assert_eq!(sandbox.deliveries()[0].status, Some(405));
}

/// What is on this machine is reached without the proxy that the system names.
#[test]
fn a_proxy_is_passed_by() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["calls::child_behind_a_proxy", "--exact", "--ignored"])
        .envs([
            ("http_proxy", "http://127.0.0.1:9"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
        ])
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && output.contains("1 passed"),
        "{output}"
    );
}
