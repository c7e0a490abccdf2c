//! Fetching, against a server in the form of Postman's documentation service.

use crate::documenter::{Documenter, Reply, nobody};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use xtask::fetch::{Address, Fetched, Source, fetch};

const COLLECTION: &str = "/api/collections/42/AbC123?segregateAuth=true&versionTag=latest";

fn published(services: &[&str], address: &str) -> Source {
    Source::Published {
        services: services.iter().map(|host| (*host).to_owned()).collect(),
        address: Address::read(address).unwrap(),
    }
}

fn collection(name: &str) -> Value {
    let item =
        json!({ "name": "Get", "request": { "method": "GET", "url": "https://example.com/a" } });
    json!({ "info": { "name": name, "publishDate": "2026-01-02T03:04:05.000Z" }, "item": [item] })
}

fn metadata(owner: impl Into<Value>) -> Value {
    json!({ "collection": { "info": { "owner": owner.into() } }, "environments": [] })
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap()
}

/// A service of one documentation.
fn service() -> Documenter {
    Documenter::start(|path, _, _| match path {
        "/view/metadata/AbC123" => Reply::json(metadata("42")),
        COLLECTION => Reply::json(collection("Shop")),
        _ => Reply::status(404),
    })
}

/// What a fetch wrote, and its notes.
fn fetched(source: &Source) -> Result<(Value, Vec<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    let mut notes = Vec::new();
    fetch(source, folder.path(), |note| notes.push(note))?;
    Ok((read(folder.path(), "collection.json"), notes))
}

#[test]
fn a_published_documentation_is_fetched_once_and_asked_for_again_by_its_tag() {
    let server = Documenter::start(|path, headers, _| match path {
        "/view/metadata/AbC123" => Reply::json(metadata("42")),
        COLLECTION if headers.contains(&"if-none-match: \"v1\"".to_owned()) => Reply::status(304),
        COLLECTION => Reply::json(collection("Shop")).header("etag", "\"v1\""),
        _ => Reply::status(404),
    });
    let source = published(&[&server.url()], "AbC123");
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("upstream");
    let fetch = || fetch(&source, &into, |note| panic!("{note}")).unwrap();
    assert!(matches!(fetch(), Fetched::New(_)));
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
    assert_eq!(fetch(), Fetched::Unchanged);
    assert_eq!(fs::read_dir(&into).unwrap().count(), 3);

    // A tag without what it is of says nothing.
    fs::remove_file(into.join("collection.json")).unwrap();
    assert!(matches!(fetch(), Fetched::New(_)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(into.join("collection.json"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o644);
    }
}

#[test]
fn the_next_host_is_called_where_the_first_fails_and_a_note_says_so() {
    let good = service();
    let page = "<!DOCTYPE html><html><title>One moment</title></html>";
    let bad: [(&str, Reply); 6] = [
        ("HTTP 403", Reply::status(403)),
        ("HTTP 404", Reply::status(404)),
        ("HTTP 502", Reply::status(502)),
        ("a page of HTML", Reply::json(page)),
        ("not JSON", Reply::json("{\"item\": [")),
        ("broke off", Reply::json(collection("Shop")).broken()),
    ];
    let mut hosts = vec![("cannot be reached", nobody())];
    let mut servers = Vec::new();
    for (reason, reply) in bad {
        let server = Documenter::start(move |_, _, _| reply.clone());
        hosts.push((reason, server.url()));
        servers.push(server);
    }
    for (reason, host) in &hosts {
        let (found, notes) = fetched(&published(&[host, &good.url()], "AbC123")).unwrap();
        assert_eq!(found, collection("Shop"));
        let [note] = &notes[..] else {
            panic!("{notes:?}")
        };
        assert!(
            note.contains(reason) && note.contains(&good.url()),
            "{note}"
        );
        let error = fetched(&published(&[host], "AbC123")).unwrap_err();
        assert!(
            error.contains(reason) && error.contains("nothing was changed"),
            "{error}"
        );
    }
    // Only the collection is missing.
    let half = Documenter::start(|path, _, _| match path {
        "/view/metadata/AbC123" => Reply::json(metadata("42")),
        _ => Reply::status(403),
    });
    let (found, notes) = fetched(&published(&[&half.url(), &good.url()], "AbC123")).unwrap();
    assert_eq!((found, notes.len()), (collection("Shop"), 1));
}

#[test]
fn what_a_host_refuses_for_good_is_not_asked_of_another() {
    let good = service();
    let refusing = Documenter::start(|_, _, _| Reply::status(401));
    let source = published(&[&refusing.url(), &good.url()], "AbC123");
    let error = fetched(&source).unwrap_err();
    assert!(error.contains("HTTP 401"), "{error}");
    assert!(good.paths().is_empty());
}

#[test]
fn owner_and_page_may_be_given_and_the_owner_may_be_a_number() {
    let service = service();
    // With the owner the metadata page may be missing; then it is said what that costs.
    let alone = Documenter::start(|path, _, _| match path {
        COLLECTION => Reply::json(collection("Shop")),
        _ => Reply::status(404),
    });
    let (found, notes) = fetched(&published(&[&alone.url()], "42/AbC123")).unwrap();
    assert_eq!(found, collection("Shop"));
    assert!(notes[0].contains("no environment is known"), "{notes:?}");
    assert!(fetched(&published(&[&alone.url()], "AbC123")).is_err());

    let pasted = format!("{}/view/42/AbC123?version=latest#intro", service.url());
    let (found, notes) = fetched(&published(&[&nobody()], &pasted)).unwrap();
    assert_eq!((found, notes.len()), (collection("Shop"), 0));

    let numbered = Documenter::start(|path, _, _| match path {
        "/view/metadata/AbC123" => Reply::json(metadata(42)),
        _ => Reply::json(collection("Numbered")),
    });
    let (found, _) = fetched(&published(&[&numbered.url()], "AbC123")).unwrap();
    assert_eq!(found, collection("Numbered"));

    let nameless = Documenter::start(|_, _, _| Reply::json(metadata(Value::Null)));
    let error = fetched(&published(&[&nameless.url()], "AbC123")).unwrap_err();
    assert!(error.contains("use OWNER/ID"), "{error}");
}

#[test]
fn the_page_of_a_domain_of_its_own_says_what_it_shows() {
    let domain = Documenter::start(|path, _, _| match path {
        "/" => Reply::json(
            "<html><head><meta name=\"ownerId\" content=\"42\"><meta name=\"publishedId\" content=\"AbC123\">",
        ),
        "/view/metadata/AbC123" => Reply::json(metadata("42")),
        COLLECTION => Reply::json(collection("Shop")),
        _ => Reply::status(404),
    });
    let page = format!("{}/", domain.url());
    let (found, _) = fetched(&published(&[], &page)).unwrap();
    assert_eq!(found, collection("Shop"));
    let other = format!("{}/about", service().url());
    assert!(fetched(&published(&[], &other)).is_err());
}

#[test]
fn the_published_environment_is_requested() {
    let environments = |published: bool| {
        json!([
            { "id": "1-draft", "owner": "42", "published": !published },
            { "id": "7e0c", "owner": "42", "published": published, "values": [] },
        ])
    };
    for (owner, environments, expected) in [
        ("42", environments(true), "&environment=42-7e0c"),
        ("42", json!([{ "id": "42-7e0c" }]), "&environment=42-7e0c"),
        (
            "42",
            json!([{ "id": "7e0c", "owner": 43 }]),
            "&environment=43-7e0c",
        ),
        ("42", json!([]), ""),
        ("42", json!([{ "id": "7e0c", "published": false }]), ""),
    ] {
        let mut page = metadata(owner);
        page["environments"] = environments;
        let server = Documenter::start(move |path, _, _| match path {
            "/view/metadata/AbC123" => Reply::json(&page),
            _ => Reply::json(collection("Shop")),
        });
        fetched(&published(&[&server.url()], "AbC123")).unwrap();
        assert_eq!(server.paths()[1], format!("{COLLECTION}{expected}"));
    }
}

#[test]
fn a_busy_host_is_asked_once_more_after_the_wait_that_it_asks_for() {
    for status in [429, 503] {
        let busy = Documenter::start(move |path, _, times| match (path, times) {
            ("/view/metadata/AbC123", _) => Reply::json(metadata("42")),
            (_, 0) => Reply::status(status).header("retry-after", "1"),
            _ => Reply::json(collection("Shop")),
        });
        let start = Instant::now();
        let (found, _) = fetched(&published(&[&busy.url()], "AbC123")).unwrap();
        assert_eq!(found, collection("Shop"));
        assert!(start.elapsed() >= Duration::from_secs(1));
        assert_eq!(busy.paths().len(), 3);
    }
    let always = Documenter::start(|_, _, _| Reply::status(429).header("retry-after", "0"));
    let error = fetched(&published(&[&always.url()], "AbC123")).unwrap_err();
    assert!(error.contains("HTTP 429"), "{error}");
    assert_eq!(always.paths().len(), 2);

    let patient = Documenter::start(|_, _, _| Reply::status(429).header("retry-after", "3600"));
    let error = fetched(&published(&[&patient.url()], "AbC123")).unwrap_err();
    assert!(error.contains("for 3600 s"), "{error}");
    assert_eq!(patient.paths().len(), 1);
}

#[test]
fn a_collection_elsewhere_is_fetched_as_it_is() {
    let server =
        Documenter::start(|_, _, _| Reply::json(json!({ "collection": collection("Wrapped") })));
    let url = format!("{}/c.json", server.url());
    let folder = tempfile::tempdir().unwrap();
    fetch(&Source::Collection { url }, folder.path(), drop).unwrap();
    assert!(!folder.path().join("metadata.json").exists());
    assert_eq!(server.paths(), ["/c.json"]);
}

#[test]
fn what_goes_wrong_changes_nothing() {
    let server = Documenter::start(|path, _, _| match path {
        "/html" => Reply::json("<html>"),
        "/other" => Reply::json("{\"data\": []}"),
        "/empty" => Reply::json(""),
        "/unasked" => Reply::status(304),
        _ => Reply::status(404),
    });
    let url = |path: &str| format!("{}{path}", server.url());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("collection.json"), "old").unwrap();
    for (url, reason) in [
        (url("/gone"), "HTTP 404"),
        (url("/html"), "a page of HTML came instead of JSON"),
        (url("/other"), "no collection"),
        (url("/empty"), "empty"),
        (url("/unasked"), "HTTP 304"),
        (nobody(), "cannot be reached"),
    ] {
        let error = fetch(&Source::Collection { url }, folder.path(), drop).unwrap_err();
        assert!(error.contains(reason), "{error}");
        assert!(error.contains("nothing was changed"), "{error}");
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("collection.json")).unwrap(),
        "old"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_program_takes_hosts_by_option_and_environment() {
    let service = service();
    let run = |arguments: &[&str], hosts: Option<String>| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["fetch", "--into"])
            .arg(folder.path())
            .args(arguments);
        if let Some(hosts) = hosts {
            command.env("XTASK_DOCUMENTER", hosts);
        }
        let output = command.output().unwrap();
        let notes = String::from_utf8(output.stderr).unwrap();
        (
            output.status.code(),
            folder.path().join("collection.json").exists(),
            notes,
        )
    };
    let (nobody, url) = (nobody(), service.url());
    let (code, fetched, notes) = run(&["AbC123", "--service", &nobody, "--service", &url], None);
    assert_eq!((code, fetched), (Some(0), true), "{notes}");
    assert!(
        notes.contains("note: ") && notes.contains(&nobody),
        "{notes}"
    );
    let (code, fetched, _) = run(&["42/AbC123"], Some(format!("{nobody},{url}")));
    assert_eq!((code, fetched), (Some(0), true));
    let (code, fetched, notes) = run(&["AbC123"], Some(nobody));
    assert_eq!((code, fetched), (Some(1), false));
    assert!(notes.contains("error: "), "{notes}");
    assert_eq!(run(&["a b"], None).0, Some(1));
}
