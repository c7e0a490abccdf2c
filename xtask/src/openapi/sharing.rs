//! Sharing: components of equal shape become one, and references follow.

use super::components::{Components, Name, pointer};
use crate::infer::shape::{Field, Object};
use crate::json::Json;
use crate::parallel;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

impl<'a> Components<'a> {
    /// Merges components of equal shape, again and again: merging two may make equal what refers to
    /// them. The shortest name stays. Those of operations keep theirs, which say what they are for: a new
    /// customer is not called after a bill because both are answered with an id.
    pub fn share(&mut self) {
        loop {
            let mut groups: HashMap<u64, Vec<Vec<&Name>>> = HashMap::new();
            let shared = self.named.iter();
            let hasher = groups.hasher().clone();
            let hashes = parallel::map(shared.collect(), |(name, object)| {
                (self.hash(name, object, &hasher), name)
            });
            for (hash, name) in hashes {
                let known = groups.entry(hash).or_default();
                let alike = known
                    .iter_mut()
                    .find(|names| self.are_alike(names[0], name));
                match alike {
                    Some(names) => names.push(name),
                    None => known.push(vec![name]),
                }
            }
            let mut renamed: Vec<(Name, Name)> = Vec::new();
            for mut names in groups.into_values().flatten() {
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

    /// A number that components of equal shape have in common: of their fields in any order.
    fn hash(&self, name: &str, object: &Object<'a>, hasher: &impl BuildHasher) -> u64 {
        let hashes = object.fields.iter().map(|(key, field)| {
            let mut state = hasher.build_hasher();
            let inner = self.held(name, key);
            (key, object.requires(field), inner).hash(&mut state);
            field.shape.hash_outline(&mut state);
            state.finish()
        });
        hashes.fold(0, u64::wrapping_add)
    }

    /// Whether two components have one schema, but for descriptions and formats: the same fields, of which
    /// each is required in both, holds the same component, and has the same kinds.
    fn are_alike(&self, one: &str, other: &str) -> bool {
        let (Some(mine), Some(theirs)) = (self.named.get(one), self.named.get(other)) else {
            return false;
        };
        let is_same = |(key, field): (&Cow<'a, str>, &Field<'a>)| {
            theirs.fields.get(key).is_some_and(|known| {
                mine.requires(field) == theirs.requires(known)
                    && self.held(one, key) == self.held(other, key)
                    && field.shape.has_outline_of(&known.shape)
            })
        };
        mine.fields.len() == theirs.fields.len() && mine.fields.iter().all(is_same)
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
