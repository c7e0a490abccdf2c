//! Authentication as Postman keeps it.

use crate::json::Json;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// Authentication: a type, and parameters under the type's name.
#[derive(Debug, Clone, PartialEq)]
pub struct Auth<'a> {
    pub kind: Cow<'a, str>,
    /// In a published documentation: whether it is that of a folder or the collection.
    pub inherited: bool,
    parameters: Json<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Auth<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Json::deserialize(deserializer)?;
        let kind = object["type"].as_str().unwrap_or_default();
        // What is inherited is said where it comes from.
        let kind = if kind == "inherit" { "" } else { kind };
        Ok(Self {
            kind: kind.to_owned().into(),
            inherited: object["isInherited"] == Json::Bool(true),
            parameters: object[kind].clone(),
        })
    }
}

impl<'a> Auth<'a> {
    pub fn new(kind: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind: kind.into(),
            inherited: false,
            parameters: Json::Null,
        }
    }

    /// A parameter of its type: v2.1 lists them, v2.0 has an object, a published documentation has
    /// lists under `basicConfig` and `advancedConfig`.
    pub fn parameter(&self, key: &str) -> Option<&str> {
        let own = &self.parameters;
        let among = |pairs: &'_ Json<'a>| -> Option<usize> {
            let named = |pair: &Json<'a>, name: &str| pair[name].as_str() == Some(key);
            let mut pairs = pairs.items().iter();
            pairs.position(|pair| named(pair, "key") || named(pair, "id"))
        };
        [own, &own["basicConfig"], &own["advancedConfig"]]
            .into_iter()
            .find_map(|pairs| pairs.items()[among(pairs)?]["value"].as_str())
            .or_else(|| own[key].as_str())
    }
}
