//! What a change of the document means for a program that uses the crate.

use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use xtask::diff::{Class, diff, markdown, worst};

fn document() -> Value {
    json!({
        "openapi": "3.0.3", "info": { "title": "Shop", "version": "1" },
        "paths": { "/orders": {
            "get": {
                "operationId": "list_orders", "description": "Lists.", "x-pagination": "offset",
                "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer" } }],
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" }, "examples": { "a": { "value": 1 } } } } } },
            },
            "post": {
                "operationId": "create_order",
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CreateOrderRequest" } } } },
                "responses": { "200": {} },
            },
        } },
        "components": { "schemas": {
            "Order": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "integer" }, "state": { "$ref": "#/components/schemas/State" },
            } },
            "CreateOrderRequest": { "type": "object", "required": ["item"], "properties": { "item": { "type": "string" } } },
            "State": { "anyOf": [{ "type": "string", "enum": ["new", "sent"] }, { "type": "string" }] },
        } },
    })
}

#[test]
fn every_kind_of_change_has_its_class() {
    use Class::*;
    type Edit = fn(&mut Value);
    let operation = "/paths/~1orders/get";
    let cases: [(Edit, Class, &str, &str); 21] = [
        (
            |d| {
                d["paths"]["/orders"]["get"]["parameters"][0]["schema"] =
                    json!({ "type": "string", "format": "date" })
            },
            Breaking,
            "list_orders",
            "parameter `limit`: integer is now string (date)",
        ),
        (
            |d| {
                d["components"]["schemas"]["CreateOrderRequest"]["properties"]["item"]["format"] =
                    "uuid".into()
            },
            Docs,
            "CreateOrderRequest.item",
            "string is now string (uuid)",
        ),
        (
            |d| {
                drop(
                    d["paths"]["/orders"]
                        .as_object_mut()
                        .unwrap()
                        .remove("post"),
                )
            },
            Breaking,
            "create_order",
            "operation removed (`POST /orders`)",
        ),
        (
            |d| {
                d["paths"]["/new"] = json!({ "get": { "operationId": "get_new", "responses": {} } })
            },
            Additive,
            "get_new",
            "operation added (`GET /new`)",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["deprecated"] = json!(true),
            Additive,
            "list_orders",
            "deprecated",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["description"] = json!("Other."),
            Docs,
            "list_orders",
            "description changed",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["x-pagination"] = json!("single"),
            Breaking,
            "list_orders",
            "paging: offset is now single",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["parameters"] = json!([]),
            Breaking,
            "list_orders",
            "parameter `limit` removed",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["parameters"][0]["required"] = json!(true),
            Breaking,
            "list_orders",
            "parameter `limit` is now required",
        ),
        (
            |d| d["paths"]["/orders"]["get"]["parameters"][0]["schema"]["type"] = json!("string"),
            Breaking,
            "list_orders",
            "parameter `limit`: integer is now string",
        ),
        (
            |d| {
                d["paths"]["/orders"]["get"]["parameters"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({ "name": "q", "in": "query", "schema": {} }))
            },
            Additive,
            "list_orders",
            "parameter `q` added",
        ),
        (
            |d| {
                d["paths"]["/orders"]["get"]["responses"]["200"]["content"]["application/json"]["examples"] =
                    json!({})
            },
            Docs,
            "list_orders",
            "answer: examples changed",
        ),
        (
            |d| {
                d["paths"]["/orders"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
                    json!({})
            },
            Breaking,
            "list_orders",
            "answer: `Order` is now free JSON",
        ),
        (
            |d| {
                d["components"]["schemas"]["Order"]["properties"]["note"] =
                    json!({ "type": "string" })
            },
            Additive,
            "Order.note",
            "field added",
        ),
        (
            |d| {
                drop(
                    d["components"]["schemas"]["Order"]["properties"]
                        .as_object_mut()
                        .unwrap()
                        .remove("id"),
                )
            },
            Breaking,
            "Order.id",
            "field removed",
        ),
        (
            |d| d["components"]["schemas"]["Order"]["properties"]["id"]["type"] = json!("string"),
            Breaking,
            "Order.id",
            "integer is now string",
        ),
        (
            |d| {
                d["components"]["schemas"]["Order"]["properties"]["id"]["description"] =
                    json!("The id.")
            },
            Docs,
            "Order.id",
            "description changed",
        ),
        (
            |d| {
                d["components"]["schemas"]["CreateOrderRequest"]["properties"]["to"] =
                    json!({ "type": "string" })
            },
            Additive,
            "CreateOrderRequest.to",
            "field added",
        ),
        (
            |d| d["components"]["schemas"]["CreateOrderRequest"]["required"] = json!([]),
            Breaking,
            "CreateOrderRequest.item",
            "is now optional",
        ),
        (
            |d| {
                d["components"]["schemas"]["State"]["anyOf"][0]["enum"] =
                    json!(["new", "sent", "lost"])
            },
            Additive,
            "State",
            "value `lost` added",
        ),
        (
            |d| d["components"]["schemas"]["State"]["anyOf"][0]["enum"] = json!(["new"]),
            Breaking,
            "State",
            "value `sent` removed",
        ),
    ];
    assert!(document().pointer(operation).is_some());
    for (edit, class, place, what) in cases {
        let mut new = document();
        edit(&mut new);
        let changes = diff(&document(), &new);
        let found = changes.iter().any(|change| {
            (change.class, change.place.as_str(), change.what.as_str()) == (class, place, what)
        });
        assert!(found, "{place}: {what} not in {changes:#?}");
        assert_eq!(worst(&changes), Some(class), "{changes:#?}");
    }
    assert_eq!(diff(&document(), &document()), []);
    assert_eq!(markdown(&[]), "No changes.\n");
}

#[test]
fn the_program_prints_markdown_or_json_and_tells_the_class_by_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, document: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, document.to_string()).unwrap();
        path
    };
    let old = write("old.json", &document());
    let mut changed = document();
    changed["components"]["schemas"]["Order"]["properties"]["note"] = json!({ "type": "string" });
    let new = write("new.json", &changed);
    let run = |old, new, report: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command
            .arg("diff")
            .args([old, new])
            .args(["--report", report])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let text = "### Additive\n\n- `Order.note`: field added\n\n";
    assert_eq!(run(&old, &new, "markdown"), (Some(10), text.into()));
    assert_eq!(run(&new, &old, "markdown").0, Some(20));
    let request =
        |path: &str| json!({ "name": path, "request": format!("https://shop.example.com{path}") });
    let small = write("small.json", &json!({ "item": [request("/orders")] }));
    let large = write(
        "large.json",
        &json!({ "item": [request("/orders"), request("/lines")] }),
    );
    assert_eq!(run(&small, &large, "markdown").0, Some(10));
    let (code, json) = run(&old, &old, "json");
    assert_eq!((code, json.trim()), (Some(0), "[]"));
}
