//! The lowering rules, one for each difference between the public document and what progenitor supports.

mod bodies;
mod docs;
mod own;
mod parameters;
mod parts;
mod schemas;
mod walk;
mod wrapped;

pub use parts::is_json;

use serde_json::Value;

/// The result of a rule: the number of its changes, or the place and reason of a failure.
pub(crate) type Outcome = Result<usize, (String, String)>;

/// A named step of lowering.
#[derive(Debug)]
pub struct Rule {
    /// The name in error messages and reports.
    pub name: &'static str,
    /// Changes the document in place, and returns the number of changes.
    pub apply: fn(&mut Value) -> Outcome,
}

/// The rules for what progenitor rejects, panics on or miscompiles, in the order in which they run.
pub const ACCEPTED: &[Rule] = &[
    // reqwest has no call for them; an extension lists them, so that none is lost silently.
    rule("unsupported-methods", parts::unsupported_methods),
    // Typed error bodies make progenitor lose the status of every error that has another shape.
    rule("drop-error-responses", parts::drop_error_responses),
    // Two success responses of different types panic; a range accepts 201 where 200 is documented.
    rule("single-success", parts::single_success),
    // A JSON success without a schema panics; with another media type of JSON it would be bytes.
    rule("json-success", parts::json_success),
    // Several kinds of body panic, and few kinds are supported: the others are sent as bytes.
    rule("one-body", bodies::one_body),
    // Path parameters must be plain and required, cookies and nested styles are not supported.
    rule("plain-parameters", parameters::plain_parameters),
    // A body of another media type than the generator has a call for would be sent under a wrong one.
    rule("content-type-header", bodies::content_type_header),
    // Parameters that would be one field of a builder do not compile.
    rule("colliding-parameters", parameters::colliding_parameters),
    // Properties that would be one field of a struct do not compile.
    rule("colliding-properties", schemas::colliding_properties),
    // A mixture of types has no good Rust type; free JSON accepts all of them.
    rule("free-mixtures", schemas::free_mixtures),
    // Progenitor requires a key that may be null, although servers leave it out.
    rule("unrequire-nullable", schemas::unrequire_nullable),
    // Validating newtypes reject what a server may send tomorrow; defaults would be sent back.
    rule("no-constraints", schemas::no_constraints),
    // A day in another format would fail its record; a time would be sent back in another one.
    rule("plain-texts", schemas::plain_texts),
    // Ids exceed 2^31.
    rule("int64", schemas::int64),
    // Types of these names hide those that generated code uses.
    rule("reserved-components", schemas::reserved_components),
    // Descriptions become rustdoc, where indents are doctests and brackets are links.
    rule("sanitize-docs", docs::sanitize_docs),
    // Unused components would be generated, and some do not compile.
    rule("prune-components", schemas::prune_components),
];

/// The rules for what this crate's runtime supports and progenitor's does not. They run first.
pub const OWN: &[Rule] = &[
    // A record that may be in a list of one, and a list that may be in an envelope, are one type each.
    rule("wrapped-values", wrapped::wrapped_values),
    // A closed enum fails a whole page on one new value; the crate has its own open enums.
    rule("open-enums", own::open_enums),
    // Hand-written wire types replace these, so progenitor need not understand their schemas.
    rule("wire-types", own::wire_types),
    // A server that omits a key it always sent must not make the record unreadable.
    rule("tolerant-required", own::tolerant_required),
    // The runtime says what a body is; it need not be said at every call.
    rule("runtime-media-types", bodies::runtime_media_types),
    // The runtime decodes; it has no byte streams.
    rule("json-only", own::json_only),
    // The decoder reads `null` as an empty list or map, so an `Option` around it is not needed.
    rule("null-is-empty", own::null_is_empty),
];

const fn rule(name: &'static str, apply: fn(&mut Value) -> Outcome) -> Rule {
    Rule { name, apply }
}
