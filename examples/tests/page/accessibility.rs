//! axe-core, which tells what people with disabilities cannot use. npm installs it when it is needed first.

use std::fs;
use std::path::Path;
use std::process::Command;

const VERSION: &str = "4.14.1";

/// Its script; `None` without npm.
pub fn axe() -> Option<String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("axe-core-{VERSION}"));
    let script = home.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
        let status = npm
            .arg(&home)
            .arg(format!("axe-core@{VERSION}"))
            .status()
            .ok()?;
        assert!(
            status.success(),
            "npm cannot install axe-core {VERSION}: {status}"
        );
    }
    Some(fs::read_to_string(script).unwrap())
}
