//! Bodies by other names: text of a form, JSON under an older media type, and parts that are not sent.

use super::*;

fn with(path: &str, body: &Value) -> Value {
    let mut item = request("POST", path);
    item["request"]["body"] = body.clone();
    item
}

fn labelled(path: &str, raw: &str, media_type: &str) -> Value {
    let mut item = with(path, &json!({ "mode": "raw", "raw": raw }));
    item["request"]["header"] = json!([{ "key": "Content-Type", "value": media_type }]);
    item
}

fn content<'a>(conversion: &'a Conversion, path: &str) -> &'a Value {
    &operation(conversion, "post", path)["requestBody"]["content"]
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn the_text_of_a_form_is_a_form() {
    let conversion = of(json!([
        labelled("/a", "title=A+b&pages=7&tags%5B%5D=x", FORM),
        with(
            "/b",
            &json!({ "mode": "urlencoded", "urlencoded": "title=x&pages=7" })
        ),
        labelled("/c", "{\"title\": \"x\"}", FORM),
    ]));
    let form = &content(&conversion, "/a")[FORM];
    let expected = json!({ "title": "A b", "pages": 7, "tags[]": "x" });
    assert_eq!(form["examples"]["default"]["value"], expected);
    assert_eq!(form["schema"]["properties"]["pages"]["type"], "integer");
    let form = &content(&conversion, "/b")[FORM];
    assert_eq!(form["examples"]["default"]["value"]["pages"], 7);
    // What has no keys is sent as it is.
    let lowered = xtask::lower::lower(conversion.document(), &[xtask::lower::ACCEPTED]).unwrap();
    let body = &lowered.document["paths"]["/c"]["post"]["requestBody"];
    let bytes = &body["content"]["application/octet-stream"]["schema"];
    assert_eq!(
        (&bytes["format"], &body["x-sent-as"]),
        (&json!("binary"), &json!(FORM))
    );
}

#[test]
fn json_by_older_names_is_json() {
    let names = [
        "text/json",
        "text/x-json; charset=utf-8",
        "application/x-json",
    ];
    for name in names {
        let conversion = of(json!([labelled("/books", "{\"title\": \"x\"}", name)]));
        let media_type = name.split(';').next().unwrap();
        let schema = &content(&conversion, "/books")[media_type]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/CreateBookRequest");
        let lowered = xtask::lower::lower(conversion.document(), &[xtask::lower::ACCEPTED]);
        let body = &lowered.unwrap().document["paths"]["/books"]["post"]["requestBody"];
        assert_eq!(body["x-sent-as"], media_type);
        assert!(body["content"]["application/json"].is_object());
    }
}

#[test]
fn a_form_of_which_nothing_is_sent_is_none_or_optional() {
    let form = |pairs: Value| json!({ "mode": "formdata", "formdata": pairs });
    let conversion = of(json!([
        with("/nameless", &form(json!([{ "key": "", "value": "" }]))),
        with(
            "/off",
            &form(json!([{ "key": "a", "value": "1", "disabled": true }]))
        ),
        with(
            "/graphql",
            &json!({ "mode": "graphql", "graphql": { "query": "" } })
        ),
        with("/list", &json!([])),
        with("/nothing", &json!("")),
    ]));
    for path in ["/nameless", "/graphql", "/list", "/nothing"] {
        let body = operation(&conversion, "post", path).get("requestBody");
        assert_eq!(body, None, "{path}");
    }
    let off = &operation(&conversion, "post", "/off")["requestBody"];
    assert_eq!(off["required"], false);
}

#[test]
fn bodies_without_an_object_around_them_are_read() {
    let conversion = of(json!([
        with("/text", &json!("{\"title\": \"x\"}")),
        with("/json", &json!({ "mode": "raw", "raw": { "title": "x" } })),
    ]));
    for path in ["/text", "/json"] {
        let json = &content(&conversion, path)["application/json"];
        assert_eq!(
            json["examples"]["default"]["value"],
            json!({ "title": "x" })
        );
    }
}
