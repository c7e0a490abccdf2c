//! The list of a broadcast: what it says is sent as it says it, or refused with its line.

use crate::broadcast::{stage, states};
use crate::support::{chat2desk, run};
use serde_json::json;
use std::collections::HashMap;
use std::fs;

const SEND: [&str; 4] = ["broadcast", "list.csv", "--text", "Dear {name}"];

#[tokio::test]
async fn a_list_that_can_be_misread_is_refused_with_its_line() {
    let (sandbox, home) = stage().await;
    for (text, reasons) in [
        (
            "phone,name\n15550100001,Ada\n15550100002,\"open\n15550100003,Bob\n",
            ["line 3", "not closed"],
        ),
        (
            "phone,name\n15550100001,\"two\nlines\"\n15550100002,\"a\"b\n",
            ["line 4", "closing quote"],
        ),
        (
            "phone,name\n15550100001,a\"b\n",
            ["line 2", "written twice"],
        ),
        (
            "phone,name\n15550100001, \"a, b\"\n",
            ["line 2", "written twice"],
        ),
        ("phone,\"name\n15550100001,Ada\n", ["line 1", "not closed"]),
        (
            "phone,name,phone\n15550100001,Ada,15550100002\n",
            ["two columns", "`phone`"],
        ),
        (
            "client_id,name, name\n94000001,Ada,Bob\n",
            ["two columns", "`name`"],
        ),
        // Line breaks of Windows, of old Macs, and lines without anything.
        (
            "phone,name\r\n15550100001,Ada\r\nx,Bob\r\n",
            ["line 3", "no phone"],
        ),
        (
            "phone,name\r15550100001,Ada\rx,Bob\r",
            ["line 3", "no phone"],
        ),
        (
            "\n\nphone,name\n\n15550100001,Ada\n\n\nx,Bob\n",
            ["line 8", "no phone"],
        ),
        (
            "phone,name\r\n\r\n15550100001,\"A\r\nB\"\r\n\r\nx,Bob\r\n",
            ["line 6", "no phone"],
        ),
        (
            "phone,name\r\n\r\n15550100001\r\n",
            ["line 3", "1 column in"],
        ),
        (
            "phone,name\n15550100001,Ada\n+15550100001,Bob\n",
            ["lines 2 and 3", "different texts"],
        ),
        (
            "phone,name\n15550100001,Ada\n0015550100001,Bob\n",
            ["lines 2 and 3", "different texts"],
        ),
        (
            "client_id,name\n94000001,Ada\n94000001,Bob\n",
            ["lines 2 and 3", "different texts"],
        ),
        (
            "phone,name\n+49 (0)30 5550100,Ada\n",
            ["line 2", "parentheses"],
        ),
        ("phone,name\n12,Ada\n", ["line 2", "7 to 15 digits"]),
        ("phone,name\n030 5550100,Ada\n", ["line 2", "country code"]),
        (
            "client_id,name\n0,Ada\n",
            ["line 2", "no number of a client"],
        ),
        ("phone;name\n15550100001;Ada\n", ["`phone;name`", "commas"]),
        ("", ["first line is empty", "commas"]),
        (
            "Mobile,name\n15550100001,Ada\n",
            ["`Mobile`, `name`", "commas"],
        ),
        (
            "15550100001,Ada\n15550100002,Bob\n",
            ["no line of names", "commas"],
        ),
    ] {
        fs::write(home.path().join("list.csv"), text).unwrap();
        for more in [&[][..], &["--dry-run"]] {
            let arguments = [&SEND[..], more].concat();
            let ended = run(&mut chat2desk(&sandbox, home.path()), arguments).await;
            let ended = ended.code(2);
            for reason in reasons {
                assert!(ended.stderr.contains(reason), "{text}: {reason}: {ended:?}");
            }
            assert!(!ended.stderr.contains("155501") && !ended.stderr.contains("Ada"));
        }
    }
    assert!(sandbox.calls().is_empty() && !home.path().join("list.journal").exists());
    fs::write(
        home.path().join("list.csv"),
        b"phone,name\n15550100001,Ren\xe9\n",
    )
    .unwrap();
    let ended = run(&mut chat2desk(&sandbox, home.path()), SEND)
        .await
        .code(2);
    assert!(
        ended.stderr.contains("line 2: it is not UTF-8"),
        "{ended:?}"
    );
}

#[tokio::test]
async fn texts_are_sent_as_the_list_has_them() {
    let (sandbox, home) = stage().await;
    let list = "\u{feff}\"phone\",name,,\r\n15550100001,\"say \"\"yes\"\", Ada\",,\r\n\r\n15550100002,\"two\r\nlines\",,\r\n\
                15550100003,\"\"\"all\"\"\",,";
    fs::write(home.path().join("list.csv"), list).unwrap();
    let dry = [&SEND[..], &["--dry-run"]].concat();
    let dry = run(&mut chat2desk(&sandbox, home.path()), dry).await;
    let expected = [
        (2, "15550100001", "say \"yes\", Ada"),
        (4, "15550100002", "two\r\nlines"),
        (6, "15550100003", "\"all\""),
    ];
    let expected = expected.map(|(line, phone, name)| {
        json!({"line": line, "to": format!("phone:{phone}"), "text": format!("Dear {name}")})
    });
    assert_eq!(dry.code(0).json(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_recipient_by_several_names_gets_one_message() {
    let (sandbox, home) = stage().await;
    let path = home.path().join("list.csv");
    let same = "phone,name\n0015550400009,Ada\n+1 555 040 0009,Ada\n15550400010,Bob\n";
    fs::write(&path, same).unwrap();
    let dry = [&SEND[..], &["--dry-run"]].concat();
    let looked = run(&mut chat2desk(&sandbox, home.path()), &dry)
        .await
        .code(0);
    assert_eq!(looked.json().len(), 2);
    assert!(
        looked
            .stderr
            .contains("2 messages; 0 sent before, 1 repeated"),
        "{looked:?}"
    );
    let sent = run(&mut chat2desk(&sandbox, home.path()), SEND)
        .await
        .code(0);
    assert_eq!(
        states(&sent),
        HashMap::from([("sent".into(), 2), ("repeated".into(), 1)])
    );
    assert!(
        sent.stderr.contains("2 sent, 0 sent before, 1 repeated"),
        "{sent:?}"
    );
    // What a dry run shows is what the run would do.
    run(&mut chat2desk(&sandbox, home.path()), &dry)
        .await
        .code(2);
    fs::write(&path, format!("{same}15550400011,Cy\n")).unwrap();
    let before = fs::read(home.path().join("list.journal")).unwrap();
    let resume = [&dry[..], &["--resume"]].concat();
    let resumed = run(&mut chat2desk(&sandbox, home.path()), resume)
        .await
        .code(0);
    assert_eq!(resumed.json().len(), 1);
    assert!(
        resumed
            .stderr
            .contains("1 message; 2 sent before, 1 repeated"),
        "{resumed:?}"
    );
    assert_eq!(fs::read(home.path().join("list.journal")).unwrap(), before);

    // Only the server knows that a phone and an id are one client's.
    let id = &sent.json()[0]["client_id"];
    for (list, code, last) in [
        (
            format!("phone,client_id,name\n15550400009,,Ada\n,{id},Ada\n"),
            0,
            "repeated",
        ),
        (
            format!("phone,client_id,name\n,{id},Ada\n15550400009,,Ada\n"),
            0,
            "repeated",
        ),
        (
            format!("phone,client_id,name\n15550400009,,Ada\n,{id},Bob\n"),
            1,
            "refused",
        ),
        (
            format!("phone,client_id,name\n,{id},Ada\n15550400009,,Bob\n"),
            1,
            "refused",
        ),
    ] {
        fs::write(&path, list).unwrap();
        fs::remove_file(home.path().join("list.journal")).unwrap();
        let ended = run(&mut chat2desk(&sandbox, home.path()), SEND)
            .await
            .code(code);
        assert_eq!(ended.json()[0]["state"], "sent");
        assert_eq!(ended.json()[1]["state"], last, "{ended:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_left_as_it_is() {
    let (sandbox, home) = stage().await;
    fs::write(
        home.path().join("list.csv"),
        "phone,name\n15550100001,Ada\n",
    )
    .unwrap();
    for notes in ["my notes", "my notes\n", "{\"a\":1}", "{\"to"] {
        let file = home.path().join("notes.txt");
        fs::write(&file, notes).unwrap();
        let arguments = [&SEND[..], &["--journal", "notes.txt", "--resume"]].concat();
        let ended = run(&mut chat2desk(&sandbox, home.path()), arguments).await;
        if notes == "{\"to" {
            // The beginning of a first line.
            ended.code(0);
            continue;
        }
        assert!(ended.code(1).stderr.contains("notes.txt"));
        assert_eq!(fs::read_to_string(&file).unwrap(), notes);
        assert!(sandbox.calls().is_empty());
        fs::remove_file(&file).unwrap();
    }
}
