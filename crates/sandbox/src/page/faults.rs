//! The page's list of faults: which kinds there are, which rules are in force, and how a rule is added and removed.

use crate::api_response::ApiResponse;
use crate::faults::{Fault, Faults, Rule};
use axum::http::StatusCode;
use chat2desk::operations;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// A kind of fault: its name, its title, and the label and an example of its value, if it has one.
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
        "Respond with 429, too many calls",
        Some(("Retry-After in seconds", "2")),
    ),
    ("quota", "Respond with 429, monthly quota exceeded", None),
    ("bad_gateway", "Respond with 502 and an HTML page", None),
    ("error_in_200", "Respond with an error and status 200", None),
    ("reset", "Break the connection before the response", None),
    (
        "truncated",
        "Break the connection during the response",
        None,
    ),
    (
        "not_delivered",
        "Refuse the message later",
        Some(("Reason", "no such number")),
    ),
    ("not_seen", "Deliver the message, but never as seen", None),
    (
        "listed_after",
        "List the message late",
        Some(("Seconds", "60")),
    ),
    ("ignore_offset", "Ignore `offset`", None),
    ("grow", "Add a record to the list", None),
    ("shrink", "Remove the first record of the list", None),
];

/// The longest delay that the page accepts, in milliseconds.
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
    /// Without a limit if `None`.
    times: Option<usize>,
}

pub(super) fn add(faults: &mut Faults, wanted: &Wanted) -> ApiResponse {
    match rule(wanted) {
        Ok(rule) => {
            faults.add(rule);
            ApiResponse::done()
        }
        Err(problem) => ApiResponse::bad_request(problem),
    }
}

pub(super) fn remove(faults: &mut Faults, number: u64) -> ApiResponse {
    match faults.remove(number) {
        true => ApiResponse::done(),
        false => ApiResponse::not_found(),
    }
}

fn rule(wanted: &Wanted) -> Result<Rule, &'static str> {
    let value = wanted.value.trim();
    let number = |most: u64| value.parse().ok().filter(|number| *number <= most);
    let seconds = || number(LONGEST / 1000).ok_or("Enter a whole number of seconds, at most a day");
    let fault = match wanted.fault.as_str() {
        "delay" => {
            let wait =
                number(LONGEST).ok_or("Enter a whole number of milliseconds, at most a day")?;
            Fault::Delay(Duration::from_millis(wait))
        }
        "status" => {
            let status = value
                .parse()
                .ok()
                .filter(|status| (400..600).contains(status));
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            Fault::Status(status.ok_or("Enter a status from 400 to 599")?)
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
        _ => return Err("There is no fault of this name"),
    };
    let mut rule = Rule::new(fault).after(wanted.after);
    let operation = wanted.operation.trim();
    if !operation.is_empty() {
        if !operations().iter().any(|known| known.id == operation) {
            return Err(
                "There is no operation of this name. Choose one of the list, such as send_message",
            );
        }
        rule = rule.on(operation);
    }
    Ok(match wanted.times {
        Some(times) => rule.times(times),
        None => rule,
    })
}

/// Returns the kinds of faults that can be added, and the rules in force.
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

/// Returns a fault as text.
pub(super) fn title(fault: &Fault) -> String {
    let of_kind = |name: &str| {
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        known.map_or(name, |(_, title, _)| title).to_owned()
    };
    match fault {
        Fault::Delay(time) => format!("Respond {time:?} late"),
        Fault::Status(status) => format!("Respond with {}", status.as_u16()),
        Fault::Response(status, _) => format!("Respond with {} and a text", status.as_u16()),
        Fault::ErrorIn200 => of_kind("error_in_200"),
        Fault::RateLimited(None) => of_kind("rate_limited"),
        Fault::RateLimited(Some(time)) => format!("Respond with 429, retry after {time:?}"),
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
