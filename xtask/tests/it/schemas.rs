//! The schemas of webhook events: what is committed, and what they are good for.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use xtask::schemas::{check, disobedience, files, write};

fn own(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder)
}

#[test]
fn the_committed_schemas_are_up_to_date_and_every_sample_obeys() {
    assert_eq!(files().len(), 26);
    check(&own("spec/schemas"), &own("crates/sandbox/src/samples")).unwrap();
}

#[test]
fn every_field_of_every_sample_is_in_its_schema() {
    for (file, schema) in files() {
        // Nothing but what the schema names, at any depth.
        let open = "\"additionalProperties\": true";
        let closed = schema.replace(open, "\"additionalProperties\": false");
        assert_ne!(closed, schema, "{file}");
        let sample = fs::read_to_string(own("crates/sandbox/src/samples").join(&file)).unwrap();
        assert_eq!(disobedience(&closed, &sample), None, "{file}");
        let mut more: Value = sample.parse().unwrap();
        more["x_new"] = json!(1);
        assert!(disobedience(&closed, &more.to_string()).is_some(), "{file}");
    }
}

#[test]
fn the_evidence_is_said_in_the_words_of_the_operations() {
    let mut events = BTreeMap::<String, usize>::new();
    for schema in files().values() {
        let schema: Value = schema.parse().unwrap();
        let level = schema["x-evidence"].as_str().unwrap().to_owned();
        *events.entry(level).or_default() += 1;
    }
    let expected = [("documented", 20), ("inferred", 4), ("typed", 2)];
    let expected = expected.map(|(level, count)| (level.to_owned(), count));
    assert_eq!(events, BTreeMap::from(expected));
}

#[test]
fn what_is_out_of_date_or_disobeys_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (schemas, samples) = (folder.path().join("schemas"), folder.path().join("samples"));
    write(&schemas).unwrap();
    fs::create_dir(&samples).unwrap();
    for sample in fs::read_dir(own("crates/sandbox/src/samples")).unwrap() {
        let sample = sample.unwrap();
        fs::copy(sample.path(), samples.join(sample.file_name())).unwrap();
    }
    check(&schemas, &samples).unwrap();

    fs::write(schemas.join("inbox.json"), "{}").unwrap();
    fs::write(schemas.join("of_yesterday.json"), "{}").unwrap();
    fs::write(
        samples.join("new_tag.json"),
        r#"{"hook_type": "new_tag", "id": {}}"#,
    )
    .unwrap();
    fs::remove_file(samples.join("comment.json")).unwrap();
    let wrong = check(&schemas, &samples).unwrap_err();
    for expected in [
        "spec/schemas/inbox.json: out of date",
        "of_yesterday.json: there is no such event",
        "new_tag.json: at `/id`",
        "the sample comment.json: ",
    ] {
        assert!(wrong.contains(expected), "{expected} in {wrong}");
    }
    assert_eq!(wrong.lines().count(), 4, "{wrong}");

    write(&schemas).unwrap();
    assert!(!schemas.join("of_yesterday.json").exists());
}

#[test]
fn a_schema_tells_an_event_from_what_is_none() {
    let inbox = &files()["inbox.json"];
    let sample: Value = fs::read_to_string(own("crates/sandbox/src/samples/inbox.json"))
        .unwrap()
        .parse()
        .unwrap();
    let with = |key: &str, value: Value| {
        let mut post = sample.clone();
        post[key] = value;
        disobedience(inbox, &post.to_string())
    };
    for (key, value, obeys) in [
        ("x_new", json!([1]), true),
        ("text", Value::Null, true),
        ("extra_data", json!([]), true),
        ("hook_type", json!("outbox"), false),
        ("message_id", json!("one"), false),
        ("attachments", json!({}), false),
        ("client", json!([]), false),
    ] {
        assert_eq!(with(key, value).is_none(), obeys, "{key}");
    }
    assert!(disobedience(inbox, "{}").is_some());
}
