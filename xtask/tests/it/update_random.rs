//! Random edits of random documentations: taken in once and twice is the same, in any order; nothing of theirs is
//! lost without a line, nothing of theirs is taken over that says something of people, and nothing written by hand
//! is lost.

mod edits;

use edits::*;
use proptest::prelude::*;
use serde_json::Value;
use xtask::convert::Source;
use xtask::update::{Inputs, Update, Verdict, adopt, update};

/// The project's files.
#[derive(Debug, Clone, PartialEq)]
struct Files {
    collection: String,
    overlay: String,
    config: String,
    lock: Option<String>,
    document: String,
}

impl Files {
    fn of(operations: &[Operation]) -> Self {
        Self {
            collection: format!("{:#}\n", collection(operations, "By hand")),
            overlay: "overlay: 1.0.0\ninfo: {title: By hand, version: '1'}\nactions:\n  # By hand.\n  - {target: $.info, update: {x-hand: true}}\n".into(),
            config: "# By hand.\nmaps = []\n".into(),
            lock: None,
            document: String::new(),
        }
    }

    fn inputs<'f>(&'f self, upstream: &'f [u8]) -> Inputs<'f> {
        let source = |file, text| Source { file, text };
        Inputs {
            upstream: ("upstream", upstream),
            lock: self.lock.as_deref().map(|text| source("lock", text)),
            collection: source("collection", &self.collection),
            overlay: source("overlay", &self.overlay),
            config: source("config", &self.config),
            settled: &[],
        }
    }

    fn after(&self, update: &Update) -> Self {
        let or = |new: &Option<String>, old: &String| new.clone().unwrap_or_else(|| old.clone());
        Self {
            collection: or(&update.collection, &self.collection),
            overlay: or(&update.overlay, &self.overlay),
            config: or(&update.config, &self.config),
            lock: Some(update.lock.clone()),
            document: update.document.clone(),
        }
    }
}

fn shuffled(operations: &[Operation]) -> Vec<u8> {
    let mut collection = collection(operations, PERSONAL);
    let folders = collection["item"].as_array_mut().unwrap();
    for folder in folders.iter_mut() {
        folder["item"].as_array_mut().unwrap().reverse();
    }
    folders.reverse();
    collection.to_string().into_bytes()
}

/// The titles and descriptions of a collection.
fn hand<'v>(node: &'v Value, texts: &mut Vec<&'v str>) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text) if matches!(key.as_str(), "name" | "description") => {
                        texts.push(text)
                    }
                    _ => hand(value, texts),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| hand(item, texts)),
        _ => {}
    }
}

fn assert_kept(before: &Files, after: &Files) {
    for (old, new) in [
        (&before.overlay, &after.overlay),
        (&before.config, &after.config),
    ] {
        let mut lines = new.lines();
        for line in old.lines() {
            assert!(lines.any(|other| other == line), "{line} is not in {new}");
        }
    }
    let (old, new): (Value, Value) = (
        before.collection.parse().unwrap(),
        after.collection.parse().unwrap(),
    );
    let (mut said, mut says) = (Vec::new(), Vec::new());
    hand(&old, &mut said);
    hand(&new, &mut says);
    for text in said {
        assert!(says.iter().any(|other| other.starts_with(text)), "{text}");
    }
}

fn check(before: Vec<Operation>, ours: Vec<bool>, edits: Vec<Edit>) {
    let before = settled(before);
    // The project has a part of what they document.
    let mut own: Vec<Operation> = before.clone();
    let mut has = ours.into_iter().cycle();
    own.retain(|_| has.next().unwrap_or(true));
    if own.is_empty() {
        own = before.clone();
    }
    let mut files = Files::of(&own);
    let theirs = collection(&before, PERSONAL).to_string();
    let adopted = match adopt(files.inputs(theirs.as_bytes())) {
        Ok(adopted) => adopted,
        // Two of these calls may have one name, which a project with settings must not have.
        Err(reason) if reason.contains("has the operation id") => return,
        Err(reason) => panic!("{reason}"),
    };
    files = files.after(&adopted);
    let unchanged = update(files.inputs(theirs.as_bytes())).unwrap();
    assert_eq!(
        unchanged.verdict,
        Verdict::Unchanged,
        "{}",
        unchanged.report
    );

    let mut after = before.clone();
    let named: Vec<_> = edits
        .iter()
        .filter_map(|edit| apply(edit, &mut after))
        .collect();
    let theirs = collection(&after, PERSONAL).to_string();
    let taken = update(files.inputs(theirs.as_bytes())).unwrap();
    let report = &taken.report;
    // An edit that a later one undid, or made no difference to what is said, is none.
    let is_same = |call: &str| {
        let of = |operations: &[Operation]| {
            operations
                .iter()
                .find(|operation| operation.call() == call)
                .cloned()
        };
        of(&before) == of(&after)
    };
    for (call, name) in &named {
        if is_same(call)
            || edits.len() > 1 && !report.contains(call.as_str()) && after.len() == before.len()
        {
            continue;
        }
        assert!(report.contains(call.as_str()), "{call} is not in {report}");
        if let (Some(name), 1) = (name, edits.len()) {
            assert!(report.contains(name), "{call}, {name}: {report}");
        }
    }

    let now = files.after(&taken);
    assert_kept(&files, &now);
    for text in [
        report,
        &now.collection,
        &now.overlay,
        &now.config,
        &now.document,
        now.lock.as_ref().unwrap(),
    ] {
        assert!(
            !text.contains(PERSONAL) && !text.contains(&PHONE.to_string()),
            "{text}"
        );
    }
    let other = update(files.inputs(&shuffled(&after))).unwrap();
    assert!(files.after(&other) == now, "the order of theirs matters");
    assert_eq!(&other.report, report);

    let again = update(now.inputs(theirs.as_bytes())).unwrap();
    assert!(
        now.after(&again) == now,
        "a second time changed something: {report}\n{}",
        again.report
    );
    match taken.verdict {
        Verdict::Undecided => assert_eq!(again.verdict, Verdict::Undecided, "{}", again.report),
        _ => assert_eq!(again.verdict, Verdict::Unchanged, "{}", again.report),
    }
}

/// A few of each, since each converts half a dozen times; more by `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let more = std::env::var("PROPTEST_CASES").is_ok();
    let usual = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let cases = if more { usual.cases } else { 48 };
    ProptestConfig { cases, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn single_edits_are_taken_in_once_and_named(
        before in prop::collection::vec(operation(), 1..6),
        ours in prop::collection::vec(any::<bool>(), 1..6),
        edit in edit(),
    ) {
        check(before, ours, vec![edit]);
    }

    #[test]
    fn many_edits_are_taken_in_once_in_any_order(
        before in prop::collection::vec(operation(), 1..8),
        ours in prop::collection::vec(any::<bool>(), 1..8),
        edits in prop::collection::vec(edit(), 2..8),
    ) {
        check(before, ours, edits);
    }
}

#[test]
fn what_another_change_makes_possible_is_taken_in_with_it() {
    let empty = |method, resource| Operation {
        method,
        resource,
        id: false,
        part: None,
        query: Vec::new(),
        body: Vec::new(),
        response: Vec::new(),
        said: 0,
    };
    let before = vec![
        Operation {
            body: vec![(0, Kind::Record(vec![(0, Kind::Integer)]))],
            response: vec![(0, Kind::List(Box::new(Kind::Day)))],
            ..empty("PUT", 5)
        },
        empty("GET", 0),
        Operation {
            id: true,
            response: vec![(0, Kind::Integer)],
            ..empty("PUT", 5)
        },
    ];
    let new = Operation {
        body: vec![(0, Kind::Record(vec![(1, Kind::Integer)]))],
        ..empty("POST", 0)
    };
    for change in 0..before.len() {
        let edits = vec![
            Edit::ChangeField(change, 0, Kind::Null),
            Edit::Add(new.clone()),
        ];
        check(before.clone(), vec![false], edits);
    }
}
