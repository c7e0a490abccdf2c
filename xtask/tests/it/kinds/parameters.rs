//! Parameters: what they are called, what they are, and that none goes without a word.

use super::*;

#[test]
fn keys_and_values_of_queries_are_decoded_once() {
    let conversion = of(json!([request(
        "GET",
        "/books?filter%5Bstate%5D=on%20sale&tags%5B%5D=a%252Cb"
    )]));
    let list = operation(&conversion, "get", "/books");
    assert_eq!(parameter(list, "filter[state]")["example"], "on sale");
    assert_eq!(parameter(list, "tags[]")["example"], "a%2Cb");
}

#[test]
fn a_variable_is_its_value_or_its_name() {
    let item = request(
        "GET",
        "/books?{{range}}&{{to}}={{day}}&{{ nobody }}=1&id={{id}}&secret={{secret}}",
    );
    let conversion = converted(&json!({
        "variable": [
            { "key": "range", "value": "from=2026-05-04" }, { "key": "to", "value": "until" },
            { "key": "day", "value": "2026-05-05" }, { "key": "id", "value": "7" },
        ],
        "item": [item],
    }));
    let list = operation(&conversion, "get", "/books");
    assert_eq!(parameter(list, "from")["example"], "2026-05-04");
    assert_eq!(parameter(list, "until")["schema"]["format"], "date");
    assert_eq!(parameter(list, "nobody")["schema"]["type"], "integer");
    // The value tells the type, and is not published: it may be somebody's token.
    let id = parameter(list, "id");
    assert_eq!(
        (&id["schema"]["type"], id.get("example")),
        (&json!("integer"), None)
    );
    assert_eq!(
        parameter(list, "secret")["schema"],
        json!({ "type": "string" })
    );
    let text = list["parameters"].to_string();
    assert!(!text.contains("{{"), "{text}");
}

#[test]
fn a_number_is_written_as_numbers_are() {
    let conversion = of(json!([
        request(
            "GET",
            "/books?version=1.10&price=10.5&count=7&code=007&mixed=1"
        ),
        request(
            "GET",
            "/books?version=1.9&price=9&count=8&code=8&mixed=1.50"
        ),
    ]));
    let list = operation(&conversion, "get", "/books");
    let kinds = ["version", "price", "count", "code", "mixed"]
        .map(|name| &parameter(list, name)["schema"]["type"]);
    assert_eq!(kinds, ["string", "number", "integer", "string", "string"]);
}

#[test]
fn placeholders_of_types_are_these_types() {
    let conversion = of(json!([request(
        "GET",
        "/books?page=<integer>&all=<boolean>&price=<double>&at=<dateTime>&name=<string>"
    )]));
    let list = operation(&conversion, "get", "/books");
    for (name, kind, format) in [
        ("page", "integer", json!("int64")),
        ("all", "boolean", Value::Null),
        ("price", "number", Value::Null),
        ("at", "string", json!("date-time")),
        ("name", "string", Value::Null),
    ] {
        let found = parameter(list, name);
        assert_eq!(
            (&found["schema"]["type"], &found["schema"]["format"]),
            (&json!(kind), &format),
            "{name}"
        );
        assert_eq!(found.get("example"), None);
    }
}

#[test]
fn names_that_no_header_can_have_are_warned_of() {
    let mut item = request("GET", "/books");
    item["request"]["header"] = json!([
        { "key": "X Api Key", "value": "1" }, { "key": "//X-Off", "value": "1" }, { "key": " X-Mode ", "value": "fast" },
        { "key": "x-mode", "value": "slow" }, { "key": "{{header}}", "value": "1" }, { "key": "Content-Type ", "value": "text/csv" },
        { "key": "", "value": "" },
    ]);
    let conversion = of(json!([item]));
    let list = operation(&conversion, "get", "/books");
    let names = list["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| &parameter["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["X-Mode", "header"]);
    assert_eq!(conversion.warnings.len(), 2);
    let parameters = conversion.account.parameters;
    assert_eq!(
        (parameters.kept, parameters.merged, parameters.left_out),
        (2, 1, 4)
    );
}

#[test]
fn what_is_said_of_a_parameter_in_several_requests_is_kept() {
    let mut items = [request("GET", "/books"), request("GET", "/books")];
    for (item, text) in items.iter_mut().zip(["One.", "Two."]) {
        let pair = json!({ "key": "page", "value": "1", "description": text });
        item["request"]["url"] = json!({ "raw": format!("{HOST}/books"), "host": [HOST], "path": ["books"], "query": [pair] });
    }
    let conversion = of(items.as_slice().into());
    let list = operation(&conversion, "get", "/books");
    assert_eq!(parameter(list, "page")["description"], "One.\n\nTwo.");
}

#[test]
fn a_variable_may_hold_several_pairs_of_a_query() {
    let conversion = converted(&json!({
        "variable": [{ "key": "query", "value": "page=1&filter%5Bname%5D=x&q={{word}}" }],
        "item": [request("GET", "/books?{{query}}&at={{$timestamp}}&ids=<integer>&ids=<integer>")],
    }));
    let list = operation(&conversion, "get", "/books");
    let names = list["parameters"].as_array().unwrap().iter();
    let names: Vec<&str> = names
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["page", "filter[name]", "q", "at", "ids"]);
    assert_eq!(parameter(list, "page")["example"], 1);
    assert_eq!(parameter(list, "at")["schema"]["type"], "integer");
    assert_eq!(parameter(list, "ids").get("example"), None);
    assert_eq!(conversion.account.parameters.kept, 5);
}

#[test]
fn no_line_of_headers_is_passed_over() {
    let mut item = request("GET", "/books");
    item["request"]["header"] = "X-Mode: a=1&b=2\n\nX-Flag\n".into();
    let conversion = of(json!([item]));
    let list = operation(&conversion, "get", "/books");
    assert_eq!(parameter(list, "X-Mode")["example"], "a=1&b=2");
    assert!(parameter(list, "X-Flag").is_object());
}

#[test]
fn headers_of_one_rust_name_are_told_apart_and_sent_as_they_are() {
    let mut item = with_body("POST", "/books/:id", "{\"title\": \"x\"}");
    let names = ["id", "X-Id", "x_id", "send", "UserId", "User-Id", "body"];
    let pairs = names.map(|name| json!({ "key": name, "value": "1" }));
    item["request"]["header"] = pairs.as_slice().into();
    let conversion = of(json!([item]));
    let lowered = xtask::lower::lower(conversion.document(), &[xtask::lower::ACCEPTED]).unwrap();
    let lowering = xtask::lowered::compare(conversion.document(), &lowered.document);
    assert_eq!(lowering.account.parameters.left_out, 0);
    let create = &lowered.document["paths"]["/books/{id}"]["post"];
    let headers = create["parameters"].as_array().unwrap().iter();
    let headers = headers.filter(|parameter| parameter["in"] == "header");
    // The case of letters is all that changes.
    let mut sent: Vec<String> = headers
        .map(|header| header["name"].as_str().unwrap().to_ascii_lowercase())
        .collect();
    sent.sort_unstable();
    let mut expected = names.map(str::to_ascii_lowercase);
    expected.sort_unstable();
    assert_eq!(sent, expected);
    xtask::generate::client(&lowered.document).unwrap();
}
