//! A copy of the specification that the program updates, and edits of what the vendor publishes.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const FILES: [&str; 4] = [
    "collection.json",
    "overlay.yaml",
    "convert.toml",
    "openapi.json",
];

/// A project: the specification, where the program looks for it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("spec");
        fs::create_dir(&spec).unwrap();
        fs::create_dir(folder.path().join("xtask")).unwrap();
        for file in FILES {
            fs::copy(root().join("spec").join(file), spec.join(file)).unwrap();
        }
        Self(folder)
    }

    /// Runs the program on an export. Returns its exit code, and its report or error.
    pub fn update(&self, export: &Value, arguments: &[&str]) -> (i32, String) {
        self.update_bytes(export.to_string().as_bytes(), arguments)
    }

    pub fn update_bytes(&self, export: &[u8], arguments: &[&str]) -> (i32, String) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), export).unwrap();
        let from = file.path().display().to_string();
        self.run(&[&["--from", &from], arguments].concat())
    }

    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("update")
            .args(arguments)
            .env("CARGO_MANIFEST_DIR", self.0.path().join("xtask"))
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }

    /// The files of the specification.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let files = fs::read_dir(self.0.path().join("spec"))
            .unwrap()
            .map(|entry| entry.unwrap());
        let files = files.filter(|entry| entry.file_type().unwrap().is_file());
        let text = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        };
        files.map(text).collect()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.0.path().join("spec").join(file), text).unwrap();
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The project's collection.
pub fn own() -> Value {
    let text = fs::read_to_string(root().join("spec/collection.json")).unwrap();
    text.parse().unwrap()
}

/// The item of a request of an export.
pub fn find<'v>(export: &'v mut Value, method: &str, path: &str) -> &'v mut Value {
    let wanted = format!("{{{{url}}}}{path}");
    let folders = export["item"].as_array_mut().unwrap().iter_mut();
    let mut items = folders.flat_map(|folder| folder["item"].as_array_mut().unwrap());
    let found = items.find(|item| {
        item["request"]["method"] == method && item["request"]["url"] == wanted.as_str()
    });
    found.unwrap_or_else(|| panic!("no {method} {path}"))
}

/// Edits the JSON of the first saved response of a success.
pub fn edit_response(item: &mut Value, edit: impl FnOnce(&mut Value)) {
    let mut responses = item["response"].as_array_mut().unwrap().iter_mut();
    let body = &mut responses.find(|response| response["code"] == 200).unwrap()["body"];
    let mut json: Value = body.as_str().unwrap().parse().unwrap();
    edit(&mut json);
    *body = serde_json::to_string_pretty(&json).unwrap().into();
}

/// Makes a read of records, or of one, show a field no more.
pub fn forget(export: &mut Value, path: &str, field: &str) {
    edit_response(find(export, "GET", path), |body| {
        let data = &mut body["data"];
        let records = match data.as_array_mut() {
            Some(records) => records.iter_mut().collect(),
            None => vec![data],
        };
        for record in records {
            record.as_object_mut().unwrap().remove(field);
        }
    });
}

/// Turns the order of folders, requests, parameters and saved responses round.
pub fn reverse(node: &mut Value) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                reverse(value);
                if matches!(key.as_str(), "item" | "query" | "response")
                    && let Some(list) = value.as_array_mut()
                {
                    list.reverse();
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(reverse),
        _ => {}
    }
}

/// The files of the project's specification.
pub fn texts_of_own() -> BTreeMap<String, String> {
    let text = |file: &str| {
        let text = fs::read_to_string(root().join("spec").join(file)).unwrap();
        (file.to_owned(), text)
    };
    FILES.map(text).into()
}

/// Whether all that was written by hand before is there after: every line of overlay and settings, every text of the
/// collection.
pub fn assert_kept(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for file in ["overlay.yaml", "convert.toml"] {
        let mut lines = after[file].lines();
        for line in before[file].lines() {
            assert!(lines.any(|other| other == line), "{file}: {line}");
        }
    }
    let (mut old, mut new) = (Vec::new(), Vec::new());
    said(&before["collection.json"].parse().unwrap(), &mut old);
    said(&after["collection.json"].parse().unwrap(), &mut new);
    for text in old {
        // Rows may be added to a table, and types changed in it: words stay.
        let lines = text.lines().map(|line| {
            line.rsplit('|')
                .find(|cell| !cell.trim().is_empty())
                .unwrap_or_default()
        });
        let lines: Vec<&str> = lines.collect();
        let holds = |other: &String| lines.iter().all(|line| other.contains(line));
        assert!(new.iter().any(holds), "{text}");
    }
}

/// The names and descriptions in a collection.
fn said(node: &Value, texts: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text) if matches!(key.as_str(), "name" | "description" | "key") => {
                        texts.push(text.to_owned())
                    }
                    _ => said(value, texts),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| said(item, texts)),
        _ => {}
    }
}
