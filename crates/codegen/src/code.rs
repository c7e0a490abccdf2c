//! From the public document to the generated code: lower, generate, adapt, print.

use crate::{adapt, enums, generate, lists, lower, methods, table};
use serde_json::Value;

/// The files that are generated, and what lowering did.
#[derive(Debug)]
pub struct Code {
    /// Name and contents of each file.
    pub files: [(&'static str, String); 5],
    /// How often each lowering rule fired.
    pub report: Vec<(&'static str, usize)>,
}

/// Generates the code of a document.
///
/// # Errors
/// Names the rule, the operation or the enum that cannot be taken.
pub fn code(public: &Value) -> Result<Code, String> {
    let lowered = lower::lower(public, lower::FOR_THIS_CRATE).map_err(|error| error.to_string())?;
    let document = &lowered.document;
    let mut client = generate::client(document)?;
    adapt::adapt(&mut client, document);
    let print = |tokens| {
        let file = syn::parse2(tokens).map_err(|error| format!("generated code: {error}"))?;
        Ok::<_, String>(prettyplease::unparse(&file))
    };
    Ok(Code {
        files: [
            ("client.rs", prettyplease::unparse(&client)),
            ("enums.rs", print(enums::enums_code(public)?)?),
            ("lists.rs", print(lists::lists(document, &client)?)?),
            ("methods.rs", print(methods::methods(document, &client)?)?),
            ("operations.rs", print(table::table(document)?)?),
        ],
        report: lowered.report,
    })
}
