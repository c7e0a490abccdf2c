//! `chat2desk operations`: every operation of the API, from the table of the library.

use crate::exit::Failure;
use crate::output::Output;
use chat2desk::{Operation, Parameter, operations};
use serde_json::{Value, json};

/// Lists the operations of the API, for `chat2desk call`
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Lists only those with this word in name, path, tag or summary
    word: Option<String>,
    /// Prints JSON lines, with the arguments of each operation
    #[arg(long)]
    json: bool,
    /// Lists only those that change nothing
    #[arg(long)]
    reads: bool,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let word = self.word.unwrap_or_default().to_lowercase();
        let listed = operations().iter().filter(|operation| {
            let texts = [
                operation.id,
                operation.path,
                operation.tag,
                operation.summary,
            ];
            let has_word = texts.iter().any(|text| text.to_lowercase().contains(&word));
            has_word && !(self.reads && operation.side_effects)
        });
        let mut output = Output::new();
        for operation in listed {
            match self.json {
                true => output.json(&described(operation))?,
                false => output.line(format_args!(
                    "{:<32} {:<6} {:<42} {}{}",
                    operation.id,
                    operation.method.as_str(),
                    operation.path,
                    operation.summary,
                    if operation.deprecated {
                        " (deprecated)"
                    } else {
                        ""
                    },
                ))?,
            }
        }
        output.flush()
    }
}

fn described(operation: &Operation) -> Value {
    let parameter = |known: &Parameter| {
        json!({
            "name": known.name, "in": format!("{:?}", known.location).to_lowercase(), "required": known.required,
            "accepts": known.kind.to_string(), "help": known.help,
        })
    };
    json!({
        "operation": operation.id,
        "method": operation.method.as_str(),
        "path": operation.path,
        "tag": operation.tag,
        "summary": operation.summary,
        "writes": operation.side_effects,
        "list": operation.pagination.is_some(),
        "deprecated": operation.deprecated,
        "evidence": format!("{:?}", operation.evidence).to_lowercase(),
        "body": operation.body.is_some(),
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
    })
}
