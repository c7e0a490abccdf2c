//! Any collection made of known features converts, is valid, lowers, and is accepted by progenitor.

use super::account::{Counted, adds_up, is_kept, lowering_adds_up};
use super::becomes_a_client;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use xtask::convert::convert;
use xtask::infer::shape::Shape;
use xtask::json::Json;

/// Keys that names of types and fields have trouble with, beside plain ones.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,6}",
        1 => prop::sample::select(vec![
            "type", "id", "userId", "user_id", "body", "self", "Error", "data", "meta", "items", "2fa", "a-b", "x.y",
            "filter[name]", "Ключ", "status", "enum", "$ref", "", "17", "2026-05-04",
        ]).prop_map(str::to_owned),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "2026-05-04",
            "2026-05-04T10:00:00Z",
            "https://example.com/a"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,8}",
        1 => "[a-z]{1,5}".prop_map(|name| format!(":{name}")),
        1 => "[a-zA-Z ]{1,5}".prop_map(|name| format!("{{{{{name}}}}}")),
        1 => prop::sample::select(vec![
            "v1", "a_{{x}}.json", "{", "orders", "statuses", "é", "a b", ":id", ":id.json", ":id:cancel", "<id>", "[id]", "}", ":from...:to", "{id:[0-9]+}", "users.json", "delete",
            "%7Bid%7D", "", "createOrder", "bot111111:AAAA-invented", ":body", ":send", "列表", "news",
        ]).prop_map(str::to_owned),
    ]
}

/// What may stand in the place of a value.
fn placeholder() -> impl Strategy<Value = String> {
    let known = vec![
        "{{x}}",
        "{{ unknown }}",
        "<integer>",
        "<boolean>",
        "<dateTime>",
        "<id>",
        "{{v0}}",
        "-{{x}}.5",
        "{{$guid}}",
        "NaN",
        "1e400",
        "%s",
        ":id",
        "<object>",
    ];
    prop::sample::select(known).prop_map(str::to_owned)
}

fn pair() -> impl Strategy<Value = Value> {
    let odd = vec![
        "{{from}}",
        "{{x}}",
        "{{pairs}}",
        "filter%5Bstate%5D",
        "limit ",
        "a_b",
        "a-b",
        "send",
        "Send",
        "A_B",
        "X-API-Key",
        "Имя",
    ];
    let key = prop_oneof![3 => key(), 1 => prop::sample::select(odd).prop_map(str::to_owned)];
    let value = prop_oneof![3 => "[ -~]{0,8}", 1 => placeholder(), 1 => Just("1.10".to_owned())];
    let disabled =
        prop::sample::select(vec![json!(true), json!(false), json!("true"), Value::Null]);
    (key, value, disabled, "[ -~]{0,20}").prop_map(|(key, value, disabled, description)| {
        json!({ "key": key, "value": value, "disabled": disabled, "description": description })
    })
}

fn body() -> impl Strategy<Value = Value> {
    let raw = (json_value(), prop::sample::select(vec!["json", "text", "xml"])).prop_map(|(value, language)| {
        json!({ "mode": "raw", "raw": value.to_string(), "options": { "raw": { "language": language } } })
    });
    let loose = (placeholder(), any::<bool>()).prop_map(|(bare, disabled)| {
        let text = format!("{{\"a\": {bare}, \"b\": [{bare}, ...], // more\n}}");
        json!({ "mode": "raw", "raw": text, "disabled": disabled, "options": { "raw": { "language": "json" } } })
    });
    let files = json!([{ "key": "files", "type": "file", "src": ["/a", "/b"] }, { "key": "t", "value": "1" }, { "key": "t", "value": "2" }]);
    prop_oneof![
        2 => Just(Value::Null),
        3 => raw,
        1 => loose,
        1 => placeholder().prop_map(|text| json!({ "mode": "raw", "raw": text, "options": { "raw": { "language": "json" } } })),
        1 => Just(json!({ "mode": "formdata", "formdata": files })),
        1 => Just(json!({ "mode": "file", "file": { "src": "/a" } })),
        1 => prop::collection::vec(pair(), 0..3).prop_map(|pairs| json!({ "mode": "urlencoded", "urlencoded": pairs })),
        1 => prop::collection::vec(pair(), 0..3).prop_map(|pairs| json!({ "mode": "formdata", "formdata": pairs })),
        1 => Just(json!({ "mode": "file", "file": {} })),
        1 => Just(json!({ "mode": "graphql", "graphql": { "query": "{ a }", "variables": "{\"x\": 1}" } })),
    ]
}

fn response() -> impl Strategy<Value = Value> {
    let code = prop::sample::select(vec![
        json!(200),
        json!(201),
        json!(204),
        json!(302),
        json!(400),
        json!(404),
        json!("500"),
        Value::Null,
    ]);
    let original = prop_oneof![
        3 => Just(Value::Null),
        1 => pair().prop_map(|pair| json!({ "method": "POST", "url": { "raw": "https://b.example.com/other", "host": ["https://b.example.com"], "path": ["other"], "query": [pair] } })),
    ];
    (code, json_value(), prop::sample::select(vec!["application/json", "text/html", "application/problem+json"]), any::<bool>(), original).prop_map(
        |(code, value, media_type, empty, original)| {
            let body = if empty { String::new() } else { value.to_string() };
            let header = format!("Content-Type: {media_type}");
            json!({ "name": "An answer", "code": code, "body": body, "header": [header], "originalRequest": original })
        },
    )
}

fn item() -> impl Strategy<Value = Value> {
    let method = prop::sample::select(vec![
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE",
    ]);
    let auth = prop::sample::select(vec![
        "", "noauth", "bearer", "basic", "apikey", "oauth2", "hawk", "unheard",
    ]);
    let host = prop::sample::select(vec![
        "{{url}}",
        "{{url}}",
        "{{ url }}",
        "{{unknown}}",
        "https://b.example.com",
        "https://{{tenant}}.example.com",
        "https://ann:invented@c.example.com:8443",
        "https://https:",
        "http://localhost:{{port}}",
    ]);
    let media_type = prop::sample::select(vec![
        "",
        "",
        "application/json",
        "application/vnd.api+json",
        "text/csv",
    ]);
    (
        (method, host, media_type),
        prop::collection::vec(segment(), 0..4),
        prop::collection::vec(pair(), 0..4),
        prop::collection::vec(pair(), 0..3),
        body(),
        prop::collection::vec(response(), 0..4),
        auth,
    )
        .prop_map(|((method, host, media_type), path, query, mut header, body, response, auth)| {
            if !media_type.is_empty() {
                header.push(json!({ "key": "Content-Type", "value": media_type }));
            }
            let mut request = json!({
                "method": method, "header": header, "body": body,
                "url": { "raw": format!("{host}/{}", path.join("/")), "host": [host], "path": path, "query": query },
            });
            if !auth.is_empty() {
                request["auth"] = json!({ "type": auth });
            }
            json!({ "name": "A request", "request": request, "response": response })
        })
}

fn collection() -> impl Strategy<Value = Value> {
    prop::collection::vec(item(), 1..6).prop_map(|items| {
        json!({
            "info": { "name": "Any" },
            "variable": [
                { "key": "url", "value": "{{scheme}}://example.com" }, { "key": "scheme", "value": "https" },
                { "key": "x", "value": "7" }, { "key": "pairs", "value": "page=1&a%5Bb%5D=2" }, { "key": "v0", "value": "{{v1}}{{v1}}" }, { "key": "v1", "value": "{{v0}}" },
            ],
            "item": [{ "name": "All", "item": items }],
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_collection_becomes_a_client(collection in collection()) {
        let conversion = convert(("any", collection.to_string().as_bytes()), None, None).unwrap();
        // Nothing goes without a word.
        let counted = Counted::of(&collection);
        let account = &conversion.account;
        prop_assert_eq!(account.requests.found, counted.requests);
        let told = |what: &str| conversion.warnings.iter().filter(|text| text.ends_with(what)).count();
        prop_assert_eq!(account.requests.merged, told("; the two are one operation"));
        if account.requests.left_out == 0 {
            prop_assert_eq!((account.bodies.found, account.examples.found), (counted.bodies, counted.examples));
            prop_assert!(account.parameters.found >= counted.pairs);
        }
        for result in [adds_up(account), is_kept(&conversion), lowering_adds_up(&conversion)] {
            prop_assert!(result.is_ok(), "{result:?}\n{}", conversion.text);
        }
        // Nor does a variable or a password get into an address.
        let servers = conversion.document()["servers"].to_string();
        prop_assert!(!servers.contains("{{") && !conversion.text.contains("ann:invented"), "{servers}");
        if let Err(error) = becomes_a_client(conversion.document()) {
            prop_assert!(false, "{error}\n{}", conversion.text);
        }
    }

    #[test]
    fn merging_shapes_has_no_order(values in prop::collection::vec(json_value(), 1..5)) {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        let values = values.iter().map(|text| serde_json::from_str(text));
        let values: Vec<Json<'_>> = values.collect::<Result<_, _>>().unwrap();
        let forwards = Shape::merged(&values).unwrap();
        prop_assert_eq!(&forwards, &Shape::merged(values.iter().rev()).unwrap());
        prop_assert!(values.iter().all(|value| forwards.agrees(&Shape::of(value))));
    }
}
