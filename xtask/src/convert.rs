//! The conversion: collection, settings and overlay in, OpenAPI document out.

use crate::account::{Account, Notes};
use crate::config::Config;
use crate::json::{Json, repaired};
use crate::lowered::Lowering;
use crate::write::Unwritten;
use crate::{Error, openapi, overlay, postman};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::io::Write;
use std::ops::Deref;
use std::sync::OnceLock;

/// A file that takes part in a conversion: its name, for messages, and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A finished conversion.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// The document as it is written to a file.
    pub text: String,
    /// What became of the parts of the collection, and warnings.
    pub outcome: Outcome,
    document: OnceLock<Value>,
}

impl Deref for Conversion {
    type Target = Outcome;

    fn deref(&self) -> &Outcome {
        &self.outcome
    }
}

/// What became of a collection.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub warnings: Vec<String>,
    pub account: Account,
    operations: usize,
    components: usize,
}

/// What a conversion amounts to, as JSON or in words.
#[derive(Debug, Clone, Serialize)]
pub struct Summary<'a> {
    pub requests: usize,
    pub operations: usize,
    pub components: usize,
    pub account: &'a Account,
    pub warnings: &'a [String],
    /// What became of it on the way to progenitor, if it was lowered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowering: Option<&'a Lowering>,
}

impl Conversion {
    /// The document, read from its text when it is first asked for.
    pub fn document(&self) -> &Value {
        self.document
            .get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }
}

impl Outcome {
    /// The counts and warnings.
    pub fn summary<'a>(&'a self, lowering: Option<&'a Lowering>) -> Summary<'a> {
        Summary {
            requests: self.account.requests.kept + self.account.requests.merged,
            operations: self.operations,
            components: self.components,
            account: &self.account,
            warnings: &self.warnings,
            lowering,
        }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        let Self {
            requests,
            operations,
            components,
            account,
            warnings,
            lowering,
        } = self;
        write!(f, "{account}")?;
        if let Some(Lowering { account, lines }) = lowering {
            for line in lines {
                writeln!(f, "lowered: {line}")?;
            }
            for line in account.to_string().lines() {
                writeln!(f, "lowered {line}")?;
            }
        }
        let warnings = warnings.len();
        writeln!(
            f,
            "{requests} requests → {operations} operations, {components} components, {warnings} warnings"
        )
    }
}

/// Converts a collection.
///
/// Settings make it strict: a project that has them decides itself what a foreign collection's
/// conversion decides for it, such as two operations that would get one id.
///
/// # Errors
/// The first thing that is wrong with an input; see [`Error`].
pub fn convert(
    collection: (&str, &[u8]),
    overlay: Option<Source<'_>>,
    config: Option<Source<'_>>,
) -> Result<Conversion, Error> {
    let mut text = Vec::new();
    let outcome = convert_to(collection, overlay, config, &mut text)?;
    let text = String::from_utf8(text);
    let text = text.map_err(|error| Error::new(collection.0, "", error.to_string()))?;
    Ok(Conversion {
        text,
        outcome,
        document: OnceLock::new(),
    })
}

/// Converts a collection to a document that is written while it is made: a large one is never in memory.
///
/// # Errors
/// Those of [`convert`], and of what is written to; a part of the document may be written by then.
pub fn convert_to(
    collection: (&str, &[u8]),
    overlay: Option<Source<'_>>,
    config: Option<Source<'_>>,
    out: impl Write,
) -> Result<Outcome, Error> {
    let (file, bytes) = collection;
    let settings = config
        .map(|source| Config::read(source.file, source.text))
        .transpose()?;
    let settings = settings.unwrap_or_default();
    let mut warnings = Vec::new();
    let text = text(file, bytes, &mut warnings)?;
    let endpoints = postman::read::read(file, &text, config.is_some(), &mut warnings)?;
    let mut account = endpoints.account.clone();
    let document =
        openapi::document::build(file, &endpoints, &settings, &mut account, &mut warnings)?;
    let mut notes = Notes::default();
    let written = if config.is_none() && overlay.is_none() {
        document.write(out)
    } else {
        // Settings must all have been used, and an overlay changes what it likes: both take the whole.
        let mut whole = document.whole(&mut notes);
        if let (Some(source), Some(entry)) = (config, settings.unused().first()) {
            return Err(Error::new(
                source.file,
                entry,
                "matches nothing in the collection",
            ));
        }
        if let Some(source) = overlay {
            let wrong = |error: serde_json::Error| Error::new(source.file, "", error.to_string());
            let mut value = serde_json::to_value(&whole).map_err(wrong)?;
            overlay::apply(source.file, source.text, &mut value)?;
            whole = Json::deserialize(value).map_err(wrong)?;
        }
        Unwritten::of(whole).write(out)
    };
    // No collection, however odd, may end in a document that others cannot read; an overlay, which can
    // write anything, is the likelier cause.
    let cause = overlay.map_or(file, |source| source.file);
    let written = written.map_err(|error| Error::new(cause, "", error.to_string()))?;
    notes.add(written.notes);
    account.add(notes.account);
    warnings.extend(notes.warnings);
    Ok(Outcome {
        warnings,
        account,
        operations: written.operations,
        components: written.components,
    })
}

/// The text of a collection: half characters, which JSON cannot hold, are replaced with a warning.
pub(crate) fn text<'a>(
    file: &str,
    bytes: &'a [u8],
    warnings: &mut Vec<String>,
) -> Result<Cow<'a, str>, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = str::from_utf8(bytes);
    let text = text.map_err(|error| Error::new(file, "", format!("not JSON: {error}")))?;
    let (text, count) = repaired(text);
    if count > 0 {
        warnings.push(format!(
            "the collection: {count} halves of characters, such as an emoji that was cut, became `\u{fffd}`"
        ));
    }
    Ok(text)
}
