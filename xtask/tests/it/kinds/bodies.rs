//! Bodies of requests: their media types, those that are none, and what placeholders say.

use super::*;

fn content<'a>(conversion: &'a Conversion, method: &str, path: &str) -> &'a Value {
    &operation(conversion, method, path)["requestBody"]["content"]
}

#[test]
fn json_by_another_name_keeps_it() {
    let names = [
        "application/vnd.api+json",
        "application/merge-patch+json",
        "application/json",
    ];
    let items = names.map(|name| {
        let mut item = with_body("PATCH", "/books/:id", &json!({ "title": name }).to_string());
        item["request"]["header"] =
            json!([{ "key": "Content-Type", "value": format!("{name}; charset=utf-8") }]);
        item
    });
    let conversion = of(items.as_slice().into());
    let content = content(&conversion, "patch", "/books/{id}");
    for name in names {
        assert_eq!(
            content[name]["schema"],
            json!({ "$ref": "#/components/schemas/UpdateBookRequest" })
        );
        let examples = content[name]["examples"].as_object().unwrap();
        let values = examples.values().map(|example| &example["value"]["title"]);
        assert_eq!(values.collect::<Vec<_>>(), [name]);
    }
}

#[test]
fn what_is_labelled_json_is_sent_as_json_whatever_is_known_of_it() {
    let conversion = converted(&json!({
        "variable": [{ "key": "known", "value": "{\"title\": \"x\"}" }],
        "item": [
            with_body("POST", "/variables", " {{body}} "),
            with_body("POST", "/values", "{{known}}"),
            with_body("POST", "/placeholders", "{\"author\": <author id>, \"title\": \"x\", \"tags\": [{{tag}}, ...]}"),
            with_body("POST", "/broken", "{\"title\": "),
        ],
    }));
    assert_eq!(
        content(&conversion, "post", "/variables")["application/json"]["schema"],
        json!({})
    );
    let known = schema(&conversion, "CreateValueRequest");
    assert_eq!(known["properties"]["title"]["type"], "string");
    let body = schema(&conversion, "CreatePlaceholderRequest");
    let expected = json!({ "author": {}, "title": { "type": "string" }, "tags": { "type": "array", "items": {} } });
    assert_eq!(body["properties"], expected);
    let broken = &content(&conversion, "post", "/broken")["application/json"];
    assert_eq!(broken["schema"], json!({}));
    assert_eq!(broken["examples"]["default"]["value"], "{\"title\": ");
    assert_eq!(
        conversion.warnings,
        ["POST /broken: the body of `default` is not JSON; kept as text"]
    );
}

#[test]
fn a_bare_placeholder_does_not_spoil_what_is_known() {
    let conversion = converted(&json!({
        "variable": [{ "key": "count", "value": "7" }],
        "item": [
            with_body("POST", "/books", "{\"author\": {\"id\": 1}, \"count\": {{count}}, \"day\": \"2026-05-04\"}"),
            with_body("POST", "/books", "{\"author\": {{author}}, \"count\": {{count}}, \"day\": \"{{day}}\"}"),
        ],
    }));
    let properties = &schema(&conversion, "CreateBookRequest")["properties"];
    assert_eq!(
        properties["author"],
        json!({ "$ref": "#/components/schemas/Author" })
    );
    assert_eq!(properties["count"]["type"], "integer");
    assert_eq!(properties["day"]["format"], "date");
}

#[test]
fn placeholders_of_types_are_these_types_in_bodies_and_answers() {
    let text = "{\"count\": \"<integer>\", \"paid\": \"<boolean>\", \"price\": \"<number>\", \"day\": \"<date>\", \"id\": \"<uuid>\"}";
    let mut item = with_body("POST", "/books", text);
    item["response"] =
        json!([{ "name": "ok", "code": 201, "body": text.replace("count", "total") }]);
    let conversion = of(json!([item]));
    let kinds = |name: &str, count: &str| {
        let properties = &schema(&conversion, name)["properties"];
        [count, "paid", "price", "day", "id"].map(|key| {
            properties[key]["format"]
                .as_str()
                .or(properties[key]["type"].as_str())
                .unwrap()
                .to_owned()
        })
    };
    let expected = ["int64", "boolean", "number", "date", "uuid"];
    assert_eq!(kinds("CreateBookRequest", "count"), expected);
    assert_eq!(kinds("Book", "total"), expected);
}

#[test]
fn a_body_that_is_none_is_none() {
    let with = |method: &str, path: &str, body: Value| {
        let mut item = request(method, path);
        item["request"]["body"] = body;
        item
    };
    let conversion = of(json!([
        with(
            "DELETE",
            "/files/:id",
            json!({ "mode": "file", "file": {} })
        ),
        with(
            "POST",
            "/empty",
            json!({ "mode": "formdata", "formdata": [] })
        ),
        with("POST", "/blank", json!({ "mode": "raw", "raw": " " })),
        with("POST", "/none", json!({ "mode": "none" })),
        with(
            "POST",
            "/files",
            json!({ "mode": "file", "file": { "src": "/a" } })
        ),
        with(
            "POST",
            "/off",
            json!({ "mode": "raw", "raw": "{\"a\": 1}", "disabled": "true" })
        ),
    ]));
    for (method, path) in [
        ("delete", "/files/{id}"),
        ("post", "/empty"),
        ("post", "/blank"),
        ("post", "/none"),
    ] {
        assert_eq!(
            operation(&conversion, method, path).get("requestBody"),
            None,
            "{path}"
        );
    }
    let file = &operation(&conversion, "post", "/files")["requestBody"];
    assert_eq!(
        file["content"]["application/octet-stream"]["schema"]["format"],
        "binary"
    );
    // What is switched off may be sent.
    assert_eq!(
        operation(&conversion, "post", "/off")["requestBody"]["required"],
        false
    );
    assert_eq!(
        (
            conversion.account.bodies.kept,
            conversion.account.bodies.left_out
        ),
        (2, 4)
    );
}

#[test]
fn a_body_that_a_variant_goes_without_is_optional() {
    let conversion = of(json!([
        request("POST", "/jobs"),
        with_body("POST", "/jobs", "{\"fast\": true}"),
        with_body("POST", "/tasks", "{\"fast\": true}"),
        with_body("POST", "/tasks", "{\"slow\": true}"),
    ]));
    let required = |path: &str| &operation(&conversion, "post", path)["requestBody"]["required"];
    assert_eq!(
        (required("/jobs"), required("/tasks")),
        (&json!(false), &json!(true))
    );
}

#[test]
fn a_change_requires_nothing_that_no_evidence_requires() {
    let user = "{\"name\": \"Ann\", \"address\": {\"city\": \"x\"}}";
    let conversion = of(json!([
        with_body("PATCH", "/users/:id", user),
        with_body("PUT", "/groups/:id", user),
        with_body("PUT", "/teams/:id", user),
        with_body("PUT", "/teams/:id", "{\"name\": \"Bob\"}"),
        with_body("POST", "/users", user),
    ]));
    let required = |name: &str| schema(&conversion, name).get("required").cloned();
    assert_eq!(required("UpdateUserRequest"), None);
    assert_eq!(required("UpdateGroupRequest"), None);
    assert_eq!(required("UpdateTeamRequest"), Some(json!(["name"])));
    assert_eq!(
        required("CreateUserRequest"),
        Some(json!(["name", "address"]))
    );
    assert_eq!(required("Address"), None);
}

#[test]
fn repeated_keys_and_several_files_are_lists() {
    let mut item = request("POST", "/files");
    item["request"]["body"] = json!({ "mode": "formdata", "formdata": [
        { "key": "files", "type": "file", "src": ["/a", "/b"] },
        { "key": "photo", "type": "file", "src": ["/a"] },
        { "key": "ids", "value": "1" }, { "key": "ids", "value": "2" },
        { "key": "note", "value": "x" }, { "key": "note", "value": "y", "disabled": true },
    ] });
    let conversion = of(json!([item]));
    let form = &content(&conversion, "post", "/files")["multipart/form-data"];
    let file = json!({ "type": "string", "format": "binary" });
    let expected = json!({
        "files": { "type": "array", "items": file }, "photo": file,
        "ids": { "type": "array", "items": { "type": "integer", "format": "int64" } },
        "note": { "type": "string" },
    });
    assert_eq!(form["schema"]["properties"], expected);
    assert_eq!(
        form["examples"]["default"]["value"],
        json!({ "ids": [1, 2], "note": "x" })
    );
}
