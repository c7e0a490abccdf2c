//! What the project's document says of one place.

use super::lock::{Kind, kind_named};
use serde_json::Value;
use std::collections::BTreeSet;

/// A schema, and where it is.
#[derive(Debug, Clone)]
pub struct Node<'d> {
    pub schema: &'d Value,
    pub at: String,
}

/// What is known of a place.
#[derive(Debug, Clone, Default)]
pub struct Found<'d> {
    /// As they are referred to.
    pub nodes: Vec<Node<'d>>,
    /// With references and alternatives followed.
    pub leaves: Vec<Node<'d>>,
    /// Whether something on the way is free JSON.
    pub is_free: bool,
    /// Whether it is a parameter that is marked as deprecated.
    pub is_deprecated: bool,
    /// Whether it need not be there.
    pub is_optional: bool,
    pub is_parameter: bool,
}

impl<'d> Found<'d> {
    pub fn is_there(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// The kinds that it takes.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        let mut kinds = BTreeSet::new();
        for Node { schema, .. } in self.leaves.iter().chain(&self.nodes) {
            if schema["nullable"] == true {
                kinds.insert(Kind::Null);
            }
            let kind = schema["type"].as_str().and_then(kind_named);
            kinds.extend(kind);
            if kind.is_none() && schema.get("enum").is_some() {
                kinds.insert(Kind::String);
            }
        }
        kinds
    }

    /// Whether it takes values of a kind.
    pub fn admits(&self, kind: Kind) -> bool {
        let kinds = self.kinds();
        self.is_free
            || kind == Kind::Any
            || kinds.contains(&kind)
            || (kind == Kind::Integer && kinds.contains(&Kind::Number))
    }

    /// The enum that it is of, and where that is.
    fn enumeration(&self) -> Option<&Node<'d>> {
        let mut leaves = self.leaves.iter();
        leaves.find(|leaf| {
            let values = leaf.schema["enum"].as_array();
            values.is_some_and(|values| values.iter().any(Value::is_string))
        })
    }

    /// The values that it may have, if it is an enum.
    pub fn values(&self) -> Option<BTreeSet<String>> {
        let values = self.enumeration()?.schema["enum"].as_array()?;
        let values = values.iter().filter_map(Value::as_str);
        Some(values.map(str::to_owned).collect())
    }

    /// Where its enum's values are listed, as JSONPath.
    pub fn values_target(&self) -> Option<String> {
        Some(format!("{}.enum", self.enumeration()?.at))
    }

    /// Where it is said, as JSONPath: the parameter, or the property of a component.
    pub fn targets(&self) -> impl Iterator<Item = String> {
        self.nodes.iter().map(|node| {
            let at = node.at.as_str();
            let parameter = at.strip_suffix("].schema").map(|at| format!("{at}]"));
            parameter.unwrap_or_else(|| at.to_owned())
        })
    }

    /// Whether all of it is marked as deprecated.
    pub fn is_deprecated(&self) -> bool {
        let is_marked = |node: &Node<'_>| node.schema["deprecated"] == true;
        self.is_deprecated || self.is_there() && self.nodes.iter().all(is_marked)
    }
}
