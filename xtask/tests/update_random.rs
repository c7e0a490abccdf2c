//! Random edits of random documentations: taken in once and twice is the same, in any order; nothing of theirs is
//! lost without a line, nothing of theirs is taken over that says something of people, and nothing written by hand
//! is lost.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use xtask::convert::Source;
use xtask::update::{Inputs, Update, Verdict, adopt, update};

/// What stands in every text and value of theirs.
const PERSONAL: &str = "Petrova";
const PHONE: i64 = 79_161_234_567;

const RESOURCES: [&str; 6] = ["orders", "shelves", "books", "carts", "readers", "desks"];
const NAMES: [&str; 10] = [
    "title", "state", "weight", "colour", "owner_id", "note", "begin", "parts", "size", "rank",
];

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Integer,
    Number,
    Text,
    Flag,
    Day,
    Null,
    List(Box<Kind>),
    Record(Vec<(usize, Kind)>),
}

#[derive(Debug, Clone, PartialEq)]
struct Operation {
    method: &'static str,
    resource: usize,
    /// Whether the path has an id, and what follows it.
    id: bool,
    part: Option<usize>,
    query: Vec<(usize, Kind)>,
    body: Vec<(usize, Kind)>,
    response: Vec<(usize, Kind)>,
    said: usize,
}

fn kind() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![
        Just(Kind::Integer),
        Just(Kind::Number),
        Just(Kind::Text),
        Just(Kind::Flag),
        Just(Kind::Day),
        Just(Kind::Null),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|kind| Kind::List(Box::new(kind))),
            prop::collection::vec((0..NAMES.len(), inner), 1..3).prop_map(Kind::Record),
        ]
    })
}

fn scalar() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Integer),
        Just(Kind::Text),
        Just(Kind::Flag),
        Just(Kind::Day)
    ]
}

fn fields(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Vec<(usize, Kind)>> {
    let fields = prop::collection::vec((0..NAMES.len(), kind), 0..4);
    fields.prop_map(|fields| distinct(&fields).cloned().collect())
}

fn operation() -> impl Strategy<Value = Operation> {
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]);
    let part = prop::option::weighted(0.2, 0..RESOURCES.len());
    let place = (method, 0..RESOURCES.len(), any::<bool>(), part);
    (
        place,
        fields(scalar()),
        fields(kind()),
        fields(kind()),
        0..9usize,
    )
        .prop_map(
            |((method, resource, id, part), query, body, response, said)| Operation {
                method,
                resource,
                id: id || part.is_some(),
                part,
                query,
                body: if method == "GET" || method == "DELETE" {
                    Vec::new()
                } else {
                    body
                },
                response,
                said,
            },
        )
}

/// An edit, by numbers that choose what it is of.
#[derive(Debug, Clone)]
enum Edit {
    Add(Operation),
    Remove(usize),
    AddQuery(usize, usize, Kind),
    RemoveQuery(usize, usize),
    AddField(usize, usize, Kind),
    RemoveField(usize, usize),
    ChangeField(usize, usize, Kind),
    AddToBody(usize, usize, Kind),
    Say(usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let any = || 0..100usize;
    prop_oneof![
        operation().prop_map(Edit::Add),
        any().prop_map(Edit::Remove),
        (any(), 0..NAMES.len(), scalar()).prop_map(|(a, b, kind)| Edit::AddQuery(a, b, kind)),
        (any(), any()).prop_map(|(a, b)| Edit::RemoveQuery(a, b)),
        (any(), 0..NAMES.len(), kind()).prop_map(|(a, b, kind)| Edit::AddField(a, b, kind)),
        (any(), any()).prop_map(|(a, b)| Edit::RemoveField(a, b)),
        (any(), any(), kind()).prop_map(|(a, b, kind)| Edit::ChangeField(a, b, kind)),
        (any(), 0..NAMES.len(), kind()).prop_map(|(a, b, kind)| Edit::AddToBody(a, b, kind)),
        (any(), any()).prop_map(|(a, b)| Edit::Say(a, b)),
    ]
}

impl Operation {
    fn path(&self) -> String {
        let mut path = format!("/v1/{}", RESOURCES[self.resource]);
        path.push_str(if self.id { "/:id" } else { "" });
        if let Some(part) = self.part {
            path.push_str(&format!("/{}", RESOURCES[part]));
        }
        path
    }

    /// As reports name it.
    fn call(&self) -> String {
        format!("{} {}", self.method, self.path().replace(":id", "{}"))
    }

    /// As a documentation has it; `says` writes its texts.
    fn item(&self, says: &str) -> Value {
        let query: Vec<Value> = distinct(&self.query)
            .map(|(name, kind)| {
                let value = match value(kind, says) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                json!({ "key": NAMES[*name], "value": value, "disabled": true, "description": says })
            })
            .collect();
        let path: Vec<String> = self.path().split('/').skip(1).map(str::to_owned).collect();
        let mut url = json!({ "raw": format!("{{{{url}}}}{}", self.path()), "host": ["{{url}}"], "path": path, "query": query });
        if self.id {
            url["variable"] = json!([{ "key": "id", "value": "7" }]);
        }
        let mut request = json!({ "method": self.method, "url": url, "description": format!("{says} {}", self.said) });
        if !self.body.is_empty() {
            request["body"] = json!({ "mode": "raw", "raw": record(&self.body, says).to_string() });
        }
        let data = record(&self.response, says);
        let data = if self.id { data } else { json!([data, data]) };
        let body = json!({ "data": data, "status": "success" }).to_string();
        json!({
            "name": format!("{says} {}", self.call()), "request": request,
            "response": [{ "name": says, "code": 200, "body": body }],
        })
    }
}

fn distinct(fields: &[(usize, Kind)]) -> impl Iterator<Item = &(usize, Kind)> {
    let mut seen = BTreeSet::new();
    fields.iter().filter(move |(name, _)| seen.insert(*name))
}

fn record(fields: &[(usize, Kind)], says: &str) -> Value {
    let fields = distinct(fields).map(|(name, kind)| (NAMES[*name].to_owned(), value(kind, says)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn value(kind: &Kind, says: &str) -> Value {
    match kind {
        Kind::Integer if says == PERSONAL => json!(PHONE),
        Kind::Integer => json!(94000001),
        Kind::Number => json!(7.5),
        Kind::Text => json!(format!("{says}, {}", value(&Kind::Integer, says))),
        Kind::Flag => json!(true),
        Kind::Day => json!("1979-11-09"),
        Kind::Null => Value::Null,
        Kind::List(kind) => json!([value(kind, says)]),
        Kind::Record(fields) => record(fields, says),
    }
}

/// Each call once.
fn settled(operations: Vec<Operation>) -> Vec<Operation> {
    let mut calls = BTreeSet::new();
    let mut operations = operations;
    operations.retain(|operation| calls.insert(operation.call()));
    operations
}

fn collection(operations: &[Operation], says: &str) -> Value {
    let mut folders: Vec<Value> = Vec::new();
    for (index, resource) in RESOURCES.iter().enumerate() {
        let of = operations
            .iter()
            .filter(|operation| operation.resource == index);
        let items: Vec<Value> = of.map(|operation| operation.item(says)).collect();
        if !items.is_empty() {
            folders.push(json!({ "name": format!("{says} {resource}"), "item": items }));
        }
    }
    let variable = json!([{ "key": "url", "value": "https://api.example.com" }]);
    json!({ "info": { "name": says }, "item": folders, "variable": variable })
}

/// Makes an edit. Returns what a report must name: the call, and the name of a parameter or field.
fn apply(edit: &Edit, operations: &mut Vec<Operation>) -> Option<(String, Option<&'static str>)> {
    let count = operations.len();
    let at = |index: &usize| index % count.max(1);
    match edit {
        Edit::Add(operation) => {
            let call = operation.call();
            if operations.iter().any(|known| known.call() == call) {
                return None;
            }
            operations.push(operation.clone());
            Some((call, None))
        }
        // One stays, for a documentation without requests is none.
        Edit::Remove(index) if count > 1 => Some((operations.remove(at(index)).call(), None)),
        Edit::AddQuery(index, name, kind) => {
            let operation = operations.get_mut(at(index))?;
            add(&mut operation.query, *name, kind).then(|| (operation.call(), Some(NAMES[*name])))
        }
        Edit::RemoveQuery(index, which) => {
            let operation = operations.get_mut(at(index))?;
            let name = remove(&mut operation.query, *which)?;
            Some((operation.call(), Some(name)))
        }
        Edit::AddField(index, name, kind) => {
            let operation = operations.get_mut(at(index))?;
            add(&mut operation.response, *name, kind)
                .then(|| (operation.call(), Some(NAMES[*name])))
        }
        Edit::RemoveField(index, which) => {
            let operation = operations.get_mut(at(index))?;
            let name = remove(&mut operation.response, *which)?;
            Some((operation.call(), Some(name)))
        }
        Edit::ChangeField(index, which, kind) => {
            let operation = operations.get_mut(at(index))?;
            let count = operation.response.len().max(1);
            let (name, known) = operation.response.get_mut(which % count)?;
            let name = NAMES[*name];
            // Texts and days are both texts; another order of fields is none.
            let (old, new) = (value(known, ""), value(kind, ""));
            let same = old == new || old.is_string() && new.is_string();
            *known = kind.clone();
            (!same).then(|| (operation.call(), Some(name)))
        }
        Edit::AddToBody(index, name, kind) => {
            let operation = operations.get_mut(at(index))?;
            if operation.method == "GET" || operation.method == "DELETE" {
                return None;
            }
            add(&mut operation.body, *name, kind).then(|| (operation.call(), Some(NAMES[*name])))
        }
        Edit::Say(index, said) => {
            let operation = operations.get_mut(at(index))?;
            let is_new = operation.said != *said;
            operation.said = *said;
            is_new.then(|| (operation.call(), None))
        }
        Edit::Remove(_) => None,
    }
}

fn add(fields: &mut Vec<(usize, Kind)>, name: usize, kind: &Kind) -> bool {
    let is_new = fields.iter().all(|(known, _)| *known != name);
    if is_new {
        fields.push((name, kind.clone()));
    }
    is_new
}

fn remove(fields: &mut Vec<(usize, Kind)>, which: usize) -> Option<&'static str> {
    let count = fields.len().max(1);
    let (name, _) = fields.get(which % count)?.clone();
    fields.retain(|(other, _)| *other != name);
    Some(NAMES[name])
}

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
