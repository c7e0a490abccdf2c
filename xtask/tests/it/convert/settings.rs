//! What overlays and settings add.

use super::*;

#[test]
fn an_overlay_adds_enums_and_replaces_by_reference() {
    let overlay = r#"
overlay: 1.0.0
info: {title: t, version: "1"}
actions:
  - target: $.components.schemas
    update: {Note: {type: string, enum: [late]}}
  - target: $.components.schemas.Order.properties
    update: {note: {$ref: '#/components/schemas/Note', description: A note.}, id: {$ref: '#/components/schemas/Note'}}
"#;
    let source = Source {
        file: "overlay.yaml",
        text: overlay,
    };
    let conversion = convert(
        (FILE, collection(orders()).to_string().as_bytes()),
        Some(source),
        None,
    )
    .unwrap();
    let properties = &schema(&conversion, "Order")["properties"];
    assert_eq!(
        properties["id"],
        json!({ "$ref": "#/components/schemas/Note" })
    );
    let note = json!({ "nullable": true, "description": "A note.", "allOf": [{ "$ref": "#/components/schemas/Note" }] });
    assert_eq!(properties["note"], note);
    assert_eq!(schema(&conversion, "Note")["enum"], json!(["late"]));
}

#[test]
fn settings_give_names() {
    let config = r#"
maps = ["Order.lines"]
[operations]
"GET /v1/orders" = "all_orders"
[answers]
get_order = "FullOrder"
"#;
    let source = Source {
        file: "convert.toml",
        text: config,
    };
    let conversion = convert(
        (FILE, collection(orders()).to_string().as_bytes()),
        None,
        Some(source),
    )
    .unwrap();
    assert_eq!(
        conversion.document()["paths"]["/v1/orders"]["get"]["operationId"],
        "all_orders"
    );
    assert!(schema(&conversion, "FullOrderResponse").is_object());
    assert_eq!(
        schema(&conversion, "Order")["properties"]["lines"]["items"]["type"],
        "object"
    );
}
