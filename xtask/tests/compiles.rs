//! What a new version of the API may bring compiles: the crate, built from a changed document.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The project's document with operations of parts that none has today.
fn changed() -> Value {
    let text = fs::read_to_string(root().join("spec/openapi.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let parameter = |name: &str, place: &str, required: bool, schema: Value| json!({ "name": name, "in": place, "required": required, "schema": schema });
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": text() });
    let open = || json!({ "$ref": "#/components/schemas/DialogState" });
    let answer = |schema: Value| json!({ "200": { "description": "Done.", "content": { "application/json": { "schema": schema } } } });
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
            parameter("X_Shelf_Key", "query", false, text()),
            parameter("sinceDay", "query", false, json!({ "type": "string", "format": "date-time" })),
            parameter("since_day", "query", false, json!({ "type": "integer" })),
            parameter("1st", "query", false, text()),
            parameter("since", "query", false, json!({ "type": "string", "format": "date-time" })),
        ],
        "requestBody": { "content": { "application/json": { "schema": {
            "type": "object", "required": ["title"], "properties": { "title": text() },
        } } } },
        "responses": { "204": { "description": "Filed." } },
    } });
    // Of headers there may be optional ones alone.
    document["paths"]["/v9/shelves"] = json!({ "get": {
        "operationId": "list_shelves",
        "parameters": [parameter("X-Shelf-Note", "header", false, text())],
        "responses": answer(texts()),
    } });
    let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let body = |media_type: &str, schema: Value| json!({ "content": { media_type: { "schema": schema } } });
    // What a body may be.
    document["paths"]["/v9/covers/{body}/{send}"] = json!({
        "post": {
            "operationId": "patch_cover",
            "parameters": [parameter("body", "path", true, text()), parameter("send", "path", true, text())],
            "requestBody": body("application/vnd.shelf+json", json!({ "type": "object", "properties": { "title": text() } })),
            "responses": { "204": { "description": "Done." } },
        },
        "put": {
            "operationId": "put_cover_text",
            "parameters": [parameter("body", "path", true, text()), parameter("send", "path", true, text())],
            "requestBody": body("application/xml", text()),
            "responses": { "204": { "description": "Done." } },
        },
    });
    document["paths"]["/v9/covers"] = json!({
        "head": { "operationId": "probe_covers", "responses": { "200": { "description": "There." } } },
        "post": {
            "operationId": "upload_cover",
            "requestBody": body("multipart/form-data", json!({ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } })),
            "responses": answer(json!({ "type": "object", "properties": { "id": { "type": "integer" }, "type": text() } })),
        },
        "put": {
            "operationId": "send_form",
            "requestBody": body("application/x-www-form-urlencoded", named("Cover")),
            "responses": answer(named("Cover")),
        },
        "patch": {
            "operationId": "change_covers",
            "requestBody": body("application/json", json!({ "type": "array", "items": named("Cover") })),
            "responses": answer(named("Covers")),
        },
        "delete": {
            "operationId": "delete_covers",
            "parameters": [parameter("grade", "query", true, named("Grade")), parameter("X-Grade", "header", true, named("Grade"))],
            "responses": { "202": { "description": "Later." } },
        },
    });
    let schemas = &mut document["components"]["schemas"];
    schemas["Grade"] = json!({ "type": "string", "enum": ["a", "b"] });
    schemas["Covers"] = json!({ "type": "array", "items": named("Cover") });
    schemas["Cover"] = json!({ "type": "object", "required": ["id", "self", "grade"], "properties": {
        "id": { "type": "string", "format": "uuid" },
        "self": { "type": "string", "nullable": true },
        "grade": named("Grade"),
        "grades": { "type": "object", "additionalProperties": named("Grade") },
        "parent": { "allOf": [named("Cover")], "nullable": true },
        "size": { "oneOf": [{ "type": "integer" }, text()] },
        "price": { "type": "number" },
        "@type": text(),
        "1st": { "type": "boolean" },
    } });
    document
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The crates that the document reaches.
const MEMBERS: [&str; 4] = ["", "crates/codegen", "crates/httpmock", "spec"];

/// Where they are in a workspace of their own: packages of the same name and place in two workspaces would take each
/// other's builds for theirs.
const PLACE: &str = "changed";

/// Writes the crates as they would be with this document, and without what only their tests need.
fn write_crates(folder: &Path, document: &Value) {
    let place = folder.join(PLACE);
    for part in ["crates/codegen", "crates/httpmock", "spec", "src"] {
        copy(&root().join(part), &place.join(part));
    }
    for file in ["build.rs", "README.md"] {
        copy(&root().join(file), &place.join(file));
    }
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"));
    fs::write(place.join("spec/openapi.json"), document.to_string()).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut manifest: toml::Table = manifest.parse().unwrap();
    for part in ["bench", "dev-dependencies", "example", "test"] {
        manifest.remove(part);
    }
    let mut workspace = manifest.remove("workspace").unwrap();
    let members = MEMBERS.map(|member| toml::Value::from(format!("{PLACE}/{member}")));
    workspace["members"] = members.to_vec().into();
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

#[test]
fn the_crate_compiles_with_parts_that_no_operation_has_today() {
    // One place and one target directory, so that dependencies are those of the crate itself.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join("changed-api");
    let _ = fs::remove_dir_all(&folder);
    write_crates(&folder, &changed());
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--offline",
            "--workspace",
            "--no-default-features",
        ])
        .args([
            "--features",
            "chat2desk/rustls,chat2desk/strict,chat2desk/webhook",
            "--target-dir",
        ])
        .arg(target.parent().unwrap())
        .current_dir(&folder)
        .output()
        .unwrap();
    // Nor does it warn.
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}
