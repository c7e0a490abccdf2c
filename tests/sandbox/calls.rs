//! What every call meets: the token, the forms of its parameters, what is not known.

use crate::sandbox;
use chat2desk::sandbox::{Sandbox, TOKEN};
use chat2desk::{Chat2Desk, ErrorKind};

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
        let header = response.headers().get("x-sandbox-answer");
        header.map(|value| value.to_str().unwrap().to_owned())
    };
    let get = async |path: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", sandbox.url()));
        header(request.header("authorization", TOKEN).send().await.unwrap())
    };
    assert_eq!(get("/v1/countries").await.as_deref(), Some("example"));
    assert_eq!(
        get("/v1/scenarios/menu_items").await.as_deref(),
        Some("example")
    );
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
