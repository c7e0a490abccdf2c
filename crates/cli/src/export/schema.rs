//! What the document says of the records of a list: their fields in order, and which of them are times.

use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(chat2desk_openapi::DOCUMENT).unwrap_or_default());

/// The fields of a record that the document knows, in its order.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, Kind)>);

/// The values of a field.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A point in time, in any of the server's spellings.
    Time,
    Integer,
    Number,
    Boolean,
    Text,
    List(Box<Kind>),
    Object(Fields),
    /// Anything.
    Json,
}

impl Fields {
    /// Returns the fields of the records of a list; empty if nobody has published them.
    pub fn of(operation: &str) -> Self {
        match records(operation).map(|schema| kind(schema, 0)) {
            Some(Kind::Object(fields)) => fields,
            _ => Self::default(),
        }
    }

    pub fn kind(&self, name: &str) -> Option<&Kind> {
        let mut fields = self.0.iter();
        fields.find_map(|(known, kind)| (known == name).then_some(kind))
    }

    pub fn has_times(&self) -> bool {
        self.0.iter().any(|(_, kind)| kind.has_times())
    }
}

impl Kind {
    pub fn has_times(&self) -> bool {
        match self {
            Self::Time => true,
            Self::List(kind) => kind.has_times(),
            Self::Object(fields) => fields.has_times(),
            _ => false,
        }
    }
}

/// How deep schemas are followed, since they could contain themselves.
const DEEPEST: usize = 8;

fn kind(schema: &'static Value, depth: usize) -> Kind {
    let (name, schema) = resolved(schema);
    if name == Some("Timestamp") {
        return Kind::Time;
    }
    if schema["x-open-enum"] == true {
        return Kind::Text;
    }
    if let Some(branches) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let is_scalar = |branch: &'static Value| {
            let scalars = ["integer", "number", "boolean", "string"];
            let kind = resolved(branch).1["type"].as_str();
            kind.is_some_and(|kind| scalars.contains(&kind))
        };
        // Scalars of several types fit into a text alone.
        return match branches.iter().all(is_scalar) {
            true => Kind::Text,
            false => Kind::Json,
        };
    }
    match schema["type"].as_str() {
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Boolean,
        Some("string") => Kind::Text,
        Some("array") if depth < DEEPEST => Kind::List(Box::new(kind(&schema["items"], depth + 1))),
        Some("object") if depth < DEEPEST => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let fields = properties.map(|(name, schema)| (name.clone(), kind(schema, depth + 1)));
            Kind::Object(Fields(fields.collect()))
        }
        _ => Kind::Json,
    }
}

/// Follows references, also those with a description of their own. Returns the name of the last one.
fn resolved(mut schema: &'static Value) -> (Option<&'static str>, &'static Value) {
    let mut name = None;
    loop {
        let only = schema["allOf"].as_array().map_or(&[][..], Vec::as_slice);
        if let [only] = only {
            schema = only;
        } else if let Some(reference) = schema["$ref"].as_str() {
            name = reference.rsplit('/').next();
            schema = &DOCUMENT["components"]["schemas"][name.unwrap_or_default()];
        } else {
            return (name, schema);
        }
    }
}

/// Returns the schema of the records in the response of an operation.
fn records(operation: &str) -> Option<&'static Value> {
    let items = DOCUMENT["paths"].as_object()?.values();
    let operations = items
        .filter_map(Value::as_object)
        .flat_map(|item| item.values());
    let mut operations = operations.filter(|known| known["operationId"] == operation);
    let responses = operations.next()?["responses"].as_object()?;
    let (_, success) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    list(&success["content"]["application/json"]["schema"])
}

/// Finds the list in a response: the array, or the array under `data`.
fn list(schema: &'static Value) -> Option<&'static Value> {
    let (_, schema) = resolved(schema);
    if schema["type"] == "array" {
        return Some(&schema["items"]);
    }
    if schema["properties"]["data"].is_object() {
        return list(&schema["properties"]["data"]);
    }
    schema["oneOf"].as_array()?.iter().find_map(list)
}
