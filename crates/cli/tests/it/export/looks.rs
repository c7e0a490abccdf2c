//! What may be asked for: at most some records, days, the names of files and of streams.

use super::{export, ids};
use chat2desk_sandbox::{Fault, Rule, Sandbox};
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn at_most_some_records_of_a_whole_list_are_written_to_its_file() {
    let sandbox = Sandbox::builder().clients(600).start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("cl.jsonl");
    let new = home.path().join("cl.jsonl.new");
    let first: Vec<i64> = (94_000_001..).take(600).collect();
    // Twice the same, and no trace in the whole list afterwards.
    for most in [5, 5, 250, 7, 600, 9000] {
        let command = format!("clients --to cl.jsonl --max-items {most}");
        let ended = export(&sandbox, home.path(), &command).await.code(0);
        let most = most.min(600);
        assert!(
            ended.stderr.contains(&format!("clients: {most} records")),
            "{ended:?}"
        );
        assert_eq!(ids(file.clone()), first[..most]);
        assert!(!new.exists());
    }
    // A whole list that was interrupted is not what the look goes on with.
    let whole = "clients --to cl.jsonl";
    export(&sandbox, home.path(), &format!("{whole} --max-calls 2"))
        .await
        .code(6);
    assert!(new.exists());
    export(&sandbox, home.path(), &format!("{whole} --max-items 5"))
        .await
        .code(0);
    assert_eq!(ids(file.clone()), first[..5]);
    export(&sandbox, home.path(), whole).await.code(0);
    assert_eq!(ids(file.clone()), first);

    // A look that fails leaves the file.
    sandbox.inject(Rule::new(Fault::Delay(Duration::from_millis(1))).on("list_clients"));
    export(
        &sandbox,
        home.path(),
        &format!("{whole} --max-items 500 --max-calls 1"),
    )
    .await
    .code(6);
    assert_eq!(ids(file.clone()), first);
    export(&sandbox, home.path(), whole).await.code(0);
    assert_eq!(ids(file.clone()), first);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 600);
}
