//! The conversion: what samples become, and what is refused.

mod input;
mod samples;
mod settings;

use serde_json::{Value, json};
use xtask::convert::{Conversion, Source, convert};
use xtask::lower::operations;

const FILE: &str = "shop.json";

/// A request with a saved answer.
fn item(name: &str, method: &str, path: &str, answer: Value) -> Value {
    json!({
        "name": name,
        "request": { "method": method, "url": { "raw": format!("{{{{url}}}}{path}"), "host": ["{{url}}"],
            "path": path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>() } },
        "response": [{ "name": "ok", "code": 200, "body": answer.to_string() }],
    })
}

fn collection(items: Vec<Value>) -> Value {
    json!({
        "info": { "name": "Shop", "description": { "content": "A shop." } },
        "variable": [{ "key": "url", "value": "https://shop.example.com/" }],
        "auth": { "type": "apikey", "apikey": [{ "key": "key", "value": "X-Key" }, { "key": "in", "value": "header" }] },
        "item": [{ "name": "orders", "description": "Orders.", "item": items }],
    })
}

fn orders() -> Vec<Value> {
    let order = |id: i64, note: Value| json!({ "id": id, "note": note, "lines": [{ "sku": "a", "count": 1 }] });
    let page = json!({ "data": [order(1, json!(null)), order(2, json!("late"))], "meta": { "total": 2 }, "status": "ok" });
    vec![
        item("List orders", "GET", "/v1/orders", page),
        item(
            "Get order",
            "GET",
            "/v1/orders/:id",
            json!({ "data": { "id": 1, "note": "x", "price": 1.5 }, "status": "ok" }),
        ),
    ]
}

fn converted(collection: &Value) -> Conversion {
    convert((FILE, collection.to_string().as_bytes()), None, None).unwrap()
}

fn refused(collection: &[u8], overlay: Option<&str>, config: Option<&str>) -> String {
    let overlay = overlay.map(|text| Source {
        file: "overlay.yaml",
        text,
    });
    let config = config.map(|text| Source {
        file: "convert.toml",
        text,
    });
    convert((FILE, collection), overlay, config)
        .unwrap_err()
        .to_string()
}

fn schema<'a>(conversion: &'a Conversion, name: &str) -> &'a Value {
    &conversion.document()["components"]["schemas"][name]
}
