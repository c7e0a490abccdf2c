//! From the public document to the generated code: lower, generate, polish, print.

use crate::{enums, generate, lower, operations, polish};
use serde_json::Value;

/// The files that are generated, and what lowering did.
#[derive(Debug)]
pub struct Code {
    /// Name and contents of each file.
    pub files: [(&'static str, String); 3],
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
    polish::polish(&mut client, document);
    let operations = operations::operations_code(document, &client)?;
    let enums = enums::enums_code(public)?;
    let print = |tokens| {
        let file = syn::parse2(tokens).map_err(|error| format!("generated code: {error}"))?;
        Ok::<_, String>(prettyplease::unparse(&file))
    };
    Ok(Code {
        files: [
            ("client.rs", prettyplease::unparse(&client)),
            ("operations.rs", print(operations)?),
            ("enums.rs", print(enums)?),
        ],
        report: lowered.report,
    })
}
