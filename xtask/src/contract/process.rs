//! Programs that do not outlive this one, however it ends.

use std::process::{Command, Stdio};

/// Runs a program, and ends it when nobody holds the shell's input any more, into which nobody writes.
const WATCH: &str = r#"exec 3<&0
"$@" 3<&- & program=$!
exec 2>/dev/null
{ read _; kill $program; } <&3 >/dev/null & watch=$!
wait $program; status=$?
kill $watch
exit $status"#;

/// The same command, for as long as this process holds the input of the child: it must be piped.
pub(super) fn watched(program: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCH, "sh"]).arg(program.get_program());
    shell.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        shell.current_dir(folder);
    }
    shell.stdin(Stdio::piped());
    shell
}

/// Runs a command that tells the user itself what is wrong.
///
/// # Errors
/// What it not being successful means.
pub(super) fn run(command: &Command, otherwise: &str) -> Result<(), String> {
    finish(watched(command), otherwise).map(drop)
}

/// Runs a command, and gives what it prints to its standard output.
///
/// # Errors
/// What it not being successful means.
pub(super) fn output(command: &Command, otherwise: &str) -> Result<String, String> {
    let mut shell = watched(command);
    shell.stdout(Stdio::piped());
    let output = finish(shell, otherwise)?;
    String::from_utf8(output).map_err(|error| format!("{otherwise}: {error}"))
}

fn finish(mut shell: Command, otherwise: &str) -> Result<Vec<u8>, String> {
    let failed = |error| format!("{otherwise}: sh: {error}");
    let mut shell = shell.spawn().map_err(failed)?;
    let held = shell.stdin.take();
    let output = shell.wait_with_output().map_err(failed)?;
    drop(held);
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(otherwise.to_owned()),
    }
}
