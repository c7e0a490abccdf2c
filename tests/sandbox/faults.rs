//! What is made to go wrong goes wrong, and is in the journal.

use crate::sandbox;
use chat2desk::messages::Draft;
use chat2desk::sandbox::{Fault, Rule, Sandbox};
use chat2desk::transport::RetryPolicy;
use chat2desk::{Error, ErrorKind, List};
use std::collections::HashSet;
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

async fn read(sandbox: &Sandbox) -> Result<(), Error> {
    let chat = sandbox.client().with_retry(RetryPolicy::never());
    chat.get_client(CLIENT).send().await.map(|_| ())
}

#[tokio::test]
async fn each_fault_as_a_caller_sees_it() {
    let sandbox = sandbox().await;
    for (fault, kind, status) in [
        (Fault::Status(503), ErrorKind::Server, Some(503)),
        (
            Fault::RateLimited(Duration::from_millis(1)),
            ErrorKind::RateLimited,
            Some(429),
        ),
        (Fault::ErrorIn200, ErrorKind::Api, Some(200)),
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
    assert_eq!(calls.len(), 14);
    assert_eq!(
        (calls[0].status, &calls[0].faults[..]),
        (Some(503), &[Fault::Status(503)][..])
    );
    assert_eq!(calls[10].status, None);
    assert!(calls[1].faults.is_empty());
}

#[tokio::test]
async fn a_rule_says_where_when_and_how_often() {
    let sandbox = sandbox().await;
    let rule = Rule::new(Fault::Status(500))
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

    sandbox.inject(Rule::new(Fault::Status(500)).share(0.25));
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
    let before: HashSet<i64> = chat
        .list_clients()
        .collect_all()
        .await
        .unwrap()
        .iter()
        .map(|client| client.id)
        .collect();
    sandbox.inject(Rule::new(Fault::Grow).on("list_clients"));
    sandbox.inject(
        Rule::new(Fault::Shrink)
            .on("list_clients")
            .after(1)
            .times(3),
    );
    let read: Vec<i64> = chat
        .list_clients()
        .page_size(50)
        .collect_all()
        .await
        .unwrap()
        .iter()
        .map(|client| client.id)
        .collect();
    let distinct: HashSet<i64> = read.iter().copied().collect();
    assert_eq!(distinct.len(), read.len());
    let missing: Vec<_> = before.difference(&distinct).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(read.len() > before.len());
}

#[tokio::test]
async fn calls_are_limited() {
    let sandbox = Sandbox::builder().monthly_calls(3).start().await.unwrap();
    for _ in 0..3 {
        read(&sandbox).await.unwrap();
    }
    assert!(read(&sandbox).await.unwrap_err().is_quota_exceeded());

    let sandbox = Sandbox::builder().rate_limit(2, Duration::from_secs(60));
    let sandbox = sandbox.start().await.unwrap();
    let mut kinds = Vec::new();
    for _ in 0..3 {
        kinds.push(
            read(&sandbox)
                .await
                .map_err(|error| (error.kind(), error.retry_after().is_some())),
        );
    }
    assert_eq!(kinds, [Ok(()), Ok(()), Err((ErrorKind::RateLimited, true))]);
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(sandbox.calls().last().unwrap().status, Some(429));
    let counted = sandbox
        .client()
        .with_token(chat2desk::sandbox::TOKEN)
        .unwrap();
    let info = counted.get_api_info().send().await.unwrap();
    assert_eq!(info.data.requests_this_month, Some(3));
}

#[tokio::test]
async fn a_delay_is_waited_for() {
    let sandbox = sandbox().await;
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(20))));
    read(&sandbox).await.unwrap();
    assert!(sandbox.calls()[0].took >= Duration::from_millis(20));
}
