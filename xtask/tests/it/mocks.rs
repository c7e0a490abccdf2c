//! The mocks of any document: what progenitor's do not compile with or match too much of is polished away.

use serde_json::{Value, json};
use xtask::mock::mock_code;

/// A document whose operations have all that needs polish.
fn document() -> Value {
    let ok = |schema: Value| json!({ "200": { "description": "ok", "content": { "application/json": { "schema": schema } } } });
    let parameter = |name: &str, place: &str, schema: Value| json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Shop", "version": "1" },
        "paths": {
            "/v1.2/orders/{id}": { "get": {
                "operationId": "get_order",
                "parameters": [parameter("id", "path", json!({ "type": "integer" }))],
                "responses": ok(json!({ "$ref": "#/components/schemas/OrderResponse" })),
            } },
            "/v1.2/orders/open": { "get": {
                "operationId": "list_open_orders",
                "parameters": [
                    { "name": "ids", "in": "query", "required": true, "description": "Their ids.",
                      "schema": { "type": "array", "items": { "type": "integer" } } },
                    parameter("states", "query", json!({ "type": "array", "items": { "$ref": "#/components/schemas/State" } })),
                    parameter("X-Shop", "header", json!({ "type": "array", "items": { "type": "string" } })),
                ],
                "responses": ok(json!({ "$ref": "#/components/schemas/OrderPage" })),
            } },
            "/v1.2/orders/{id}/state": { "put": {
                "operationId": "set_state",
                "parameters": [parameter("id", "path", json!({ "type": "integer" }))],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/State" } } } },
                "responses": ok(json!({ "$ref": "#/components/schemas/Closed" })),
            } },
        },
        "components": { "schemas": {
            "State": { "type": "string", "x-open-enum": true, "description": "States.", "enum": ["open"] },
            "Closed": { "type": "string", "enum": ["yes", "no"] },
            "Order": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } },
            "OrderResponse": { "type": "object", "properties": { "data": { "allOf": [{ "$ref": "#/components/schemas/Order" }] } } },
            "OrderPage": { "type": "object", "properties": {
                "data": { "type": "array", "items": { "$ref": "#/components/schemas/Order" } },
                "meta": { "type": "object" },
            } },
        } },
    })
}

/// The code of one `impl`, without its spaces.
fn block(code: &str, name: &str) -> String {
    let start = code.find(&format!("impl {name} {{")).unwrap();
    let block = &code[start..];
    let end = block.find("\n    }\n").unwrap();
    block[..end].split_whitespace().collect()
}

#[test]
fn a_path_is_matched_by_the_document_and_leaves_other_operations_theirs() {
    let code = mock_code(&document()).unwrap();
    assert!(!code.contains("regex"), "{code}");
    let order = block(&code, "GetOrderWhen");
    let path = r#"requests::path(inner.method(::httpmock::Method::GET),"/v1.2/orders/{id}",).path_not("/v1.2/orders/open")"#;
    assert!(order.contains(path), "{order}");
    let id = r#"pubfnid(self,value:i64)->Self{Self(crate::requests::path_parameter(self.0,"/v1.2/orders/{id}","id",&value,)"#;
    assert!(order.contains(id), "{order}");
    // Another method, another length.
    assert!(!block(&code, "SetStateWhen").contains("path_not"));
    assert!(!block(&code, "ListOpenOrdersWhen").contains("path_not"));
}

#[test]
fn lists_in_the_query_are_matched_as_they_are_sent() {
    let code = mock_code(&document()).unwrap();
    let orders = block(&code, "ListOpenOrdersWhen");
    for expected in [
        "Theirids.pubfnids(self,value:&::std::vec::Vec<i64>)->Self",
        r#"Self(crate::requests::query(self.0,"ids",&value))"#,
        "T:Into<Option<&'a::std::vec::Vec<::chat2desk::wire::State>>>",
        r#"Self(crate::requests::query(self.0,"states",&value))"#,
        r#"Self(self.0.query_param_missing("states"))"#,
        // A list in a header is lowered to a text, as for the client.
        r#"pubfnx_shop<'a,T>(self,value:T)->SelfwhereT:Into<Option<&'astr>>,"#,
        r#"Self(self.0.header("X-Shop",value.to_string()))"#,
    ] {
        assert!(orders.contains(expected), "{expected} in {orders}");
    }
    assert!(!code.contains("query_param("), "{code}");
}

#[test]
fn bodies_and_answers_are_owned_values_of_any_kind() {
    let code = mock_code(&document()).unwrap();
    let state = block(&code, "SetStateWhen");
    assert!(
        state.contains("pubfnbody(self,value:implTryInto<::chat2desk::wire::State,"),
        "{state}"
    );
    for (name, expected) in [
        ("SetStateThen", "pubfnok(self,value:implTryInto<"),
        (
            "GetOrderThen",
            "pubfndata(self,value:implTryInto<types::Order,",
        ),
        ("ListOpenOrdersThen", "whereT:TryInto<types::Order,"),
        ("ListOpenOrdersThen", "crate::responses::page("),
        ("SetStateThen", "pubfnerror(self,status:u16,message:&str)"),
        ("SetStateThen", "pubfnfield_errors<'a>("),
    ] {
        let block = block(&code, name);
        assert!(block.contains(expected), "{expected} in {block}");
    }
    assert!(!block(&code, "SetStateThen").contains("pubfndata"));
}

#[test]
fn a_body_that_is_not_json_is_left_to_httpmock() {
    let mut document = document();
    document["paths"]["/v1.2/orders/{id}/state"]["put"]["requestBody"]["content"] = json!({ "application/x-www-form-urlencoded": { "schema": { "$ref": "#/components/schemas/Order" } } });
    let state = block(&mock_code(&document).unwrap(), "SetStateWhen");
    assert!(state.contains("pubfnid("), "{state}");
    assert!(!state.contains("body"), "{state}");
}
