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
const BUILT: [&str; 6] = [
    ".",
    "crates/codegen",
    "crates/httpmock",
    "crates/sandbox",
    "crates/webhook-receiver",
    "spec",
];

/// Writes these crates, without their tests. The other packages are there by their manifests alone, so that
/// dependencies have the features that the tests built them with, and none is built again.
pub fn write_crates(folder: &Path) {
    let place = folder.join(PLACE);
    for member in BUILT.iter().filter(|member| **member != ".") {
        copy(&root().join(member), &place.join(member));
    }
    copy(&root().join("src"), &place.join("src"));
    for file in ["build.rs", "README.md"] {
        copy(&root().join(file), &place.join(file));
    }
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"));
    let mut own = manifest(".");
    let mut workspace = own.remove("workspace").unwrap();
    let members = workspace["members"].as_array_mut().unwrap();
    members.push(".".into());
    for member in members {
        let name = member.as_str().unwrap();
        write_manifest(&place, name);
        *member = format!("{PLACE}/{name}").into();
    }
    for (_, dependency) in workspace["dependencies"].as_table_mut().unwrap() {
        if let Some(path) = dependency.get_mut("path") {
            *path = format!("{PLACE}/{}", path.as_str().unwrap()).into();
        }
    }
    let mut profile = own.remove("profile").unwrap();
    // So the generator is built once, for build scripts and as a package.
    profile["dev"]["debug"] = false.into();
    let workspace = toml::Table::from_iter([
        ("workspace".to_owned(), workspace),
        ("profile".to_owned(), profile),
    ]);
    fs::write(folder.join("Cargo.toml"), workspace.to_string()).unwrap();
}

fn manifest(member: &str) -> toml::Table {
    let text = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
    text.parse().unwrap()
}

/// Writes the manifest of a package with its library as the only target; an empty one if it is not built.
fn write_manifest(place: &Path, member: &str) {
    let folder = place.join(member);
    let mut manifest = manifest(member);
    for part in ["bench", "bin", "example", "profile", "test", "workspace"] {
        manifest.remove(part);
    }
    let package = manifest["package"].as_table_mut().unwrap();
    for part in ["autobenches", "autobins", "autoexamples", "autotests"] {
        package.insert(part.to_owned(), false.into());
    }
    let lib = manifest.entry("lib").or_insert(toml::Table::new().into());
    lib.as_table_mut()
        .unwrap()
        .insert("test".to_owned(), false.into());
    if !BUILT.contains(&member) {
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/lib.rs"), "").unwrap();
    }
    fs::write(folder.join("Cargo.toml"), manifest.to_string()).unwrap();
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

/// Builds the crates of a workspace, and returns what the compiler says, nothing if all is well.
pub fn build(folder: &Path) -> String {
    // The target directory of the workspace, so that dependencies are those of the crate itself.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        // There are no tests, but the features that they need of dependencies count.
        .args([
            "build",
            "--quiet",
            "--offline",
            "--workspace",
            "--lib",
            "--tests",
            "--target-dir",
        ])
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
