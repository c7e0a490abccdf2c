//! Exports that are killed at random moments, and go on.

use crate::support::{chat2desk, start};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use chrono::{Days, Utc};
use std::fs;
use std::path::Path;
use std::time::Duration;

fn begin(sandbox: &Sandbox, home: &Path, arguments: &str) -> std::process::Child {
    let arguments = format!("export {arguments}");
    start(chat2desk(sandbox, home).args(arguments.split(' ')))
}

#[tokio::test]
async fn a_killed_export_goes_on_as_if_it_had_not_been() {
    let number =
        |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (kills, messages) = (
        number("CHAT2DESK_KILLS", 12),
        number("CHAT2DESK_MESSAGES", 2400),
    );
    let sandbox = Sandbox::builder()
        .messages(messages)
        .clients(messages / 4)
        .first_day(Utc::now().date_naive() - Days::new(9))
        .start()
        .await
        .unwrap();
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(5))));
    let kills = kills.div_ceil(4);
    // At once: they are killed after pauses.
    let (messages, csv, clients, some) = tokio::join!(
        kill(&sandbox, "messages --to NAME --hold-back 0s", kills),
        kill(
            &sandbox,
            "messages --to NAME --hold-back 0s --format csv",
            kills
        ),
        kill(&sandbox, "clients --to NAME", kills),
        kill(&sandbox, "clients --to NAME --max-items 500", kills),
    );
    println!(
        "kills: {messages}, {csv}, {clients}, {some}; each file equal to the uninterrupted one"
    );
}

/// Kills a command at least so many times, and compares each file that it went on with; how often it was killed.
async fn kill(sandbox: &Sandbox, command: &str, kills: usize) -> usize {
    let home = tempfile::tempdir().unwrap();
    let mut killed = 0;
    while killed < kills {
        let whole = begin(sandbox, home.path(), &command.replace("NAME", "whole/file"));
        let whole = tokio::task::spawn_blocking(|| whole.wait_with_output());
        assert!(whole.await.unwrap().unwrap().status.success());
        let _ = fs::remove_dir_all(home.path().join("parts"));
        let command = command.replace("NAME", "parts/file");
        // Written, then its last days written anew, then everything.
        for more in ["", " --refresh-days 5", " --fresh"] {
            let mut command = format!("{command}{more}");
            loop {
                let mut child = begin(sandbox, home.path(), &command);
                let wait = Duration::from_millis(fastrand::u64(10..400));
                tokio::time::sleep(wait).await;
                match child.try_wait().unwrap() {
                    Some(status) => {
                        assert!(status.success(), "{:?}", child.wait_with_output());
                        break;
                    }
                    None => {
                        child.kill().unwrap();
                        child.wait().unwrap();
                        killed += 1;
                        command = command.replace(" --fresh", "");
                    }
                }
            }
        }
        let read = |directory: &str| fs::read(home.path().join(directory).join("file")).unwrap();
        let (parts, whole) = (read("parts"), read("whole"));
        assert!(parts == whole, "{command} after {killed} kills");
    }
    killed
}

#[tokio::test]
async fn an_export_that_is_killed_before_its_first_page_goes_on() {
    let sandbox = Sandbox::start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    for name in ["messages", "clients"] {
        sandbox.inject(Rule::new(Fault::Delay(Duration::from_secs(60))));
        let before = sandbox.calls().len();
        let command = format!("{name} --to data/{name}.jsonl --hold-back 0s");
        let mut child = begin(&sandbox, home.path(), &command);
        while sandbox.calls().len() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        sandbox.clear_faults();
        let whole = begin(&sandbox, home.path(), &command);
        let whole = tokio::task::spawn_blocking(|| whole.wait_with_output());
        let ended = whole.await.unwrap().unwrap();
        assert!(ended.status.success(), "{name}: {ended:?}");
    }
}
