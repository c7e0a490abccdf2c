//! The calls of c2d-api, a Python package that is not of this project, and what becomes of them in the sandbox.
//!
//! It sends bodies as query strings and some paths with a slash at the end, as older clients do.

use super::exceptions::{CALL_EXCEPTIONS, CallException};
use super::process::output;
use super::server::Server;
use super::{TOKEN, folder, sandbox_program, tools};
use serde::Deserialize;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// The program that makes the calls.
const CALLS: &str = "xtask/src/contract/independent/judge.py";

/// A call that was made.
#[derive(Debug, Clone, Deserialize)]
pub struct Call {
    /// The method, and what the call is about.
    #[serde(rename = "call")]
    pub name: String,
    /// What is wrong with it; `None` if it came out right.
    pub wrong: Option<String>,
}

/// Makes every call of the package c2d-api to the sandbox.
///
/// # Errors
/// What is missing to do so; or that a call comes out wrong, or an excepted one right.
pub fn independent(project: &Path) -> Result<(), String> {
    let folder = folder(project)?;
    let python = tools::c2d_api(&folder)?;
    let program = sandbox_program(project)?;
    let server = Server::start(&program, "", &folder.join("sandbox.log"))?;
    let mut calls = Command::new(python);
    // Without modules of whoever runs this, and without files beside the program.
    calls.arg("-EsB").arg(project.join(CALLS));
    calls.args([server.url().as_str(), TOKEN]);
    calls.current_dir(&folder).env("no_proxy", "127.0.0.1");
    let printed = output(&calls, "c2d-api cannot be called")?;
    let calls = printed.lines().map(serde_json::from_str);
    let calls: Vec<Call> = calls
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{CALLS}: {error}"))?;
    println!("{}", judge(&calls, CALL_EXCEPTIONS)?);
    Ok(())
}

/// Names the excepted calls, with the reason and what became of each, and counts all.
///
/// # Errors
/// Each call that came out wrong without an exception, or right with one; each exception for a call that nobody
/// made.
pub fn judge(calls: &[Call], exceptions: &[CallException]) -> Result<String, String> {
    let mut excepted = HashSet::new();
    let mut report = String::from("c2d-api and the sandbox differ in this:\n");
    let mut errors = String::new();
    for exception in exceptions {
        let _ = writeln!(report, "\n  {}", exception.reason);
        for name in exception.calls {
            excepted.insert(*name);
            let made = calls.iter().find(|call| call.name == *name);
            let _ = match made.map(|call| &call.wrong) {
                Some(Some(wrong)) => writeln!(report, "    {name}: {wrong}"),
                Some(None) => writeln!(errors, "  {name}: right, so its exception is stale"),
                None => writeln!(errors, "  {name}: never made, so its exception is stale"),
            };
        }
    }
    let mut right = 0;
    for Call { name, wrong } in calls {
        match wrong {
            None => right += 1,
            Some(_) if excepted.contains(name.as_str()) => (),
            Some(wrong) => {
                let _ = writeln!(errors, "  {name}: {wrong}");
            }
        }
    }
    let count = format!(
        "{right} of {} calls right, {} excepted",
        calls.len(),
        excepted.len()
    );
    match errors.is_empty() {
        true => Ok(format!("{report}\n{count}")),
        false => Err(format!("c2d-api and the sandbox differ:\n{errors}{count}")),
    }
}
