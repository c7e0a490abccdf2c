//! What the generated client says that it sends: the media type of the document, where the generator knows others.

use serde_json::{Value, json};
use xtask::code::code;

fn client(media_type: &str, schema: Value) -> String {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Shelves", "version": "1" },
        "paths": { "/covers": { "post": {
            "operationId": "create_cover",
            "tags": ["covers"],
            "requestBody": { "required": true, "content": { media_type: { "schema": schema } } },
            "responses": { "204": { "description": "Done." } },
        } } },
        "components": { "schemas": {} },
    });
    let [(_, client), ..] = code(&document).unwrap().files;
    // However it is laid out.
    let text: String = client.split_whitespace().collect();
    text.replace(",)", ")")
}

#[test]
fn bodies_are_sent_under_the_media_types_of_the_document() {
    let object = || json!({ "type": "object", "properties": { "title": { "type": "string" } } });
    let said = |media_type: &str| {
        format!(
            ".header(::reqwest::header::CONTENT_TYPE,::reqwest::header::HeaderValue::from_static(\"{media_type}\"))"
        )
    };
    for media_type in ["application/vnd.api+json", "application/merge-patch+json"] {
        let client = client(media_type, object());
        let sent = said(media_type) + ".json(&body)";
        assert!(client.contains(&sent), "{client}");
    }
    let text = json!({ "type": "string" });
    for media_type in ["application/xml", "text/csv"] {
        let client = client(media_type, text.clone());
        assert!(
            client.contains(&(said(media_type) + ".body(body)")),
            "{client}"
        );
        assert!(!client.contains("octet-stream"));
    }
    // JSON is what the generator says itself.
    assert!(!client("application/json", object()).contains("CONTENT_TYPE"));
    // What separates the parts is known to the caller alone.
    let multipart = client("multipart/form-data", object());
    assert!(
        multipart.contains("header_map.append(\"Content-Type\","),
        "{multipart}"
    );
    assert!(multipart.contains(".body(body)") && multipart.contains(".headers(header_map)"));
}
