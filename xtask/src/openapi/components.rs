//! Components: every object gets a name, and objects of one name become one schema.

use crate::config::Config;
use crate::infer::names;
use crate::infer::shape::{Object, Shape};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The objects of a document by name.
#[derive(Debug)]
pub struct Components<'a> {
    config: &'a Config,
    named: IndexMap<String, Object>,
    /// The component that a property holds.
    nested: BTreeMap<(String, String), String>,
    descriptions: BTreeMap<String, String>,
}

impl<'a> Components<'a> {
    pub fn new(config: &'a Config) -> Self {
        Self {
            config,
            named: IndexMap::new(),
            nested: BTreeMap::new(),
            descriptions: BTreeMap::new(),
        }
    }

    /// Adds an object under a name, merged with what the name already stands for.
    pub fn insert(&mut self, name: &str, object: Object) {
        self.named.entry(name.to_owned()).or_default().merge(object);
    }

    /// Says what a component is, where its samples do not.
    pub fn describe(&mut self, name: &str, description: String) {
        self.descriptions.insert(name.to_owned(), description);
    }

    /// Says what a property holds, whatever it would be called.
    pub fn fix(&mut self, component: &str, property: &str, name: &str) {
        self.nested
            .insert((component.to_owned(), property.to_owned()), name.to_owned());
    }

    /// Whether the name is free, or stands for an object that this one could be merged with.
    pub fn accepts(&self, name: &str, object: &Object) -> bool {
        self.named
            .get(name)
            .is_none_or(|known| known.agrees(object))
    }

    /// Names the objects within objects, level by level.
    ///
    /// An object is called after its property. If objects that cannot be one type would get one
    /// name, each is called after its parent as well: the outcome depends on no order.
    pub fn resolve(&mut self) {
        let mut level: Vec<(String, Object)> = self
            .named
            .iter()
            .map(|(name, object)| (name.clone(), object.clone()))
            .collect();
        while !level.is_empty() {
            let mut found: BTreeMap<String, Vec<(String, String, Object)>> = BTreeMap::new();
            let mut next = Vec::new();
            for (component, object) in &level {
                for (property, field) in &object.fields {
                    let Some(inner) = inner_object(&field.shape) else {
                        continue;
                    };
                    if self.config.is_map(component, property)
                        || inner.map
                        || inner.fields.is_empty()
                    {
                        continue;
                    }
                    let key = (component.clone(), property.clone());
                    let fixed = self.config.property(component, property).map(str::to_owned);
                    if let Some(name) = fixed.or_else(|| self.nested.get(&key).cloned()) {
                        next.push((key, name, inner.clone()));
                    } else {
                        let occurrence = (component.clone(), property.clone(), inner.clone());
                        found
                            .entry(names::component(property))
                            .or_default()
                            .push(occurrence);
                    }
                }
            }
            for (candidate, occurrences) in found {
                // Most occurrences are alike; each kind is compared once.
                let mut kinds: Vec<&Object> = Vec::new();
                for (_, _, object) in &occurrences {
                    if !kinds.iter().any(|known| known.same_kinds(object)) {
                        kinds.push(object);
                    }
                }
                let one_type = kinds.iter().enumerate().all(|(index, object)| {
                    let others = &kinds[index + 1..];
                    self.accepts(&candidate, object)
                        && others.iter().all(|other| other.agrees(object))
                });
                for (component, property, object) in occurrences {
                    let name = if one_type {
                        candidate.clone()
                    } else {
                        format!("{component}{candidate}")
                    };
                    next.push(((component, property), name, object));
                }
            }
            level.clear();
            for ((component, property), name, object) in next {
                self.fix(&component, &property, &name);
                self.insert(&name, object.clone());
                level.push((name, object));
            }
        }
    }

    /// `components.schemas`, by name.
    pub fn schemas(&self) -> Map<String, Value> {
        let mut names: Vec<&String> = self.named.keys().collect();
        names.sort();
        names
            .into_iter()
            .map(|name| (name.clone(), self.object_schema(name)))
            .collect()
    }

    fn object_schema(&self, name: &str) -> Value {
        let object = &self.named[name];
        let required: Vec<&String> = object
            .fields
            .iter()
            .filter(|(_, field)| object.requires(field))
            .map(|(key, _)| key)
            .collect();
        let properties: Map<String, Value> = object
            .fields
            .iter()
            .map(|(key, field)| {
                let schema = self.schema(&field.shape, name, key);
                let description = field.doc.as_ref().map_or("", |doc| &doc.description);
                (key.clone(), described(schema, description))
            })
            .collect();
        let mut schema = json!({ "type": "object" });
        if let Some(description) = self.descriptions.get(name) {
            schema["description"] = description.clone().into();
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema["properties"] = Value::Object(properties);
        schema
    }

    /// The schema of a shape that stands at `property` of `component`.
    pub fn schema(&self, shape: &Shape, component: &str, property: &str) -> Value {
        let mut kinds = Vec::new();
        if shape.object.is_some() {
            kinds.push(self.nested_object(component, property));
        }
        if let Some(items) = &shape.array {
            kinds
                .push(json!({ "type": "array", "items": self.schema(items, component, property) }));
        }
        for (seen, kind) in [
            (shape.boolean, "boolean"),
            (shape.number, "number"),
            (shape.string, "string"),
        ] {
            if seen {
                kinds.push(json!({ "type": kind }));
            }
        }
        if shape.integer && !shape.number {
            kinds.push(json!({ "type": "integer", "format": "int64" }));
        }
        let mut schema = match kinds.len() {
            _ if shape.any => json!({}),
            0 => json!({}),
            1 => kinds.remove(0),
            _ => json!({ "oneOf": kinds }),
        };
        if shape.null {
            if schema.get("$ref").is_some() {
                schema = json!({ "allOf": [schema] });
            }
            schema["nullable"] = true.into();
        }
        schema
    }

    /// An object without a name is a map: it may hold other kinds of values than its samples do.
    fn nested_object(&self, component: &str, property: &str) -> Value {
        match self
            .nested
            .get(&(component.to_owned(), property.to_owned()))
        {
            Some(name) => reference(name),
            None => json!({ "type": "object", "additionalProperties": {} }),
        }
    }
}

/// The object in a shape, or in the items of an array.
pub fn inner_object(shape: &Shape) -> Option<&Object> {
    shape
        .object
        .as_ref()
        .or_else(|| inner_object(shape.array.as_ref()?))
}

pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A schema with a description; a reference cannot carry one, so it is wrapped.
pub fn described(schema: Value, description: &str) -> Value {
    if description.is_empty() {
        return schema;
    }
    let mut schema = if schema.get("$ref").is_some() {
        json!({ "allOf": [schema] })
    } else {
        schema
    };
    schema["description"] = description.into();
    schema
}
