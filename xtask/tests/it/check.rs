//! The check refuses examples that do not fit, wherever they stand.

use serde_json::json;
use xtask::check::check;
use xtask::convert::convert;

#[test]
fn an_example_of_a_parameter_must_fit_its_schema() {
    let item =
        json!({ "name": "List orders", "request": "https://shop.example.com/orders?limit=20" });
    let collection = json!({ "info": { "name": "Shop" }, "item": [item] }).to_string();
    let mut conversion = convert(("shop.json", collection.as_bytes()), None, None).unwrap();
    let example = "\"example\": 20";
    assert!(conversion.text.contains(example));
    conversion.text = conversion.text.replace(example, "\"example\": \"twenty\"");
    let error = check(&conversion, "openapi.json", &conversion.text).unwrap_err();
    let expected = "the example of list_orders, parameter \"limit\" does not fit: ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn a_key_that_openapi_does_not_have_is_refused_wherever_it_stands() {
    let item = json!({
        "name": "List orders", "request": "https://shop.example.com/orders?limit=20",
        "response": [{ "name": "orders", "code": 200, "body": "{\"data\": [{\"id\": 1}]}" }],
    });
    let collection = json!({ "info": { "name": "Shop" }, "item": [item] }).to_string();
    let conversion = convert(("shop.json", collection.as_bytes()), None, None).unwrap();
    check(&conversion, "openapi.json", &conversion.text).unwrap();
    let operation = "/paths/~1orders/get";
    for (place, key) in [
        ("", "webhooks"),
        ("/info", "summary"),
        (operation, "operationID"),
        ("/paths/~1orders/get/parameters/0", "type"),
        ("/paths/~1orders/get/parameters/0/schema", "formats"),
        ("/paths/~1orders/get/responses/200", "body"),
        ("/components/schemas/Order", "require"),
        ("/components/schemas/Order/properties/id", "nulable"),
        ("/components/schemas/OrderList/properties/data", "const"),
    ] {
        let mut document = conversion.document().clone();
        let at = document
            .pointer_mut(place)
            .unwrap_or_else(|| panic!("{place}"));
        at[key] = json!(true);
        let text = document.to_string();
        let mut wrong = convert(("shop.json", collection.as_bytes()), None, None).unwrap();
        wrong.text.clone_from(&text);
        let error = check(&wrong, "openapi.json", &text).unwrap_err();
        let expected = format!("`{key}` is no key of OpenAPI 3.0: at `{place}/{key}`");
        assert!(error.contains(&expected), "{place}: {error}");
        // What begins with `x-` is an extension.
        let text = text.replace(&format!("\"{key}\":true"), "\"x-own\":true");
        wrong = convert(("shop.json", collection.as_bytes()), None, None).unwrap();
        wrong.text.clone_from(&text);
        check(&wrong, "openapi.json", &text).unwrap();
    }
}
