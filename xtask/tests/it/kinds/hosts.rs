//! Where requests go: variables, servers, and paths as they are sent.

use super::*;

fn at(name: &str, url: &str) -> Value {
    json!({ "name": name, "request": { "method": "GET", "url": url } })
}

fn servers(conversion: &Conversion) -> &Value {
    &conversion.document()["servers"]
}

fn urls(servers: &Value) -> Vec<&str> {
    let servers = servers.as_array().into_iter().flatten();
    servers
        .map(|server| server["url"].as_str().unwrap())
        .collect()
}

#[test]
fn variables_are_looked_up_outwards_and_in_values() {
    let conversion = converted(&json!({
        "variable": [
            { "key": "url", "value": "{{scheme}}://{{ host }}:{{port}}/{{base}}" },
            { "key": "host", "value": "old.example.com", "disabled": true },
            { "key": "host", "value": "api.example.com" },
            { "key": "scheme", "value": "http" },
            { "key": "port", "value": 8080 },
            { "key": "base", "value": "v1" },
        ],
        "item": [
            at("Orders", "{{url}}/orders"),
            at("Shelves", "{{url}}/shelves"),
            { "name": "New", "variable": [{ "key": "base", "value": "v2" }], "item": [at("Books", "{{url}}/books")] },
        ],
    }));
    assert_eq!(
        urls(servers(&conversion)),
        ["http://api.example.com:8080/v1"]
    );
    let books = operation(&conversion, "get", "/books");
    assert_eq!(urls(&books["servers"]), ["http://api.example.com:8080/v2"]);
    assert!(conversion.warnings.is_empty(), "{:?}", conversion.warnings);
}

#[test]
fn what_has_no_value_is_a_variable_of_the_server_or_warned_of() {
    let conversion = of(json!([at(
        "Orders",
        "{{scheme}}://{{tenant}}.eu.example.com:{{port}}/orders"
    )]));
    let expected = json!([{
        "url": "{scheme}://{tenant}.eu.example.com:{port}",
        "variables": {
            "scheme": { "default": "https" }, "tenant": { "default": "tenant" }, "port": { "default": "443" },
        },
    }]);
    assert_eq!(*servers(&conversion), expected);
    let conversion = of(json!([at("Orders", "{{url}}/orders")]));
    assert_eq!(*servers(&conversion), Value::Null);
    let warning = "the collection: the host `{{url}}` is no address, nor a variable with one";
    assert_eq!(conversion.warnings, [warning]);
}

#[test]
fn operations_that_are_not_where_most_are_have_servers_of_their_own() {
    let conversion = of(json!([
        at("Orders", "https://api.example.com/orders"),
        at("Shelves", "https://api.example.com/shelves"),
        at("Token", "https://auth.example.com/token"),
        at("Try it", "https://sandbox.example.com/orders"),
        at("Report", "{{reports}}/report"),
        at("Relative", "/relative"),
    ]));
    assert_eq!(urls(servers(&conversion)), ["https://api.example.com"]);
    let own = |path: &str| urls(&operation(&conversion, "get", path)["servers"]);
    assert_eq!(own("/token"), ["https://auth.example.com"]);
    let both = ["https://api.example.com", "https://sandbox.example.com"];
    assert_eq!(own("/orders"), both);
    assert!(own("/shelves").is_empty() && own("/relative").is_empty());
    // It is elsewhere, and nobody says where.
    assert_eq!(own("/report"), ["/"]);
}

#[test]
fn a_stray_host_is_not_where_the_others_are() {
    for stray in [
        "https://time.example.org/now",
        "http://localhost:3000/debug",
    ] {
        let conversion = of(json!([at("Stray", stray), at("Orders", "{{host}}/orders")]));
        assert_eq!(*servers(&conversion), Value::Null);
        let orders = operation(&conversion, "get", "/orders");
        assert_eq!(orders.get("servers"), None);
    }
}

#[test]
fn no_url_gives_no_server_and_no_password_gets_out() {
    for odd in [
        "<the address that https://api.example.com/upload gave>",
        "https://https:://api/orders",
        "ftp://files.example.com/orders",
        "https://two words.example.com/orders",
        "https://api.example.com:99999x/orders",
    ] {
        let conversion = of(json!([at("Odd", odd)]));
        assert_eq!(*servers(&conversion), Value::Null, "{odd}");
        assert_eq!(conversion.warnings.len(), 1, "{odd}");
        assert!(conversion.warnings[0].ends_with("is no URL; it gives no server"));
    }
    let conversion = converted(&json!({
        "variable": [{ "key": "url", "value": "https://ann:pass-word@api.example.com:8443" }],
        "item": [at("A", "{{url}}/a"), at("B", "https://bob:pass-word@b.example.com/b"), at("C", "ftp://x:pass-word@c/c")],
    }));
    let text = format!("{}{:?}", conversion.text, conversion.warnings);
    assert!(
        !text.contains("pass-word") && !text.contains("ann"),
        "{text}"
    );
    assert_eq!(urls(servers(&conversion)), ["https://api.example.com:8443"]);
}

#[test]
fn a_port_comes_once() {
    let url = json!({ "raw": "http://localhost:5050", "protocol": "http", "host": ["localhost"], "port": "5050" });
    let conversion = of(json!([{ "name": "Root", "request": { "url": url } }]));
    assert_eq!(urls(servers(&conversion)), ["http://localhost:5050"]);
    let url =
        json!({ "protocol": "http", "host": ["localhost"], "port": "{{port}}", "path": ["a"] });
    let port = json!([{ "key": "port", "value": "81" }]);
    let conversion = converted(
        &json!({ "variable": port, "item": [{ "name": "A", "request": { "url": url } }] }),
    );
    assert_eq!(urls(servers(&conversion)), ["http://localhost:81"]);
    let conversion = of(json!([at("Address", "http://[2001:db8::1]:8080/a")]));
    assert_eq!(urls(servers(&conversion)), ["http://[2001:db8::1]:8080"]);
}

#[test]
fn paths_are_as_they_are_sent() {
    let paths = [
        "/users",
        "/users/",
        "/users/:id/",
        "/export/:id.csv",
        "/jobs/:id:cancel",
        "/rows/<row id>",
        "/cells/[cellId]",
        "/bad/}",
        "/encoded/%7Bname%7D",
        "/dollar/${name}",
    ];
    let items: Vec<Value> = paths.iter().map(|path| request("GET", path)).collect();
    let conversion = of(items.into());
    let found = conversion.document()["paths"].as_object().unwrap().keys();
    let expected = [
        "/users",
        "/users/",
        "/users/{id}/",
        "/export/{id}.csv",
        "/jobs/{id}:cancel",
        "/rows/{row_id}",
        "/cells/{cellId}",
        "/bad/%7D",
        "/encoded/{name}",
        "/dollar/{name}",
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    for path in ["/export/{id}.csv", "/rows/{row_id}", "/cells/{cellId}"] {
        let parameters = &operation(&conversion, "get", path)["parameters"];
        assert_eq!(parameters[0]["in"], "path", "{path}");
    }
}

#[test]
fn a_host_is_one_however_it_is_written() {
    let conversion = converted(&json!({
        "variable": [{ "key": "host", "value": HOST }],
        "item": [
            at("A", "HTTPS://API.Example.com/a"),
            at("B", "//api.example.com/b"),
            at("C", "api.example.com/c"),
            at("D", "%7B%7Bhost%7D%7D/d"),
            at("E", "{{host}}/e#a?b=c"),
        ],
    }));
    assert_eq!(urls(servers(&conversion)), [HOST]);
    let found = xtask::lower::operations(conversion.document());
    let found: Vec<&str> = found.map(|(path, ..)| path).collect();
    assert_eq!(found, ["/a", "/b", "/c", "/d", "/e"]);
    assert_eq!(conversion.warnings.len(), 0);
    // Nobody has a certificate for the own machine.
    for (host, url) in [
        ("localhost:3000", "http://localhost:3000"),
        ("192.0.2.7", "http://192.0.2.7"),
        ("[2001:db8::7]:8080", "http://[2001:db8::7]:8080"),
    ] {
        let conversion = of(json!([at("A", &format!("{host}/a"))]));
        assert_eq!(urls(servers(&conversion)), [url]);
    }
}

#[test]
fn paths_are_those_that_are_sent() {
    let parts = json!(["a", "", "b", ""]);
    let conversion = converted(&json!({
        "variable": [{ "key": "url", "value": "https://api.example.com/" }],
        "item": [
            at("A", "https://api.example.com/a//b"),
            at("B", "https://api.example.com/a/b"),
            { "name": "C", "request": { "url": { "host": ["{{url}}"], "path": parts } } },
            at("D", "{{url}}//c"),
            at("E", "https://api.example.com/:from...:to/{id:[0-9]+}/<int:row>/:x-:y"),
        ],
    }));
    let found = xtask::lower::operations(conversion.document());
    let found: Vec<&str> = found.map(|(path, ..)| path).collect();
    let expected = [
        "/a//b",
        "/a/b",
        "/a//b/",
        "/c",
        "/{from}...{to}/{id}/{row}/{x}-{y}",
    ];
    assert_eq!(found, expected);
}
