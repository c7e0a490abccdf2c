//! Fetching, against a server in the form of Postman's documentation service.

use httpmock::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use xtask::fetch::{Fetched, Source, fetch};

fn published(server: &MockServer) -> Source {
    Source::Published {
        service: server.base_url(),
        id: "AbC123".into(),
    }
}

fn collection(name: &str) -> Value {
    let item =
        json!({ "name": "Get", "request": { "method": "GET", "url": "https://example.com/a" } });
    json!({ "info": { "name": name, "publishDate": "2026-01-02T03:04:05.000Z" }, "item": [item] })
}

fn metadata(server: &MockServer) {
    server.mock(|when, then| {
        when.path("/view/metadata/AbC123");
        then.status(200)
            .json_body(json!({ "collection": { "info": { "owner": "42" } }, "environments": [] }));
    });
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap()
}

#[test]
fn a_published_documentation_is_fetched_once_and_asked_for_again_by_its_tag() {
    let server = MockServer::start();
    metadata(&server);
    let mut first = server.mock(|when, then| {
        when.path("/api/collections/42/AbC123")
            .query_param("versionTag", "latest")
            .header_missing("if-none-match");
        then.status(200)
            .header("etag", "\"v1\"")
            .json_body(collection("Shop"));
    });
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("upstream");
    assert!(matches!(
        fetch(&published(&server), &into).unwrap(),
        Fetched::New(_)
    ));
    assert_eq!(read(&into, "collection.json"), collection("Shop"));
    assert_eq!(
        read(&into, "metadata.json")["collection"]["info"]["owner"],
        "42"
    );
    let record = read(&into, "record.json");
    assert_eq!(
        (&record["etag"], &record["published"]),
        (&json!("\"v1\""), &json!("2026-01-02T03:04:05.000Z"))
    );

    first.delete();
    server.mock(|when, then| {
        when.path("/api/collections/42/AbC123")
            .header("if-none-match", "\"v1\"");
        then.status(304);
    });
    assert_eq!(
        fetch(&published(&server), &into).unwrap(),
        Fetched::Unchanged
    );
    assert_eq!(fs::read_dir(&into).unwrap().count(), 3);
}

#[test]
fn a_collection_elsewhere_is_fetched_as_it_is() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/c.json");
        then.status(200)
            .json_body(json!({ "collection": collection("Wrapped") }));
    });
    let folder = tempfile::tempdir().unwrap();
    let source = Source::Collection {
        url: server.url("/c.json"),
    };
    fetch(&source, folder.path()).unwrap();
    assert!(!folder.path().join("metadata.json").exists());
}

#[test]
fn what_goes_wrong_changes_nothing() {
    let server = MockServer::start();
    for (path, status, body) in [
        ("/gone", 404, "{}"),
        ("/html", 200, "<html>"),
        ("/other", 200, "{\"data\": []}"),
    ] {
        server.mock(|when, then| {
            when.path(path);
            then.status(status).body(body);
        });
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("collection.json"), "old").unwrap();
    for (url, reason) in [
        (server.url("/gone"), "HTTP 404"),
        (server.url("/html"), "not JSON"),
        (server.url("/other"), "no collection"),
        (
            format!("http://{closed}/"),
            "cannot be reached, nothing was changed",
        ),
    ] {
        let error = fetch(&Source::Collection { url }, folder.path()).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("collection.json")).unwrap(),
        "old"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
