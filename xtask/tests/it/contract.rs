//! The command `contract`, but for what the tools themselves say: CI runs them.

use std::collections::HashSet;
use std::net::TcpListener;
use std::process::Command;
use xtask::contract::{CALL_EXCEPTIONS, Call, CallException, EXCEPTIONS, Server, judge, settings};
use xtask::lower;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn exceptions_are_for_operations_that_there_are_and_said_once() {
    let document = serde_json::from_str(include_str!("../../../spec/openapi.json")).unwrap();
    let ids: HashSet<&str> = lower::operations(&document)
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    let mut said = HashSet::new();
    for exception in EXCEPTIONS {
        for id in exception.operations {
            assert!(ids.contains(id), "{id}");
            assert!(said.insert((exception.rule, id)), "{id} twice");
        }
    }
}

#[test]
fn a_call_is_excepted_once() {
    let mut said = HashSet::new();
    for name in CALL_EXCEPTIONS.iter().flat_map(|exception| exception.calls) {
        assert!(said.insert(name), "{name} twice");
    }
}

fn call(name: &str, wrong: Option<&str>) -> Call {
    Call {
        name: name.to_owned(),
        wrong: wrong.map(str::to_owned),
    }
}

const PUT_AND_DELETE: &[CallException] = &[CallException {
    reason: "two slashes",
    calls: &["put", "delete"],
}];

#[test]
fn excepted_calls_are_named_and_counted() {
    let put = call("put", Some("reaches nothing"));
    let delete = call("delete", Some("reaches nothing, too"));
    let report = judge(&[call("get", None), put, delete], PUT_AND_DELETE).unwrap();
    for part in [
        "\n  two slashes\n    put: reaches nothing\n    delete: reaches nothing, too\n",
        "\n1 of 3 calls right, 2 excepted",
    ] {
        assert!(report.contains(part), "{report}");
    }
}

#[test]
fn a_wrong_call_and_a_stale_exception_are_errors() {
    let calls = [call("get", Some("says 404")), call("put", None)];
    let error = judge(&calls, PUT_AND_DELETE).unwrap_err();
    for part in [
        "\n  get: says 404\n",
        "\n  put: right, so its exception is stale\n",
        "\n  delete: never made, so its exception is stale\n",
        "\n1 of 2 calls right, 2 excepted",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn the_settings_hold_the_token_and_each_exception() {
    let settings: toml::Value = toml::from_str(&settings("a \"token\"")).unwrap();
    let token = &settings["auth"]["openapi"]["apikey"]["api_key"];
    assert_eq!(token.as_str(), Some("a \"token\""));
    let operations = settings["operations"].as_array().unwrap();
    assert_eq!(operations.len(), EXCEPTIONS.len());
    for (entry, exception) in operations.iter().zip(EXCEPTIONS) {
        assert_eq!(
            entry["include-operation-id"],
            toml::Value::from(exception.operations.to_vec())
        );
        assert_eq!(entry["checks"].as_table().unwrap().len(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_server_serves_until_it_is_stopped() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let program = shell(&format!(
        "echo process $$; echo see http://example.com/; echo listens at http://{address}; exec sleep 1000"
    ));
    let server = Server::start(&program, "listens at ", &log).unwrap();
    assert_eq!(server.url(), format!("http://{address}"));
    let printed = server.stop().unwrap();
    let (first, rest) = printed.split_once('\n').unwrap();
    assert!(rest.ends_with(&format!("listens at http://{address}\n")));
    let process = first.strip_prefix("process ").unwrap();
    let alive = shell(&format!("kill -0 {process} 2>/dev/null")).status();
    assert!(!alive.unwrap().success(), "{process} still runs");
}

#[cfg(unix)]
#[test]
fn a_server_that_does_not_serve_is_an_error() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let deaf = format!("echo http://{}; exec sleep 1000", free.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let start = |program| Server::start(&program, "", &log).unwrap_err();
    for (program, reason) in [
        (
            shell("echo no port is free; exit 1"),
            "ended before it served",
        ),
        (Command::new("no-such-program"), "ended before it served"),
        (shell(&deaf), "refused"),
    ] {
        let error = start(program);
        assert!(error.contains(reason), "{error}");
        assert!(
            error.ends_with(&format!("see {}", log.display())),
            "{error}"
        );
    }
}

/// Runs a part where there is nothing but a shell.
#[cfg(unix)]
fn contract(part: &str) -> String {
    let project = tempfile::tempdir().unwrap();
    let bin = project.path().join("xtask");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink("/bin/sh", bin.join("sh")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["contract", part]).env("PATH", &bin);
    let output = command.env("CARGO_MANIFEST_DIR", &bin).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[cfg(unix)]
#[test]
fn who_lacks_a_tool_is_told_which() {
    for (part, tool, needs) in [
        (
            "sandbox",
            "python3",
            "schemathesis needs python3 with its module venv",
        ),
        ("prism", "npm", "Prism needs npm and node"),
        (
            "independent",
            "python3",
            "c2d-api needs python3 with its module venv",
        ),
    ] {
        let error = contract(part);
        let (shell, told) = error.split_once("\nerror: ").unwrap();
        assert!(shell.contains(tool), "{error}");
        assert!(told.starts_with(needs), "{error}");
    }
}
