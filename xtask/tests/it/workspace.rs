//! A copy of the crates in a workspace of their own, to be compiled with another document.

use std::fs;
use std::path::Path;
use std::process::Command;

pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where they are in a workspace of their own: packages of the same name and place in two workspaces would take each
/// other's builds for theirs.
pub const PLACE: &str = "changed";

/// What is built with the document; `.` is the crate itself.
const MEMBERS: [&str; 6] = [
    ".",
    "crates/codegen",
    "crates/httpmock",
    "crates/sandbox",
    "crates/webhook-receiver",
    "spec",
];

/// Writes these crates, without what only their tests need.
pub fn write_crates(folder: &Path) {
    let place = folder.join(PLACE);
    for member in MEMBERS.iter().filter(|member| **member != ".") {
        copy(&root().join(member), &place.join(member));
    }
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
    fs::write(folder.join("Cargo.toml"), workspace.to_string()).unwrap();
    fs::write(place.join("Cargo.toml"), manifest.to_string()).unwrap();
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// Checks the crates of a workspace, and returns what the compiler says, nothing if all is well. With the same features
/// every time, so that dependencies are checked once.
pub fn check(folder: &Path) -> String {
    let features = "chat2desk/rustls,chat2desk/strict,chat2desk/webhook";
    // The target directory of the workspace, so that dependencies are those of the crate itself.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--offline",
            "--workspace",
            "--no-default-features",
        ])
        .args(["--features", features, "--target-dir"])
        .arg(target)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    match output.status.success() {
        true => said,
        false => format!("failed: {said}"),
    }
}
