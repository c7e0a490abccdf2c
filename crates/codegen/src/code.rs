//! Generates the code of a document: lowers it, runs progenitor, adapts its output, and prints it.

use crate::document::sorted;
use crate::{adapt, codecs, enums, generate, lists, lower, methods, table};
use serde_json::Value;

/// The generated files, and a report of the lowering.
#[derive(Debug)]
pub struct Code {
    /// Name and contents of each file.
    pub files: [(&'static str, String); 6],
    /// The number of changes that each lowering rule made.
    pub report: Vec<(&'static str, usize)>,
}

/// Generates the code of a document.
///
/// # Errors
/// A text with the rule, the operation or the enum that is not supported.
pub fn code(public: &Value) -> Result<Code, String> {
    let public = &sorted(public);
    let lowered = lower::lower(public, lower::FOR_THIS_CRATE).map_err(|error| error.to_string())?;
    let document = &lowered.document;
    let mut client = generate::client(document)?;
    adapt::adapt(&mut client, document);
    adapt::inline::functions(&mut client);
    let print = |tokens| {
        let mut file = syn::parse2(tokens).map_err(|error| format!("generated code: {error}"))?;
        adapt::inline::functions(&mut file);
        Ok::<_, String>(prettyplease::unparse(&file))
    };
    Ok(Code {
        files: [
            ("client.rs", prettyplease::unparse(&client)),
            ("codecs.rs", print(codecs::codecs(document, &client)?)?),
            ("enums.rs", print(enums::enums_code(public)?)?),
            ("lists.rs", print(lists::lists(document, &client)?)?),
            ("methods.rs", print(methods::methods(document, &client)?)?),
            ("operations.rs", print(table::table(public, document)?)?),
        ],
        report: lowered.report,
    })
}
