//! What samples become: components, parameters, bodies, answers.

use super::*;

#[test]
fn samples_become_shared_components() {
    let conversion = converted(&collection(orders()));
    assert!(conversion.warnings.is_empty(), "{:?}", conversion.warnings);
    let names: Vec<_> = conversion.document()["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    // The two answers disagree: neither order has all keys of the other.
    assert_eq!(
        names,
        [
            "GetOrderResponse",
            "GetOrderResult",
            "Line",
            "Meta",
            "Order",
            "OrderPage"
        ]
    );
    let order = schema(&conversion, "Order");
    assert_eq!(order["required"], json!(["id", "note", "lines"]));
    assert_eq!(
        order["properties"]["id"],
        json!({ "type": "integer", "format": "int64" })
    );
    assert_eq!(
        order["properties"]["note"],
        json!({ "nullable": true, "type": "string" })
    );
    assert_eq!(
        order["properties"]["lines"]["items"],
        json!({ "$ref": "#/components/schemas/Line" })
    );
    assert_eq!(
        schema(&conversion, "GetOrderResult")["properties"]["price"],
        json!({ "type": "number" })
    );
    let document = conversion.document();
    assert_eq!(
        document["servers"],
        json!([{ "url": "https://shop.example.com" }])
    );
    assert_eq!(document["info"]["description"], "A shop.");
    assert_eq!(
        document["components"]["securitySchemes"]["apikey"],
        json!({ "type": "apiKey", "in": "header", "name": "X-Key" })
    );
}

#[test]
fn what_only_one_sample_has_is_not_required() {
    let mut items = orders();
    let page = json!({ "data": [{ "id": 1, "note": "x" }, { "id": "2" }], "status": "ok" });
    items.truncate(1);
    items[0]["response"][0]["body"] = page.to_string().into();
    let conversion = converted(&collection(items));
    let order = schema(&conversion, "Order");
    assert_eq!(order["required"], json!(["id"]));
    let kinds = json!([{ "type": "string" }, { "type": "integer", "format": "int64" }]);
    assert_eq!(order["properties"]["id"]["oneOf"], kinds);
}

#[test]
fn parameters_keep_types_descriptions_and_whether_they_are_required() {
    let mut items = orders();
    items[0]["request"]["url"]["query"] = json!([
        { "key": "day", "value": "2026-05-04", "description": "Required. The day." },
        { "key": "limit", "value": "20", "disabled": true, "description": { "content": "Records." } },
        { "key": "paid", "value": "true", "disabled": true },
        { "key": "code", "value": "007", "disabled": true },
        { "key": "token", "value": "{{token}}", "disabled": true },
    ]);
    items[1]["request"]["url"]["variable"] =
        json!([{ "key": "id", "value": "7", "description": "The id." }]);
    let conversion = converted(&collection(items));
    let (_, _, list) = operations(conversion.document()).next().unwrap();
    let parameter = |name: &str| {
        let parameters = list["parameters"].as_array().unwrap();
        parameters
            .iter()
            .find(|parameter| parameter["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (
            &parameter("day")["required"],
            &parameter("day")["description"]
        ),
        (&json!(true), &json!("The day."))
    );
    assert_eq!(
        parameter("limit")["schema"],
        json!({ "type": "integer", "format": "int64" })
    );
    assert_eq!(parameter("limit")["description"], "Records.");
    assert_eq!(parameter("limit").get("required"), None);
    assert_eq!(parameter("paid")["schema"]["type"], "boolean");
    assert_eq!(
        (
            &parameter("code")["schema"]["type"],
            &parameter("code")["example"]
        ),
        (&json!("string"), &json!("007"))
    );
    assert_eq!(
        (
            &parameter("token")["schema"]["type"],
            parameter("token").get("example")
        ),
        (&json!("string"), None)
    );
    let (_, _, get) = operations(conversion.document()).nth(1).unwrap();
    assert_eq!(get["parameters"][0]["schema"]["type"], "integer");
    assert_eq!(get["parameters"][0]["required"], true);
}

#[test]
fn bodies_are_what_samples_and_tables_say() {
    let mut items = orders();
    items.push(json!({
        "name": "Create order",
        "request": {
            "method": "POST", "url": "https://shop.example.com/v1/orders",
            "description": "Makes one.\n\n### Body\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| `sku` | string | yes | What. |\n| `count` | integer | no | How many. |\n| `extra` | map | no | More. |",
            "body": { "mode": "raw", "raw": "{\"sku\": \"a\"}" },
        },
        "response": [{ "name": "two", "code": 201, "originalRequest": { "body": { "mode": "raw", "raw": "{\"sku\": \"b\", \"gift\": true}" } }, "body": "{\"status\": \"ok\"}" }],
    }));
    let conversion = converted(&collection(items));
    let body = schema(&conversion, "CreateOrderRequest");
    assert_eq!(body["required"], json!(["sku"]));
    assert_eq!(
        body["properties"]["sku"],
        json!({ "description": "What.", "type": "string" })
    );
    assert_eq!(body["properties"]["count"]["type"], "integer");
    assert_eq!(body["properties"]["gift"]["type"], "boolean");
    assert_eq!(
        body["properties"]["extra"]["additionalProperties"],
        json!({})
    );
    let create = &conversion.document()["paths"]["/v1/orders"]["post"];
    assert_eq!(create["description"], "Makes one.");
    let examples = create["requestBody"]["content"]["application/json"]["examples"]
        .as_object()
        .unwrap();
    assert_eq!(examples.keys().collect::<Vec<_>>(), ["default", "two"]);
    assert_eq!(
        create["responses"]["201"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Acknowledgement"
    );
}

#[test]
fn errors_and_odd_answers_are_kept() {
    let mut items = orders();
    items[0]["response"] = json!([
        { "name": "refused", "code": 400, "body": "{\"message\": \"no\"}" },
        { "name": "gateway", "code": 502, "header": [{ "key": "Content-Type", "value": "text/html; charset=utf-8" }], "body": "<html>" },
        { "name": "broken", "code": 500, "body": "{" },
    ]);
    let conversion = converted(&collection(items));
    let responses = &conversion.document()["paths"]["/v1/orders"]["get"]["responses"];
    assert_eq!(
        responses.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["200", "400", "500", "502"]
    );
    assert_eq!(
        responses["200"]["content"]["application/json"]["schema"],
        json!({})
    );
    assert_eq!(
        responses["400"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Error"
    );
    assert_eq!(
        responses["502"]["content"]["text/html"]["examples"]["gateway"]["value"],
        "<html>"
    );
    assert_eq!(
        responses["500"]["content"]["text/plain"]["examples"]["broken"]["value"],
        "{"
    );
    assert_eq!(
        conversion.warnings,
        [
            "orders / List orders: saved response `broken` is not the JSON that it says; kept as text"
        ]
    );
}

#[test]
fn bare_arrays_have_items_and_wrapped_collections_are_opened() {
    let items = vec![item(
        "List orders",
        "GET",
        "/v1/orders",
        json!([{ "id": 1 }]),
    )];
    let plain = collection(items);
    let wrapped = json!({ "collection": plain });
    let text = format!("\u{feff}{wrapped}");
    let conversion = convert((FILE, text.as_bytes()), None, None).unwrap();
    assert_eq!(conversion.text, converted(&plain).text);
    let schema = &conversion.document()["paths"]["/v1/orders"]["get"]["responses"]["200"]["content"]
        ["application/json"]["schema"];
    assert_eq!(
        *schema,
        json!({ "type": "array", "items": { "$ref": "#/components/schemas/Order" } })
    );
}

#[test]
fn equal_shapes_are_one_component() {
    let user = json!({ "id": 1, "name": "x", "mail": "y" });
    let items = vec![
        item("One", "GET", "/one", json!({ "user": user, "n": 1 })),
        item("Two", "GET", "/two", json!({ "owner": user, "n": 1 })),
    ];
    let conversion = converted(&collection(items));
    let names: Vec<_> = conversion.document()["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    // What operations answer with is called after what it is, also where it is equal.
    assert_eq!(names, ["One", "Two", "User"]);
    let owner = &schema(&conversion, "Two")["properties"]["owner"];
    assert_eq!(*owner, json!({ "$ref": "#/components/schemas/User" }));
}

#[test]
fn tables_document_parameters_and_headers_are_kept() {
    let mut items = orders();
    items[0]["request"]["url"]["query"] = json!([{ "key": "page", "value": "1" }]);
    items[0]["request"]["description"] = "<p>Lists.</p><table><thead><tr><th>Parameter</th><th>Description</th></tr></thead><tbody><tr><td>page</td><td>Page to get</td></tr></tbody></table>".into();
    items[0]["response"][0]["header"] = json!([
        { "key": "X-Rate-Limit", "value": "10" }, { "key": "Server", "value": "x" }, { "key": "X-Powered-By", "value": "x" },
    ]);
    let conversion = converted(&collection(items));
    let list = &conversion.document()["paths"]["/v1/orders"]["get"];
    assert_eq!(
        (&list["description"], &list["parameters"][0]["description"]),
        (&json!("Lists."), &json!("Page to get"))
    );
    let headers = list["responses"]["200"]["headers"].as_object().unwrap();
    assert_eq!(headers.keys().collect::<Vec<_>>(), ["x-rate-limit"]);
    assert_eq!(headers["x-rate-limit"]["schema"]["type"], "integer");
}

#[test]
fn texts_have_a_format_when_all_agree() {
    let order = |day: &str, mail: &str| json!({ "day": day, "mail": mail, "link": "https://shop.example.com/1" });
    let page = json!([
        order("2026-05-04", "ann@shop.example.com"),
        order("2026-05-05", "none")
    ]);
    let mut items = vec![item("List orders", "GET", "/v1/orders", page)];
    items[0]["request"]["url"]["query"] = json!([{ "key": "day", "value": "2026-05-04" }]);
    let conversion = converted(&collection(items));
    let order = &schema(&conversion, "Order")["properties"];
    assert_eq!(order["day"], json!({ "type": "string", "format": "date" }));
    assert_eq!(order["mail"], json!({ "type": "string" }));
    assert_eq!(order["link"]["format"], "uri");
    let parameter = &conversion.document()["paths"]["/v1/orders"]["get"]["parameters"][0];
    assert_eq!(parameter["schema"]["format"], "date");
}

#[test]
fn objects_whose_keys_are_data_are_maps() {
    let answer = json!({ "data": {
        "prices": { "2026-05-04": 1, "2026-05-05": 2.5 },
        "lines": { "17": { "sku": "a" }, "18": { "sku": "b", "gift": true } },
        "mixed": { "17": 1, "total": 1 },
    } });
    let conversion = converted(&collection(vec![item("Stock", "GET", "/stock", answer)]));
    let stock = &schema(&conversion, "Stock")["properties"];
    assert_eq!(
        stock["prices"],
        json!({ "type": "object", "additionalProperties": { "type": "number" } })
    );
    assert_eq!(
        stock["lines"]["additionalProperties"],
        json!({ "$ref": "#/components/schemas/Line" })
    );
    assert_eq!(schema(&conversion, "Line")["required"], json!(["sku"]));
    // One key that is a name makes it an object.
    assert_eq!(
        stock["mixed"],
        json!({ "$ref": "#/components/schemas/Mixed" })
    );
}

#[test]
fn a_map_in_one_sample_and_an_object_in_another_is_a_free_map() {
    let answer = json!({ "data": [{ "extra": { "17": 1 } }, { "extra": { "note": "x" } }, { "extra": {} }] });
    let conversion = converted(&collection(vec![item("Orders", "GET", "/orders", answer)]));
    assert_eq!(
        schema(&conversion, "Order")["properties"]["extra"],
        json!({ "type": "object", "additionalProperties": {} })
    );
}

#[test]
fn an_object_here_and_a_list_of_it_there_are_one_component() {
    let answer =
        json!({ "data": [{ "line": { "sku": "a" } }, { "line": [{ "sku": "b", "gift": true }] }] });
    let conversion = converted(&collection(vec![item("Orders", "GET", "/orders", answer)]));
    let line = json!({ "$ref": "#/components/schemas/Line" });
    assert_eq!(
        schema(&conversion, "Order")["properties"]["line"]["oneOf"],
        json!([line, { "type": "array", "items": line }])
    );
    let fields = &schema(&conversion, "Line")["properties"];
    assert!(fields["sku"].is_object() && fields["gift"].is_object());
}

#[test]
fn a_bare_text_that_is_json_is_an_example_of_json() {
    let mut items = orders();
    items[0]["response"][0]["body"] = "\"Success\"".into();
    let conversion = converted(&collection(items));
    let list = &conversion.document()["paths"]["/v1/orders"]["get"];
    let media = &list["responses"]["200"]["content"]["application/json"];
    assert_eq!(media["schema"], json!({ "type": "string" }));
    // The text without the quotes that JSON writes it in.
    assert_eq!(media["examples"]["ok"]["value"], "Success");
}

#[test]
fn a_field_is_a_number_only_where_its_own_samples_have_fractions() {
    let mut items = orders();
    items[0]["response"] = json!([
        { "name": "whole", "code": 200, "body": "{\"count\": 10, \"price\": 10}" },
        { "name": "fraction", "code": 200, "body": "{\"count\": 11, \"price\": 10.5}" },
    ]);
    items[1]["response"][0]["body"] = "{\"count\": 1, \"price\": 7}".into();
    let conversion = converted(&collection(items));
    let kind = |component: &str, field: &str| {
        schema(&conversion, component)["properties"][field]["type"].clone()
    };
    assert_eq!(kind("ListOrdersResponse", "count"), "integer");
    assert_eq!(kind("ListOrdersResponse", "price"), "number");
    assert_eq!(kind("Order", "price"), "integer");
}
