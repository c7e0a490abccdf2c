//! What is made to go wrong goes wrong, and is in the journal.

use crate::sandbox;
use chat2desk::messages::Draft;
use chat2desk::transport::RetryPolicy;
use chat2desk::{Error, ErrorKind, List};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use reqwest::StatusCode;
use std::collections::HashSet;
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

async fn read(sandbox: &Sandbox) -> Result<(), Error> {
    let chat = sandbox.client().with_retry(RetryPolicy::never());
    chat.get_client(CLIENT).send().await.map(|_| ())
}

fn quota() -> String {
    "API calls exceeded API limit per month".to_owned()
}

#[tokio::test]
async fn each_fault_as_a_caller_sees_it() {
    let sandbox = sandbox().await;
    for (fault, kind, status) in [
        (
            Fault::Status(StatusCode::SERVICE_UNAVAILABLE),
            ErrorKind::Server,
            Some(503),
        ),
        (
            Fault::RateLimited(Some(Duration::from_millis(1))),
            ErrorKind::RateLimited,
            Some(429),
        ),
        (Fault::ErrorIn200, ErrorKind::Api, Some(200)),
        (
            Fault::Response(StatusCode::FORBIDDEN, quota()),
            ErrorKind::QuotaExceeded,
            Some(403),
        ),
        (
            Fault::Response(StatusCode::OK, quota()),
            ErrorKind::QuotaExceeded,
            Some(200),
        ),
        (Fault::QuotaUsedUp, ErrorKind::QuotaExceeded, Some(429)),
        (Fault::BadGateway, ErrorKind::Server, Some(502)),
        (Fault::Reset, ErrorKind::Transport, None),
        (Fault::Truncated, ErrorKind::Transport, Some(200)),
    ] {
        sandbox.inject(Rule::new(fault.clone()).times(1));
        let error = read(&sandbox).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().map(|status| status.as_u16())),
            (kind, status),
            "{fault:?}"
        );
        read(&sandbox).await.unwrap();
    }
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 18);
    assert_eq!(
        (calls[0].status, &calls[0].faults[..]),
        (
            Some(503),
            &[Fault::Status(StatusCode::SERVICE_UNAVAILABLE)][..]
        )
    );
    assert_eq!(calls[14].status, None);
    assert!(calls[1].faults.is_empty());
}

#[tokio::test]
async fn a_rule_says_where_when_and_how_often() {
    let sandbox = sandbox().await;
    let rule = Rule::new(Fault::Status(StatusCode::INTERNAL_SERVER_ERROR))
        .on("get_client")
        .after(1)
        .times(2);
    sandbox.inject(rule);
    sandbox.client().list_tags().send().await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(read(&sandbox).await.is_ok());
    }
    assert_eq!(seen, [true, false, false, true, true]);

    sandbox.inject(Rule::new(Fault::Status(StatusCode::INTERNAL_SERVER_ERROR)).share(0.25));
    let mut failed = 0;
    for _ in 0..200 {
        failed += u32::from(read(&sandbox).await.is_err());
    }
    assert!((25..75).contains(&failed), "{failed} of 200");
    sandbox.clear_faults();
    read(&sandbox).await.unwrap();
}

#[tokio::test]
async fn what_is_sent_over_a_breaking_connection_was_sent() {
    let sandbox = sandbox().await;
    sandbox.inject(Rule::new(Fault::Reset).on("send_message").times(1));
    let newest = async || {
        let newest = sandbox
            .client()
            .list_messages()
            .order("desc")
            .limit(1)
            .send()
            .await
            .unwrap();
        newest.data[0].id
    };
    let before = newest().await;
    let sent = sandbox
        .client()
        .send_message(Draft::text(CLIENT, "Hello"))
        .send()
        .await;
    assert!(sent.unwrap_err().was_sent());
    assert_eq!(newest().await, before + 1, "once, and not again");
}

#[tokio::test]
#[should_panic(expected = "there is no operation `send_mesage`")]
async fn a_misspelt_operation_is_told() {
    let _ = Rule::new(Fault::Reset).on("send_mesage");
}

/// A list that others change while it is read has everything that was there all the time, once.
#[tokio::test]
async fn lists_move_while_they_are_read() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let ids = async |page_size: u32| {
        let clients = chat.list_clients().page_size(page_size).collect_all();
        let ids = clients.await.unwrap().into_iter().map(|client| client.id);
        ids.collect::<Vec<_>>()
    };
    let before: HashSet<i64> = ids(200).await.into_iter().collect();
    sandbox.inject(Rule::new(Fault::Grow).on("list_clients"));
    sandbox.inject(
        Rule::new(Fault::Shrink)
            .on("list_clients")
            .after(1)
            .times(3),
    );
    let read = ids(50).await;
    let distinct: HashSet<i64> = read.iter().copied().collect();
    assert_eq!(distinct.len(), read.len());
    let missing: Vec<_> = before.difference(&distinct).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(read.len() > before.len());
    // It did move: the first ones are gone, and others came.
    for (id, gone) in [(CLIENT, true), (CLIENT + 2, true), (CLIENT + 3, false)] {
        let client = chat.get_client(id).send().await;
        assert_eq!(
            client.is_err_and(|error| error.is_not_found()),
            gone,
            "{id}"
        );
    }
    assert!(!before.contains(read.last().unwrap()));
}

#[tokio::test]
async fn calls_are_limited() {
    let sandbox = Sandbox::builder().monthly_calls(3).start().await.unwrap();
    for _ in 0..3 {
        read(&sandbox).await.unwrap();
    }
    assert!(read(&sandbox).await.unwrap_err().is_quota_exceeded());
    sandbox.advance(Duration::from_secs(31 * 24 * 3600));
    // It renews with the month, and not with the first call of it.
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    read(&sandbox).await.unwrap();

    let sandbox = Sandbox::builder().calls_per(2, Duration::from_secs(60));
    let sandbox = sandbox.start().await.unwrap();
    let mut kinds = Vec::new();
    for _ in 0..3 {
        kinds.push(
            read(&sandbox)
                .await
                .map_err(|error| (error.kind(), error.retry_after().is_some())),
        );
    }
    assert_eq!(
        kinds,
        [Ok(()), Ok(()), Err((ErrorKind::RateLimited, false))]
    );
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(sandbox.calls().last().unwrap().status, Some(429));
    let counted = sandbox
        .client()
        .with_token(chat2desk_sandbox::TOKEN)
        .unwrap();
    let info = counted.get_api_info().send().await.unwrap();
    let calls = info.data.api_calls.as_ref().unwrap();
    assert_eq!(calls.used_this_month, Some(3));
    assert_eq!(calls.left_free_requests, Some(100_000 - 3));
}

#[tokio::test]
async fn who_does_not_wait_has_called_all_the_same() {
    let sandbox = sandbox().await;
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_secs(60))).on("send_message"));
    let hasty = sandbox.client().with_timeout(Duration::from_millis(50));
    let sent = hasty.send_message(Draft::text(CLIENT, "Hello")).send();
    let error = sent.await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Timeout, true));
    let calls = sandbox.calls_of("send_message");
    assert!(calls.len() == 1 && calls[0].took >= Duration::from_secs(60));
    let newest = sandbox.client().list_messages().order("desc").limit(1);
    let newest = newest.send().await.unwrap();
    assert_eq!(newest.data[0].text.as_deref(), Some("Hello"));
}

/// A list whose server ignores `offset` ends with an error, and not short or for ever.
#[tokio::test]
async fn an_ignored_offset_is_noticed() {
    let sandbox = sandbox().await;
    sandbox.inject(Rule::new(Fault::IgnoreOffset).on("list_clients"));
    let error = sandbox
        .client()
        .list_clients()
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
}

#[tokio::test]
async fn calls_beyond_the_limit_use_up_no_fault() {
    let sandbox = Sandbox::builder().calls_per(1, Duration::from_secs(60));
    let sandbox = sandbox.start().await.unwrap();
    sandbox.inject(Rule::new(Fault::BadGateway).after(1).times(1));
    read(&sandbox).await.unwrap();
    assert_eq!(
        read(&sandbox).await.unwrap_err().kind(),
        ErrorKind::RateLimited
    );
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(read(&sandbox).await.unwrap_err().kind(), ErrorKind::Server);
    let faults: Vec<_> = sandbox
        .calls()
        .into_iter()
        .map(|call| call.faults.len())
        .collect();
    assert_eq!(faults, [0, 0, 1]);
}

#[tokio::test]
async fn calls_of_nothing_are_in_the_journal() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::new();
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    let url = |path: &str| format!("{}{path}", sandbox.url());
    assert_eq!(
        status(http.delete(url("/v1/clients"))).await,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(
        status(http.get(url("/v1/api_info/15550100001"))).await,
        StatusCode::NOT_FOUND
    );
    let calls = sandbox.calls();
    let seen: Vec<_> = calls
        .iter()
        .map(|call| (call.operation, call.status))
        .collect();
    assert_eq!(seen, [(None, Some(405)), (None, Some(404))]);
    assert!(!format!("{calls:?}").contains("15550100001"));
}

#[test]
fn a_sandbox_crosses_threads() {
    fn assert<T: Send + Sync>() {}
    assert::<Sandbox>();
    assert::<chat2desk_sandbox::Builder>();
    assert::<Rule>();
}
