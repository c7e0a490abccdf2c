//! `chat2desk sandbox`.

use crate::support::{bare, run, start};
use chat2desk::{Chat2Desk, List};
use std::io::{BufRead, BufReader};

#[tokio::test]
async fn a_sandbox_prints_the_environment_of_other_commands() {
    let home = tempfile::tempdir().unwrap();
    let arguments = [
        "sandbox",
        "--port",
        "0",
        "--messages",
        "30",
        "--clients",
        "7",
    ];
    let mut child = start(bare(home.path()).args(arguments));
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let line = line.trim().strip_prefix("export ").unwrap();
    let variables = line.split(' ').map(|pair| pair.split_once('=').unwrap());
    let mut other = bare(home.path());
    let listed = run(other.envs(variables.clone()), ["webhooks", "list"]).await;
    listed.code(0);

    let variable = |name| {
        variables
            .clone()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
    };
    let chat = Chat2Desk::builder(variable("CHAT2DESK_TOKEN")).base_url(variable("CHAT2DESK_URL"));
    let messages = chat.build().unwrap().list_messages().collect_all().await;
    assert_eq!(messages.unwrap().len(), 30);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn numbers_without_a_meaning_are_refused() {
    let home = tempfile::tempdir().unwrap();
    for wrong in [
        ["--failures", "2"],
        ["--failures", "1.01"],
        ["--failures", "NaN"],
        ["--failures=-0.1", "--port=0"],
        ["--page-cap", "0"],
        ["--timeout", "0s"],
    ] {
        let arguments = ["sandbox", "--port", "0"].iter().chain(&wrong[..]);
        let ended = run(&mut bare(home.path()), arguments).await.code(2);
        let option = wrong[0].split('=').next().unwrap();
        assert!(ended.stderr.contains(option), "{ended:?}");
    }
}
