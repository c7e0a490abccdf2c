//! Random requests made from the document: whatever comes, the sandbox answers, and never with an error of its own.
//!
//! `SANDBOX_REQUESTS=100000 cargo test --package chat2desk-sandbox random` sends more than the suite does,
//! `SANDBOX_SEED` others.

mod generator;

use crate::sandbox;
use chat2desk::{List, operations};
use generator::{Generator, Request};
use reqwest::{Client, Method, Response};
use std::collections::HashSet;
use std::panic;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn setting(name: &str, unless_set: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(unless_set, |text| text.parse().expect(name))
}

/// The panics of this thread, which is the sandbox's as well: those of its tasks would stay unseen.
fn watch_panics() -> Arc<Mutex<Vec<String>>> {
    let (here, seen) = (thread::current().id(), Arc::<Mutex<Vec<String>>>::default());
    let (before, kept) = (panic::take_hook(), seen.clone());
    panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == here {
            kept.lock().unwrap().push(panic.to_string());
        }
        before(panic);
    }));
    seen
}

async fn send(http: &Client, url: &str, request: &Request) -> Response {
    let method = Method::from_bytes(request.method.as_bytes()).unwrap();
    let mut call = http.request(method, format!("{url}{}", request.target));
    for (name, value) in &request.headers {
        call = call.header(*name, value.as_slice());
    }
    let answer = tokio::time::timeout(PATIENCE, call.body(request.body.clone()).send()).await;
    let answer = answer.unwrap_or_else(|_| panic!("no answer to {request:?}"));
    answer.unwrap_or_else(|error| panic!("{error:?} at {request:?}"))
}

#[tokio::test]
async fn no_request_is_too_much() {
    let panics = watch_panics();
    let sandbox = sandbox().await;
    let http = Client::builder().no_proxy().build().unwrap();
    let mut generator = Generator::new(setting("SANDBOX_SEED", 1));
    let (mut successes, mut refusals) = (0, 0);
    let mut succeeded = HashSet::new();
    for number in 0..setting("SANDBOX_REQUESTS", 3_000) {
        let request = generator.request();
        let answer = send(&http, &sandbox.url(), &request).await;
        let status = answer.status();
        assert!(
            !status.is_server_error(),
            "{status} at {number}: {request:?}"
        );
        successes += u64::from(status.is_success());
        refusals += u64::from(status.is_client_error());
        let body = answer.bytes().await.unwrap();
        if request.method != "HEAD" && request.target.starts_with("/v1") {
            let read = serde_json::from_slice::<serde_json::Value>(&body);
            read.unwrap_or_else(|error| panic!("{error} at {number}: {request:?}"));
        }
        if number % 500 == 499 {
            sandbox.advance(Duration::from_secs(generator.below(40 * 24 * 3600)));
            assert_eq!(*panics.lock().unwrap(), [""; 0]);
            let calls = sandbox.calls().into_iter();
            let calls = calls.filter(|call| call.status.is_some_and(|status| status < 300));
            succeeded.extend(calls.filter_map(|call| call.operation));
        }
    }
    // It got beyond the checks, and what it did there can still be read.
    assert!(successes > refusals / 10, "{successes} and {refusals}");
    let never = operations().iter().map(|operation| operation.id);
    let never: Vec<_> = never.filter(|id| !succeeded.contains(id)).collect();
    assert!(never.len() < 8, "{never:?} never succeeded");
    sandbox.clear_faults();
    sandbox.settle().await;
    let chat = sandbox.client();
    chat.list_clients().collect_all().await.unwrap();
    chat.list_messages().collect_all().await.unwrap();
    chat.list_dialogs().collect_all().await.unwrap();
    chat.list_tickets().collect_all().await.unwrap();
    chat.list_tags().collect_all().await.unwrap();
    chat.list_webhooks().send().await.unwrap();
    assert_eq!(*panics.lock().unwrap(), [""; 0]);
}

/// The numbers at the ends of their range, where a sum or a difference would overflow.
#[tokio::test]
async fn numbers_at_the_ends_of_their_range_are_numbers() {
    let sandbox = sandbox().await;
    let http = Client::builder().no_proxy().build().unwrap();
    let ends = [
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e308",
        "-1",
        "0",
    ];
    for end in ends {
        for path in [
            format!("/v1/clients?offset={end}&limit={end}&created_after={end}&tags={end}"),
            format!("/v1/messages?start_id={end}&limit={end}&offset={end}&client_id={end}"),
            format!("/v1/messages?start_id={end}&order=desc&dialog_id={end}"),
            format!("/v1/dialogs?offset={end}&limit={end}&operator_id={end}"),
            format!("/v1/dialogs/unanswered?limit={end}"),
            format!("/v1/regions?offset={end}&limit={end}"),
            format!("/v1/clients/{end}"),
            format!("/v1/messages/{end}"),
            format!("/v1/requests/{end}/messages"),
            format!("/v1/tickets/TICK-{end}"),
            format!("/sandbox/conversations?limit={}", usize::MAX),
            format!("/sandbox/messages?client_id=94000001&limit={}", usize::MAX),
            format!(
                "/sandbox/journal?calls={}&deliveries={}",
                u64::MAX,
                u64::MAX
            ),
        ] {
            let call = http.get(format!("{}{path}", sandbox.url()));
            let call = call.header("authorization", chat2desk_sandbox::TOKEN);
            let status = call.send().await.unwrap().status();
            assert!(!status.is_server_error(), "{path}: {status}");
        }
    }
}

/// What one call brings in another must be able to read, within a list and to the depth that readers of JSON go to.
#[tokio::test]
async fn values_are_not_nested_deeper_than_can_be_read() {
    let sandbox = sandbox().await;
    let http = Client::builder().no_proxy().build().unwrap();
    for (depth, expected) in [(98, 200), (99, 400), (124, 400), (126, 400), (50_000, 400)] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let body = format!(r#"{{"custom_fields":{{"1":{deep}}}}}"#);
        let call = http.put(format!("{}/v1/clients/94000001", sandbox.url()));
        let call = call.header("authorization", chat2desk_sandbox::TOKEN);
        let call = call.header("content-type", "application/json").body(body);
        assert_eq!(call.send().await.unwrap().status(), expected, "{depth}");
        let clients = sandbox
            .client()
            .list_clients()
            .limit(1)
            .send()
            .await
            .unwrap();
        assert!(clients.drift().is_empty(), "{depth}: {:?}", clients.drift());
    }
}
