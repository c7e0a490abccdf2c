//! Sharing: components of equal shape become one, and references follow.

use super::components::{Components, Name, pointer};
use crate::infer::shape::Object;
use crate::json::Json;
use crate::parallel;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// What makes a component's schema, but for descriptions and formats: of its fields by key, whether each
/// is required and the component in it, and the kinds of all.
#[derive(PartialEq, Eq)]
struct Outline<'o> {
    /// That of the rest, taken where it was made: its keys are spread over the whole collection.
    hash: u64,
    fields: Vec<(&'o str, bool, Option<&'o str>)>,
    levels: Vec<u16>,
}

impl Hash for Outline<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl<'a> Components<'a> {
    /// Merges components of equal shape, again and again: merging two may make equal what refers to
    /// them. The shortest name stays. Those of operations keep theirs, which say what they are for: a new
    /// customer is not called after a bill because both are answered with an id.
    pub fn share(&mut self) {
        loop {
            let mut groups: HashMap<Outline<'_>, Vec<&Name>> = HashMap::new();
            let shared = self.named.iter();
            let hasher = groups.hasher().clone();
            let outlines = parallel::map(shared.collect(), |(name, object)| {
                (self.outline(name, object, &hasher), name)
            });
            for (outline, name) in outlines {
                groups.entry(outline).or_default().push(name);
            }
            let mut renamed: Vec<(Name, Name)> = Vec::new();
            for mut names in groups.into_values() {
                names.sort_by_key(|name| (name.len(), *name));
                let is_root = |name: &&Name| self.roots.contains(*name);
                let (roots, inner): (Vec<&Name>, Vec<&Name>) = names.into_iter().partition(is_root);
                // `OrderCustomer` is a `Customer`.
                let (mut kept, mut others) = (None, Vec::with_capacity(inner.len()));
                for name in inner {
                    let root = roots.iter().find(|root| name.ends_with(&****root));
                    match (root, kept) {
                        (Some(root), _) => renamed.push((name.clone(), (*root).clone())),
                        (None, Some(kept)) => others.push((name, kept)),
                        (None, None) => kept = Some(name),
                    }
                }
                let others = others.into_iter();
                renamed.extend(
                    others.map(|(name, kept): (&Name, &Name)| (name.clone(), kept.clone())),
                );
            }
            if renamed.is_empty() {
                return;
            }
            renamed.sort_unstable();
            for (name, kept) in renamed {
                if let Some(object) = self.named.swap_remove(&name) {
                    self.insert(&kept, &object);
                }
                self.shared.insert(name, kept);
            }
        }
    }

    fn outline<'o>(
        &'o self,
        name: &str,
        object: &'o Object<'a>,
        hasher: &impl BuildHasher,
    ) -> Outline<'o> {
        let held = self.nested.get(name);
        let mut fields: Vec<_> = object.fields.iter().collect();
        fields.sort_unstable_by_key(|(key, _)| *key);
        let mut levels = Vec::with_capacity(fields.len());
        let fields = fields.into_iter().map(|(key, field)| {
            field.shape.outline(&mut levels);
            let inner = held.and_then(|held| held.get(key));
            let inner = inner.map(|name| &**self.kept(name).unwrap_or(name));
            (&**key, object.requires(field), inner)
        });
        let fields: Vec<_> = fields.collect();
        let hash = hasher.hash_one((&fields, &levels));
        Outline {
            hash,
            fields,
            levels,
        }
    }

    /// Lets the references of a schema follow the components that were shared.
    pub fn follow(&self, schema: &mut Json<'a>) {
        match schema {
            Json::Object(entries) => {
                for (key, value) in entries {
                    match value {
                        Json::Text(target) if key == "$ref" => {
                            let name = target.rsplit('/').next().unwrap_or_default();
                            if let Some(kept) = self.kept(name) {
                                *target = pointer(kept).into();
                            }
                        }
                        value => self.follow(value),
                    }
                }
            }
            Json::List(items) => items.iter_mut().for_each(|item| self.follow(item)),
            _ => {}
        }
    }
}
