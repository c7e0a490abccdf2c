//! Every record once: under faults, with lists that change, and with messages that appear late.

use super::{export, ids};
use chat2desk::List;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use std::collections::BTreeSet;
use std::time::Duration;

/// A message that appears late with a lower id is lost if nothing is held back, and not otherwise.
#[tokio::test]
async fn late_messages_are_not_lost() {
    for (hold_back, expected) in [("0s", false), ("10m", true)] {
        let sandbox = Sandbox::builder()
            .messages(50)
            .clock(std::time::SystemTime::now().into())
            .start()
            .await
            .unwrap();
        let home = tempfile::tempdir().unwrap();
        let late = sandbox.write_as(94_000_001, "late").unwrap();
        assert!(sandbox.list_after(late, Duration::from_secs(100)));
        let prompt = sandbox.write_as(94_000_001, "prompt").unwrap();
        let command = format!("messages --to m.jsonl --hold-back {hold_back}");
        export(&sandbox, home.path(), &command).await.code(0);
        sandbox.advance(Duration::from_secs(200));
        export(
            &sandbox,
            home.path(),
            "messages --to m.jsonl --hold-back 0s",
        )
        .await
        .code(0);
        let ids = ids(home.path().join("m.jsonl"));
        assert!(ids.contains(&prompt));
        assert_eq!(ids.contains(&late), expected, "{hold_back}");
    }
}

/// Every record that existed throughout, once, whatever goes wrong.
#[tokio::test]
async fn lists_are_exact_under_faults() {
    let size = |name: &str, default: usize| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let messages = size("CHAT2DESK_MESSAGES", 6000);
    let clients = size("CHAT2DESK_CLIENTS", 1500);
    let sandbox = Sandbox::builder()
        .messages(messages)
        .clients(clients)
        .journal(1_000_000);
    let sandbox = sandbox.start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    sandbox.inject(Rule::new(Fault::BadGateway).share(0.01));
    sandbox.inject(Rule::new(Fault::Reset).share(0.005));
    sandbox.inject(Rule::new(Fault::Grow).on("list_messages").share(0.2));
    sandbox.inject(Rule::new(Fault::Grow).on("list_clients").share(0.2));
    sandbox.inject(Rule::new(Fault::Shrink).on("list_clients").share(0.01));
    let mut code = None;
    for _ in 0..20 {
        let ended = export(
            &sandbox,
            home.path(),
            "messages clients --to all --hold-back 0s",
        )
        .await;
        code = ended.code;
        assert!([0, 3, 7].contains(&code.unwrap()), "{ended:?}");
        if code == Some(0) {
            break;
        }
    }
    assert_eq!(code, Some(0));
    let calls = |operation| sandbox.calls_of(operation).len() as f64;
    let calls = [calls("list_messages"), calls("list_clients")];
    sandbox.clear_faults();
    let chat = sandbox.client();
    let left = chat.list_clients().collect_all().await.unwrap();
    let left: BTreeSet<i64> = left.iter().map(|client| client.id).collect();
    let all = chat.list_messages().collect_all().await.unwrap();
    let all: BTreeSet<i64> = all.iter().map(|message| message.id).collect();
    for (name, first, count, left, calls) in [
        ("messages", 5_000_000_101, messages, all, calls[0]),
        ("clients", 94_000_001, clients, left, calls[1]),
    ] {
        let exported = ids(home.path().join(format!("all/{name}.jsonl")));
        let distinct: BTreeSet<_> = exported.iter().copied().collect();
        assert_eq!(distinct.len(), exported.len(), "no {name} twice");
        let existing = (first..).take(count).filter(|id| left.contains(id));
        let existing: BTreeSet<_> = existing.collect();
        assert!(distinct.is_superset(&existing), "{name} are missing");
        let most = count as f64 / 199.0 * 1.05 + 2.0;
        println!(
            "{name}: {} of {count} existed throughout, {calls} calls, at most {most}",
            existing.len()
        );
        assert!(calls <= most, "{name}: {calls} of {most}");
    }
}
