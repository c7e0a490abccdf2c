//! The lowering rules: one difference between the public document and progenitor's language each.

mod bodies;
mod docs;
mod own;
mod parameters;
mod parts;
mod schemas;
mod walk;
mod wrapped;

use serde_json::Value;

/// What a rule answers: how often it fired, or the place and reason of a refusal.
pub(crate) type Outcome = Result<usize, (String, String)>;

/// A named, counted step of lowering.
#[derive(Debug)]
pub struct Rule {
    /// What error messages and reports call it.
    pub name: &'static str,
    /// Changes the document in place, and returns how often it did.
    pub apply: fn(&mut Value) -> Outcome,
}

/// What progenitor refuses, panics on or miscompiles, in the order in which it is mended.
pub const ACCEPTED: &[Rule] = &[
    // reqwest has no call for them; they are listed in an extension, so that nothing goes unseen.
    rule("unsupported-methods", parts::unsupported_methods),
    // Typed error bodies make progenitor lose the status of every error that has another shape.
    rule("drop-error-responses", parts::drop_error_responses),
    // Two success responses of different types panic; a range takes 201 where 200 is documented.
    rule("single-success", parts::single_success),
    // A success of JSON without a schema panics; by another name of JSON it would be bytes.
    rule("json-success", parts::json_success),
    // Several kinds of body panic, and few kinds are known: the others are sent as they are given.
    rule("one-body", bodies::one_body),
    // Path parameters must be plain and required, cookies and nested styles are not known.
    rule("plain-parameters", parameters::plain_parameters),
    // A body of another media type than the generator has a call for would be sent under a wrong one.
    rule("content-type-header", bodies::content_type_header),
    // Parameters that would be one field of a builder do not compile.
    rule("colliding-parameters", parameters::colliding_parameters),
    // Properties that would be one field of a struct do not compile.
    rule("colliding-properties", schemas::colliding_properties),
    // A mixture of kinds has no good Rust type; free JSON keeps what comes.
    rule("free-mixtures", schemas::free_mixtures),
    // A required key that may be null must not be missing, and is.
    rule("unrequire-nullable", schemas::unrequire_nullable),
    // Validating newtypes refuse what a server may send tomorrow; defaults would be sent back.
    rule("no-constraints", schemas::no_constraints),
    // A day in another spelling would fail its record; a moment would be sent back in another one.
    rule("plain-texts", schemas::plain_texts),
    // Ids pass 2^31.
    rule("int64", schemas::int64),
    // Types of these names hide those that generated code uses.
    rule("reserved-components", schemas::reserved_components),
    // Descriptions become rustdoc, where indents are doctests and brackets are links.
    rule("sanitize-docs", docs::sanitize_docs),
    // Unused components would be generated, and some do not compile.
    rule("prune-components", schemas::prune_components),
];

/// What this crate's runtime makes better than progenitor's could; they run first.
pub const OWN: &[Rule] = &[
    // A record that also comes in a list of one, and a list that also comes in an envelope, are one type.
    rule("wrapped-values", wrapped::wrapped_values),
    // A closed enum fails a whole page on one new value; the crate has its own open enums.
    rule("open-enums", own::open_enums),
    // Replaced by hand-written wire types, whose schemas progenitor need not understand.
    rule("wire-types", own::wire_types),
    // A server that omits a key it always sent must not make the record unreadable.
    rule("tolerant-required", own::tolerant_required),
    // The runtime says what a body is; it need not be said at every call.
    rule("runtime-media-types", bodies::runtime_media_types),
    // The runtime decodes; it has no byte streams.
    rule("json-only", own::json_only),
    // The decoder reads `null` as an empty list or map: one way to say nothing is enough.
    rule("null-is-empty", own::null_is_empty),
];

const fn rule(name: &'static str, apply: fn(&mut Value) -> Outcome) -> Rule {
    Rule { name, apply }
}
