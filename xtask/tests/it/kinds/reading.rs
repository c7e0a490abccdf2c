//! Reading: what is not written as it should be, and what is kept.

use super::*;

#[test]
fn a_collection_of_the_first_format_is_refused_in_words() {
    let old = json!({ "id": "1", "name": "Old", "order": ["a"], "requests": [{ "id": "a", "url": HOST }] });
    let error =
        xtask::convert::convert(("old.json", old.to_string().as_bytes()), None, None).unwrap_err();
    assert!(
        error.reason.contains("format 1") && error.reason.contains("v2.1"),
        "{error}"
    );
}

#[test]
fn other_spellings_of_lists_truths_and_pairs_are_read() {
    let url = json!({ "raw": HOST, "host": [HOST], "path": ["a"], "query": [
        { "key": "on", "value": "1", "disabled": "false" }, { "key": "off", "value": "1", "disabled": "true" }, null,
    ], "variable": {} });
    let answer = json!({ "name": "ok", "code": 200, "header": ["Content-Type: application/json", "X-Total: 5"], "body": "{\"a\": 1, // one\n}" });
    let conversion = of(json!([
        null,
        { "name": "A", "request": { "url": url, "header": { "X-Mode": "fast" }, "body": null }, "response": [answer, null] },
        { "name": "B", "request": { "url": format!("{HOST}/b"), "header": {} }, "response": {} },
    ]));
    let list = operation(&conversion, "get", "/a");
    let names = list["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| &parameter["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["on", "off", "X-Mode"]);
    let response = &list["responses"]["200"];
    assert_eq!(response["headers"]["x-total"]["schema"]["type"], "integer");
    assert_eq!(
        response["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/A" })
    );
    assert!(operation(&conversion, "get", "/b").is_object());
    // An item that is null is one that is left out.
    let warning = "(no name): neither a folder nor a request; left out";
    assert_eq!(conversion.warnings, [warning]);
}

#[test]
fn half_a_character_costs_itself() {
    let text = r#"{"info": {"name": "Cut \ud83d"}, "item": [{"name": "A \ud83d\ude00", "request": "https://api.example.com/a",
        "response": [{"name": "ok", "code": 200, "body": "{\"text\": \"cut \\ud83d\"}"}]}]}"#;
    let conversion = xtask::convert::convert(("cut.json", text.as_bytes()), None, None).unwrap();
    assert_eq!(conversion.document()["info"]["title"], "Cut \u{fffd}");
    let list = operation(&conversion, "get", "/a");
    assert_eq!(list["summary"], "A \u{1f600}");
    assert_eq!(
        list["responses"]["200"]["content"]["application/json"]["examples"]["ok"]["value"]["text"],
        "cut \u{fffd}"
    );
    assert_eq!(conversion.warnings.len(), 1);
}

#[test]
fn a_saved_response_of_another_request_adds_nothing() {
    let saved = |method: &str, url: &str| {
        let original = json!({ "method": method, "url": format!("{HOST}{url}"), "body": { "mode": "raw", "raw": "{\"z\": 1}" } });
        let mut item = request("GET", "/rooms/:id");
        item["response"] = json!([{ "name": "x", "code": 200, "body": "{\"a\": 1}", "originalRequest": original }]);
        of(json!([item]))
    };
    for (method, url) in [
        ("POST", "/other?q=1"),
        ("GET", "/other?q=1"),
        ("PUT", "/other/7/rooms?q=1"),
    ] {
        let conversion = saved(method, url);
        let room = operation(&conversion, "get", "/rooms/{id}");
        assert_eq!(room["parameters"].as_array().unwrap().len(), 1, "{url}");
        assert_eq!(room.get("requestBody"), None);
        assert_eq!(
            room["responses"]["200"]["content"]["application/json"],
            json!({ "schema": {} })
        );
        let warning =
            "GET /rooms/:id: saved response `x` is of a request to another path; left out";
        assert_eq!(conversion.warnings, [warning]);
        assert_eq!(conversion.account.examples.left_out, 1);
    }
    // One that was saved before the id was a variable is of this one.
    let conversion = saved("GET", "/rooms/7?q=1");
    let room = operation(&conversion, "get", "/rooms/{id}");
    assert_eq!(room["parameters"][1]["name"], "q");
    assert_eq!(answer(&conversion, "get", "/rooms/{id}"), "Room");
}

#[test]
fn version_and_descriptions_are_kept() {
    for (version, expected) in [
        (json!("2.3.0"), "2.3.0"),
        (json!({ "major": 2, "minor": 3, "patch": 1 }), "2.3.1"),
        (Value::Null, "1"),
    ] {
        let info = json!({ "name": "Shop", "version": version });
        let conversion = converted(&json!({ "info": info, "item": [request("GET", "/a")] }));
        assert_eq!(conversion.document()["info"]["version"], expected);
    }
    let mut items = [
        request("GET", "/a"),
        request("GET", "/a"),
        request("GET", "/a"),
    ];
    for (item, text) in items.iter_mut().zip(["First.", "Second.", "First."]) {
        item["request"]["description"] = text.into();
    }
    items[1]["name"] = "Again".into();
    let outer = json!({ "name": "Outer", "description": "About all.", "item": [{ "name": "Inner", "item": items }] });
    let conversion = of(json!([outer]));
    let description = &operation(&conversion, "get", "/a")["description"];
    assert_eq!(*description, "First.\n\n**Again**: Second.");
    assert_eq!(
        conversion.document()["info"]["description"],
        "# Outer\n\nAbout all."
    );
    assert_eq!(conversion.account.descriptions.left_out, 0);
}

#[test]
fn what_is_written_for_nothing_is_nothing() {
    let mut item = request("GET", "/a");
    item["request"]["header"] = false.into();
    item["request"]["auth"] = json!([]);
    item["response"] = json!("");
    let info = json!([]);
    let conversion =
        converted(&json!({ "info": info, "item": [item, null, request(" get ", "/b")] }));
    assert_eq!(ids(&conversion).len(), 2);
    let warning = "(no name): neither a folder nor a request; left out";
    assert_eq!(conversion.warnings, [warning]);
    assert_eq!(conversion.account.requests.left_out, 1);
}
