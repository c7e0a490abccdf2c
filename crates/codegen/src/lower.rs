//! Lowers the public OpenAPI document to the subset that progenitor supports.
//!
//! The public document contains everything that is known. Progenitor supports less of OpenAPI, panics on some of it,
//! and would generate a client that fails on real responses for some of it. Each difference is one named rule in
//! `rules.rs`. Lowering is a pure function: it takes a document, and returns a document and a report.

pub use crate::document::{METHODS, SENT_AS, SET_BY_RUNTIME, UNSUPPORTED, operations, own_type};
pub use crate::rules::{ACCEPTED, Rule};

use crate::rules;
pub use crate::rules::is_json;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// The lowered document and what was done to it.
#[derive(Debug)]
pub struct Lowered {
    /// The document.
    pub document: Value,
    /// The number of changes that each rule made, in the order of the rules.
    pub report: Vec<(&'static str, usize)>,
}

/// Why a document cannot be lowered, and where.
#[derive(Debug)]
pub struct LowerError {
    /// The name of the rule that failed.
    pub rule: &'static str,
    /// The operation, parameter or component.
    pub place: String,
    /// The problem.
    pub reason: String,
}

impl fmt::Display for LowerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lowering rule `{}`: {}: {}",
            self.rule, self.place, self.reason
        )
    }
}

impl std::error::Error for LowerError {}

/// The rules for this crate; [`ACCEPTED`] alone is for any user of progenitor.
pub const FOR_THIS_CRATE: &[&[Rule]] = &[rules::OWN, ACCEPTED];

/// Applies sets of rules in order.
///
/// # Errors
/// If the document has no paths, if an operation has no id or the id of another one, if operations share parameters,
/// bodies or responses by reference, or if a rule would lose an operation.
pub fn lower(document: &Value, rules: &[&[Rule]]) -> Result<Lowered, LowerError> {
    self_contained(document)?;
    let before = operation_ids(document)?;
    if before.is_empty() {
        return Err(LowerError {
            rule: "operation-ids",
            place: "paths".into(),
            reason: "the document has no operations".into(),
        });
    }
    let mut document = document.clone();
    let mut report = Vec::new();
    for rule in rules.iter().copied().flatten() {
        let fired = (rule.apply)(&mut document).map_err(|(place, reason)| LowerError {
            rule: rule.name,
            place,
            reason,
        })?;
        let after = operation_ids(&document)?;
        let set_aside = document[UNSUPPORTED].as_array().into_iter().flatten();
        let set_aside: BTreeSet<&str> = set_aside.filter_map(Value::as_str).collect();
        let mut lost = before.difference(&after);
        if let Some(lost) = lost.find(|id| !set_aside.contains(id.as_str())) {
            return Err(LowerError {
                rule: rule.name,
                place: lost.clone(),
                reason: "the rule lost this operation".into(),
            });
        }
        report.push((rule.name, fired));
    }
    Ok(Lowered { document, report })
}

/// Checks that operations share nothing by reference, since neither the rules nor other readers of the document
/// resolve such references: they would be lost silently.
fn self_contained(document: &Value) -> Result<(), LowerError> {
    for (path, method, operation) in operations(document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let responses = operation["responses"].as_object().into_iter().flatten();
        let mut parts = parameters
            .chain(responses.map(|(_, response)| response))
            .chain(operation.get("requestBody"));
        let reason = if document["paths"][path].get("parameters").is_some() {
            "its path has parameters, which belong to operations"
        } else if parts.any(|part| part.get("$ref").is_some()) {
            "a parameter, body or response is a reference; only schemas may be"
        } else {
            continue;
        };
        return Err(LowerError {
            rule: "self-contained",
            place: format!("{} {path}", method.to_uppercase()),
            reason: reason.into(),
        });
    }
    Ok(())
}

/// Returns the operation ids of a document, each of which must exist once.
fn operation_ids(document: &Value) -> Result<BTreeSet<String>, LowerError> {
    let error = |place: String, reason: &str| LowerError {
        rule: "operation-ids",
        place,
        reason: reason.into(),
    };
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(document) {
        let place = format!("{} {path}", method.to_uppercase());
        let id = operation["operationId"]
            .as_str()
            .ok_or_else(|| error(place.clone(), "no operationId"))?;
        if !ids.insert(id.to_owned()) {
            return Err(error(place, &format!("second operation with id `{id}`")));
        }
    }
    Ok(ids)
}
