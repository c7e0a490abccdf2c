//! What stands for a value in bodies and responses: variables, words of other languages, and keys.

use super::*;

fn properties<'a>(conversion: &'a Conversion, name: &str) -> &'a Value {
    &schema(conversion, name)["properties"]
}

#[test]
fn a_value_in_the_words_of_another_language_leaves_the_rest_known() {
    for text in [
        r#"{"id": 1, "odd": NaN}"#,
        r#"{"id": 1, "odd": -Infinity}"#,
        r#"{"id": 1, "odd": 1e400}"#,
        "{'id': 1, 'odd': None}",
        r#"{"id": 1, "odd": undefined}"#,
        r#"{"id": 1, "odd": string}"#,
        r#"{"id": 1, "odd": ${odd}}"#,
        r#"{"id": 1, "odd": %s}"#,
        r#"{"id": 1, "odd": :odd}"#,
        r#"{"id": 1, "odd": <<odd>>}"#,
        r#"{"id": 1, "odd": {{#if a}}1{{/if}}}"#,
        "\u{feff}{\"id\": 1, \"odd\": {{odd}}}",
    ] {
        let mut item = with_body("POST", "/books", text);
        item["response"] = json!([{ "name": "ok", "code": 201, "body": text }]);
        let conversion = of(json!([item]));
        for name in ["Book", "CreateBookRequest"] {
            let properties = properties(&conversion, name);
            assert_eq!(properties["id"]["type"], "integer", "{text}");
            assert_eq!(properties["odd"], json!({}), "{text}");
        }
        assert_eq!(conversion.warnings.len(), 0, "{text}");
    }
}

#[test]
fn variables_within_numbers_and_of_postman_have_types() {
    let text = r#"{"a": -{{n}}, "b": {{n}}.5, "c": {{$timestamp}}, "d": "{{$guid}}", "e": "{{$timestamp}}", "f": <integer>}"#;
    let conversion = converted(&json!({
        "variable": [{ "key": "n", "value": "7" }],
        "item": [with_body("POST", "/books", text)],
    }));
    let expected = json!({
        "a": { "type": "integer", "format": "int64" }, "b": { "type": "number" },
        "c": { "type": "integer", "format": "int64" }, "d": { "type": "string", "format": "uuid" },
        "e": { "type": "string" }, "f": { "type": "integer", "format": "int64" },
    });
    assert_eq!(*properties(&conversion, "CreateBookRequest"), expected);
}

#[test]
fn variables_that_stand_for_keys_and_entries_are_no_fields() {
    let conversion = of(json!([
        with_body("POST", "/books", r#"{"{{key}}": 1, "title": "x"}"#),
        with_body(
            "POST",
            "/shelves",
            r#"{ {{first}}, "title": "x", {{rest}} }"#
        ),
        with_body("POST", "/counts", r#"{"of": {"{{a}}": 1, "{{b}}": 2}}"#),
    ]));
    let title = json!({ "title": { "type": "string" } });
    for name in ["CreateBookRequest", "CreateShelfRequest"] {
        assert_eq!(*properties(&conversion, name), title);
        assert_eq!(schema(&conversion, name)["required"], json!(["title"]));
    }
    let counts = &properties(&conversion, "CreateCountRequest")["of"];
    assert_eq!(counts["additionalProperties"]["type"], "integer");
}

#[test]
fn placeholders_of_any_type_say_nothing() {
    let text = r#"{"id": "<integer>", "parent": "<Error: Too many levels of nesting to fake this schema>", "tags": "<array>"}"#;
    let mut item = request("GET", "/books/:id");
    item["response"] = json!([{ "name": "ok", "code": 200, "body": text }]);
    let conversion = of(json!([item]));
    let properties = properties(&conversion, "Book");
    assert_eq!(
        (&properties["parent"], &properties["tags"]),
        (&json!({}), &json!({}))
    );
}

#[test]
fn texts_that_only_look_like_samples_are_texts() {
    for text in [
        "[see note] of it",
        "[INFO, started]",
        "<p>gone</p>",
        "callback({\"a\": 1})",
    ] {
        let mut item = request("GET", "/books/:id");
        item["response"] = json!([{ "name": "ok", "code": 200, "body": text }]);
        let conversion = of(json!([item]));
        let content = &operation(&conversion, "get", "/books/{id}")["responses"]["200"]["content"];
        assert_eq!(content["text/plain"]["schema"]["type"], "string", "{text}");
    }
}
