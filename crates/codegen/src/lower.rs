//! Lowering: turns the public OpenAPI document into the smaller language that progenitor takes.
//!
//! The public document says everything that is known; progenitor accepts less, panics on some of it
//! and would turn some of it into a client that breaks on honest servers. Each difference is one
//! named rule in `rules.rs`. Lowering is a pure function: document in, document and report out.

pub use crate::document::{METHODS, SENT_AS, SET_BY_RUNTIME, UNSUPPORTED, operations, own_type};
pub use crate::rules::{ACCEPTED, Rule};

use crate::rules;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// The lowered document and what was done to it.
#[derive(Debug)]
pub struct Lowered {
    /// The document.
    pub document: Value,
    /// How often each rule fired, in the order of the rules.
    pub report: Vec<(&'static str, usize)>,
}

/// Why a document cannot be lowered: the rule that found it, and where.
#[derive(Debug)]
pub struct LowerError {
    /// The name of the rule.
    pub rule: &'static str,
    /// The operation, parameter or component.
    pub place: String,
    /// What is wrong there.
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
/// A document without paths, an operation without id, two with one id, one that shares parameters, body
/// or answers with others, or one that a rule would lose: the error names rule and operation.
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

/// What operations share is not looked for, neither by the rules nor by other readers of the document;
/// it would be lost without a word.
fn self_contained(document: &Value) -> Result<(), LowerError> {
    for (path, method, operation) in operations(document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let answers = operation["responses"].as_object().into_iter().flatten();
        let mut parts = parameters
            .chain(answers.map(|(_, answer)| answer))
            .chain(operation.get("requestBody"));
        let reason = if document["paths"][path].get("parameters").is_some() {
            "its path has parameters, which belong to operations"
        } else if parts.any(|part| part.get("$ref").is_some()) {
            "a parameter, body or answer is a reference; only schemas may be"
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

/// Operation ids of a document; each must exist once.
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
