//! Prints how fast each operator replies: a table from the report `request_stats`, over a range of days.
//!
//! `cargo run --package chat2desk-examples --bin sla_report -- 2026-05-01 2026-05-31` reads an invented account on this
//! machine. With `CHAT2DESK_TOKEN` set, it reads your account, with one call per 200 requests.

use chat2desk::statistics::RequestStats;
use chat2desk::{Chat2Desk, Days, List};
use chat2desk_sandbox::Sandbox;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::error::Error;

/// The seconds of working time within which a first reply is in time.
const IN_TIME: i64 = 120;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let days = std::env::args().skip(1).map(|day| day.parse());
    let days: Vec<NaiveDate> = days.collect::<Result<_, _>>()?;
    let days = match days.as_slice() {
        [] => NaiveDate::from_ymd_opt(2026, 5, 4)
            .ok_or("no such day")?
            .into(),
        [day] => Days::from(*day),
        [first, last, ..] => Days::from(*first..=*last),
    };
    let sandbox = match std::env::var_os("CHAT2DESK_TOKEN") {
        Some(_) => None,
        None => Some(Sandbox::start().await?),
    };
    let chat = match &sandbox {
        Some(sandbox) => sandbox.client().clone(),
        None => Chat2Desk::from_env()?,
    };
    println!("{} to {}\n", days.first(), days.last());
    print!("{}", table(&by_operator(&chat, days).await?));
    Ok(())
}

#[derive(Debug, Default)]
pub(crate) struct Operator {
    requests: u64,
    unanswered: u64,
    /// Seconds to the first reply, of working time if that is known.
    reactions: Vec<i64>,
    scores: Vec<f64>,
}

pub(crate) async fn by_operator(
    chat: &Chat2Desk,
    days: Days,
) -> Result<BTreeMap<String, Operator>, chat2desk::Error> {
    let mut operators = BTreeMap::<String, Operator>::new();
    let mut rows = chat.report::<RequestStats>(days).prefetch(4).items();
    while let Some(row) = rows.next().await {
        let row = row?;
        if row.request_type.as_deref() == Some("rating") {
            continue; // a survey, which needs no reply
        }
        let name = row.operator_name.unwrap_or("(nobody)".into());
        let operator = operators.entry(name).or_default();
        operator.requests += 1;
        match row.working_reaction_time.or(row.reaction_time) {
            Some(seconds) => operator.reactions.push(seconds),
            None => operator.unanswered += 1,
        }
        operator.scores.extend(row.score);
    }
    Ok(operators)
}

pub(crate) fn table(operators: &BTreeMap<String, Operator>) -> String {
    let mut table = format!(
        "{:<24} {:>8} {:>10} {:>8} {:>8} {:>6}\n",
        "operator", "requests", "unanswered", "median", "in time", "score"
    );
    for (name, operator) in operators {
        let mut reactions = operator.reactions.clone();
        reactions.sort_unstable();
        let median = reactions.get(reactions.len() / 2);
        let median = median.map_or("-".into(), |seconds| format!("{seconds} s"));
        let in_time = reactions
            .iter()
            .filter(|seconds| **seconds <= IN_TIME)
            .count();
        let share = (in_time * 100).checked_div(reactions.len());
        let share = share.map_or("-".into(), |share| format!("{share} %"));
        let score = match operator.scores.len() {
            0 => "-".into(),
            count => format!("{:.1}", operator.scores.iter().sum::<f64>() / count as f64),
        };
        table += &format!(
            "{name:<24} {:>8} {:>10} {median:>8} {share:>8} {score:>6}\n",
            operator.requests, operator.unanswered
        );
    }
    table
}
