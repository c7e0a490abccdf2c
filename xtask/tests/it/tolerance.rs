//! Collections as other people keep them: every request and body has a place, or a message has.

use serde_json::{Value, json};
use xtask::convert::{Conversion, convert};

fn converted(collection: &Value) -> Conversion {
    let text = collection.to_string();
    convert(("shop.json", text.as_bytes()), None, None).unwrap()
}

fn refused(collection: &Value) -> String {
    let text = collection.to_string();
    let error = convert(("shop.json", text.as_bytes()), None, None).unwrap_err();
    error.to_string()
}

fn get(name: &str, path: &str, answer: Value) -> Value {
    let url = format!("https://shop.example.com{path}");
    let answer = json!({ "name": "ok", "code": 200, "body": answer.to_string() });
    json!({ "name": name, "request": { "method": "GET", "url": url }, "response": [answer] })
}

fn post(name: &str, path: &str, body: Value) -> Value {
    let url = format!("https://shop.example.com{path}");
    json!({ "name": name, "request": { "method": "POST", "url": url, "body": body } })
}

fn operation<'a>(conversion: &'a Conversion, method: &str, path: &str) -> &'a Value {
    &conversion.document()["paths"][path][method]
}

#[test]
fn equal_calls_become_one_operation_that_knows_both() {
    let raw = |body: &str| json!({ "mode": "raw", "raw": body });
    let conversion = converted(&json!({ "item": [
        post("Create order", "/orders", raw("{\"sku\": \"a\"}")),
        post("Create gift", "/orders", raw("{\"sku\": \"b\", \"gift\": true}")),
    ] }));
    assert_eq!(conversion.account.requests.found, 2);
    let warning =
        "Create gift: has the method and path of `Create order`; the two are one operation";
    assert_eq!(conversion.warnings, [warning]);
    let order = operation(&conversion, "post", "/orders");
    assert_eq!(order["summary"], "Create order");
    let examples = &order["requestBody"]["content"]["application/json"]["examples"];
    assert_eq!(examples["create_gift"]["value"]["gift"], true);
    let body = &conversion.document()["components"]["schemas"]["CreateOrderRequest"];
    assert_eq!(body["required"], json!(["sku"]));
}

#[test]
fn bodies_stay_under_their_media_types() {
    let form = json!([
        { "key": "name", "value": "Ann", "description": "Required. Whose." },
        { "key": "age", "value": "30", "disabled": true },
        { "key": "photo", "type": "file", "src": [] },
    ]);
    let conversion = converted(&json!({ "item": [
        post("Form", "/forms", json!({ "mode": "urlencoded", "urlencoded": [form[0], form[1]] })),
        post("Upload", "/uploads", json!({ "mode": "formdata", "formdata": form })),
        post("Text", "/notes", json!({ "mode": "raw", "raw": "<a/>", "options": { "raw": { "language": "xml" } } })),
        post("File", "/files", json!({ "mode": "file", "file": { "src": "/a" } })),
        post("Query", "/graphs", json!({ "mode": "graphql", "graphql": { "query": "{ a }", "variables": "{\"n\": 1}" } })),
    ] }));
    let content = |path: &str, media_type: &str| {
        operation(&conversion, "post", path)["requestBody"]["content"][media_type].clone()
    };
    let form = content("/forms", "application/x-www-form-urlencoded");
    assert_eq!(form["schema"]["required"], json!(["name"]));
    assert_eq!(
        form["schema"]["properties"]["name"]["description"],
        "Whose."
    );
    assert_eq!(form["schema"]["properties"]["age"]["type"], "integer");
    // What is disabled is a key of the form, and no part of the example.
    assert_eq!(
        form["examples"]["default"]["value"],
        json!({ "name": "Ann" })
    );
    let photo = content("/uploads", "multipart/form-data")["schema"]["properties"]["photo"].clone();
    assert_eq!(photo, json!({ "type": "string", "format": "binary" }));
    let note = content("/notes", "application/xml");
    assert_eq!(note["examples"]["default"]["value"], "<a/>");
    let file = content("/files", "application/octet-stream");
    assert_eq!(file["schema"]["format"], "binary");
    let query = content("/graphs", "application/json");
    assert_eq!(
        query["examples"]["default"]["value"]["variables"],
        json!({ "n": 1 })
    );
    assert!(conversion.warnings.is_empty(), "{:?}", conversion.warnings);
}

#[test]
fn the_nearest_authentication_holds() {
    let plain = |path: &str| get(path, path, json!([1]));
    let with = |path: &str, auth: Value| {
        let mut item = plain(path);
        item["request"]["auth"] = auth;
        item
    };
    let key = json!({ "key": "X-Key", "in": "header", "value": "" });
    let conversion = converted(&json!({
        "auth": { "type": "bearer" },
        "item": [
            plain("/inherits"),
            with("/open", json!({ "type": "noauth" })),
            with("/same", json!({ "type": "bearer" })),
            with("/odd", json!({ "type": "quantum" })),
            { "name": "keys", "auth": { "type": "apikey", "apikey": key }, "item": [
                plain("/folder"), with("/own", json!({ "type": "basic" })),
            ] },
        ],
    }));
    let document = conversion.document();
    assert_eq!(document["security"], json!([{ "bearer": [] }]));
    for (path, expected) in [
        ("/inherits", Value::Null),
        ("/same", Value::Null),
        ("/open", json!([])),
        ("/folder", json!([{ "apikey": [] }])),
        ("/own", json!([{ "basic": [] }])),
    ] {
        assert_eq!(
            document["paths"][path]["get"]["security"], expected,
            "{path}"
        );
    }
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        schemes["apikey"],
        json!({ "type": "apiKey", "in": "header", "name": "X-Key" })
    );
    assert_eq!(schemes["basic"]["scheme"], "basic");
    assert_eq!(
        conversion.warnings,
        ["/odd: auth of type `quantum` is not known"]
    );
}

#[test]
fn a_malformed_item_is_named_by_its_path() {
    for (item, expected) in [
        (
            json!({ "name": "Bad", "request": 5 }),
            "not an item of a collection: ",
        ),
        (
            json!({ "name": "Bad", "request": { "url": 5 } }),
            "not an item of a collection: invalid type: integer `5`, expected `url` as an object or a text",
        ),
        (
            json!({ "name": "Bad", "response": 5 }),
            "not an item of a collection: ",
        ),
    ] {
        let folder = json!({ "name": "orders", "item": [item] });
        let error = refused(&json!({ "item": [folder] }));
        let expected = format!("shop.json: orders / Bad: {expected}");
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn spellings_of_one_thing_are_read_alike() {
    let answer = json!({ "name": "ok", "code": "200", "header": "Content-Type: text/csv\nX: y", "body": "a,b" });
    let variable = json!([{ "id": "4f0c", "key": "id", "value": "7" }]);
    let parts = json!({ "raw": "http://shop.example.com:81/orders/:id", "protocol": "http",
        "host": "shop.example.com", "port": "81", "path": "/orders/:id", "variable": variable });
    let conversion = converted(&json!({ "info": { "name": null }, "item": [
        { "name": null, "request": "https://shop.example.com/orders?day=1#top", "response": [answer] },
        { "name": "Get order", "request": { "url": parts, "header": null }, "response": null },
    ] }));
    let list = operation(&conversion, "get", "/orders");
    assert_eq!(list["parameters"][0]["name"], "day");
    let csv = &list["responses"]["200"]["content"]["text/csv"]["examples"]["ok"];
    assert_eq!(csv["value"], "a,b");
    let order = operation(&conversion, "get", "/orders/{id}");
    assert_eq!(order["parameters"][0]["example"], 7);
    assert_eq!(
        conversion.document()["servers"],
        json!([{ "url": "https://shop.example.com" }])
    );
    assert_eq!(
        order["servers"],
        json!([{ "url": "http://shop.example.com:81" }])
    );
}

#[test]
fn an_empty_answer_has_no_content_and_an_odd_error_its_own_schema() {
    let mut item = get("Ping", "/ping", json!(1));
    item["response"] = json!([
        { "name": "done", "code": 204, "body": "" },
        { "name": "odd", "code": 400, "body": "[\"no\"]" },
    ]);
    let conversion = converted(&json!({ "item": [item] }));
    let responses = &operation(&conversion, "get", "/ping")["responses"];
    assert_eq!(responses["204"], json!({ "description": "Success" }));
    let odd = &responses["400"]["content"]["application/json"]["schema"];
    assert_eq!(
        *odd,
        json!({ "type": "array", "items": { "type": "string" } })
    );
    assert!(conversion.warnings.is_empty(), "{:?}", conversion.warnings);
}

#[test]
fn a_host_without_an_address_is_no_server() {
    let item = json!({ "name": "Ping", "request": "{{nowhere}}/ping" });
    let conversion = converted(&json!({ "item": [item] }));
    assert_eq!(conversion.document().get("servers"), None);
    let warning = "the collection: the host `{{nowhere}}` is no address, nor a variable with one";
    assert_eq!(conversion.warnings, [warning]);
}

#[test]
fn the_order_of_items_gives_no_names() {
    let items = [
        get(
            "One",
            "/orders/{{id}}",
            json!({ "data": { "id": 1, "price": 2 } }),
        ),
        get(
            "All",
            "/orders",
            json!({ "data": [{ "id": 1, "note": "x" }] }),
        ),
    ];
    let order =
        |first: usize, second: usize| converted(&json!({ "item": [items[first], items[second]] }));
    let (forth, back) = (order(0, 1), order(1, 0));
    let schemas = |conversion: &Conversion| conversion.document()["components"]["schemas"].clone();
    assert_eq!(schemas(&forth), schemas(&back));
    // The collection names the resource; what disagrees is called after its operation.
    assert!(schemas(&forth)["Order"]["properties"]["note"].is_object());
    assert!(schemas(&forth)["GetOrderResult"]["properties"]["price"].is_object());
}

#[test]
fn a_method_that_openapi_has_not_is_kept_in_an_extension() {
    let request =
        |method: &str| json!({ "method": method, "url": "https://shop.example.com/cache" });
    let conversion = converted(&json!({ "item": [
        { "name": "Clear", "request": request("PURGE") },
        { "name": "Read", "request": request("get") },
    ] }));
    let warning = "Clear: OpenAPI has no method `PURGE`; kept in an extension";
    assert_eq!(conversion.warnings, [warning]);
    let path = conversion.document()["paths"]["/cache"]
        .as_object()
        .unwrap();
    assert_eq!(path.keys().collect::<Vec<_>>(), ["get"]);
    let kept = json!([{ "method": "PURGE", "path": "/cache", "summary": "Clear" }]);
    assert_eq!(conversion.document()["x-other-methods"], kept);
}
