//! The project's own collection: what its conversion promises, and the program's manners.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use xtask::code::code;
use xtask::convert::{Conversion, Source, convert};
use xtask::lower::{FOR_THIS_CRATE, lower, operations};
use xtask::mock::mock_code;

fn spec(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec")
        .join(file);
    fs::read_to_string(path).unwrap()
}

fn converted(collection: &str) -> Conversion {
    let (overlay, config) = (spec("overlay.yaml"), spec("convert.toml"));
    let overlay = Source {
        file: "overlay.yaml",
        text: &overlay,
    };
    let config = Source {
        file: "convert.toml",
        text: &config,
    };
    convert(
        ("collection.json", collection.as_bytes()),
        Some(overlay),
        Some(config),
    )
    .unwrap()
}

#[test]
fn converting_twice_gives_the_same_bytes_and_they_are_committed() {
    let collection = spec("collection.json");
    let first = converted(&collection);
    assert_eq!(first.text, converted(&collection).text);
    assert_eq!(first.text, spec("openapi.json"));
    assert!(first.warnings.is_empty(), "{:?}", first.warnings);
}

/// Reverses the keys of all objects, which serde_json keeps in order here but in few other programs.
fn reversed(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().rev();
            Value::Object(members.map(|(key, value)| (key, reversed(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(reversed).collect(),
        other => other,
    }
}

#[test]
fn the_code_does_not_depend_on_the_order_of_keys() {
    let document: Value = serde_json::from_str(&spec("openapi.json")).unwrap();
    let reversed = reversed(document.clone());
    assert_ne!(document.to_string(), reversed.to_string());
    assert_eq!(
        code(&document).unwrap().files,
        code(&reversed).unwrap().files
    );
    assert!(mock_code(&document).unwrap() == mock_code(&reversed).unwrap());
}

#[test]
fn the_order_of_folders_and_requests_changes_no_name() {
    let mut collection: Value = serde_json::from_str(&spec("collection.json")).unwrap();
    let folders = collection["item"].as_array_mut().unwrap();
    folders.reverse();
    for folder in folders {
        folder["item"].as_array_mut().unwrap().reverse();
    }
    let reversed = converted(&collection.to_string());
    let original = converted(&spec("collection.json"));
    let names = |conversion: &Conversion| {
        let schemas = conversion.document()["components"]["schemas"]
            .as_object()
            .unwrap();
        let properties = |schema: &Value| {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let mut names: Vec<String> = properties.map(|(name, _)| name.clone()).collect();
            names.sort();
            names
        };
        schemas
            .iter()
            .map(|(name, schema)| (name.clone(), properties(schema)))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&reversed), names(&original));
}

#[test]
fn editing_a_description_changes_that_description_only() {
    let collection = spec("collection.json");
    let edited = collection.replacen(
        "\"Returns one reply template.\"",
        "\"A reply template, edited.\"",
        1,
    );
    assert_ne!(edited, collection);
    let (before, after) = (spec("openapi.json"), converted(&edited).text);
    let changed: Vec<_> = before
        .lines()
        .zip(after.lines())
        .filter(|(old, new)| old != new)
        .collect();
    let [(old, new)] = changed[..] else {
        panic!("{changed:?}")
    };
    assert_eq!(
        old.replace("Returns one reply template.", "A reply template, edited."),
        new
    );
    assert_eq!(before.lines().count(), after.lines().count());

    // Of the generated code it changes the documentation.
    let generated = |text: &str| {
        let files = code(&serde_json::from_str(text).unwrap()).unwrap().files;
        files.map(|(_, code)| code).concat()
    };
    let (before, after) = (generated(&before), generated(&after));
    assert_eq!(
        before.replace("Returns one reply template.", "A reply template, edited."),
        after
    );
    assert_ne!(before, after);
}

#[test]
fn a_new_request_in_the_collection_is_a_new_operation_and_nothing_else() {
    let mut collection: Value = serde_json::from_str(&spec("collection.json")).unwrap();
    let answer = json!({ "data": [{ "id": 1, "title": "Noon" }], "status": "success" });
    let request = json!({
        "name": "List breaks",
        "request": { "method": "GET", "url": { "raw": "{{url}}/v1/breaks", "host": ["{{url}}"], "path": ["v1", "breaks"] } },
        "response": [{ "name": "breaks", "code": 200, "body": answer.to_string() }],
    });
    let folder = collection["item"]
        .as_array_mut()
        .unwrap()
        .last_mut()
        .unwrap();
    folder["item"].as_array_mut().unwrap().push(request);

    let lowered = |conversion: &Conversion| {
        lower(conversion.document(), FOR_THIS_CRATE)
            .unwrap()
            .document
    };
    let (before, after) = (
        converted(&spec("collection.json")),
        converted(&collection.to_string()),
    );
    code(after.document()).unwrap();
    let (before, mut after) = (lowered(&before), lowered(&after));
    let ids = |document: &Value| {
        let ids = operations(document)
            .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let (old, new) = (ids(&before), ids(&after));
    assert_eq!(
        (new.len(), new.last().map(String::as_str)),
        (old.len() + 1, Some("list_breaks"))
    );

    after["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/v1/breaks")
        .unwrap();
    for name in ["Break", "BreakList"] {
        after["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .remove(name)
            .unwrap();
    }
    assert_eq!(after, before);
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn the_program_writes_a_document_or_nothing() {
    let (_kept, folder) = folder();
    fs::write(folder.join("good.json"), spec("collection.json")).unwrap();
    fs::write(folder.join("bad.json"), "{}").unwrap();

    fs::write(folder.join("convert.toml"), spec("convert.toml")).unwrap();
    let output = run(
        &[
            "convert",
            "good.json",
            "-o",
            "out.json",
            "--config",
            "convert.toml",
        ],
        &folder,
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let written: Value =
        serde_json::from_slice(&fs::read(folder.join("out.json")).unwrap()).unwrap();
    assert_eq!(operations(&written).count(), 76);

    let output = run(&["convert", "bad.json", "-o", "never.json"], &folder);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: bad.json: the collection has no `item`: it holds no requests\n"
    );
    assert!(!folder.join("never.json").exists());
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        4,
        "no temporary file stays"
    );

    assert_eq!(
        run(&["convert", "absent.json"], &folder).status.code(),
        Some(1)
    );
    assert_eq!(run(&["unknown"], &folder).status.code(), Some(2));
}

/// `cargo xtask convert` in a project of these files.
fn convert_project(project: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("convert")
        .env("CARGO_MANIFEST_DIR", project.join("xtask"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn converting_says_what_changes_in_the_committed_document() {
    let (_kept, project) = folder();
    fs::create_dir(project.join("xtask")).unwrap();
    fs::create_dir(project.join("spec")).unwrap();
    for file in ["collection.json", "overlay.yaml", "convert.toml"] {
        fs::write(project.join("spec").join(file), spec(file)).unwrap();
    }
    let committed = project.join("spec/openapi.json");
    let mut older: Value = serde_json::from_str(&spec("openapi.json")).unwrap();
    let paths = older["paths"].as_object_mut().unwrap();
    paths.remove("/v1/help/roles").unwrap();
    fs::write(&committed, older.to_string()).unwrap();

    let said = convert_project(&project);
    assert_eq!(
        said,
        "### Additive\n\n- `list_roles`: operation added (`GET /v1/help/roles`)\n\n"
    );
    assert_eq!(
        fs::read_to_string(&committed).unwrap(),
        spec("openapi.json")
    );
    assert_eq!(convert_project(&project), "No changes.\n");
}
