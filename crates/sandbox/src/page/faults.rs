//! The faults of an account, for people: which there are, and how one is added and removed.

use crate::answer::Answer;
use crate::faults::{Fault, Faults, Rule};
use axum::http::StatusCode;
use chat2desk::operations;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// A kind of fault: its name, what it does, and what its value is, with an example.
type Kind = (
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);

const KINDS: [Kind; 14] = [
    ("delay", "Respond late", Some(("Milliseconds", "2000"))),
    ("status", "Respond with an error", Some(("Status", "503"))),
    (
        "rate_limited",
        "429, too many calls",
        Some(("Retry-After in seconds", "2")),
    ),
    ("quota", "429, quota of the month used up", None),
    ("bad_gateway", "502, a page of HTML", None),
    ("error_in_200", "An error with status 200", None),
    ("reset", "Break the connection before the response", None),
    (
        "truncated",
        "Break the connection within the response",
        None,
    ),
    (
        "not_delivered",
        "Refuse the message later",
        Some(("Reason", "no such number")),
    ),
    ("not_seen", "Deliver the message, unseen", None),
    (
        "listed_after",
        "List the message late",
        Some(("Seconds", "60")),
    ),
    ("ignore_offset", "Ignore `offset`", None),
    ("grow", "Add a record to the list", None),
    ("shrink", "Remove the first record of the list", None),
];

/// The longest wait that can be asked for, in milliseconds.
const LONGEST: u64 = 24 * 3600 * 1000;

/// A rule as the page sends it.
#[derive(Deserialize)]
pub(super) struct Wanted {
    fault: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    after: usize,
    /// For ever unless given.
    times: Option<usize>,
}

pub(super) fn add(faults: &mut Faults, wanted: &Wanted) -> Answer {
    match rule(wanted) {
        Ok(rule) => {
            faults.add(rule);
            Answer::done()
        }
        Err(problem) => Answer::bad_request(problem),
    }
}

pub(super) fn remove(faults: &mut Faults, number: u64) -> Answer {
    match faults.remove(number) {
        true => Answer::done(),
        false => Answer::not_found(),
    }
}

fn rule(wanted: &Wanted) -> Result<Rule, &'static str> {
    let value = wanted.value.trim();
    let number = |most: u64| value.parse().ok().filter(|number| *number <= most);
    let seconds =
        || number(LONGEST / 1000).ok_or("A whole number of seconds is needed, a day at most");
    let fault = match wanted.fault.as_str() {
        "delay" => {
            let wait =
                number(LONGEST).ok_or("A whole number of milliseconds is needed, a day at most")?;
            Fault::Delay(Duration::from_millis(wait))
        }
        "status" => {
            let status = value
                .parse()
                .ok()
                .filter(|status| (400..600).contains(status));
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            Fault::Status(status.ok_or("A status from 400 to 599 is needed")?)
        }
        "rate_limited" if value.is_empty() => Fault::RateLimited(None),
        "rate_limited" => Fault::RateLimited(Some(Duration::from_secs(seconds()?))),
        "quota" => Fault::QuotaUsedUp,
        "bad_gateway" => Fault::BadGateway,
        "error_in_200" => Fault::ErrorIn200,
        "reset" => Fault::Reset,
        "truncated" => Fault::Truncated,
        "not_delivered" => Fault::NotDelivered(value.to_owned()),
        "not_seen" => Fault::NotSeen,
        "listed_after" => Fault::ListedAfter(Duration::from_secs(seconds()?)),
        "ignore_offset" => Fault::IgnoreOffset,
        "grow" => Fault::Grow,
        "shrink" => Fault::Shrink,
        _ => return Err("There is no such fault"),
    };
    let mut rule = Rule::new(fault).after(wanted.after);
    let operation = wanted.operation.trim();
    if !operation.is_empty() {
        if !operations().iter().any(|known| known.id == operation) {
            return Err("There is no such operation");
        }
        rule = rule.on(operation);
    }
    Ok(match wanted.times {
        Some(times) => rule.times(times),
        None => rule,
    })
}

/// What can be added, and what is in force.
pub(super) fn show(faults: &Faults) -> Value {
    let kind = |(name, title, value): &Kind| {
        let value = value.map(|(label, example)| json!({ "label": label, "example": example }));
        json!({ "name": name, "title": title, "value": value })
    };
    let rule = |(number, rule): &(u64, Rule)| {
        json!({
            "number": number,
            "title": title(&rule.fault),
            "operation": rule.operation,
            "after": rule.after,
            "times": rule.times,
            "share": rule.share,
        })
    };
    json!({
        "kinds": KINDS.iter().map(kind).collect::<Vec<_>>(),
        "operations": operations().iter().map(|operation| operation.id).collect::<Vec<_>>(),
        "rules": faults.in_force().map(rule).collect::<Vec<_>>(),
    })
}

/// A fault in words.
pub(super) fn title(fault: &Fault) -> String {
    let of_kind = |name: &str| {
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        known.map_or(name, |(_, title, _)| title).to_owned()
    };
    match fault {
        Fault::Delay(time) => format!("Respond {time:?} late"),
        Fault::Status(status) => format!("Respond with {}", status.as_u16()),
        Fault::Answer(status, _) => format!("Respond with {} and a text", status.as_u16()),
        Fault::ErrorIn200 => of_kind("error_in_200"),
        Fault::RateLimited(None) => of_kind("rate_limited"),
        Fault::RateLimited(Some(time)) => format!("429, try again after {time:?}"),
        Fault::QuotaUsedUp => of_kind("quota"),
        Fault::BadGateway => of_kind("bad_gateway"),
        Fault::Reset => of_kind("reset"),
        Fault::Truncated => of_kind("truncated"),
        Fault::NotDelivered(error) => format!("Refuse the message later: {error}"),
        Fault::NotSeen => of_kind("not_seen"),
        Fault::ListedAfter(time) => format!("List the message {time:?} late"),
        Fault::IgnoreOffset => of_kind("ignore_offset"),
        Fault::Grow => of_kind("grow"),
        Fault::Shrink => of_kind("shrink"),
    }
}
