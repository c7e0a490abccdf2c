//! Security: variants, scopes, and headers that are schemes.

use super::*;

fn with_auth(path: &str, auth: &Value, codes: &[u16]) -> Value {
    let mut item = request("GET", path);
    item["request"]["auth"] = auth.clone();
    let answers = codes
        .iter()
        .map(|code| json!({ "name": "saved", "code": code, "body": "{\"a\": 1}" }));
    item["response"] = answers.collect();
    item
}

#[test]
fn a_variant_without_a_token_makes_no_operation_public() {
    let (none, bearer, basic) = (
        json!({ "type": "noauth" }),
        json!({ "type": "bearer" }),
        json!({ "type": "basic" }),
    );
    let conversion = of(json!([
        with_auth("/refused", &none, &[401]),
        with_auth("/refused", &bearer, &[200]),
        with_auth("/unsent", &none, &[]),
        with_auth("/unsent", &bearer, &[200]),
        with_auth("/optional", &none, &[200]),
        with_auth("/optional", &bearer, &[200]),
        with_auth("/either", &basic, &[200]),
        with_auth("/either", &bearer, &[200]),
        with_auth("/public", &none, &[200]),
    ]));
    for (path, expected) in [
        ("/refused", json!([{ "bearer": [] }])),
        ("/unsent", json!([{ "bearer": [] }])),
        ("/optional", json!([{ "bearer": [] }, {}])),
        ("/either", json!([{ "basic": [] }, { "bearer": [] }])),
        ("/public", json!([])),
    ] {
        assert_eq!(
            operation(&conversion, "get", path)["security"],
            expected,
            "{path}"
        );
    }
}

#[test]
fn scopes_are_kept_and_no_address_is_invented() {
    let oauth = |token: &str| {
        let pairs = [
            ("grant_type", "authorization_code_with_pkce"),
            ("authUrl", "{{auth}}/authorize"),
            ("accessTokenUrl", token),
            ("scope", "read write"),
        ];
        let pairs: Vec<Value> = pairs
            .iter()
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        converted(&json!({
            "auth": { "type": "oauth2", "oauth2": pairs },
            "variable": [{ "key": "auth", "value": "https://ann:pass@auth.example.com" }],
            "item": [request("GET", "/orders")],
        }))
    };
    let conversion = oauth("{{auth}}/token");
    let flow = json!({
        "authorizationUrl": "https://auth.example.com/authorize", "tokenUrl": "https://auth.example.com/token",
        "scopes": { "read": "", "write": "" },
    });
    let scheme = json!({ "type": "oauth2", "flows": { "authorizationCode": flow } });
    assert_eq!(
        conversion.document()["components"]["securitySchemes"]["oauth2"],
        scheme
    );
    assert_eq!(
        conversion.document()["security"],
        json!([{ "oauth2": ["read", "write"] }])
    );
    let conversion = oauth("{{unknown}}/token");
    let scheme = &conversion.document()["components"]["securitySchemes"]["oauth2"];
    assert_eq!(scheme["flows"]["authorizationCode"]["tokenUrl"], "/token");
    assert_eq!(
        scheme["description"],
        "The collection does not say the host of the `tokenUrl`."
    );
}

#[test]
fn what_a_scheme_sends_is_no_parameter() {
    let key = |place: &str, name: &str| json!({ "type": "apikey", "apikey": [{ "key": "key", "value": name }, { "key": "in", "value": place }] });
    let mut header = with_auth("/headers?page=1", &key("header", "X-API-Key"), &[]);
    header["request"]["header"] =
        json!([{ "key": "x-api-key", "value": "{{k}}" }, { "key": "X-Mode", "value": "1" }]);
    let query = with_auth("/queries?api_key=1&page=1", &key("query", "api_key"), &[]);
    let open = request("GET", "/open?api_key=1");
    let conversion = of(json!([header, query, open]));
    let names = |path: &str| {
        let parameters = operation(&conversion, "get", path)["parameters"]
            .as_array()
            .unwrap();
        parameters
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("/headers"), ["page", "X-Mode"]);
    assert_eq!(names("/queries"), ["page"]);
    assert_eq!(names("/open"), ["api_key"]);
}

#[test]
fn what_authentication_says_is_looked_up_where_it_is_said() {
    let key = json!({ "type": "apikey", "apikey": [{ "key": "key", "value": "{{name}}" }, { "key": "in", "value": "header" }] });
    let named = |value: &str| json!([{ "key": "name", "value": value }]);
    let folder = json!({ "name": "F", "variable": named("X-Folder"), "auth": key, "item": [request("GET", "/a")] });
    let conversion = converted(
        &json!({ "variable": named("X-All"), "auth": key, "item": [folder, request("GET", "/b")] }),
    );
    let schemes = &conversion.document()["components"]["securitySchemes"];
    assert_eq!(schemes["apikey"]["name"], "X-All");
    assert_eq!(schemes["apikey_2"]["name"], "X-Folder");
    let own = &operation(&conversion, "get", "/a")["security"];
    assert_eq!(*own, json!([{ "apikey_2": [] }]));
}

#[test]
fn authentication_in_other_places_and_words() {
    let pairs = |kind: &str, pairs: &[(&str, &str)]| {
        let pairs: Vec<Value> = pairs
            .iter()
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        json!({ "type": kind, kind: pairs })
    };
    let oauth = [
        ("grant_type", "implicit"),
        ("authUrl", "https://id.example.com/authorize?shop={{shop}}"),
    ];
    let mut by_hand = with_auth("/hand", &json!({ "type": "noauth" }), &[200]);
    by_hand["request"]["header"] = json!([{ "key": "Authorization", "value": "Bearer {{token}}" }]);
    let conversion = converted(&json!({ "auth": { "type": "basic" }, "item": [
        with_auth("/cookie", &pairs("apikey", &[("key", "sid"), ("in", "cookie")]), &[]),
        with_auth("/jwt", &pairs("jwt", &[("in", "query"), ("queryParamKey", "jwt")]), &[]),
        with_auth("/inherited", &json!({ "type": "inherit" }), &[]),
        with_auth("/oauth", &pairs("oauth2", &oauth), &[]),
        by_hand,
    ] }));
    let schemes = &conversion.document()["components"]["securitySchemes"];
    let cookie = json!({ "type": "apiKey", "name": "sid", "in": "cookie" });
    let query = json!({ "type": "apiKey", "name": "jwt", "in": "query" });
    assert_eq!((&schemes["apikey"], &schemes["jwt"]), (&cookie, &query));
    let url = &schemes["oauth2"]["flows"]["implicit"]["authorizationUrl"];
    assert_eq!(url, "https://id.example.com/authorize");
    assert_eq!(
        operation(&conversion, "get", "/inherited").get("security"),
        None
    );
    let by_hand = &operation(&conversion, "get", "/hand")["security"];
    assert_eq!(*by_hand, json!([{ "bearer": [] }]));
    assert_eq!(conversion.warnings.len(), 0);
}
