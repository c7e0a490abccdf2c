//! The table of operations: the arguments of any document, each under a name of its own.

use chat2desk_codegen::code::code;
use serde_json::{Value, json};

/// Returns the table of a document with one operation.
fn table(parameters: Value, body: Value) -> String {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/orders/{id}": { "put": {
            "operationId": "update_order", "parameters": parameters, "requestBody": body,
            "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": {} } } } },
        } } },
        "components": { "schemas": {
            "Colour": { "x-open-enum": true, "anyOf": [{ "type": "string", "enum": ["red", "blue"] }, { "type": "string" }] },
            "Key": { "oneOf": [{ "title": "Number", "type": "integer", "format": "int64" }, { "title": "Text", "type": "string" }] },
        } },
    });
    let files = code(&document).unwrap().files;
    let (_, table) = files
        .into_iter()
        .find(|(name, _)| *name == "operations.rs")
        .unwrap();
    table.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "format": "int64" } })
}

#[test]
fn an_argument_of_the_body_may_be_called_like_one_of_the_path() {
    let schema = json!({ "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string", "description": "Another id." }, "body_id": { "type": "boolean" },
        "key": { "allOf": [{ "$ref": "#/components/schemas/Key" }], "nullable": true },
    } });
    let body = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    let table = table(json!([id()]), body);
    for expected in [
        r#"name: "id", key: "id", location: ParameterLocation::Path, required: true, nullable: false, kind: ParameterKind::Integer"#,
        r#"name: "body_id", key: "id", location: ParameterLocation::Body, required: true, nullable: false, kind: ParameterKind::Text, help: "Another id.""#,
        r#"name: "body_body_id", key: "body_id", location: ParameterLocation::Body, required: false, nullable: false, kind: ParameterKind::Boolean"#,
        r#"nullable: true, kind: ParameterKind::OneOf( &[ParameterKind::Integer, ParameterKind::Text], )"#,
        r#"body: Some(RequestBody { media_type: "application/json", kind: ParameterKind::Object, })"#,
    ] {
        assert!(table.contains(expected), "{expected}\n{table}");
    }
}

#[test]
fn kinds_are_those_of_the_document() {
    let query =
        |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let parameters = json!([
        id(),
        query("filter[colour]", json!({ "$ref": "#/components/schemas/Colour" })),
        query("day", json!({ "type": "string", "format": "date" })),
        query("ids", json!({ "type": "array", "items": { "type": "integer", "format": "int64" } })),
        query("price", json!({ "type": "number" })),
        { "name": "X-Trace", "in": "header", "required": true, "schema": { "type": "string" } },
    ]);
    let schema = json!({ "type": "object", "properties": {
        "extra": { "type": "object", "additionalProperties": {} },
        "anything": {},
    } });
    let body = json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } });
    let table = table(parameters, body);
    for expected in [
        r#"name: "filter_colour", key: "filter[colour]", location: ParameterLocation::Query"#,
        r#"kind: ParameterKind::Enum(&["red", "blue"])"#,
        "kind: ParameterKind::Date",
        "kind: ParameterKind::List(&ParameterKind::Integer)",
        "kind: ParameterKind::Number",
        r#"name: "x_trace", key: "X-Trace", location: ParameterLocation::Header, required: true"#,
        "kind: ParameterKind::Object",
        r#"name: "anything", key: "anything", location: ParameterLocation::Body, required: false, nullable: false, kind: ParameterKind::Json"#,
        r#"media_type: "application/x-www-form-urlencoded""#,
    ] {
        assert!(table.contains(expected), "{expected}\n{table}");
    }
}
