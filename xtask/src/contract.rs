//! The contract: other people's programs judge what this project says of the API.
//!
//! Three parts. schemathesis puts the document's requests, right and wrong ones, to the sandbox and compares
//! the answers with the document. Prism serves the document, and every call of the client must suit it. A client
//! that is not of this project calls the sandbox, which must understand it.

mod exceptions;
mod independent;
mod process;
mod server;
mod tools;

pub use exceptions::{CALL_EXCEPTIONS, CallException, EXCEPTIONS, Exception, Rule, settings};
pub use independent::{Call, independent, judge};
pub use server::Server;

use process::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &str = "spec/openapi.json";

/// The token of the sandbox.
const TOKEN: &str = "contract-token";

/// What schemathesis does: single requests; scenarios through all operations; and the lives of the records
/// that can be deleted, since few of the others would be about one.
const PASSES: [&str; 4] = [
    "--phases examples,coverage,fuzzing",
    "--phases stateful --mode positive",
    "--phases stateful --include-operation-id-regex _ticket$",
    "--phases stateful --include-operation-id-regex _webhook$",
];

/// Puts the document's requests to the sandbox.
///
/// # Errors
/// What is missing to do so, or that an answer is not what the document says; the details are printed.
pub fn sandbox(project: &Path) -> Result<(), String> {
    let folder = folder(project)?;
    let schemathesis = tools::schemathesis(&folder)?;
    println!("The sandbox may differ from the document in this:\n");
    for Exception {
        reason, operations, ..
    } in EXCEPTIONS
    {
        println!("  {}\n    {reason}", operations.join(", "));
    }
    println!();
    let settings_file = folder.join("schemathesis.toml");
    fs::write(&settings_file, settings(TOKEN))
        .map_err(|error| format!("{}: {error}", settings_file.display()))?;

    let program = sandbox_program(project)?;
    let passes = PASSES.map(|arguments| {
        // Each with a sandbox of its own: another's webhooks would leave no place for more.
        let server = Server::start(&program, "", &folder.join("sandbox.log"))?;
        let mut judge = Command::new(&schemathesis);
        judge.arg("--config-file").arg(&settings_file).arg("run");
        judge.args(["--url", &server.url()]);
        judge.args(arguments.split(' ')).arg(project.join(DOCUMENT));
        // What it keeps to repeat a failure goes there.
        judge.current_dir(&folder).env("no_proxy", "127.0.0.1");
        run(&judge, "the sandbox does not keep to the document")
    });
    passes.into_iter().collect()
}

/// The sandbox, built and not yet started.
fn sandbox_program(project: &Path) -> Result<Command, String> {
    let program = "--quiet --package chat2desk-sandbox --bin chat2desk-sandbox";
    let build = cargo(project, &format!("build {program}"));
    run(&build, "the sandbox cannot be built")?;
    let mut program = cargo(project, &format!("run {program}"));
    program.args(["--", "--port", "0", "--token", TOKEN]);
    Ok(program)
}

/// Has the client call a mock made from the document: once it answers with the document's examples, once
/// with what it makes up from the document's schemas.
///
/// # Errors
/// What is missing to do so, or that a call is refused or its answer cannot be read.
pub fn prism(project: &Path) -> Result<(), String> {
    let folder = folder(project)?;
    let mut mock = Command::new(tools::prism(&folder)?);
    mock.args(["mock", "--errors", "--port", "0"]);
    mock.arg(project.join(DOCUMENT));
    let tests = "test --quiet --package chat2desk --test it";
    let mut build = cargo(project, tests);
    run(build.arg("--no-run"), "the client cannot be built")?;

    let log = folder.join("prism.log");
    call_all(project, tests, &mock, &log, "examples")?;
    mock.args(["--dynamic", "--seed", "1"]);
    call_all(project, tests, &mock, &log, "made up answers")
}

/// Has the client call every operation of a mock.
fn call_all(
    project: &Path,
    tests: &str,
    mock: &Command,
    log: &Path,
    answers: &str,
) -> Result<(), String> {
    let operations = operations(project)?;
    let server = Server::start(mock, "Prism is listening on ", log)?;
    let mut calls = cargo(project, tests);
    calls.args(["--", "--ignored", "contract::"]);
    calls.env("CHAT2DESK_CONTRACT_URL", server.url());
    calls.env("RUST_BACKTRACE", "0");
    let done = run(&calls, "Prism refused a call, or its answer cannot be read");
    let log = server.stop()?;
    print_errors(&log);
    done?;
    let accepted = log.matches("The request passed the validation rules");
    let accepted = accepted.count();
    if accepted != operations {
        return Err(format!(
            "Prism accepted {accepted} calls of {operations} operations"
        ));
    }
    println!("Prism accepted all {accepted} calls, and the client read its {answers}.");
    Ok(())
}

/// What Prism's log says to be wrong, and with which call.
fn print_errors(log: &str) {
    let mut call = "";
    for line in log.lines() {
        if let Some((_, told)) = line.split_once("[HTTP SERVER] ") {
            call = told.split(['ℹ', '✖']).next().unwrap_or_default().trim();
        }
        if let Some((_, error)) = line.split_once("✖  error") {
            eprintln!("{call}: {}", error.trim());
        }
    }
}

/// Where tools, settings and logs are kept.
fn folder(project: &Path) -> Result<PathBuf, String> {
    let folder = project.join("target/contract");
    fs::create_dir_all(&folder)
        .and_then(|()| folder.canonicalize())
        .map_err(|error| format!("{}: {error}", folder.display()))
}

fn operations(project: &Path) -> Result<usize, String> {
    let text = fs::read(project.join(DOCUMENT)).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let document = serde_json::from_slice(&text).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    Ok(crate::lower::operations(&document).count())
}

/// The cargo that runs this program, with the words of `arguments`.
fn cargo(project: &Path, arguments: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments.split(' ')).current_dir(project);
    command
}
