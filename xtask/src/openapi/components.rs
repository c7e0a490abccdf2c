//! Components: every object gets a name, and objects of one name become one schema.

use super::parts::string_schema;
use crate::config::Config;
use crate::infer::names;
use crate::infer::shape::{Object, Shape};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The fields of a component by name: whether each is required, its kinds, the component in it.
type Outline<'o> = BTreeMap<&'o str, (bool, Vec<u16>, Option<&'o str>)>;

/// A component and a property of it.
type Place = (String, String);

/// The objects of a document by name.
#[derive(Debug)]
pub struct Components<'a> {
    config: &'a Config,
    named: IndexMap<String, Object>,
    /// The component that a property holds.
    nested: BTreeMap<Place, String>,
    descriptions: BTreeMap<String, String>,
    /// The component that stands for one of an equal shape.
    shared: BTreeMap<String, String>,
}

impl<'a> Components<'a> {
    pub fn new(config: &'a Config) -> Self {
        Self {
            config,
            named: IndexMap::new(),
            nested: BTreeMap::new(),
            descriptions: BTreeMap::new(),
            shared: BTreeMap::new(),
        }
    }

    /// Adds an object under a name, merged with what the name already stands for.
    pub fn insert(&mut self, name: &str, object: &Object) {
        match self.named.get_mut(name) {
            Some(known) => known.merge(object),
            None => _ = self.named.insert(name.to_owned(), object.clone()),
        }
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
        let roots = self.named.clone();
        let mut level: Vec<(String, &Object)> = roots
            .iter()
            .map(|(name, object)| (name.clone(), object))
            .collect();
        while !level.is_empty() {
            let mut next: Vec<(Place, String, &Object)> = Vec::new();
            let mut found: BTreeMap<String, Vec<(Place, &Object)>> = BTreeMap::new();
            for (component, object) in &level {
                for (property, field) in &object.fields {
                    let inner = inner_objects(&field.shape);
                    if inner.is_empty() || self.config.is_map(component, property) {
                        continue;
                    }
                    let place = (component.clone(), property.clone());
                    let fixed = self.config.property(component, property).map(str::to_owned);
                    let fixed = fixed.or_else(|| self.nested.get(&place).cloned());
                    for inner in inner {
                        match &fixed {
                            Some(name) => next.push((place.clone(), name.clone(), inner)),
                            None => {
                                let candidate = names::component(property);
                                let occurrences = found.entry(candidate).or_default();
                                occurrences.push((place.clone(), inner));
                            }
                        }
                    }
                }
            }
            for (candidate, occurrences) in found {
                // Most occurrences are alike; each kind is compared once.
                let mut kinds: Vec<&Object> = Vec::new();
                for (_, object) in &occurrences {
                    if !kinds.iter().any(|known| known.same_kinds(object)) {
                        kinds.push(object);
                    }
                }
                let one_type = kinds.iter().enumerate().all(|(index, object)| {
                    let others = &kinds[index + 1..];
                    self.accepts(&candidate, object)
                        && others.iter().all(|other| other.agrees(object))
                });
                for (place, object) in occurrences {
                    let name = if one_type {
                        candidate.clone()
                    } else {
                        format!("{}{candidate}", place.0)
                    };
                    next.push((place, name, object));
                }
            }
            level.clear();
            for ((component, property), name, object) in next {
                self.fix(&component, &property, &name);
                self.insert(&name, object);
                level.push((name, object));
            }
        }
    }

    /// Merges components of equal shape, again and again: merging two may make equal what refers to
    /// them. The shortest name stays; bodies of requests keep theirs, which say what they are for.
    pub fn share(&mut self) {
        loop {
            let mut groups: BTreeMap<Outline<'_>, Vec<&String>> = BTreeMap::new();
            let shared = self.named.iter();
            for (name, object) in shared.filter(|(name, _)| !name.ends_with("Request")) {
                let outline = self.outline(name, object);
                groups.entry(outline).or_default().push(name);
            }
            let mut renamed: BTreeMap<String, String> = BTreeMap::new();
            for mut names in groups.into_values() {
                names.sort_by_key(|name| (name.len(), *name));
                let (kept, others) = (names[0], &names[1..]);
                renamed.extend(others.iter().map(|name| ((*name).clone(), kept.clone())));
            }
            if renamed.is_empty() {
                return;
            }
            for (name, kept) in &renamed {
                if let Some(object) = self.named.swap_remove(name) {
                    self.insert(kept, &object);
                }
            }
            let targets = self.nested.values_mut().chain(self.shared.values_mut());
            targets.for_each(|target| {
                if let Some(kept) = renamed.get(target) {
                    target.clone_from(kept);
                }
            });
            self.shared.extend(renamed);
        }
    }

    /// What makes a component's schema, but for descriptions and formats.
    fn outline<'o>(&'o self, name: &str, object: &'o Object) -> Outline<'o> {
        let fields = object.fields.iter().map(|(key, field)| {
            let place = (name.to_owned(), key.clone());
            let inner = self.nested.get(&place).map(String::as_str);
            let required = object.requires(field);
            (key.as_str(), (required, field.shape.outline(), inner))
        });
        fields.collect()
    }

    /// Lets the references of a schema follow the components that were shared.
    pub fn follow(&self, schema: &mut Value) {
        match schema {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str);
                let target = target.and_then(|target| target.rsplit('/').next());
                if let Some(kept) = target.and_then(|target| self.shared.get(target)) {
                    *schema = reference(kept);
                    return;
                }
                map.values_mut().for_each(|child| self.follow(child));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.follow(item)),
            _ => {}
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
        if shape.object.is_some() || shape.map.is_some() {
            kinds.push(self.object_or_map(shape, component, property));
        }
        if let Some(items) = &shape.array {
            kinds
                .push(json!({ "type": "array", "items": self.schema(items, component, property) }));
        }
        if shape.boolean {
            kinds.push(json!({ "type": "boolean" }));
        }
        if shape.number {
            kinds.push(json!({ "type": "number" }));
        }
        if shape.string {
            kinds.push(string_schema(shape.format));
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

    /// A map of what its values have in common, the object of the place's name, or, without a name,
    /// a map that may hold other kinds of values than its samples do.
    fn object_or_map(&self, shape: &Shape, component: &str, property: &str) -> Value {
        let place = (component.to_owned(), property.to_owned());
        let empty = |object: &Object| object.fields.is_empty() && !object.map;
        let free = self.config.is_map(component, property);
        match (&shape.map, self.nested.get(&place)) {
            (Some(values), _) if !free && shape.object.as_ref().is_none_or(empty) => {
                let values = self.schema(values, component, property);
                json!({ "type": "object", "additionalProperties": values })
            }
            (None, Some(name)) => reference(name),
            _ => json!({ "type": "object", "additionalProperties": {} }),
        }
    }
}

/// The objects that need a name: in a shape, in the items of its lists, in the values of its maps.
pub fn inner_objects(shape: &Shape) -> Vec<&Object> {
    let own = shape.object.as_ref();
    let own = own.filter(|object| !object.map && !object.fields.is_empty());
    let inner = [&shape.array, &shape.map].into_iter().flatten();
    let inner = inner.flat_map(|shape| inner_objects(shape));
    own.into_iter().chain(inner).collect()
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
