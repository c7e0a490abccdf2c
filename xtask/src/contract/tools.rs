//! The judges, installed where the project builds, each in a folder of its version.

use super::process::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCHEMATHESIS: &str = "4.32.5";

/// Makes up schemathesis' requests: the same version makes the same.
const HYPOTHESIS: &str = "6.170.17";

const PRISM: &str = "5.14.2";

const C2D_API: &str = "0.0.3";

/// Of the one file that there is of this version.
const C2D_API_SHA256: &str = "aa2935d6ae0e8268537dba90bd2b3098bc3b20f23420db143f0586aaf5b603fc";

/// Writes what c2d-api says.
const REQUESTS: &str = "2.34.2";

/// The program schemathesis.
///
/// # Errors
/// If it is not there and cannot be installed.
pub(super) fn schemathesis(folder: &Path) -> Result<PathBuf, String> {
    let home = folder.join(format!("schemathesis-{SCHEMATHESIS}-{HYPOTHESIS}"));
    let program = home.join("bin/schemathesis");
    if !program.exists() {
        println!("Installing schemathesis {SCHEMATHESIS}.");
        environment(&home, "schemathesis")?;
        let mut pip = pip(&home);
        pip.arg(format!("schemathesis=={SCHEMATHESIS}"));
        pip.arg(format!("hypothesis=={HYPOTHESIS}"));
        run(&pip, "pip cannot install schemathesis")?;
    }
    Ok(program)
}

/// The Python that has the package c2d-api.
///
/// # Errors
/// If it is not there and cannot be installed.
pub(super) fn c2d_api(folder: &Path) -> Result<PathBuf, String> {
    let home = folder.join(format!("c2d-api-{C2D_API}-{REQUESTS}"));
    // Made last, since the Python is there before the package is.
    let installed = home.join("installed");
    if !installed.exists() {
        println!("Installing c2d-api {C2D_API}.");
        environment(&home, "c2d-api")?;
        let mut needs = pip(&home);
        needs.arg(format!("requests=={REQUESTS}"));
        run(&needs, "pip cannot install requests")?;
        // pip takes a hash from a file only.
        let file = home.join("requirements.txt");
        let pinned = format!("c2d-api=={C2D_API} --hash=sha256:{C2D_API_SHA256}\n");
        let failed = |error| format!("{}: {error}", home.display());
        fs::write(&file, pinned).map_err(failed)?;
        let mut package = pip(&home);
        package.args(["--no-deps", "--requirement"]).arg(&file);
        run(&package, "pip cannot install c2d-api")?;
        fs::write(&installed, "").map_err(failed)?;
    }
    Ok(home.join("bin/python"))
}

/// Makes an environment of Python for a tool.
fn environment(home: &Path, tool: &str) -> Result<(), String> {
    let mut python = Command::new("python3");
    python.args(["-m", "venv", "--clear"]).arg(home);
    let needs = format!("{tool} needs python3 with its module venv (Debian: python3-venv)");
    run(&python, &needs)
}

/// Installs into an environment.
fn pip(home: &Path) -> Command {
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]);
    pip
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
