//! What a new version of the API may bring compiles: the crate, built from a changed document.

mod versions;

use crate::workspace::{self, root};
use serde_json::{Value, json};
use std::fs;

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
            parameter("request", "query", false, text()),
            parameter("response", "query", true, text()),
            parameter("result", "query", false, text()),
            parameter("info", "header", false, text()),
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
        "shelf": named("Shelf"),
        "wide": named("Wide"),
        "nothing": { "type": "object", "properties": {} },
        // Names that generated code has a use for.
        "builder": text(),
        "key": { "type": "integer" },
        "object": named("Grade"),
        "refused": text(),
        "request": texts(),
    } });
    schemas["Shelf"] = json!({ "type": "object", "required": ["room"], "properties": {
        "room": { "type": "integer", "default": 1 },
        "is_open": { "type": "boolean", "default": true },
        "state": { "type": "string", "enum": ["new", "old"], "default": "old" },
    }, "additionalProperties": text() });
    let columns = (0..200).map(|index| (format!("column_{index}"), json!({ "type": "integer" })));
    let columns: serde_json::Map<_, _> = columns.collect();
    schemas["Wide"] = json!({ "type": "object", "required": ["column_7"], "properties": columns });
    document
}

#[test]
fn the_crate_compiles_with_parts_that_no_operation_has_today() {
    // Nor does it warn.
    assert_eq!(workspace::check(&changed().to_string()), "");
}

/// Otherwise the tests here would check nothing.
#[test]
fn a_document_that_is_none_is_noticed() {
    let said = workspace::check("{}");
    assert!(said.starts_with("failed"), "{said}");
}
