//! What the project's document says: the operation of a call, and the schemas of a place in it.

use super::calls::{base, pattern};
use super::found::{Found, Node};
use super::lock::Place;
use super::place::{Part, Path, Step, is_field};
use crate::lower::operations;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A document, with its operations by call.
#[derive(Debug)]
pub struct Known<'d> {
    document: &'d Value,
    /// Where the settings say that keys are data.
    maps: Vec<String>,
    calls: BTreeMap<String, Call<'d>>,
}

/// An operation of the document.
#[derive(Debug, Clone, Copy)]
pub struct Call<'d> {
    pub path: &'d str,
    pub method: &'d str,
    pub operation: &'d Value,
}

impl Call<'_> {
    /// Where the operation is, as JSONPath.
    pub fn target(&self) -> String {
        format!("$.paths[{}].{}", quoted(self.path), self.method)
    }
}

impl<'d> Known<'d> {
    /// `maps` are the places of maps, as settings have them: `Client.custom_fields`.
    pub fn new(document: &'d Value, maps: &BTreeSet<String>) -> Self {
        let calls = operations(document).map(|(path, method, operation)| {
            // An operation may be elsewhere than most.
            let places = [operation, &document["paths"][path], document];
            let mut servers = places
                .iter()
                .filter_map(|place| place["servers"][0]["url"].as_str());
            let base = base(servers.next().unwrap_or_default());
            let call = format!(
                "{} {}",
                method.to_uppercase(),
                pattern(&format!("{base}{path}"))
            );
            let known = Call {
                path,
                method,
                operation,
            };
            (call, known)
        });
        let maps = maps.iter().filter_map(|place| {
            let (component, property) = place.split_once('.')?;
            let (component, property) = (quoted(component), quoted(property));
            Some(format!(
                "$.components.schemas[{component}].properties[{property}]"
            ))
        });
        Self {
            document,
            maps: maps.collect(),
            calls: calls.collect(),
        }
    }

    pub fn call(&self, call: &str) -> Option<Call<'d>> {
        self.calls.get(call).copied()
    }

    pub fn calls(&self) -> impl Iterator<Item = (&String, &Call<'d>)> {
        self.calls.iter()
    }

    /// What is known of a place.
    pub fn find(&self, call: &str, path: &Path) -> Found<'d> {
        let Some(call) = self.call(call) else {
            return Found::default();
        };
        let at = call.target();
        let operation = call.operation;
        if path.part.is_parameter() {
            return self.parameter(&at, call, path);
        }
        let media = |holder: &'d Value, at: String| {
            let content = holder["content"].as_object().into_iter().flatten();
            content.map(move |(kind, media)| Node {
                schema: &media["schema"],
                at: format!("{at}.content[{}].schema", quoted(kind)),
            })
        };
        let roots: Vec<Node<'d>> = match path.part {
            Part::Body => media(&operation["requestBody"], format!("{at}.requestBody")).collect(),
            _ => {
                let wanted =
                    |status: &str| status.starts_with('2') == (path.part == Part::Response);
                let responses = operation["responses"].as_object().into_iter().flatten();
                let responses = responses.filter(|(status, _)| wanted(status));
                let responses = responses.flat_map(|(status, response)| {
                    media(response, format!("{at}.responses[{}]", quoted(status)))
                });
                responses.collect()
            }
        };
        // A success of which nobody knows the form is free JSON.
        let is_free = roots.iter().any(|root| is_free(root.schema));
        let mut found = self.followed(roots, is_free);
        for step in &path.steps {
            found = self.step(&found, step, path.part);
        }
        found
    }

    fn parameter(&self, at: &str, call: Call<'d>, path: &Path) -> Found<'d> {
        let name = path.key();
        let parameters = call.operation["parameters"].as_array();
        let mut parameters = parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == path.part.name());
        let found = match path.part {
            Part::Path => {
                let position: usize = name.parse().unwrap_or(0);
                parameters.nth(position.wrapping_sub(1))
            }
            Part::Header => parameters.find(|parameter| {
                let known = parameter["name"].as_str().unwrap_or_default();
                known.eq_ignore_ascii_case(name)
            }),
            _ => parameters.find(|parameter| parameter["name"] == name),
        };
        let Some(parameter) = found else {
            return Found::default();
        };
        let name = parameter["name"].as_str().unwrap_or_default();
        let filter = format!(
            "?@.name == {} && @.in == {}",
            quoted(name),
            quoted(path.part.name())
        );
        let root = Node {
            schema: &parameter["schema"],
            at: format!("{at}.parameters[{filter}].schema"),
        };
        Found {
            is_deprecated: parameter["deprecated"] == true,
            is_optional: parameter["required"] != true,
            is_parameter: true,
            ..self.followed(vec![root], false)
        }
    }

    fn followed(&self, nodes: Vec<Node<'d>>, is_free: bool) -> Found<'d> {
        let mut leaves = Vec::new();
        let mut queue = nodes.clone();
        let mut seen = BTreeSet::new();
        while let Some(node) = queue.pop() {
            if let Some(name) = reference(node.schema) {
                if seen.insert(name) {
                    queue.push(Node {
                        schema: &self.document["components"]["schemas"][name],
                        at: format!("$.components.schemas[{}]", quoted(name)),
                    });
                }
                continue;
            }
            let mut is_leaf = true;
            for key in ["allOf", "anyOf", "oneOf"] {
                for (index, branch) in node.schema[key]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .enumerate()
                {
                    is_leaf = false;
                    queue.push(Node {
                        schema: branch,
                        at: format!("{}.{key}[{index}]", node.at),
                    });
                }
            }
            if is_leaf {
                leaves.push(node);
            }
        }
        let is_free = is_free || leaves.iter().any(|leaf| self::is_free(leaf.schema));
        Found {
            nodes,
            leaves,
            is_free,
            ..Found::default()
        }
    }

    fn step(&self, found: &Found<'d>, step: &Step, part: Part) -> Found<'d> {
        let mut nodes = Vec::new();
        let mut free = found.is_free;
        for Node { schema, at } in &found.leaves {
            let further = |schema: &'d Value, key: &str| Node {
                schema,
                at: format!("{at}.{key}"),
            };
            let property = |(name, schema): (&String, &'d Value)| Node {
                schema,
                at: format!("{at}.properties[{}]", quoted(name)),
            };
            let properties = || schema["properties"].as_object().into_iter().flatten();
            let named = match step {
                Step::Field(name) => properties().find(|(known, _)| *known == name).map(property),
                Step::Entry => schema.get("items").map(|items| further(items, "items")),
                // Where the converter takes for names what is data here.
                Step::Value => properties()
                    .find(|(known, _)| !is_field(known))
                    .map(property),
            };
            let of_map = || match step {
                Step::Entry => None,
                _ => schema.get("additionalProperties"),
            };
            match (named, of_map()) {
                (Some(node), _) => nodes.push(node),
                (None, Some(values)) if self.is_map_at(values, at, part) => {
                    nodes.push(further(values, "additionalProperties"));
                }
                (None, Some(values)) => free |= *values != false,
                (None, None) => {}
            }
        }
        let is_required = |name: &String| {
            let mut leaves = found.leaves.iter();
            leaves.any(|leaf| requires(leaf.schema, name))
        };
        Found {
            is_optional: matches!(step, Step::Field(name) if !is_required(name)),
            ..self.followed(nodes, free)
        }
    }

    /// Whether a parameter or field must be there.
    pub fn requires(&self, call: &str, path: &Path) -> bool {
        let found = self.find(call, path);
        found.is_there() && !found.is_optional
    }

    /// Whether the keys at a place are data.
    fn is_map(&self, found: &Found<'d>, name: &str, part: Part) -> bool {
        let mut leaves = found.leaves.iter();
        let is_property = |leaf: &Node<'_>| leaf.schema["properties"].get(name).is_some();
        !found.leaves.iter().any(is_property)
            && leaves.any(|leaf| {
                let values = leaf.schema.get("additionalProperties");
                values.is_some_and(|values| self.is_map_at(values, &leaf.at, part))
            })
    }

    /// Whether an object with values of such a schema is a map, rather than one of which nothing is known.
    ///
    /// A table says that a field of a body is a map; an empty object in a sample says nothing.
    fn is_map_at(&self, values: &Value, at: &str, part: Part) -> bool {
        let is_said = || self.maps.iter().any(|map| at.starts_with(map.as_str()));
        values.is_object() && (part == Part::Body || !is_free(values) || is_said())
    }

    /// Takes the keys of maps out of the places of an operation: they are data.
    pub fn collapse(&self, call: &str, places: &mut BTreeMap<Path, Place>) {
        if self.call(call).is_none() {
            return;
        }
        let mut collapsed: BTreeMap<Path, Place> = BTreeMap::new();
        for (path, place) in std::mem::take(places) {
            let mut known = Path::whole(path.part);
            for step in &path.steps {
                let step = match step {
                    Step::Field(name) if !path.part.is_parameter() => {
                        let found = self.find(call, &known);
                        match self.is_map(&found, name, path.part) {
                            true => Step::Value,
                            false => step.clone(),
                        }
                    }
                    _ => step.clone(),
                };
                known = known.to(step);
            }
            collapsed.entry(known).or_default().merge(place);
        }
        *places = collapsed;
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn requires(schema: &Value, name: &str) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    required.into_iter().any(|required| required == name)
}

fn is_free(schema: &Value) -> bool {
    const SAYS: [&str; 8] = [
        "type",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "properties",
        "items",
    ];
    schema.is_object() && !SAYS.iter().any(|key| schema.get(key).is_some())
}

/// A name in a JSONPath.
pub fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}
