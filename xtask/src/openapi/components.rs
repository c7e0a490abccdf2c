//! Components: every object gets a name, and objects of one name become one schema.

use super::values::string_schema;
use crate::config::Config;
use crate::infer::names;
use crate::infer::shape::{Object, Shape};
use crate::json::{Json, object};
use crate::parallel;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The name of a component.
pub type Name = Arc<str>;

/// A component and a property of it.
type Place<'a> = (Name, Cow<'a, str>);

/// An object within a component.
struct Inner<'a> {
    place: Place<'a>,
    /// The name that it must have.
    fixed: Option<Name>,
    object: Arc<Object<'a>>,
}

/// The objects of a document by name.
#[derive(Debug)]
pub struct Components<'a> {
    config: &'a Config,
    pub(super) named: IndexMap<Name, Arc<Object<'a>>>,
    /// The component that a property holds, by component and property.
    pub(super) nested: HashMap<Name, HashMap<Cow<'a, str>, Name>>,
    descriptions: HashMap<Name, String>,
    /// Those that are named after an operation or what it is about, and not after a property.
    pub(super) roots: HashSet<Name>,
    /// What the failures of all operations are called.
    pub failure: Name,
    /// For a component that is no more, one of equal shape; which may be no more either.
    pub(super) shared: HashMap<Name, Name>,
}

impl<'a> Components<'a> {
    pub fn new(config: &'a Config) -> Self {
        Self {
            config,
            named: IndexMap::new(),
            nested: HashMap::new(),
            descriptions: HashMap::new(),
            roots: HashSet::new(),
            failure: "Error".into(),
            shared: HashMap::new(),
        }
    }

    /// Adds an object under a name, merged with what the name already stands for.
    pub fn insert(&mut self, name: &Name, object: &Arc<Object<'a>>) {
        match self.named.get_mut(name) {
            Some(known) => Arc::make_mut(known).merge(object),
            None => _ = self.named.insert(name.clone(), object.clone()),
        }
    }

    /// Says what a component is, where its samples do not.
    pub fn describe(&mut self, name: &Name, description: String) {
        self.descriptions.insert(name.clone(), description);
    }

    /// Says what a property holds, whatever it would be called.
    pub fn fix(&mut self, component: &Name, property: impl Into<Cow<'a, str>>, name: &Name) {
        let properties = self.nested.entry(component.clone()).or_default();
        properties.insert(property.into(), name.clone());
    }

    /// The component that a property holds.
    pub(super) fn held(&self, component: &str, property: &str) -> Option<&Name> {
        let name = self.nested.get(component)?.get(property)?;
        Some(self.kept(name).unwrap_or(name))
    }

    /// The component that stands for one that is no more.
    pub(super) fn kept(&self, name: &str) -> Option<&Name> {
        let first = self.shared.get(name);
        std::iter::successors(first, |kept| self.shared.get(*kept)).last()
    }

    /// Whether the name is free, or stands for an object that this one could be merged with.
    pub fn accepts(&self, name: &str, object: &Object<'a>) -> bool {
        self.named
            .get(name)
            .is_none_or(|known| known.agrees(object))
    }

    /// Names the objects within objects, level by level.
    ///
    /// An object is called after its property. If objects that cannot be one type would get one
    /// name, each is called after its parent as well: the outcome depends on no order.
    pub fn resolve(&mut self) {
        self.roots = self.named.keys().cloned().collect();
        let roots = self.named.iter();
        let mut level: Vec<(Name, Arc<Object<'a>>)> = roots
            .map(|(name, object)| (name.clone(), object.clone()))
            .collect();
        let mut candidates: HashMap<Cow<'a, str>, Name> = HashMap::new();
        while !level.is_empty() {
            let mut next: Vec<(Place<'a>, Name, Arc<Object<'a>>)> = Vec::new();
            let mut found: BTreeMap<Name, Vec<(Place<'a>, Arc<Object<'a>>)>> = BTreeMap::new();
            let inner = parallel::parts(level, |part| self.within(&part));
            for Inner {
                place,
                fixed,
                object,
            } in inner.into_iter().flatten()
            {
                if let Some(name) = fixed {
                    next.push((place, name, object));
                    continue;
                }
                let candidate = candidates.entry(place.1.clone());
                let candidate = candidate.or_insert_with_key(|key| names::component(key).into());
                let occurrences = found.entry(candidate.clone()).or_default();
                occurrences.push((place, object));
            }
            for (candidate, occurrences) in found {
                let objects = occurrences.iter().map(|(_, object)| object);
                let one_type = self.are_one(&candidate, objects);
                for (place, object) in occurrences {
                    let name = if one_type {
                        candidate.clone()
                    } else {
                        format!("{}{candidate}", place.0).into()
                    };
                    next.push((place, name, object));
                }
            }
            level = Vec::with_capacity(next.len());
            for ((component, property), name, object) in next {
                self.insert(&name, &object);
                self.fix(&component, property, &name);
                level.push((name, object));
            }
        }
    }

    /// Whether objects could be one type of a name.
    fn are_one<'o>(&self, name: &str, objects: impl Iterator<Item = &'o Arc<Object<'a>>>) -> bool
    where
        'a: 'o,
    {
        /// Nothing that anybody means has so many forms; to compare all would take long.
        const FORMS: usize = 64;
        // Most are alike; each kind is compared once.
        let mut kinds: Vec<&Object<'a>> = Vec::new();
        for object in objects {
            if kinds.iter().any(|known| known.same_kinds(object)) {
                continue;
            }
            let agrees = kinds.iter().all(|known| known.agrees(object));
            if !agrees || !self.accepts(name, object) || kinds.len() == FORMS {
                return false;
            }
            kinds.push(object);
        }
        true
    }

    /// The objects within those of a level, in order.
    fn within(&self, level: &[(Name, Arc<Object<'a>>)]) -> Vec<Inner<'a>> {
        let mut found = Vec::new();
        for (component, object) in level {
            for (property, field) in &object.fields {
                let inner = inner_objects(&field.shape);
                if inner.is_empty() || self.config.is_map(component, property) {
                    continue;
                }
                let fixed = self.config.property(component, property).map(Name::from);
                let fixed = fixed.or_else(|| self.held(component, property).cloned());
                found.extend(inner.into_iter().map(|object| Inner {
                    place: (component.clone(), property.clone()),
                    fixed: fixed.clone(),
                    object: object.clone(),
                }));
            }
        }
        found
    }

    /// The names of all components, in order.
    pub fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = self.named.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    /// The schema of a component.
    pub fn definition(&self, name: &str) -> Json<'a> {
        let Some(object) = self.named.get(name) else {
            return object! {};
        };
        let required = object.fields.iter();
        let required: Vec<Json<'a>> = required
            .filter(|(_, field)| object.requires(field))
            .map(|(key, _)| key.clone().into())
            .collect();
        let properties = object.fields.iter().map(|(key, field)| {
            let schema = self.schema(&field.shape, name, key);
            let description = field.doc.as_ref().map_or("", |doc| &doc.description);
            (key.clone(), described(schema, description))
        });
        let properties: Json<'a> = properties.collect();
        let mut schema = Json::with_room(4);
        schema.push("type", "object");
        if let Some(description) = self.descriptions.get(name) {
            schema.push("description", description.clone());
        }
        if !required.is_empty() {
            schema.push("required", required);
        }
        schema.push("properties", properties);
        schema
    }

    /// The schema of a shape that stands at `property` of `component`.
    pub fn schema(&self, shape: &Shape<'a>, component: &str, property: &str) -> Json<'a> {
        let mut kinds = Vec::new();
        if shape.object.is_some() || shape.map.is_some() {
            kinds.push(match self.entity(shape, component, property) {
                Entity::Map(values) => {
                    let values = self.schema(values, component, property);
                    object! { "type": "object", "additionalProperties": values }
                }
                Entity::Component(name) => reference(name),
                Entity::Free => object! { "type": "object", "additionalProperties": object! {} },
            });
        }
        if let Some(items) = &shape.array {
            let items = self.schema(items, component, property);
            kinds.push(object! { "type": "array", "items": items });
        }
        if shape.boolean {
            kinds.push(object! { "type": "boolean" });
        }
        if shape.number {
            kinds.push(object! { "type": "number" });
        }
        if shape.string {
            kinds.push(string_schema(shape.format));
        }
        if shape.integer && !shape.number {
            kinds.push(object! { "type": "integer", "format": "int64" });
        }
        let mut schema = match kinds.len() {
            _ if shape.any => object! {},
            0 => object! {},
            1 => kinds.remove(0),
            _ => object! { "oneOf": kinds },
        };
        if shape.null {
            if schema.get("$ref").is_some() {
                schema = object! { "allOf": vec![schema] };
            }
            schema.push("nullable", true);
        }
        schema
    }

    /// What the objects of a place are: a map of what its values have in common, the object of the place's name,
    /// or, without a name, a map that may hold other kinds of values than its samples do.
    fn entity<'s>(
        &'s self,
        shape: &'s Shape<'a>,
        component: &str,
        property: &str,
    ) -> Entity<'s, 'a> {
        let empty = |object: &Arc<Object<'a>>| object.fields.is_empty() && !object.map;
        let free = self.config.is_map(component, property);
        match (&shape.map, self.held(component, property)) {
            (Some(values), _) if !free && shape.object.as_ref().is_none_or(empty) => {
                Entity::Map(values)
            }
            (None, Some(name)) => Entity::Component(name),
            _ => Entity::Free,
        }
    }

    /// Tells the components that the schema of a component refers to.
    pub fn references(&self, name: &str, tell: &mut impl FnMut(&str)) {
        let fields = self.named.get(name).into_iter();
        for (key, field) in fields.flat_map(|object| &object.fields) {
            self.references_of(&field.shape, name, key, tell);
        }
    }

    fn references_of(
        &self,
        shape: &Shape<'a>,
        component: &str,
        property: &str,
        tell: &mut impl FnMut(&str),
    ) {
        if shape.any {
            return;
        }
        if shape.object.is_some() || shape.map.is_some() {
            match self.entity(shape, component, property) {
                Entity::Map(values) => self.references_of(values, component, property, tell),
                Entity::Component(name) => tell(name),
                Entity::Free => {}
            }
        }
        if let Some(items) = &shape.array {
            self.references_of(items, component, property, tell);
        }
    }
}

/// What the objects of a place are.
enum Entity<'s, 'a> {
    Map(&'s Shape<'a>),
    Component(&'s Name),
    Free,
}

/// The objects that need a name: in a shape, in the items of its lists, in the values of its maps.
pub fn inner_objects<'s, 'a>(shape: &'s Shape<'a>) -> Vec<&'s Arc<Object<'a>>> {
    let own = shape.object.as_ref();
    let own = own.filter(|object| !object.map && !object.fields.is_empty());
    let inner = [&shape.array, &shape.map].into_iter().flatten();
    let inner = inner.flat_map(|shape| inner_objects(shape));
    own.into_iter().chain(inner).collect()
}

pub(super) fn pointer(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

pub fn reference(name: &str) -> Json<'static> {
    object! { "$ref": pointer(name) }
}

/// A schema with a description; a reference cannot carry one, so it is wrapped.
fn described<'a>(schema: Json<'a>, description: &str) -> Json<'a> {
    if description.is_empty() {
        return schema;
    }
    let mut schema = if schema.get("$ref").is_some() {
        object! { "allOf": vec![schema] }
    } else {
        schema
    };
    schema.push("description", description.to_owned());
    schema
}
