//! Messages that the list shows late and out of order, one by one.

use crate::sandbox;
use chat2desk::List;
use chat2desk::messages::Draft;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use std::time::{Duration, SystemTime};

const CLIENT: i64 = 94_000_001;

async fn send(sandbox: &Sandbox) -> i64 {
    let message = sandbox.client().send_message(Draft::text(CLIENT, "Hello"));
    message.send().await.unwrap().data.message_id
}

async fn listed(sandbox: &Sandbox, from: i64) -> Vec<i64> {
    let messages = sandbox.client().list_messages().start_id(from);
    let messages = messages.collect_all().await.unwrap();
    messages.into_iter().map(|message| message.id).collect()
}

#[tokio::test]
async fn each_message_is_listed_at_its_own_time() {
    let sandbox = sandbox().await;
    let late = |seconds| Fault::ListedAfter(Duration::from_secs(seconds));
    sandbox.inject(Rule::new(late(60)).on("send_message").times(1));
    sandbox.inject(Rule::new(late(30)).on("send_message").after(1).times(1));
    let [first, second, third] = [
        send(&sandbox).await,
        send(&sandbox).await,
        send(&sandbox).await,
    ];
    let fourth = sandbox.write_as(CLIENT, "Is it me?").unwrap();
    assert!(sandbox.list_after(fourth, Duration::from_secs(30)));
    assert_eq!(listed(&sandbox, first).await, [third]);
    // It shows everywhere else.
    for id in [first, fourth] {
        sandbox.client().get_message(id).send().await.unwrap();
    }
    let page = sandbox
        .client()
        .list_messages()
        .start_id(first)
        .send()
        .await
        .unwrap();
    let total = page.meta.as_ref().unwrap().total;
    assert_eq!(total, Some(1), "the total counts what is listed");
    let filtered = sandbox
        .client()
        .list_messages()
        .client_id(CLIENT)
        .start_id(first);
    assert_eq!(
        filtered.send().await.unwrap().meta.as_ref().unwrap().total,
        Some(1)
    );
    let newest = sandbox.client().list_messages().order("desc").limit(1);
    assert_eq!(newest.send().await.unwrap().data[0].id, third);

    sandbox.advance(Duration::from_secs(30));
    assert_eq!(listed(&sandbox, first).await, [second, third, fourth]);
    sandbox.advance(Duration::from_secs(30));
    assert_eq!(
        listed(&sandbox, first).await,
        [first, second, third, fourth]
    );
    assert!(!sandbox.list_after(1, Duration::from_secs(30)));
    assert!(sandbox.list_after(second, Duration::MAX));
    assert_eq!(listed(&sandbox, first).await, [first, third, fourth]);
}

/// A reading that goes on after the highest id passes over what appears late below it, unless it holds back.
#[tokio::test]
async fn holding_back_loses_no_late_message() {
    for (hold_back, lost) in [(Duration::ZERO, true), (Duration::from_secs(120), false)] {
        // `hold_back` goes by the clock of this machine.
        let sandbox = Sandbox::builder().clock(SystemTime::now().into());
        let sandbox = sandbox.start().await.unwrap();
        let late = Rule::new(Fault::ListedAfter(Duration::from_secs(1)));
        sandbox.inject(late.on("send_message").times(1));
        let before = sandbox.write_as(CLIENT, "Before").unwrap() + 1;
        let (late, early) = (send(&sandbox).await, send(&sandbox).await);
        let first = sandbox
            .client()
            .list_messages()
            .start_id(before)
            .page_size(200)
            .hold_back(hold_back);
        let first = first.collect_all().await.unwrap();
        let on = first.last().map_or(before, |message| message.id + 1);
        sandbox.advance(Duration::from_secs(1));
        let second = listed(&sandbox, on).await;
        let seen: Vec<i64> = first
            .iter()
            .map(|message| message.id)
            .chain(second)
            .collect();
        assert_eq!(!seen.contains(&late), lost, "{seen:?}");
        assert!(seen.contains(&early));
    }
}

/// An external program's messages of customers, and imports, come by calls: rules reach them too.
#[tokio::test]
async fn what_others_write_can_be_late_too() {
    let sandbox = sandbox().await;
    let first = sandbox.write_as(CLIENT, "Before").unwrap() + 1;
    let rule = Rule::new(Fault::ListedAfter(Duration::from_secs(60)));
    sandbox.inject(rule.clone().on("receive_message"));
    sandbox.inject(rule.on("import_messages"));
    let incoming = r#"{"channel_id": 58001, "from_client": {"id": "shop-9"}, "body": "Hi"}"#;
    let past = r#"{"client_id": 94000001, "channel_id": 58001, "transport": "whatsapp",
        "messages": [{"type": "from_client", "timestamp": 1700000000, "text": "Old"}]}"#;
    for (path, body) in [("inbox", incoming), ("import", past)] {
        let post = reqwest::Client::new().post(format!("{}/v1/messages/{path}", sandbox.url()));
        let post = post.header("authorization", chat2desk_sandbox::TOKEN);
        let post = post.header("content-type", "application/json").body(body);
        let status = post.send().await.unwrap().status();
        assert_eq!(status, 200, "{path}");
    }
    assert!(listed(&sandbox, first).await.is_empty());
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(listed(&sandbox, first).await.len(), 2);
}
