//! `chat2desk report`: a statistics report over some days, as JSON lines.

use crate::Common;
use crate::exit::Failure;
use crate::output::Output;
use crate::progress::Progress;
use chat2desk::statistics::{
    OperatorEvents, OperatorReplies, OperatorStats, Rating, ReportRow, RequestStats,
};
use chat2desk::{Chat2Desk, Days, List};
use chrono::{Local, NaiveDate};
use serde::Serialize;

/// Prints a statistics report over some days, as JSON lines
///
/// Numbers that the server writes as text are numbers, and empty columns are null. The days and the times are in the
/// company's time zone. The exit code is 3 if the server truncated a day.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// The report
    name: Name,
    /// First day, such as 2026-05-04
    #[arg(long, value_name = "DAY")]
    since: NaiveDate,
    /// Last day, which is included; today by default
    #[arg(long, value_name = "DAY")]
    until: Option<NaiveDate>,
}

#[derive(Clone, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    /// A row for each request, with its reaction time and score
    RequestStats,
    /// A row for each change of an operator's status, and each chat accepted or transferred
    OperatorEvents,
    /// A row for each day of an operator, by channel and messenger
    OperatorStats,
    /// A row for each part of a request that one operator served
    OperatorReplies,
    /// A row for each score that a customer gave
    Rating,
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let chat = common.account.open()?.client()?;
        let until = self.until.unwrap_or_else(|| Local::now().date_naive());
        let days = Days::from(self.since..=until);
        let quiet = common.quiet;
        match self.name {
            Name::RequestStats => print::<RequestStats>(&chat, days, quiet).await,
            Name::OperatorEvents => print::<OperatorEvents>(&chat, days, quiet).await,
            Name::OperatorStats => print::<OperatorStats>(&chat, days, quiet).await,
            Name::OperatorReplies => print::<OperatorReplies>(&chat, days, quiet).await,
            Name::Rating => print::<Rating>(&chat, days, quiet).await,
        }
    }
}

async fn print<R: ReportRow + Serialize>(
    chat: &Chat2Desk,
    days: Days,
    quiet: bool,
) -> Result<(), Failure> {
    let progress = Progress::new("rows", quiet);
    let mut output = Output::new();
    let mut pages = chat.report::<R>(days).prefetch(4).pages();
    let mut rows = 0;
    let result = loop {
        match pages.next().await {
            None => break Ok(()),
            Some(Err(error)) => break Err(Failure::from(error)),
            Some(Ok(page)) => {
                for row in &page.items {
                    output.json(row)?;
                    rows += 1;
                }
                output.flush()?;
                progress.set(rows, None);
            }
        }
    };
    output.flush()?;
    result
}
