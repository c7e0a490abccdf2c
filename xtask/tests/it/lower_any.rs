//! Lowering of any document: what progenitor refuses becomes what it takes, each by a named rule.

use serde_json::{Value, json};
use std::collections::HashMap;
use xtask::generate;
use xtask::lower::{ACCEPTED, lower, operations};

/// A document with one operation that progenitor takes as it is.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/orders": { "post": {
            "operationId": "create_order",
            "parameters": [],
            "requestBody": { "required": true, "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Order" } },
            } },
            "responses": { "200": { "description": "ok", "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Order" } },
            } } },
        } } },
        "components": { "schemas": {
            "Order": { "type": "object", "required": ["sku"], "properties": { "sku": { "type": "string" } } },
        } },
    })
}

/// A change that makes a rule necessary.
type Need = fn(&mut Value);

const NEEDS: [(&str, Need); 17] = [
    ("unsupported-methods", |document| {
        let mut other = document["paths"]["/orders"]["post"].clone();
        other["operationId"] = "ask_orders".into();
        document["paths"]["/orders"]["options"] = other;
    }),
    ("drop-error-responses", |document| {
        let schema = json!({ "type": "object", "properties": { "message": { "type": "string" } } });
        let content = json!({ "application/json": { "schema": schema } });
        responses(document)["400"] = json!({ "description": "no", "content": content });
    }),
    ("single-success", |document| {
        let content = json!({ "text/plain": { "schema": { "type": "string" } } });
        responses(document)["201"] = json!({ "description": "ok", "content": content });
    }),
    ("json-success", |document| {
        responses(document)["200"]["content"] = json!({ "application/json": {} });
    }),
    ("one-body", |document| {
        let body = &mut document["paths"]["/orders"]["post"]["requestBody"];
        body["content"] = json!({
            "multipart/form-data": { "schema": { "type": "object", "properties": { "photo": { "type": "string", "format": "binary" } } } },
            "application/xml": { "schema": { "type": "string" } },
        });
    }),
    ("plain-parameters", |document| {
        let schema = json!({ "type": "object", "properties": { "day": { "type": "string" } } });
        parameter(
            document,
            json!({ "name": "filter", "in": "query", "style": "deepObject", "schema": schema }),
        );
    }),
    ("content-type-header", |document| {
        let body = &mut document["paths"]["/orders"]["post"]["requestBody"];
        body["content"] = json!({ "application/vnd.shop+json": { "schema": {} } });
    }),
    ("colliding-parameters", |document| {
        for name in ["user_id", "userId"] {
            parameter(
                document,
                json!({ "name": name, "in": "query", "schema": { "type": "string" } }),
            );
        }
    }),
    ("colliding-properties", |document| {
        properties(document)["user_id"] = json!({ "type": "string" });
        properties(document)["userId"] = json!({ "type": "string" });
    }),
    ("free-mixtures", |document| {
        let kinds =
            json!([{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]);
        properties(document)["tags"] = json!({ "oneOf": kinds });
    }),
    ("unrequire-nullable", |document| {
        let operation = document["paths"]["/orders"]["post"].as_object_mut();
        operation.unwrap().remove("requestBody");
        properties(document)["sku"]["nullable"] = true.into();
    }),
    ("no-constraints", |document| {
        properties(document)["sku"]["maxLength"] = 8.into();
    }),
    ("plain-texts", |document| {
        properties(document)["sku"]["format"] = "date-time".into();
    }),
    ("int64", |document| {
        properties(document)["id"] = json!({ "type": "integer" });
    }),
    ("reserved-components", |document| {
        let schemas = &mut document["components"]["schemas"];
        schemas["Option"] = schemas["Order"].clone();
        properties(document)["choice"] = json!({ "$ref": "#/components/schemas/Option" });
    }),
    ("sanitize-docs", |document| {
        let description = "Makes one.\n\n    let order = [sku];\n";
        document["paths"]["/orders"]["post"]["description"] = description.into();
    }),
    ("prune-components", |document| {
        document["components"]["schemas"]["Unused"] = json!({ "type": "object" });
    }),
];

fn responses(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/orders"]["post"]["responses"]
}

fn properties(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]["Order"]["properties"]
}

fn parameter(document: &mut Value, parameter: Value) {
    let list = &mut document["paths"]["/orders"]["post"]["parameters"];
    list.as_array_mut().unwrap().push(parameter);
}

#[test]
fn every_rule_mends_what_it_is_for_and_loses_no_operation() {
    let fired = |document: &Value| -> HashMap<&str, usize> {
        let lowered = lower(document, &[ACCEPTED]).unwrap();
        let kept = operations(&lowered.document).count();
        let set_aside = &lowered.document["x-unsupported-operations"];
        let set_aside = set_aside.as_array().map_or(0, Vec::len);
        assert_eq!(kept + set_aside, operations(document).count());
        generate::client(&lowered.document).unwrap();
        lowered.report.into_iter().collect()
    };
    for (rule, need) in NEEDS {
        let mut document = document();
        need(&mut document);
        assert!(fired(&document)[rule] > 0, "{rule}");
    }
    let tested = NEEDS.map(|(rule, _)| rule);
    assert_eq!(
        ACCEPTED.iter().map(|rule| rule.name).collect::<Vec<_>>(),
        tested
    );
}
