//! The judges, installed where the project builds, each in a folder of its version.

use super::process::run;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCHEMATHESIS: &str = "4.32.5";

/// Makes up schemathesis' requests: the same version makes the same.
const HYPOTHESIS: &str = "6.170.17";

const PRISM: &str = "5.14.2";

/// The program schemathesis.
///
/// # Errors
/// If it is not there and cannot be installed.
pub(super) fn schemathesis(folder: &Path) -> Result<PathBuf, String> {
    let home = folder.join(format!("schemathesis-{SCHEMATHESIS}-{HYPOTHESIS}"));
    let program = home.join("bin/schemathesis");
    if !program.exists() {
        println!("Installing schemathesis {SCHEMATHESIS}.");
        let mut python = Command::new("python3");
        python.args(["-m", "venv", "--clear"]).arg(&home);
        let needs = "schemathesis needs python3 with its module venv (Debian: python3-venv)";
        run(&python, needs)?;
        let mut pip = Command::new(home.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check"]);
        pip.arg(format!("schemathesis=={SCHEMATHESIS}"));
        pip.arg(format!("hypothesis=={HYPOTHESIS}"));
        run(&pip, "pip cannot install schemathesis")?;
    }
    Ok(program)
}

/// The program Prism.
///
/// # Errors
/// If it is not there and cannot be installed.
pub(super) fn prism(folder: &Path) -> Result<PathBuf, String> {
    let home = folder.join(format!("prism-{PRISM}"));
    let program = home.join("node_modules/.bin/prism");
    if !program.exists() {
        println!("Installing Prism {PRISM}.");
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
        npm.arg(&home).arg(format!("@stoplight/prism-cli@{PRISM}"));
        run(
            &npm,
            "Prism needs npm and node 18.20 or later (Debian: nodejs, npm)",
        )?;
    }
    Ok(program)
}
