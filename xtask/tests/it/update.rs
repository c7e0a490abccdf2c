//! What becomes of single changes of the documentation, and what is left for a person to decide.

use crate::documenter::export;
use crate::update_support::{Folder, assert_kept, edit_response, find, forget, own, texts_of_own};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A project that has adopted its own export, and the export.
fn adopted() -> (Folder, Value) {
    // Once for all.
    static ADOPTED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let folder = Folder::new();
        let adopted = folder.update(&export::export(&own()), &["--adopt"]);
        assert_eq!(adopted.0, 0, "{}", adopted.1);
        folder.texts()
    });
    let folder = Folder::new();
    for (file, text) in &*ADOPTED {
        folder.write(file, text);
    }
    (folder, export::export(&own()))
}

fn row(item: &mut Value, cells: [&str; 4]) {
    let text = item["request"]["description"].as_str().unwrap();
    let [name, kind, required, says] = cells;
    let row = format!(
        "<tr><td><code>{name}</code></td><td>{kind}</td><td>{required}</td><td>{says}</td></tr></tbody>"
    );
    item["request"]["description"] = text.replacen("</tbody>", &row, 1).into();
}

/// The document of a project.
fn document(folder: &Folder) -> Value {
    folder.texts()["openapi.json"].parse().unwrap()
}

#[test]
fn what_the_overlay_says_otherwise_is_listed_until_it_is_settled() {
    let (folder, mut theirs) = adopted();
    edit_response(find(&mut theirs, "GET", "/v1/channels"), |body| {
        // The overlay says which words are allowed there, or that it is a text.
        for channel in body["data"].as_array_mut().unwrap() {
            channel["transports"] = json!([7]);
        }
    });
    // And something that can be decided.
    let query = &mut find(&mut theirs, "GET", "/v1/tags")["request"]["urlObject"]["query"];
    query
        .as_array_mut()
        .unwrap()
        .push(json!({ "key": "colour", "value": "red" }));
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 30, "{report}");
    assert!(
        report.contains("## To decide") && report.contains("response `data[].transports[]`"),
        "{report}"
    );
    assert!(
        report.contains("- `GET /v1/tags`, query `colour`: new, string"),
        "{report}"
    );
    let after = folder.texts();
    // It is listed again, and changes nothing again.
    let (code, again) = folder.update(&theirs, &[]);
    assert_eq!(code, 30, "{again}");
    assert!(!again.contains("colour"), "{again}");
    assert!(folder.texts() == after, "files changed");
    // Each line says how it is settled.
    let places: Vec<&str> = again
        .split("`--settle '")
        .skip(1)
        .map(|rest| rest.split('\'').next().unwrap())
        .collect();
    assert!(!places.is_empty());
    let settle: Vec<&str> = places
        .iter()
        .flat_map(|place| ["--settle", place])
        .collect();
    let (code, report) = folder.update(&theirs, &settle);
    assert_eq!(code, 0, "{report}");
    assert!(report.contains("settled by hand"), "{report}");
    assert!(folder.update(&theirs, &[]).1.contains("Nothing new"));
    assert_kept(&texts_of_own(), &folder.texts());
}

#[test]
fn a_person_settles_it_too_by_making_the_project_say_it() {
    let (folder, mut theirs) = adopted();
    let item = find(&mut theirs, "POST", "/v1/tags");
    row(item, ["shade", "string", "yes", "The shade."]);
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 20, "{report}");
    assert!(
        report.contains("- `CreateTagRequest.shade`: required field added"),
        "{report}"
    );
    // Then it becomes optional, which is for a person to decide.
    let item = find(&mut theirs, "POST", "/v1/tags");
    let text = item["request"]["description"].as_str().unwrap();
    let text = text.replace(
        "<td>yes</td><td>The shade.</td>",
        "<td>no</td><td>The shade.</td>",
    );
    item["request"]["description"] = text.into();
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 30, "{report}");
    assert!(
        report.contains("is optional by their documentation"),
        "{report}"
    );
    let collection = &folder.texts()["collection.json"];
    folder.write(
        "collection.json",
        &collection.replace("| `shade` | string | yes |", "| `shade` | string | no |"),
    );
    let (code, report) = folder.update(&theirs, &[]);
    assert!(report.contains("is optional"), "{report}");
    assert_eq!(code, 0, "{report}");
    assert!(folder.update(&theirs, &[]).1.contains("Nothing new"));
}

#[test]
fn what_is_documented_again_is_no_longer_deprecated() {
    let (folder, theirs) = adopted();
    let before = folder.texts();
    let mut less = theirs.clone();
    for tags in less["item"].as_array_mut().unwrap() {
        let items = tags["item"].as_array_mut().unwrap();
        items.retain(|item| item["request"]["url"] != "{{url}}/v1/qr_decode");
    }
    let query = &mut find(&mut less, "GET", "/v1/dialogs")["request"]["urlObject"]["query"];
    query
        .as_array_mut()
        .unwrap()
        .retain(|pair| pair["key"] != "state");
    let (code, report) = folder.update(&less, &[]);
    assert_eq!(code, 10, "{report}");
    let document = document(&folder);
    assert_eq!(
        document["paths"]["/v1/qr_decode"]["post"]["deprecated"],
        true
    );
    let (_, report) = folder.update(&theirs, &[]);
    assert!(report.contains("no longer deprecated"), "{report}");
    assert!(folder.texts() == before, "files changed");
}

#[test]
fn a_field_is_deprecated_when_no_operation_shows_it_any_more() {
    let (folder, mut theirs) = adopted();
    forget(&mut theirs, "/v1/templates", "command");
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 0, "{report}");
    assert!(
        report.contains("another operation still shows it"),
        "{report}"
    );
    forget(&mut theirs, "/v1/templates/:id", "command");
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 10, "{report}");
    let document = document(&folder);
    let command = &document["components"]["schemas"]["Template"]["properties"]["command"];
    assert_eq!(command["deprecated"], true, "{report}");
}

#[test]
fn a_response_that_nobody_had_seen_is_no_longer_free_json() {
    let (folder, mut theirs) = adopted();
    let item = find(&mut theirs, "GET", "/v1/companies/info");
    let body = json!({ "data": { "title": "Firm of Anna", "seats": 7, "opened": "2021-11-09" }, "status": "success" });
    item["response"] =
        json!([{ "name": "Anna", "code": 200, "header": [], "body": body.to_string() }]);
    let (code, report) = folder.update(&theirs, &[]);
    assert_ne!(code, 30, "{report}");
    assert!(
        report.contains("response `data.seats`: new, integer"),
        "{report}"
    );
    let document = document(&folder);
    let operation = &document["paths"]["/v1/companies/info"]["get"];
    assert_eq!(operation["x-evidence"], "captured");
    let response = &operation["responses"]["200"];
    let shown = response["content"]["application/json"].to_string();
    assert!(
        shown.contains("2026-05-04") && !shown.contains("Anna"),
        "{shown}"
    );
}

#[test]
fn bodies_and_forms_of_new_operations_are_made_from_what_is_documented() {
    let (folder, mut theirs) = adopted();
    let request = |method: &str, path: &str, body: Value| {
        json!({
            "name": "Anna", "response": [],
            "request": { "method": method, "url": format!("{{{{url}}}}{path}"), "body": body },
        })
    };
    let raw =
        json!({ "client_id": 71717171, "lines": [{ "sku": "a-7", "count": 2 }], "note": "Anna" });
    let pair = |key: &str, value: &str| json!({ "key": key, "value": value });
    let folders = theirs["item"].as_array_mut().unwrap();
    folders.push(json!({ "name": "Orders of Anna", "item": [
        request("POST", "/v1/orders", json!({ "mode": "raw", "raw": raw.to_string() })),
        request("PUT", "/v1/orders/:order_id", json!({ "mode": "urlencoded", "urlencoded": [pair("state", "new"), pair("note", "Anna")] })),
        request("POST", "/v1/orders/:order_id/files", json!({ "mode": "formdata", "formdata": [{ "key": "file", "type": "file", "src": "/home/anna/a.png" }] })),
        request("PATCH", "/v1/orders/71717171", json!({ "mode": "raw", "raw": "{\"state\": \"new\"}" })),
    ]}));
    let (code, report) = folder.update(&theirs, &[]);
    // A path with somebody's number in it has no name for it.
    assert_eq!(code, 30, "{report}");
    assert!(
        report.contains(
            "- `PATCH /v1/orders/{}`: new operation: a part of its path is data of theirs"
        ) || report.contains("update_order"),
        "{report}"
    );
    let document = document(&folder);
    let body = |path: &str, method: &str| {
        document["paths"][path][method]["requestBody"]["content"].clone()
    };
    assert!(
        body("/v1/orders", "post")["application/json"]["schema"]
            .to_string()
            .contains("CreateOrderRequest")
    );
    assert!(!body("/v1/orders/{order_id}", "put")["application/x-www-form-urlencoded"].is_null());
    assert!(!body("/v1/orders/{order_id}/files", "post")["multipart/form-data"].is_null());
    let lines = &document["components"]["schemas"]["CreateOrderRequest"]["properties"]["lines"];
    assert_eq!(lines["type"], "array");
    for text in folder.texts().values().chain([&report]) {
        assert!(!text.contains("Anna") && !text.contains("71717171") && !text.contains("anna"));
    }
}

#[test]
fn a_new_operation_brings_new_values_of_enums() {
    let (folder, mut theirs) = adopted();
    // The overlay says of every parameter of this name what it may be.
    let order = json!({ "key": "order", "value": "newest", "disabled": true });
    let item = json!({
        "name": "Parcels", "response": [],
        "request": {
            "method": "GET", "url": "{{url}}/v1/parcels",
            "urlObject": { "host": ["{{url}}"], "path": ["v1", "parcels"], "query": [order] },
        },
    });
    let folders = theirs["item"].as_array_mut().unwrap();
    folders[0]["item"].as_array_mut().unwrap().push(item);
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 10, "{report}");
    assert!(
        report.contains("- `Order`: value `newest` added"),
        "{report}"
    );
    let operation = &document(&folder)["paths"]["/v1/parcels"]["get"];
    assert_eq!(operation["x-evidence"], "none");
    assert!(
        operation["parameters"][0]
            .to_string()
            .contains("schemas/Order")
    );
    assert!(folder.update(&theirs, &[]).1.contains("Nothing new"));
}

#[test]
fn another_documentation_or_none_at_all_changes_nothing() {
    let (folder, mut theirs) = adopted();
    let before = folder.texts();
    let folders = theirs["item"].as_array_mut().unwrap();
    folders.truncate(2);
    let (code, report) = folder.update(&theirs, &[]);
    assert_eq!(code, 30, "{report}");
    assert!(report.contains("is it another documentation?"), "{report}");
    assert!(folder.texts() == before, "files changed");
    for (wrong, reason) in [
        ("", "not JSON"),
        ("{\"item\": [", "not JSON"),
        ("<html>", "not JSON"),
        ("{\"data\": []}", "no `item`"),
        ("{\"info\": {}, \"item\": []}", "no requests"),
        ("[]", "no"),
    ] {
        let (code, said) = folder.update_bytes(wrong.as_bytes(), &[]);
        assert!(code == 1 && said.contains(reason), "{wrong}: {said}");
        assert!(folder.texts() == before, "files changed");
    }
}

#[test]
fn the_report_goes_to_a_file_and_drift_passes_it_on_with_the_exit_code() {
    let (folder, mut theirs) = adopted();
    let query = &mut find(&mut theirs, "GET", "/v1/tags")["request"]["urlObject"]["query"];
    query
        .as_array_mut()
        .unwrap()
        .push(json!({ "key": "colour", "value": "red" }));
    let place = tempfile::tempdir().unwrap();
    let report = place.path().join("report.md");
    let (code, said) = folder.update(&theirs, &["--report", report.to_str().unwrap()]);
    assert_eq!((code, &*said), (10, ""));
    assert!(fs::read_to_string(&report).unwrap().contains("additive"));

    // The script, with a program in the place of cargo.
    let cargo = place.path().join("cargo");
    let script = "#!/bin/sh\nwhile [ \"$1\" != --report ]; do shift; done\n[ \"$3\" = quiet ] || echo 'What changed' > \"$2\"\nexit 30\n";
    fs::write(&cargo, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!(
            "{}:{}",
            place.path().display(),
            std::env::var("PATH").unwrap()
        );
        let run = |arguments: &[&str]| {
            let output = Command::new(root().join(".ci/drift"))
                .args(arguments)
                .env("PATH", &path)
                .env("DRIFT_REPORT", &report)
                .output()
                .unwrap();
            (
                output.status.code(),
                String::from_utf8(output.stdout).unwrap(),
            )
        };
        assert_eq!(run(&[]), (Some(30), "What changed\n".into()));
        assert_eq!(run(&["quiet"]), (Some(30), String::new()));
    }
}

#[test]
fn the_program_of_cargo_xtask_has_nothing_of_the_crate_that_it_may_have_to_mend() {
    let alias = fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(alias.contains("--no-default-features"), "{alias}");
    let tree = |features: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--package",
                "xtask",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
            ])
            .args(features)
            .current_dir(root())
            .output()
            .unwrap();
        let tree = String::from_utf8(output.stdout).unwrap();
        tree.lines().any(|line| line.starts_with("chat2desk v"))
    };
    assert!(tree(&[]));
    assert!(!tree(&["--no-default-features"]));
}
