//! Each lowering rule on a document that needs it, and what lowering refuses.

use serde_json::{Value, json};
use xtask::lower::{self, FOR_THIS_CRATE, LowerError};

/// A document with one list operation, whose parts a test replaces.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": { "/v1/orders": { "get": {
            "operationId": "list_orders",
            "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer", "default": 20, "maximum": 200 } }],
            "responses": {
                "200": { "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/OrderPage" } } } },
                "404": { "description": "no", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } },
            },
        } } },
        "components": { "schemas": {
            "OrderPage": { "type": "object", "required": ["data", "status"], "properties": {
                "data": { "type": "array", "items": { "$ref": "#/components/schemas/Order" } },
                "status": { "type": "string" },
            } },
            "Order": { "type": "object", "required": ["id", "state"], "properties": {
                "id": { "type": "integer" },
                "state": { "$ref": "#/components/schemas/State" },
            } },
            "State": { "anyOf": [{ "type": "string", "enum": ["new"] }, { "type": "string" }], "x-open-enum": true, "description": "States." },
            "Error": { "type": "object", "properties": { "message": { "type": "string" } } },
        } },
    })
}

fn lower(document: &Value) -> Result<lower::Lowered, LowerError> {
    lower::lower(document, FOR_THIS_CRATE)
}

fn lowered(document: &Value) -> Value {
    lower(document).unwrap().document
}

fn fired(document: &Value, rule: &str) -> usize {
    let report = lower(document).unwrap().report;
    report
        .into_iter()
        .find(|(name, _)| *name == rule)
        .unwrap()
        .1
}

fn schema<'a>(document: &'a Value, name: &str) -> &'a Value {
    &document["components"]["schemas"][name]
}

fn operation(document: &Value) -> &Value {
    &document["paths"]["/v1/orders"]["get"]
}

#[test]
fn error_responses_go_and_one_success_stays() {
    let mut document = document();
    let responses = &mut document["paths"]["/v1/orders"]["get"]["responses"];
    responses["204"] = json!({ "description": "none" });
    responses["default"] = json!({ "description": "else" });
    assert_eq!(fired(&document, "drop-error-responses"), 2);
    let lowered = lowered(&document);
    let responses = operation(&lowered)["responses"].as_object().unwrap();
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["2XX"]);
    assert!(responses["2XX"]["content"]["application/json"]["schema"]["$ref"].is_string());
}

#[test]
fn a_success_without_json_becomes_free_json() {
    let mut document = document();
    document["paths"]["/v1/orders"]["get"]["responses"] =
        json!({ "200": { "description": "ok", "content": { "text/html": {} } } });
    assert_eq!(fired(&document, "json-only"), 1);
    let lowered = lowered(&document);
    let content = &operation(&lowered)["responses"]["2XX"]["content"];
    assert_eq!(*content, json!({ "application/json": { "schema": {} } }));
}

#[test]
fn open_enums_and_wire_types_become_plain_texts() {
    let mut document = document();
    document["components"]["schemas"]["Timestamp"] =
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    document["components"]["schemas"]["Order"]["properties"]["made"] =
        json!({ "$ref": "#/components/schemas/Timestamp" });
    assert_eq!(
        (
            fired(&document, "open-enums"),
            fired(&document, "wire-types")
        ),
        (1, 1)
    );
    let lowered = lowered(&document);
    assert_eq!(
        *schema(&lowered, "State"),
        json!({ "type": "string", "description": "States.", "x-type": "crate::wire::State" })
    );
    assert_eq!(schema(&lowered, "Timestamp")["type"], "string");
}

#[test]
fn answers_need_their_identity_only_and_requests_what_they_need() {
    let mut document = document();
    document["paths"]["/v1/orders"]["post"] = json!({
        "operationId": "create_order",
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CreateOrderRequest" } } } },
        "responses": { "200": { "description": "ok" } },
    });
    document["components"]["schemas"]["CreateOrderRequest"] = json!({ "type": "object", "required": ["item"], "properties": { "item": { "type": "string" } } });
    let lowered = lowered(&document);
    assert_eq!(schema(&lowered, "OrderPage")["required"], json!(["data"]));
    assert_eq!(schema(&lowered, "Order")["required"], json!(["id"]));
    assert_eq!(
        schema(&lowered, "CreateOrderRequest")["required"],
        json!(["item"])
    );
}

#[test]
fn constraints_go_and_a_property_of_that_name_stays() {
    let mut document = document();
    document["components"]["schemas"]["Order"]["additionalProperties"] = json!(false);
    document["components"]["schemas"]["Order"]["properties"]["default"] =
        json!({ "type": "string", "maxLength": 3, "format": "date-time" });
    let parameters = &mut document["paths"]["/v1/orders"]["get"]["parameters"];
    let day =
        json!({ "name": "day", "in": "query", "schema": { "type": "string", "format": "date" } });
    parameters.as_array_mut().unwrap().push(day);
    let lowered = lowered(&document);
    let order = schema(&lowered, "Order");
    assert!(order.get("additionalProperties").is_none());
    assert_eq!(order["properties"]["default"], json!({ "type": "string" }));
    let parameters = operation(&lowered)["parameters"].as_array().unwrap();
    let limit = &parameters[0]["schema"];
    assert_eq!(*limit, json!({ "type": "integer", "format": "int64" }));
    // What is sent is ours to check.
    let day = &parameters.last().unwrap()["schema"];
    assert_eq!(day["format"], "date");
}

#[test]
fn parameters_that_no_call_can_have_go() {
    let mut document = document();
    let parameter = |name: &str, place: &str| json!({ "name": name, "in": place, "schema": { "type": "string", "format": "date-time" } });
    document["paths"]["/v1/orders"]["get"]["parameters"] = [
        ("session", "cookie"),
        ("authorization", "header"),
        ("two words", "header"),
        ("Content-Length", "header"),
        ("since", "query"),
        ("X-Since", "header"),
    ]
    .map(|(name, place)| parameter(name, place))
    .into_iter()
    .collect();
    let lowered = lowered(&document);
    let parameters = operation(&lowered)["parameters"].as_array().unwrap();
    let kept = parameters.iter().map(|parameter| {
        (
            parameter["name"].as_str(),
            parameter["schema"].get("format"),
        )
    });
    assert_eq!(
        kept.collect::<Vec<_>>(),
        [
            (Some("X-Since"), None),
            (Some("since"), Some(&json!("date-time"))),
        ]
    );
}

#[test]
fn descriptions_are_fit_for_rustdoc() {
    for (given, expected) in [
        ("plain `[chat]` text", "plain `[chat]` text"),
        ("one [chat] two", "one \\[chat\\] two"),
        (
            "see https://example.com/a, please",
            "see <https://example.com/a>, please",
        ),
        ("a\n\n    indented", "a\n\nindented"),
        ("a\n```\ncode\n```\nb", "a\ncode\nb"),
        ("a\u{202e}b\rc\r\nd\u{0}", "ab\nc\nd"),
        (
            "<script>x</script> 1 < 2 `<b>`",
            "\\<script>x\\</script> 1 < 2 `<b>`",
        ),
        (
            "<https://example.com/a> \\<b>",
            "<https://example.com/a> \\<b>",
        ),
    ] {
        let mut document = document();
        document["paths"]["/v1/orders"]["get"]["description"] = given.into();
        assert_eq!(operation(&lowered(&document))["description"], expected);
    }
}

#[test]
fn unused_components_go() {
    let lowered = lowered(&document());
    let names: Vec<_> = lowered["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(names, ["OrderPage", "Order", "State"]);
}

#[test]
fn lowering_is_idempotent() {
    let once = lowered(&document());
    assert_eq!(lowered(&once), once);
}

#[test]
fn refusals_name_rule_and_operation() {
    let refused = |change: fn(&mut Value)| {
        let mut document = document();
        change(&mut document);
        lower(&document).unwrap_err()
    };
    let LowerError { rule, place, .. } = refused(|document| {
        document["paths"]["/v1/orders"]["get"]["responses"] = json!({ "404": {} })
    });
    assert_eq!(
        (rule, place.as_str()),
        ("single-success", "list_orders (GET /v1/orders)")
    );

    let LowerError { rule, place, .. } =
        refused(|document| document["paths"]["/v1/orders"]["get"]["operationId"] = Value::Null);
    assert_eq!((rule, place.as_str()), ("operation-ids", "GET /v1/orders"));

    let error = refused(|document| {
        let copy = document["paths"]["/v1/orders"]["get"].clone();
        document["paths"]["/v1/orders/all"] = json!({ "get": copy });
    });
    assert!(
        error
            .to_string()
            .contains("second operation with id `list_orders`"),
        "{error}"
    );

    for change in [
        (|document| {
            let shared = json!([{ "$ref": "#/components/parameters/Limit" }]);
            document["paths"]["/v1/orders"]["get"]["parameters"] = shared;
        }) as fn(&mut Value),
        |document| document["paths"]["/v1/orders"]["parameters"] = json!([]),
    ] {
        let LowerError { rule, place, .. } = refused(change);
        assert_eq!((rule, place.as_str()), ("self-contained", "GET /v1/orders"));
    }

    let error = refused(|document| document["paths"] = json!({}));
    assert!(error.to_string().contains("no operations"), "{error}");
}

#[test]
fn an_empty_list_or_map_is_never_none() {
    let mut document = document();
    let lists = json!({
        "items": { "type": "array", "items": {}, "nullable": true },
        "extra": { "type": "object", "additionalProperties": {}, "nullable": true },
        "note": { "type": "string", "nullable": true },
    });
    document["components"]["schemas"]["Order"]["properties"] = lists;
    assert_eq!(fired(&document, "null-is-empty"), 2);
    let lowered = lowered(&document);
    let properties = &schema(&lowered, "Order")["properties"];
    assert!(properties["items"].get("nullable").is_none());
    assert_eq!(properties["note"]["nullable"], true);
}

#[test]
fn what_comes_bare_and_wrapped_is_one_type() {
    let mut document = document();
    let record = json!({ "$ref": "#/components/schemas/Order" });
    let list = json!({ "type": "array", "items": record });
    let schemas = &mut document["components"]["schemas"];
    schemas["Found"] = json!({ "type": "object", "required": ["data"], "properties": {
        "data": { "oneOf": [list, record], "description": "What was found." },
        // No wrapping of the other, and so no such type.
        "others": { "oneOf": [{ "type": "integer" }, list] },
    } });
    let all = json!({ "oneOf": [{ "$ref": "#/components/schemas/OrderPage" }, list] });
    for (path, id, schema) in [
        (
            "/v1/found",
            "get_found",
            json!({ "$ref": "#/components/schemas/Found" }),
        ),
        ("/v1/all", "list_all", all),
    ] {
        let content = json!({ "application/json": { "schema": schema } });
        let response = json!({ "description": "ok", "content": content });
        document["paths"][path]["get"] =
            json!({ "operationId": id, "responses": { "200": response } });
    }
    assert_eq!(fired(&document, "wrapped-values"), 2);
    let lowered = lowered(&document);
    let found = &schema(&lowered, "Found")["properties"];
    assert_eq!(
        found["data"],
        json!({ "description": "What was found.",
            "allOf": [{ "$ref": "#/components/schemas/SingleOrder" }] })
    );
    assert!(found["others"].get("allOf").is_none());
    let own = |name: &str| schema(&lowered, name)["x-type"].clone();
    let order = "crate::generated::types::Order";
    assert_eq!(own("SingleOrder"), format!("crate::wire::Single<{order}>"));
    let list = format!("crate::wire::Enveloped<{order}>");
    assert_eq!(own("EnvelopedOrder"), list);
}
