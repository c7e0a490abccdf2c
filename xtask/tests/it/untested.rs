//! Targets that are built without a harness, since they hold no test, hold none.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file and those of its modules.
fn files(path: &Path, files: &mut Vec<(PathBuf, String)>) {
    let text = fs::read_to_string(path).unwrap();
    let root = ["lib.rs", "main.rs"].map(|name| path.ends_with(name));
    let folder = match root.contains(&true) {
        true => path.parent().unwrap().to_owned(),
        false => path.with_extension(""),
    };
    for line in text.lines() {
        let line = line.trim_start_matches("pub ");
        let name = line.strip_prefix("mod ");
        if let Some(name) = name.and_then(|name| name.strip_suffix(';')) {
            self::files(&folder.join(format!("{name}.rs")), files);
        }
    }
    files.push((path.to_owned(), text));
}

#[test]
fn what_is_built_without_a_harness_has_no_test() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let targets = packages.flat_map(|package| package["targets"].as_array().unwrap());
    let without = targets.filter(|target| {
        let kind = target["kind"][0].as_str().unwrap();
        target["test"] == false && ["bin", "lib"].contains(&kind)
    });
    let mut read = Vec::new();
    for target in without {
        files(Path::new(target["src_path"].as_str().unwrap()), &mut read);
    }
    assert!(read.len() > 50, "{} files", read.len());
    for (path, text) in read {
        for mark in ["#[test]", "cfg(test)", "::test("] {
            assert!(!text.contains(mark), "{}: {mark}", path.display());
        }
    }
}
