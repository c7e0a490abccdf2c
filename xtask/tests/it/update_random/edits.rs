//! Random documentations, and edits of them as a vendor makes them.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What stands in every text and value of theirs.
pub const PERSONAL: &str = "Petrova";
pub const PHONE: i64 = 79_161_234_567;

pub const RESOURCES: [&str; 6] = ["orders", "shelves", "books", "carts", "readers", "desks"];
pub const NAMES: [&str; 10] = [
    "title", "state", "weight", "colour", "owner_id", "note", "begin", "parts", "size", "rank",
];

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
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
pub struct Operation {
    pub method: &'static str,
    pub resource: usize,
    /// Whether the path has an id, and what follows it.
    pub id: bool,
    pub part: Option<usize>,
    pub query: Vec<(usize, Kind)>,
    pub body: Vec<(usize, Kind)>,
    pub response: Vec<(usize, Kind)>,
    pub said: usize,
}

pub fn kind() -> impl Strategy<Value = Kind> {
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

pub fn scalar() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Integer),
        Just(Kind::Text),
        Just(Kind::Flag),
        Just(Kind::Day)
    ]
}

pub fn fields(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Vec<(usize, Kind)>> {
    let fields = prop::collection::vec((0..NAMES.len(), kind), 0..4);
    fields.prop_map(|fields| distinct(&fields).cloned().collect())
}

pub fn operation() -> impl Strategy<Value = Operation> {
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
pub enum Edit {
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

pub fn edit() -> impl Strategy<Value = Edit> {
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
    pub fn path(&self) -> String {
        let mut path = format!("/v1/{}", RESOURCES[self.resource]);
        path.push_str(if self.id { "/:id" } else { "" });
        if let Some(part) = self.part {
            path.push_str(&format!("/{}", RESOURCES[part]));
        }
        path
    }

    /// As reports name it.
    pub fn call(&self) -> String {
        format!("{} {}", self.method, self.path().replace(":id", "{}"))
    }

    /// As a documentation has it; `says` writes its texts.
    pub fn item(&self, says: &str) -> Value {
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

pub fn distinct(fields: &[(usize, Kind)]) -> impl Iterator<Item = &(usize, Kind)> {
    let mut seen = BTreeSet::new();
    fields.iter().filter(move |(name, _)| seen.insert(*name))
}

pub fn record(fields: &[(usize, Kind)], says: &str) -> Value {
    let fields = distinct(fields).map(|(name, kind)| (NAMES[*name].to_owned(), value(kind, says)));
    Value::Object(fields.collect::<Map<_, _>>())
}

pub fn value(kind: &Kind, says: &str) -> Value {
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

/// What a kind is to reports: days are texts, wherever they stand, and fields have no order.
fn shape(kind: &Kind) -> Value {
    match kind {
        Kind::Day => shape(&Kind::Text),
        Kind::List(kind) => json!([shape(kind)]),
        Kind::Record(fields) => distinct(fields)
            .map(|(name, kind)| (NAMES[*name].to_owned(), shape(kind)))
            .collect::<Map<_, _>>()
            .into(),
        leaf => value(leaf, ""),
    }
}

/// Each call once.
pub fn settled(operations: Vec<Operation>) -> Vec<Operation> {
    let mut calls = BTreeSet::new();
    let mut operations = operations;
    operations.retain(|operation| calls.insert(operation.call()));
    operations
}

pub fn collection(operations: &[Operation], says: &str) -> Value {
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
pub fn apply(
    edit: &Edit,
    operations: &mut Vec<Operation>,
) -> Option<(String, Option<&'static str>)> {
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
            let same = shape(known) == shape(kind);
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

pub fn add(fields: &mut Vec<(usize, Kind)>, name: usize, kind: &Kind) -> bool {
    let is_new = fields.iter().all(|(known, _)| *known != name);
    if is_new {
        fields.push((name, kind.clone()));
    }
    is_new
}

pub fn remove(fields: &mut Vec<(usize, Kind)>, which: usize) -> Option<&'static str> {
    let count = fields.len().max(1);
    let (name, _) = fields.get(which % count)?.clone();
    fields.retain(|(other, _)| *other != name);
    Some(NAMES[name])
}
