//! A copy of the crates in a workspace of their own, to be compiled with another document.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where they are in a workspace of their own: packages of the same name and place in two workspaces would take each
/// other's builds for theirs.
const PLACE: &str = "changed";

/// Checks the crates as they are with another OpenAPI document. Returns what the compiler says, nothing if all is well.
///
/// Tests have the workspace one after the other, so that only what their documents change is compiled again.
pub fn check(document: &str) -> String {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy");
    write_crates(&folder, document);
    // The target directory of the project, so that dependencies are checked once for all runs.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--offline",
            "--workspace",
            "--no-default-features",
        ])
        .args(["--features", "chat2desk/by-name,chat2desk/webhook"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    match output.status.success() {
        true => said,
        false => format!("failed: {said}"),
    }
}

/// What is built with the document; `.` is the crate itself.
const MEMBERS: [&str; 6] = [
    ".",
    "crates/codegen",
    "crates/httpmock",
    "crates/sandbox",
    "crates/webhook-receiver",
    "spec",
];

/// Writes these crates with a document, without what only their tests need.
fn write_crates(folder: &Path, document: &str) {
    let place = folder.join(PLACE);
    for member in MEMBERS.iter().filter(|member| **member != ".") {
        copy(&root().join(member), &place.join(member));
    }
    write(&place.join("spec/openapi.json"), document.as_bytes());
    copy(&root().join("src"), &place.join("src"));
    for file in ["build.rs", "README.md"] {
        copy(&root().join(file), &place.join(file));
    }
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"));
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut manifest: toml::Table = manifest.parse().unwrap();
    for part in ["bench", "dev-dependencies", "example", "test"] {
        manifest.remove(part);
    }
    let mut workspace = manifest.remove("workspace").unwrap();
    let members = MEMBERS
        .iter()
        .map(|member| toml::Value::from(format!("{PLACE}/{member}")));
    workspace["members"] = members.collect::<Vec<_>>().into();
    for (_, dependency) in workspace["dependencies"].as_table_mut().unwrap() {
        if let Some(path) = dependency.get_mut("path") {
            *path = format!("{PLACE}/{}", path.as_str().unwrap()).into();
        }
    }
    let profile = manifest.remove("profile").unwrap();
    let workspace = toml::Table::from_iter([
        ("workspace".to_owned(), workspace),
        ("profile".to_owned(), profile),
    ]);
    write(&folder.join("Cargo.toml"), workspace.to_string().as_bytes());
    write(&place.join("Cargo.toml"), manifest.to_string().as_bytes());
}

/// Makes `to` what `from` is. What is the same already stays untouched: cargo would compile it again.
fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        write(to, &fs::read(from).unwrap());
        return;
    }
    fs::create_dir_all(to).unwrap();
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name())
    };
    for name in names(from) {
        copy(&from.join(&name), &to.join(&name));
    }
    for name in names(to).filter(|name| !from.join(name).exists()) {
        let left = to.join(name);
        match left.is_dir() {
            true => fs::remove_dir_all(left).unwrap(),
            false => fs::remove_file(left).unwrap(),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) {
    if fs::read(path).ok().as_deref() != Some(bytes) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
