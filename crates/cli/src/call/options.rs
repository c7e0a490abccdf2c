//! The options of `chat2desk call`, which are made at run time from the table of operations.

use crate::numbers;
use crate::output::without_bom;
use chat2desk::{
    Evidence, Operation, Parameter, ParameterKind, ParameterLocation, operation, operations,
};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, Subcommand, value_parser};
use serde_json::{Map, Value};
use std::fs;
use std::io;

/// An operation with what the command line says of its call.
pub struct Options {
    pub operation: &'static Operation,
    pub arguments: Map<String, Value>,
    pub body: Option<Value>,
    pub all: bool,
    pub max_items: Option<u64>,
    pub dry_run: bool,
}

/// The options of every operation. An argument with the name of one of them has another option.
const OWN: [&str; 4] = ["all", "body", "dry-run", "max-items"];

impl Subcommand for Options {
    fn augment_subcommands(command: Command) -> Command {
        let all = operations().iter().map(|operation| {
            let command = Command::new(operation.id).about(operation.summary);
            let command = command.alias(operation.id.replace('_', "-"));
            command.hide(operation.deprecated).defer(options)
        });
        command.subcommands(all).subcommand_required(true)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        operation(name).is_some()
    }
}

impl FromArgMatches for Options {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let Some((operation, matches)) = matches
            .subcommand()
            .and_then(|(name, matches)| Some((operation(name)?, matches)))
        else {
            return Err(Error::new(ErrorKind::MissingSubcommand));
        };
        let mut arguments = Map::new();
        for parameter in operation.parameters {
            let value = value(parameter, matches);
            if let Some(value) = value.map_err(|reason| usage(operation, reason))? {
                arguments.insert(parameter.name.to_owned(), value);
            }
        }
        let flag = |name: &str| {
            let flag = matches.try_get_one::<bool>(name).ok().flatten();
            flag.copied().unwrap_or_default()
        };
        let body = matches.try_get_one::<String>("body").ok().flatten();
        let body = body.map(|text| json(text)).transpose();
        let most = matches.try_get_one::<u64>("max-items").ok().flatten();
        Ok(Self {
            operation,
            arguments,
            body: body.map_err(|reason| usage(operation, reason))?,
            all: flag("all"),
            max_items: most.copied(),
            dry_run: flag("dry-run"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns the id of an argument, which no other option has.
fn id(parameter: &Parameter) -> String {
    format!("argument:{}", parameter.name)
}

/// Adds its options to the command of an operation.
fn options(command: Command) -> Command {
    let Some(operation) = operation(command.get_name()) else {
        return command;
    };
    let arguments = operation.parameters.iter().map(argument);
    let mut command = command
        .args(arguments)
        .after_help(after(operation))
        .arg(flag("dry-run", "Prints the request, and does not send it"));
    if operation.body.is_some() {
        let body = Arg::new("body").long("body").value_name("JSON|@FILE|-");
        command = command.arg(body.help("The whole body, in place of its parts"));
    }
    if operation.pagination.is_some() {
        let most = Arg::new("max-items")
            .long("max-items")
            .value_name("RECORDS");
        command = command
            .arg(flag(
                "all",
                "Reads the whole list, and prints its records as JSON lines",
            ))
            .arg(
                most.value_parser(value_parser!(u64))
                    .help("Like --all, but ends after this number of records"),
            );
    }
    command
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help)
        .action(ArgAction::SetTrue)
}

fn argument(parameter: &'static Parameter) -> Arg {
    let long = match OWN.contains(&parameter.name) {
        true => format!("arg_{}", parameter.name),
        false => parameter.name.to_owned(),
    };
    let mut argument = Arg::new(id(parameter))
        .help(help(parameter))
        .value_name(shape(&parameter.kind));
    let mut others = vec![long.replace('_', "-")];
    if !OWN.contains(&parameter.key) {
        others.push(parameter.key.to_owned());
    }
    others.retain(|other| *other != long);
    argument = argument.long(long).aliases(others);
    argument = match parameter.kind {
        ParameterKind::Boolean => argument.num_args(0..=1).default_missing_value("true"),
        ParameterKind::List(_) => argument.action(ArgAction::Append).allow_hyphen_values(true),
        _ => argument.allow_hyphen_values(true),
    };
    match parameter.location {
        _ if !parameter.required => argument,
        ParameterLocation::Body => argument.required_unless_present("body"),
        _ => argument.required(true),
    }
}

/// Returns the first sentence of a description, with some of the known values.
fn help(parameter: &Parameter) -> String {
    let end = parameter.help.find(". ").unwrap_or(parameter.help.len());
    let sentence = parameter.help[..end].trim_end_matches('.').to_owned();
    match parameter.kind {
        ParameterKind::Enum(values) => {
            let more = if values.len() > 6 { ", …" } else { "" };
            let values = values[..values.len().min(6)].join(", ");
            format!("{sentence} [{values}{more}]")
        }
        _ => sentence,
    }
}

fn shape(kind: &ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Integer => "INTEGER",
        ParameterKind::Number => "NUMBER",
        ParameterKind::Boolean => "true|false",
        ParameterKind::Date | ParameterKind::DayMonthYear => "YYYY-MM-DD",
        ParameterKind::List(ParameterKind::Object) => "JSON",
        ParameterKind::List(_) => "A,B",
        ParameterKind::Object | ParameterKind::Json => "JSON",
        _ => "TEXT",
    }
}

fn after(operation: &Operation) -> String {
    let writes = if operation.side_effects {
        " It changes something."
    } else {
        ""
    };
    let deprecated = if operation.deprecated {
        " It is deprecated."
    } else {
        ""
    };
    let evidence = match operation.evidence {
        Evidence::Captured => "Real responses were seen.",
        Evidence::Documented => "The vendor documents its response.",
        Evidence::Typed => "Published programs read its response.",
        Evidence::Inferred => "Its response is inferred from similar operations.",
        _ => "Nobody has published its response.",
    };
    format!(
        "{} {}.{writes}{deprecated} {evidence}",
        operation.method, operation.path
    )
}

/// Returns the value of an argument.
fn value(parameter: &Parameter, matches: &ArgMatches) -> Result<Option<Value>, String> {
    let Some(texts) = matches.get_many::<String>(&id(parameter)) else {
        return Ok(None);
    };
    let mut whole: Option<Value> = None;
    for text in texts {
        let value = parse(parameter, text)?;
        match (&mut whole, value) {
            // A list that is given in parts.
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
            (whole, value) => *whole = Some(value),
        }
    }
    Ok(whole)
}

/// Reads a value that is sent as it is written.
fn parse(parameter: &Parameter, text: &str) -> Result<Value, String> {
    let name = parameter.name;
    let value = parameter.parse(text).map_err(|error| {
        let is_number = text
            .parse::<f64>()
            .is_ok_and(|number| number.fract() == 0.0);
        match parameter.kind {
            ParameterKind::Integer if is_number && text.parse::<i64>().is_err() => {
                format!(
                    "`{name}` must be an integer from {} to {}, with digits alone",
                    i64::MIN,
                    i64::MAX
                )
            }
            _ => {
                let error = error.to_string();
                let reason = error.strip_prefix("invalid request argument: ");
                reason.unwrap_or(&error).to_owned()
            }
        }
    })?;
    // As JSON, or as the items of a list. Other texts are sent as they are.
    for json in [text, &format!("[{text}]")] {
        if serde_json::from_str::<Value>(json).is_ok_and(|read| read == value)
            && let Some(reason) = numbers::change(json.trim(), "")
        {
            return Err(format!("`{name}`: {reason}"));
        }
    }
    Ok(value)
}

/// Reads JSON from the command line, a file or stdin.
fn json(text: &str) -> Result<Value, String> {
    let content = match text.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?,
        None if text == "-" => {
            io::read_to_string(io::stdin()).map_err(|error| error.to_string())?
        }
        None => text.to_owned(),
    };
    numbers::parse(without_bom(&content)).map_err(|reason| format!("--body: {reason}"))
}

/// Returns an error with the usage of the operation.
fn usage(operation: &Operation, reason: String) -> Error {
    let command = Command::new(operation.id);
    let command = command.bin_name(format!("chat2desk call {}", operation.id));
    options(command).error(ErrorKind::ValueValidation, reason)
}
