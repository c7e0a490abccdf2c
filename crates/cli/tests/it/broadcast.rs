//! `chat2desk broadcast`: nobody gets a message twice, whatever fails.

use crate::support::{Ended, chat2desk, run, start};
use chat2desk::List;
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const RECIPIENTS: usize = 60;

pub async fn stage() -> (Sandbox, TempDir) {
    let sandbox = Sandbox::builder().messages(50).clients(10).start().await;
    (sandbox.unwrap(), tempfile::tempdir().unwrap())
}

/// A list of invented customers, some of whom are in it twice.
fn list(home: &Path, name: &str) {
    let mut text = "phone,name\n".to_owned();
    for number in 0..RECIPIENTS {
        text += &format!("+1 (555) 010-{number:04},Ada {number}\n");
        if number % 10 == 3 {
            text += &format!("1555010{number:04},Ada {number}\n");
        }
    }
    fs::write(home.join(name), text).unwrap();
}

/// The texts that each customer got.
async fn received(sandbox: &Sandbox) -> HashMap<i64, Vec<String>> {
    let messages = sandbox
        .client()
        .list_messages()
        .collect_all()
        .await
        .unwrap();
    let mut texts: HashMap<i64, Vec<String>> = HashMap::new();
    for message in messages {
        let text = message.text.unwrap_or_default();
        if text.starts_with("Dear") {
            texts
                .entry(message.client_id.unwrap())
                .or_default()
                .push(text);
        }
    }
    texts
}

pub fn states(ended: &Ended) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for row in ended.json() {
        *counts
            .entry(row["state"].as_str().unwrap().to_owned())
            .or_insert(0) += 1;
    }
    counts
}

const SEND: [&str; 6] = [
    "broadcast",
    "list.csv",
    "--text",
    "Dear {name}, we are closed.",
    "--rate",
    "1000",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_recipient_gets_the_message_once() {
    let (sandbox, home) = stage().await;
    list(home.path(), "list.csv");
    let dry = [&SEND[..], &["--dry-run"]].concat();
    let dry = run(&mut chat2desk(&sandbox, home.path()), dry)
        .await
        .code(0);
    assert_eq!(dry.json().len(), RECIPIENTS);
    assert!(
        dry.stderr
            .contains("60 messages; 0 sent before, 6 repeated"),
        "{dry:?}"
    );
    let first = json!({"line": 2, "to": "phone:15550100000", "text": "Dear Ada 0, we are closed."});
    assert_eq!(dry.json()[0], first);
    assert!(sandbox.calls().is_empty() && !home.path().join("list.journal").exists());

    let sent = run(&mut chat2desk(&sandbox, home.path()), SEND)
        .await
        .code(0);
    assert_eq!(
        states(&sent),
        HashMap::from([("sent".into(), RECIPIENTS), ("repeated".into(), 6)])
    );
    let texts = received(&sandbox).await;
    assert_eq!(texts.len(), RECIPIENTS);
    assert!(texts.values().all(|texts| texts.len() == 1));

    let again = run(&mut chat2desk(&sandbox, home.path()), SEND)
        .await
        .code(2);
    assert!(again.stderr.contains("--resume"), "{again:?}");
    let resumed = [&SEND[..], &["--resume"]].concat();
    let resumed = run(&mut chat2desk(&sandbox, home.path()), resumed)
        .await
        .code(0);
    assert_eq!(
        states(&resumed),
        HashMap::from([("already_sent".into(), RECIPIENTS), ("repeated".into(), 6)])
    );
    assert_eq!(received(&sandbox).await, texts);
    // Also when the same customer is named by the id.
    let id = sent.json()[0]["client_id"].clone();
    fs::write(
        home.path().join("ids.csv"),
        format!("client_id,name\n{id},Ada\n"),
    )
    .unwrap();
    let by_id = [
        "broadcast",
        "ids.csv",
        "--text",
        "Dear {name}",
        "--journal",
        "list.journal",
        "--resume",
    ];
    let by_id = run(&mut chat2desk(&sandbox, home.path()), by_id)
        .await
        .code(0);
    assert_eq!(states(&by_id), HashMap::from([("already_sent".into(), 1)]));
    // No phone and no text for those who look over a shoulder.
    assert!(!resumed.stderr.contains("555") && !sent.stderr.contains("Dear"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_it_twice_through_resets_and_kills() {
    let (sandbox, home) = stage().await;
    list(home.path(), "list.csv");
    sandbox.inject(Rule::new(Fault::Reset).on("send_message").share(0.05));
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(3))));
    let resume = [&SEND[..], &["--resume"]].concat();
    for number in 1..=5 {
        let mut child = start(chat2desk(&sandbox, home.path()).args(&resume));
        let calls = sandbox.calls().len();
        while sandbox.calls().len() < calls + 11 + number && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    sandbox.clear_faults();
    let ended = run(&mut chat2desk(&sandbox, home.path()), &resume).await;
    let states = states(&ended);
    let unknown = states.get("unknown").copied().unwrap_or_default();
    assert_eq!(
        ended.code,
        Some(if unknown == 0 { 0 } else { 8 }),
        "{states:?}"
    );
    let texts = received(&sandbox).await;
    assert!(texts.values().all(|texts| texts.len() == 1), "{texts:?}");
    // Those who got nothing are among those that were listed.
    assert!(
        RECIPIENTS - texts.len() <= unknown,
        "{} {states:?}",
        texts.len()
    );
    assert!(texts.len() > RECIPIENTS / 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_in_doubt_are_listed_and_end_with_8() {
    let (sandbox, home) = stage().await;
    fs::write(
        home.path().join("list.csv"),
        "client_id,name\n94000001,Ada\n94000002,Bela\n",
    )
    .unwrap();
    sandbox.inject(Rule::new(Fault::BadGateway).on("send_message").times(1));
    let ended = run(&mut chat2desk(&sandbox, home.path()), SEND)
        .await
        .code(8);
    let rows = ended.json();
    let state = |row: &Value| {
        (
            row["line"].as_i64(),
            row["state"].as_str().map(str::to_owned),
        )
    };
    assert_eq!(state(&rows[0]), (Some(2), Some("unknown".into())));
    assert_eq!(state(&rows[1]), (Some(3), Some("sent".into())));
    let resume = [&SEND[..], &["--resume"]].concat();
    let again = run(&mut chat2desk(&sandbox, home.path()), resume)
        .await
        .code(8);
    assert_eq!(
        states(&again),
        HashMap::from([("unknown".into(), 1), ("already_sent".into(), 1)])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_that_concerns_all_stops_and_is_resumed() {
    let (sandbox, home) = stage().await;
    list(home.path(), "list.csv");
    let limited = [&SEND[..], &["--max-calls", "20"]].concat();
    let stopped = run(&mut chat2desk(&sandbox, home.path()), limited)
        .await
        .code(6);
    assert!(states(&stopped)["sent"] < 11, "{stopped:?}");
    sandbox.inject(Rule::new(Fault::BadGateway).on("send_message"));
    let resume = [&SEND[..], &["--resume"]].concat();
    let broken = run(&mut chat2desk(&sandbox, home.path()), &resume)
        .await
        .code(8);
    assert_eq!(states(&broken)["unknown"], 3, "{broken:?}");
    sandbox.clear_faults();
    run(&mut chat2desk(&sandbox, home.path()), &resume)
        .await
        .code(8);
    assert_eq!(received(&sandbox).await.len(), RECIPIENTS - 3);
}

#[tokio::test]
async fn a_list_with_a_fault_sends_nothing() {
    let (sandbox, home) = stage().await;
    for (text, reason) in [
        ("name\nAda\n", "no column"),
        ("phone,name\n15550100001,Ada\nnot a phone,Bela\n", "line 3"),
        ("phone,text\n15550100001,Hello\n15550100002,\n", "{name}"),
        ("phone,name\n15550100001\n", "line 2"),
        ("client_id,name\nx,Ada\n", "line 2"),
        ("phone,name\n,Ada\n", "neither"),
    ] {
        fs::write(home.path().join("list.csv"), text).unwrap();
        let ended = run(&mut chat2desk(&sandbox, home.path()), SEND)
            .await
            .code(2);
        assert!(ended.stderr.contains(reason), "{reason}: {ended:?}");
        assert!(!ended.stderr.contains("1555010") && !ended.stderr.contains("not a phone"));
    }
    fs::write(home.path().join("list.csv"), "phone,text\n15550100001,\n").unwrap();
    let ended = run(&mut chat2desk(&sandbox, home.path()), &SEND[..2])
        .await
        .code(2);
    assert!(ended.stderr.contains("the text is empty"), "{ended:?}");
    assert!(sandbox.calls().is_empty());
}

#[tokio::test]
async fn a_template_is_filled_and_checked() {
    let (sandbox, home) = stage().await;
    fs::write(
        home.path().join("list.csv"),
        "\u{feff}phone,order\n15550100001,118\n",
    )
    .unwrap();
    let template = [
        "broadcast",
        "list.csv",
        "--template",
        "order_ready",
        "--language",
        "es_mx",
    ];
    let template = [&template[..], &["--variable", "Order {order}", "--dry-run"]].concat();
    let ended = run(&mut chat2desk(&sandbox, home.path()), template)
        .await
        .code(0);
    assert_eq!(
        ended.json()[0]["text"],
        "@HSM@\norder_ready|es_mx\n\nOrder 118"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_leaves_no_message_in_doubt() {
    let (sandbox, home) = stage().await;
    list(home.path(), "list.csv");
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(20))).on("send_message"));
    let child = start(chat2desk(&sandbox, home.path()).args(SEND));
    while sandbox.calls_of("send_message").len() < 5 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let id = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    let ended = tokio::task::spawn_blocking(|| child.wait_with_output()).await;
    let ended = Ended::from(ended.unwrap().unwrap()).code(130);
    let sent = states(&ended)["sent"];
    assert!(
        sent < RECIPIENTS && received(&sandbox).await.len() == sent,
        "{ended:?}"
    );
    let resumed = [&SEND[..], &["--resume"]].concat();
    let resumed = run(&mut chat2desk(&sandbox, home.path()), resumed)
        .await
        .code(0);
    assert_eq!(states(&resumed)["sent"], RECIPIENTS - sent);
}
