//! The examples do what they say, also when they are killed.

#[path = "../broadcast.rs"]
#[allow(dead_code, reason = "an example's `main` is not called here")]
mod broadcast;
#[path = "../echo_bot.rs"]
#[allow(dead_code, reason = "an example's `main` is not called here")]
mod echo_bot;
#[path = "../export_messages.rs"]
#[allow(dead_code, reason = "an example's `main` is not called here")]
mod export_messages;
#[path = "../sla_report.rs"]
#[allow(dead_code, reason = "an example's `main` is not called here")]
mod sla_report;
#[path = "../sync_clients.rs"]
#[allow(dead_code, reason = "an example's `main` is not called here")]
mod sync_clients;

use chat2desk::messages::{Draft, Incoming, Sender};
use chat2desk::transport::RetryPolicy;
use chat2desk::{Chat2Desk, List};
use chat2desk_sandbox::{Fault, Rule, Sandbox, TOKEN};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

const URL: &str = "CHILD_URL";
const FILE: &str = "CHILD_FILE";
const MESSAGES: usize = 6_000;

fn client(url: &str) -> Chat2Desk {
    Chat2Desk::builder(TOKEN).base_url(url).build().unwrap()
}

/// What a child is told; none if it is run as an ordinary test.
fn told() -> Option<(Chat2Desk, String)> {
    Some((client(&env::var(URL).ok()?), env::var(FILE).ok()?))
}

/// Runs one of the tests below in a process of its own, and kills that as soon as it may be, unless it ends
/// by itself.
fn kill(test: &str, url: &str, file: &Path, may_be: impl Fn() -> bool) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--ignored"])
        .env(URL, url)
        .env(FILE, file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !may_be() && child.try_wait().unwrap().is_none() {
        thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Numbers below `end` that jump about: Knuth's generator.
fn jumps(end: u64) -> impl Iterator<Item = u64> {
    let next = |n: &u64| Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(7), next).map(move |n| (n >> 33) % end)
}

fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

#[tokio::test]
#[ignore = "a child of the test below"]
async fn child_export() {
    let Some((chat, file)) = told() else { return };
    export_messages::export(&chat, Path::new(&file), 20)
        .await
        .unwrap();
}

/// An account whose lists take a moment.
async fn slow_sandbox() -> Sandbox {
    let sandbox = Sandbox::builder().clients(500).messages(MESSAGES);
    let sandbox = sandbox.start().await.unwrap();
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(1))));
    sandbox
}

/// Whether the file has every message of the account once, in order.
fn assert_exported(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    let ids = text.lines().map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        usize::try_from(message["id"].as_u64().unwrap()).unwrap()
    });
    let ids: Vec<usize> = ids.collect();
    assert_eq!(ids, (0..MESSAGES).map(|n| ids[0] + n).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_killed_a_hundred_times_is_exact() {
    let sandbox = slow_sandbox().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("messages.jsonl");
    let mut lengths = Vec::new();
    let requests = || sandbox.calls().len() as u64;
    for more in jumps(8).take(100) {
        let end = requests() + more;
        let kill = || kill("child_export", &sandbox.url(), &file, || requests() >= end);
        tokio::task::block_in_place(kill);
        lengths.push(length(&file));
    }
    lengths.dedup();
    assert!(lengths.len() > 50, "{} kills at work", lengths.len());
    let lines = export_messages::export(sandbox.client(), &file, 20).await;
    assert_eq!(lines.unwrap(), MESSAGES as u64);
    assert_exported(&file);
}

#[tokio::test]
async fn an_export_over_a_bad_line_is_exact() {
    let sandbox = slow_sandbox().await;
    for fault in [
        Fault::BadGateway,
        Fault::Reset,
        Fault::Truncated,
        Fault::RateLimited(Some(Duration::ZERO)),
    ] {
        sandbox.inject(Rule::new(fault).share(0.02));
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("messages.jsonl");
    // Many lines are bad, so each costs a short pause.
    let policy = RetryPolicy::default().base_wait(Duration::from_millis(10));
    let chat = sandbox.client().with_retry(policy);
    // What the retries do not mend, one of the next starts does.
    let mut starts = 0;
    while let Err(error) = export_messages::export(&chat, &file, 20).await {
        starts += 1;
        assert!(starts < 100, "{error}");
    }
    assert_exported(&file);
    let faulty = sandbox.calls().into_iter();
    assert!(faulty.filter(|call| call.faults.len() > 1).count() > 10);
}

#[tokio::test]
#[ignore = "a child of the test below"]
async fn child_broadcast() {
    let Some((chat, file)) = told() else { return };
    broadcast::broadcast(&chat, Path::new(&file)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broadcast_that_is_killed_writes_to_nobody_twice() {
    let sandbox = Sandbox::start().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("customers.csv");
    let mut customers = "phone,name\n".to_owned();
    for n in 0..120 {
        customers += &format!("+1 555 010-{n:04},Customer {n}\n");
    }
    fs::write(&file, customers).unwrap();
    let before = sandbox
        .client()
        .list_messages()
        .collect_all()
        .await
        .unwrap();
    let (url, journal) = (sandbox.url(), file.with_extension("journal"));
    for more in jumps(300).take(20) {
        let end = length(&journal) + more;
        let kill = || kill("child_broadcast", &url, &file, || length(&journal) >= end);
        tokio::task::block_in_place(kill);
    }
    let report = broadcast::broadcast(sandbox.client(), &file).await.unwrap();
    let all = sandbox
        .client()
        .list_messages()
        .collect_all()
        .await
        .unwrap();
    let mut times = HashMap::new();
    for message in &all[before.len()..] {
        *times.entry(message.client_id).or_insert(0) += 1;
    }
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    assert_eq!(report.sent + report.already + report.unknown, 120);
    assert!(report.unknown <= 20 && times.len() >= 100, "{report:?}");
    let again = broadcast::broadcast(sandbox.client(), &file).await.unwrap();
    assert_eq!((again.sent, again.unknown), (0, report.unknown));
}

#[tokio::test]
async fn the_bot_answers_customers_once_and_not_itself() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.client();
    let from = echo_bot::next_id(chat).await.unwrap();
    let phone = || Sender::phone("+1 200 555 0100").unwrap();
    chat.receive_message(Incoming::text(58_001, phone(), "Hello?"))
        .send()
        .await
        .unwrap();
    chat.send_message(Draft::text(94_000_001, "By hand"))
        .send()
        .await
        .unwrap();
    let next = echo_bot::reply(chat, from).await.unwrap();
    let next = echo_bot::reply(chat, next).await.unwrap();
    echo_bot::reply(chat, next).await.unwrap();
    let written = chat
        .list_messages()
        .start_id(from)
        .collect_all()
        .await
        .unwrap();
    let texts: Vec<_> = written
        .iter()
        .filter_map(|message| message.text.as_deref())
        .collect();
    assert_eq!(texts, ["Hello?", "By hand", "You wrote: Hello?"]);
}

#[tokio::test]
async fn the_copy_of_customers_follows() {
    let sandbox = Sandbox::start().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("clients.json");
    let sync = || sync_clients::sync(sandbox.client(), &file);
    assert_eq!(sync().await.unwrap().new, 321);
    let request = chat2desk::types::CreateClientRequest::builder();
    let request = request.phone("+1 555 010-0001").transport("whatsapp");
    sandbox
        .client()
        .get_or_create_client(request)
        .await
        .unwrap();
    let changes = sync().await.unwrap();
    assert_eq!((changes.new, changes.same, changes.gone), (1, 321, 0));
    // A list that breaks off leaves the copy as it was.
    let copy = fs::read(&file).unwrap();
    let stranger = sandbox.client().with_token("another").unwrap();
    sync_clients::sync(&stranger, &file).await.unwrap_err();
    assert_eq!(fs::read(&file).unwrap(), copy);
}

#[tokio::test]
async fn the_table_of_operators() {
    let sandbox = Sandbox::start().await.unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let operators = sla_report::by_operator(sandbox.client(), day.into())
        .await
        .unwrap();
    let table = sla_report::table(&operators);
    assert!(
        table.lines().count() == 4 && table.contains("Ann Agent"),
        "{table}"
    );
}
