//! Whole collections: invented ones, one for each thing that conversions stumble over, and random ones.

mod account;
mod fixtures;
mod property;

use roas::v3_0::spec::Spec;
use roas::validation::{Options, Validate};
use serde_json::Value;
use xtask::lower::{ACCEPTED, lower, operations};

/// Whether a document is valid and, lowered, becomes a client; otherwise why not.
fn becomes_a_client(document: &Value) -> Result<(), String> {
    let spec: Spec = serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    // OpenAPI lets every URL be relative; roas does not.
    let options = Options::IgnoreExternalReferences
        | Options::IgnoreUnusedSchemas
        | Options::IgnoreInvalidUrls;
    spec.validate(options, None)
        .map_err(|error| error.to_string())?;
    if operations(document).next().is_none() {
        return Ok(());
    }
    let lowered = lower(document, &[ACCEPTED]).map_err(|error| error.to_string())?;
    xtask::generate::client(&lowered.document)
        .map(drop)
        .map_err(|error| format!("{error}\n{}", lowered.document))
}
