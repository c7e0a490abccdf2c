//! What is accepted, told apart, or refused.

use super::*;

#[test]
fn bad_input_is_named_by_file_place_and_reason() {
    let good = collection(orders()).to_string();
    let with = |change: fn(&mut Value)| {
        let mut collection = collection(orders());
        change(&mut collection);
        refused(collection.to_string().as_bytes(), None, Some(""))
    };
    for (error, expected) in [
        (
            refused(b"{\"item\": [", None, None),
            "shop.json: not JSON: EOF while parsing a list at line 1",
        ),
        (
            refused(b"[1, 2]", None, None),
            "shop.json: not a Postman collection",
        ),
        (
            refused(b"{\"info\": {}}", None, None),
            "shop.json: the collection has no `item`",
        ),
        (
            refused(b"{\"item\": []}", None, Some("")),
            "shop.json: the collection holds no requests",
        ),
        (
            with(|c| c["item"][0]["item"][1]["request"]["url"] = Value::Null),
            "shop.json: orders / Get order: the request has no url",
        ),
        (
            with(|c| c["item"][0]["item"][1]["request"]["url"] = json!("")),
            "shop.json: orders / Get order: the request has no url",
        ),
        (
            with(|c| c["item"][0]["item"][1]["request"] = Value::Null),
            "shop.json: orders / Get order: neither a folder nor a request",
        ),
        (
            refused(
                good.as_bytes(),
                None,
                Some("[operations]\n\"GET /v1/orders/{id}\" = \"list_orders\""),
            ),
            "shop.json: orders / Get order: has the operation id `list_orders`, as `orders / List orders` has",
        ),
        (
            refused(
                good.as_bytes(),
                Some(
                    "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - {target: $.paths, update: {x-a: 1}}\n  - {target: $.nowhere, update: {a: 1}}\n",
                ),
                None,
            ),
            "overlay.yaml: action 2 ($.nowhere): ",
        ),
        (
            refused(
                good.as_bytes(),
                Some(
                    "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - {target: $.info, update: {title: 7}}\n",
                ),
                None,
            ),
            "overlay.yaml: the result is not OpenAPI 3.0: ",
        ),
        (
            refused(good.as_bytes(), Some("- nonsense"), None),
            "overlay.yaml: ",
        ),
        (
            refused(
                good.as_bytes(),
                None,
                Some("[operations]\n\"GET /nowhere\" = \"x\""),
            ),
            "convert.toml: operations: GET /nowhere: matches nothing",
        ),
        (
            refused(good.as_bytes(), None, Some("names = 1")),
            "convert.toml: ",
        ),
    ] {
        assert!(
            error.starts_with(expected),
            "{error}\nshould begin with\n{expected}"
        );
    }
}

#[test]
fn two_derived_ids_that_are_equal_get_told_apart() {
    let mut items = orders();
    items[1]["request"]["url"] = json!("https://shop.example.com/v2/orders");
    let conversion = converted(&collection(items));
    let ids: Vec<_> = operations(conversion.document())
        .map(|(_, _, operation)| &operation["operationId"])
        .collect();
    assert_eq!(ids, ["list_orders", "get_v2_orders"]);
    assert_eq!(
        conversion.warnings,
        [
            "orders / Get order: has the operation id `list_orders`, as `orders / List orders` has; it is called `get_v2_orders`"
        ]
    );
}

#[test]
fn one_path_has_one_spelling() {
    let mut items = orders();
    items.push(item(
        "Change order",
        "PUT",
        "/v1/orders/{{orderId}}",
        json!({ "status": "ok" }),
    ));
    items.push(item(
        "Remove order",
        "DELETE",
        "/v1/orders/:number",
        json!({ "status": "ok" }),
    ));
    let conversion = converted(&collection(items));
    let paths: Vec<_> = conversion.document()["paths"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(paths, ["/v1/orders", "/v1/orders/{id}"]);
}

#[test]
fn without_settings_what_cannot_be_placed_is_left_out_with_a_warning() {
    let mut items = orders();
    items[1]["request"]["url"] = Value::Null;
    let conversion = converted(&collection(items));
    assert_eq!(operations(conversion.document()).count(), 1);
    assert_eq!(
        conversion.warnings,
        ["orders / Get order: the request has no url; left out"]
    );
    let odd = converted(&json!({ "item": [{ "name": "Notes", "description": "Only prose." }] }));
    assert_eq!(
        odd.warnings[0],
        "Notes: neither a folder nor a request; left out"
    );
    let empty = converted(&json!({ "item": [] }));
    assert_eq!(empty.document()["paths"], json!({}));
    assert_eq!(empty.warnings, ["the collection holds no requests"]);
}

#[test]
fn a_metadata_page_gives_what_it_has() {
    let page = json!({
        "collection": { "info": { "name": "Shop", "description": "<p>The <em>terms</em>.</p>" } },
        "environments": [{ "values": [{ "key": "url", "value": "https://shop.example.com" }, { "key": "token", "value": "x" }] }],
    });
    let conversion = converted(&page);
    assert_eq!(conversion.document()["info"]["description"], "The *terms*.");
    assert_eq!(
        conversion.document()["servers"],
        json!([{ "url": "https://shop.example.com" }])
    );
    assert!(conversion.warnings[0].starts_with("a metadata page: it has no requests"));
}

#[test]
fn of_a_key_that_is_there_twice_the_last_value_counts() {
    let text = r#"{ "info": { "name": "Old", "name": "Shop" }, "item": [
        { "name": "Ping", "request": { "method": "GET", "method": "POST", "url": "https://shop.example.com/pings" } }] }"#;
    let conversion = convert((FILE, text.as_bytes()), None, None).unwrap();
    assert_eq!(conversion.document()["info"]["title"], "Shop");
    assert!(conversion.document()["paths"]["/pings"]["post"].is_object());
}

#[test]
fn nesting_without_end_is_an_error() {
    let deep = 20_000;
    let folders = "{\"request\":5,\"item\":[".repeat(deep) + &"]}".repeat(deep);
    let error = refused(format!("{{\"item\":[{folders}]}}").as_bytes(), None, None);
    assert!(error.starts_with("shop.json: "), "{error}");
}

#[test]
fn a_large_result_is_checked_as_a_small_one_is() {
    let mut large = collection(orders());
    large["info"]["description"] = "A shop. ".repeat(200_000).into();
    let text = large.to_string();
    let overlay = "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - {target: $.info, update: {title: 7}}\n";
    let error = refused(text.as_bytes(), Some(overlay), None);
    assert!(error.starts_with("overlay.yaml: the result is not OpenAPI 3.0: "));
    let components = |collection| converted(collection).document()["components"].clone();
    assert_eq!(components(&large), components(&collection(orders())));
}
