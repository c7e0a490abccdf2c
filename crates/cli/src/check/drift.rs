//! `chat2desk check --drift`: compares the responses of an account with the document.

mod ids;

use super::Arguments;
use crate::Common;
use crate::exit::Failure;
use crate::output::{Output, note};
use crate::progress::Progress;
use chat2desk::transport::RateLimit;
use chat2desk::wire::Drift;
use chat2desk::{Chat2Desk, ErrorKind, Operation, ParameterKind, operations};
use chrono::{Days, Local};
use ids::Ids;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The records that are compared of each list.
const RECORDS: i64 = 200;

const SHARE: &str = "\
The report has no values of your account: only the places where responses differ from the document, and types. Please \
share it as an issue of this project, so that the document becomes right for accounts like yours.";

/// How an operation was compared.
#[derive(Serialize)]
struct Compared {
    operation: &'static str,
    evidence: String,
    /// Responses that were compared.
    responses: usize,
    /// Why there is no response, or not from every call.
    failures: Vec<String>,
    differences: Vec<Difference>,
}

/// A difference, without the position in lists.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    pointer: String,
    rule: String,
    expected: String,
    found: &'static str,
    /// How many values differ so.
    count: usize,
}

type Found = Arc<Mutex<Vec<(&'static str, Drift)>>>;

/// Calls what only reads, and prints the differences.
pub async fn run(arguments: &Arguments, common: &Common) -> Result<(), Failure> {
    let found = Found::default();
    let report = found.clone();
    let builder = common.account.open()?.builder_at(RateLimit::per_second(5));
    let chat = builder.on_drift(move |operation, drift| {
        let mut found = report.lock().unwrap_or_else(PoisonError::into_inner);
        found.push((operation.id, drift.clone()));
    });
    let chat = chat.build()?;
    let progress = Progress::new("operations", common.quiet);
    let mut compared = Vec::new();
    let mut ids = Ids::default();
    let mut stopped = Ok(());
    let reads = order();
    for (operation, done) in reads.iter().zip(1..) {
        progress.text(operation.id);
        let is_begun = compared.iter().any(|one: &Compared| one.responses > 0);
        let (responses, failures) = match call(&chat, operation, &mut ids, is_begun).await {
            Ok(outcome) => outcome,
            Err(failure) => {
                stopped = Err(failure);
                break;
            }
        };
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        compared.push(Compared {
            operation: operation.id,
            evidence: format!("{:?}", operation.evidence).to_lowercase(),
            responses,
            failures,
            differences: differences(std::mem::take(&mut *found)),
        });
        progress.set(done, Some(reads.len() as u64));
    }
    drop(progress);
    let mut output = Output::new();
    match arguments.json {
        true => output.json(&serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "operations": compared,
        }))?,
        false => lines(&compared, &mut output)?,
    }
    output.flush()?;
    if !compared.is_empty() {
        note(SHARE);
    }
    stopped
}

/// Returns the operations that only read, those with required arguments last: the others return ids for them.
fn order() -> Vec<&'static Operation> {
    let reads = operations()
        .iter()
        .filter(|operation| !operation.side_effects);
    let mut reads: Vec<_> = reads.collect();
    reads.sort_by_key(|operation| required(operation).count());
    reads
}

fn required(operation: &Operation) -> impl Iterator<Item = &'static chat2desk::Parameter> {
    let parameters = operation.parameters.iter();
    parameters.filter(|parameter| parameter.required)
}

/// Calls an operation, once for each known value of its required arguments that have some. Returns the number of
/// responses, and why there are no others.
///
/// # Errors
/// If no further call can succeed.
async fn call(
    chat: &Chat2Desk,
    operation: &'static Operation,
    ids: &mut Ids,
    is_begun: bool,
) -> Result<(usize, Vec<String>), Failure> {
    let mut failures = Vec::new();
    let mut responses = 0;
    let calls = match arguments(operation, ids) {
        Ok(calls) => calls,
        Err(missing) => {
            let text = format!("not called: no value is known for `{missing}`");
            return Ok((0, vec![text]));
        }
    };
    for arguments in calls {
        match chat.call(operation, arguments).send().await {
            Ok(response) => {
                responses += 1;
                ids.learn(operation, &response.into_inner());
            }
            Err(error) if stops(error.kind(), is_begun) => return Err(error.into()),
            // Its text may quote the account's data.
            Err(error) => failures.push(match error.status() {
                Some(status) => format!("{:?}, HTTP {}", error.kind(), status.as_u16()),
                None => format!("{:?}", error.kind()),
            }),
        }
    }
    Ok((responses, failures))
}

/// Returns whether no further call can succeed. `is_begun` says whether any did.
fn stops(kind: ErrorKind, is_begun: bool) -> bool {
    match kind {
        ErrorKind::QuotaExceeded | ErrorKind::BudgetExceeded => true,
        // Of single operations, it is a right that the token lacks, or a report that takes too long.
        ErrorKind::Auth | ErrorKind::Transport | ErrorKind::Timeout => !is_begun,
        _ => false,
    }
}

/// Returns the arguments of the calls to make, or the name of one that has no known value.
fn arguments(operation: &Operation, ids: &Ids) -> Result<Vec<Map<String, Value>>, &'static str> {
    let mut calls = vec![Map::new()];
    for parameter in required(operation) {
        let values = match parameter.kind {
            ParameterKind::Enum(values) => values.iter().map(|value| (*value).into()).collect(),
            ParameterKind::Date | ParameterKind::DayMonthYear => vec![yesterday()],
            _ => vec![ids.of(operation, parameter.name).ok_or(parameter.name)?],
        };
        let with = |call: &Map<String, Value>, value: &Value| {
            let mut call = call.clone();
            call.insert(parameter.name.to_owned(), value.clone());
            call
        };
        let more = calls
            .iter()
            .flat_map(|call| values.iter().map(|value| with(call, value)));
        calls = more.collect();
    }
    if operation
        .parameters
        .iter()
        .any(|parameter| parameter.name == "limit")
    {
        for call in &mut calls {
            call.insert("limit".to_owned(), RECORDS.into());
        }
    }
    Ok(calls)
}

/// A day whose reports are complete.
fn yesterday() -> Value {
    let today = Local::now().date_naive();
    let day = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    day.to_string().into()
}

/// Returns differences without positions in lists, each kind once.
fn differences(found: Vec<(&'static str, Drift)>) -> Vec<Difference> {
    let mut counts = BTreeMap::new();
    for (_, drift) in found {
        let segments = drift.pointer.split('/').map(|segment| {
            let is_index = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
            if is_index { "*" } else { segment }
        });
        let pointer = segments.collect::<Vec<_>>().join("/");
        let key = (pointer, drift.rule, drift.expected, drift.found);
        *counts.entry(key).or_insert(0) += 1;
    }
    let difference = |((pointer, rule, expected, found), count)| Difference {
        pointer,
        rule,
        expected,
        found,
        count,
    };
    counts.into_iter().map(difference).collect()
}

fn lines(compared: &[Compared], output: &mut Output) -> Result<(), Failure> {
    output.line(format_args!("chat2desk {}", env!("CARGO_PKG_VERSION")))?;
    for one in compared {
        let result = match (one.responses, one.differences.len()) {
            (0, _) => "no response".to_owned(),
            (_, 0) if one.evidence == "none" => {
                "a response, whose form is not documented".to_owned()
            }
            (_, 0) => "as documented".to_owned(),
            (_, kinds) => format!("{kinds} kinds of differences"),
        };
        output.line(format_args!(
            "{} ({}): {result}",
            one.operation, one.evidence
        ))?;
        for failure in &one.failures {
            output.line(format_args!("    {failure}"))?;
        }
        for Difference {
            pointer,
            rule,
            expected,
            found,
            count,
        } in &one.differences
        {
            output.line(format_args!(
                "    {pointer} ({rule}): expected {expected}, found {found}; {count} times"
            ))?;
        }
    }
    Ok(())
}
