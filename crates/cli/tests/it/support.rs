//! What the tests of the command share: the binary, with an environment that holds nothing else.

use chat2desk_sandbox::{Sandbox, TOKEN};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The command, without an account and with `home` for its files.
pub fn bare(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat2desk"));
    command
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

/// The command with the account of a sandbox.
pub fn chat2desk(sandbox: &Sandbox, home: &Path) -> Command {
    let mut command = bare(home);
    command
        .env("CHAT2DESK_URL", sandbox.url())
        .env("CHAT2DESK_TOKEN", TOKEN);
    command
}

/// What a process wrote, and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let ended = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        // In every test: nothing that was written holds the token, except where it sets the environment.
        let told = ended
            .stdout
            .replace(&format!("CHAT2DESK_TOKEN={TOKEN}"), "");
        assert!(
            !told.contains(TOKEN) && !ended.stderr.contains(TOKEN),
            "{ended:?}"
        );
        ended
    }
}

impl Ended {
    /// Asserts the exit code.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, Some(expected), "{self:#?}");
        self
    }

    /// The lines of JSON on stdout.
    pub fn json(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Runs a command to its end, without blocking the sandbox of this process.
pub async fn run(
    command: &mut Command,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Ended {
    run_with(command, arguments, "").await
}

/// Runs a command with this text on its stdin.
pub async fn run_with(
    command: &mut Command,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    stdin: &str,
) -> Ended {
    let mut child = start(command.args(arguments).stdin(Stdio::piped()));
    // It may end without reading it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let ended = tokio::task::spawn_blocking(|| child.wait_with_output());
    ended.await.unwrap().unwrap().into()
}

/// Starts a command whose output is read.
pub fn start(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
