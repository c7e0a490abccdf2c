//! The first lock, from an export of the project's own collection in the documenter's form.

use crate::documenter::export;
use crate::update_support::{Folder, find, own, reverse};
use serde_json::{Value, json};

#[test]
fn adopting_what_the_project_says_finds_no_difference_and_a_second_look_nothing_new() {
    let folder = Folder::new();
    let collection = own();
    let (code, report) = folder.update(&export::export(&collection), &["--adopt"]);
    assert_eq!(code, 0);
    let none = report.matches("\n\nNone.\n").count();
    assert_eq!(none, 5, "{report}");
    assert!(report.contains("76 operations"), "{report}");
    let adopted = folder.texts();
    let (code, report) = folder.update(&export::export(&collection), &[]);
    assert_eq!((code, folder.texts() == adopted), (0, true), "{report}");
    // The form does not matter, nor does the order.
    let (code, _) = folder.update(&json!({ "collection": collection }), &["--adopt"]);
    assert_eq!(code, 0);
    let mut shuffled = export::export(&collection);
    reverse(&mut shuffled);
    let (code, report) = folder.update(&shuffled, &[]);
    assert!(code == 0 && report.contains("as it was"), "{report}");
}

#[test]
fn the_lock_holds_no_text_and_no_value_of_the_vendor() {
    let folder = Folder::new();
    let mut theirs = export::export(&own());
    let item = find(&mut theirs, "GET", "/v1/clients");
    item["name"] = "Clients of Anna Petrova".into();
    item["request"]["description"] = "<p>Write to anna@firm.example.org</p>".into();
    let mut body: Value = item["response"][0]["body"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    body["data"][0]["phone"] = "79161234567".into();
    body["data"][0]["79161234567"] = json!({ "name": "Anna" });
    item["response"][0]["body"] = body.to_string().into();
    assert_eq!(folder.update(&theirs, &["--adopt"]).0, 0);
    let lock = &folder.texts()["upstream.lock"];
    for theirs in ["Anna", "firm.example", "7916", "Petrova"] {
        assert!(!lock.contains(theirs), "{theirs}");
    }
    let lock: Value = lock.parse().unwrap();
    let operations = lock["operations"].as_object().unwrap();
    assert!(operations.keys().is_sorted());
    let places = &operations["GET /v1/clients"]["places"];
    assert_eq!(places["response data[].phone"], "string");
}

#[test]
fn what_one_side_lacks_is_listed_and_nothing_is_changed() {
    let folder = Folder::new();
    let mut theirs = export::export(&own());
    let item = find(&mut theirs, "GET", "/v1/clients");
    item["request"]["urlObject"]["query"]
        .as_array_mut()
        .unwrap()
        .remove(2);
    let mut body: Value = item["response"][0]["body"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    body["data"][0]["loyalty"] = json!({ "points": 7 });
    body["data"][0]["name"] = json!(7);
    item["response"][0]["body"] = body.to_string().into();
    let folders = theirs["item"].as_array_mut().unwrap();
    folders.retain(|folder| folder["name"] != "tools");
    folders.push(json!({ "name": "Dice", "item": [{ "name": "Roll", "request": { "method": "POST", "url": "https://api.chat2desk.com/v1/dice" } }] }));
    let before = folder.texts();
    let (code, report) = folder.update(&theirs, &["--adopt"]);
    assert_eq!(code, 0);
    let section = |title: &str| {
        let (_, rest) = report
            .split_once(&format!("## {title}\n\n"))
            .unwrap_or_else(|| panic!("{report}"));
        rest.split("\n\n").next().unwrap().trim_end().to_owned()
    };
    assert_eq!(
        section("Operations that the project lacks"),
        "- `POST /v1/dice`"
    );
    assert_eq!(
        section("Parameters and fields that the project lacks"),
        "- `GET /v1/clients`: response `data[].loyalty`, response `data[].loyalty.points`"
    );
    assert_eq!(
        section("Other types than the project's"),
        "- `GET /v1/clients`, response `data[].name`: integer or string, ours null or string"
    );
    assert_eq!(
        section("Operations that the vendor does not document"),
        "- `POST /v1/qr_decode`"
    );
    assert_eq!(
        section("Parameters and fields that the vendor does not document"),
        "- `GET /v1/clients`: query `tags`"
    );
    let mut after = folder.texts();
    after.remove("upstream.lock");
    assert!(after == before, "files changed");
}

#[test]
fn without_a_lock_or_with_a_broken_one_nothing_is_guessed() {
    let folder = Folder::new();
    let theirs = export::export(&own());
    let (code, said) = folder.update(&theirs, &[]);
    assert!(code == 1 && said.contains("update --adopt"), "{said}");
    for lock in [
        "",
        "{}",
        "{\"version\": 9, \"text\": \"\", \"operations\": {}}",
    ] {
        folder.write("upstream.lock", lock);
        let (code, said) = folder.update(&theirs, &[]);
        assert!(code == 1 && said.contains("spec/upstream.lock"), "{said}");
        assert_eq!(folder.texts()["upstream.lock"], lock);
    }
}
