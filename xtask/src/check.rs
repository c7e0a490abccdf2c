//! The check of what is committed: current, valid, true to its examples, and fit for the generator.

mod examples;
mod keys;

use crate::convert::Conversion;
use crate::{code, lower, mock};
use roas::v3_0::spec::Spec;
use roas::validation::{Options, Validate};
use std::collections::BTreeMap;
use std::fmt;

/// What a document holds, for a person to read.
#[derive(Debug, Clone)]
pub struct Report {
    operations: usize,
    tags: BTreeMap<String, usize>,
    evidence: BTreeMap<String, usize>,
    pagination: BTreeMap<String, usize>,
    components: usize,
    examples: usize,
    rules: Vec<(&'static str, usize)>,
}

/// Checks a conversion, and the committed text against it.
///
/// # Errors
/// Says which check failed, and where.
pub fn check(conversion: &Conversion, file: &str, committed: &str) -> Result<Report, String> {
    compare(&conversion.text, file, committed)?;
    let document = conversion.document();
    let count = lower::operations(document).count();
    if count != conversion.account.requests.found {
        return Err(format!(
            "{} requests became {count} operations",
            conversion.account.requests.found
        ));
    }
    keys::check(document).map_err(|error| format!("{file}: {error}"))?;
    let spec: Spec =
        serde_json::from_value(document.clone()).map_err(|error| format!("{file}: {error}"))?;
    // The converter prunes unused schemas itself; roas does not see those that parameters refer to.
    spec.validate(
        Options::IgnoreExternalReferences | Options::IgnoreUnusedSchemas,
        None,
    )
    .map_err(|error| format!("{file} is not valid OpenAPI 3.0:\n{error}"))?;
    let examples = examples::validate(document)?;
    let rules = code::code(document)?.report;
    mock::mock_code(document)?;
    let extension = |key: &'static str| {
        tally(
            lower::operations(document)
                .filter_map(move |(_, _, operation)| operation[key].as_str()),
        )
    };
    Ok(Report {
        operations: count,
        tags: tally(
            lower::operations(document)
                .filter_map(|(_, _, operation)| operation["tags"][0].as_str()),
        ),
        evidence: extension("x-evidence"),
        pagination: extension("x-pagination"),
        components: document["components"]["schemas"]
            .as_object()
            .map_or(0, |schemas| schemas.len()),
        examples,
        rules,
    })
}

/// The first line in which the committed text differs from the converted one.
fn compare(converted: &str, file: &str, committed: &str) -> Result<(), String> {
    if converted == committed {
        return Ok(());
    }
    let (mut converted, mut committed) = (converted.lines(), committed.lines());
    let mut number = 0;
    loop {
        number += 1;
        let (new, old) = (converted.next(), committed.next());
        if new != old || new.is_none() {
            let line = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
            return Err(format!(
                "{file} is not what its sources say; run `cargo xtask convert`\n  line {number} is:        {}\n  line {number} should be: {}",
                line(old),
                line(new),
            ));
        }
    }
}

fn tally<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value.to_owned()).or_default() += 1);
    counts
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |counts: &BTreeMap<String, usize>| {
            let entries = counts.iter().map(|(name, count)| format!("{name} {count}"));
            entries.collect::<Vec<_>>().join(", ")
        };
        writeln!(
            f,
            "operations  {:>3}   {}",
            self.operations,
            list(&self.tags)
        )?;
        writeln!(f, "evidence          {}", list(&self.evidence))?;
        writeln!(f, "lists             {}", list(&self.pagination))?;
        writeln!(f, "components  {:>3}", self.components)?;
        writeln!(
            f,
            "examples    {:>3}   all fit their schemas",
            self.examples
        )?;
        let rules = self
            .rules
            .iter()
            .map(|(name, count)| format!("{name} {count}"));
        writeln!(
            f,
            "lowering          {}",
            rules.collect::<Vec<_>>().join(", ")
        )?;
        writeln!(
            f,
            "The committed document is current, valid, and accepted by the generator."
        )
    }
}
