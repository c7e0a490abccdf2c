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
