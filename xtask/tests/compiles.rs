//! What a new version of the API may bring compiles: the crate, built from a changed document.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The project's document with an operation of parts that none has today.
fn changed() -> Value {
    let text = fs::read_to_string(root().join("spec/openapi.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let parameter = |name: &str, place: &str, required: bool, schema: Value| json!({ "name": name, "in": place, "required": required, "schema": schema });
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": text() });
    let open = || json!({ "$ref": "#/components/schemas/DialogState" });
    let closed = json!({ "type": "string", "enum": ["up", "down"] });
    document["paths"]["/v9/shelves/{id}/books"] = json!({ "post": {
        "operationId": "file_book",
        "tags": ["Shelves"],
        "parameters": [
            parameter("id", "path", true, json!({ "type": "string", "format": "uuid" })),
            parameter("X-Shelf-Key", "header", true, text()),
            parameter("X-Shelf-State", "header", true, open()),
            parameter("X-Shelf-Note", "header", false, text()),
            parameter("X-Shelf-Row", "header", false, json!({ "type": "integer" })),
            parameter("ids", "query", true, json!({ "type": "array", "items": { "type": "integer" } })),
            parameter("states", "query", false, json!({ "type": "array", "items": open() })),
            parameter("words", "query", false, texts()),
            parameter("direction", "query", true, closed),
            // Names that generated code has a use for.
            parameter("client", "query", true, text()),
            parameter("type", "query", true, text()),
            parameter("value", "header", false, text()),
            parameter("url", "query", false, text()),
            parameter("send", "query", false, text()),
            parameter("since", "query", false, json!({ "type": "string", "format": "date-time" })),
        ],
        "requestBody": { "content": { "application/json": { "schema": {
            "type": "object", "required": ["title"], "properties": { "title": text() },
        } } } },
        "responses": { "204": { "description": "Filed." } },
    } });
    // Of headers there may be optional ones alone, and none may be left of those that are the client's.
    document["paths"]["/v9/shelves"] = json!({ "get": {
        "operationId": "list_shelves",
        "tags": ["Shelves"],
        "parameters": [
            parameter("X-Shelf-Note", "header", false, text()),
            parameter("Authorization", "header", true, text()),
            parameter("no token", "header", true, text()),
        ],
        "responses": { "200": { "description": "All.", "content": { "application/json": { "schema": texts() } } } },
    } });
    document
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Writes the crate as it would be with this document, and without what only its tests need.
fn write_crate(folder: &Path, document: &Value) {
    for part in ["build", "src"] {
        copy(&root().join(part), &folder.join(part));
    }
    for file in ["build.rs", "Cargo.lock", "README.md"] {
        copy(&root().join(file), &folder.join(file));
    }
    fs::create_dir_all(folder.join("spec")).unwrap();
    fs::write(folder.join("spec/openapi.json"), document.to_string()).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut manifest: toml::Table = manifest.parse().unwrap();
    for part in ["bench", "dev-dependencies", "example", "test"] {
        manifest.remove(part);
    }
    let workspace = manifest["workspace"].as_table_mut().unwrap();
    workspace.remove("members");
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

#[test]
fn the_crate_compiles_with_parts_that_no_operation_has_today() {
    // One place and one target directory, so that dependencies are those of the crate itself.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join("changed-api");
    let _ = fs::remove_dir_all(&folder);
    write_crate(&folder, &changed());
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--no-default-features"])
        .args(["--features", "full", "--target-dir"])
        .arg(target.parent().unwrap())
        .current_dir(&folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}
