//! `chat2desk call`: any operation of the API, with its arguments as options.

mod options;

use crate::Common;
use crate::exit::Failure;
use crate::output::Output;
use crate::progress::Progress;
use chat2desk::by_name::CallByName;
use chat2desk::{Chat2Desk, List};
use futures_core::Stream;
use options::Options;
use serde_json::{Value, json};

/// Calls an operation of the API
///
/// `chat2desk operations` lists them. Prints the response as a line of JSON, or with --all the records of a list as JSON
/// lines.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    #[command(subcommand)]
    options: Options,
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let options = self.options;
        let chat = match options.dry_run {
            // Nothing is sent, so no token is needed.
            true => Chat2Desk::new("none")?,
            false => common.account.open()?.client()?,
        };
        let mut call = chat.call(options.operation, options.arguments);
        if let Some(body) = options.body {
            call = call.body(body);
        }
        let mut output = Output::new();
        if options.dry_run {
            output.json(&preview(&call)?)?;
        } else if options.all || options.max_items.is_some() {
            let most = options.max_items.unwrap_or(u64::MAX);
            records(call, most, common.quiet, &mut output).await?;
        } else {
            let response = call.await?;
            let text = String::from_utf8_lossy(response.body());
            let text = text.trim();
            // Some operations respond with nothing.
            if !text.is_empty() {
                // A line break can only be between values.
                output.line(text.replace(['\r', '\n'], " "))?;
            }
        }
        output.flush()
    }
}

fn preview(call: &CallByName) -> Result<Value, Failure> {
    let request = call.preview()?;
    let body = request.body.as_deref();
    let body = body.map(|body| serde_json::from_str(body).unwrap_or_else(|_| Value::from(body)));
    Ok(json!({ "method": request.method.as_str(), "path": request.path, "body": body }))
}

/// Prints the records of a list.
async fn records(
    call: CallByName,
    most: u64,
    quiet: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let progress = Progress::new("records", quiet);
    let mut records = call.max_items(most).items();
    let mut done = 0;
    while let Some(record) = records.next().await {
        match record {
            Ok(record) => output.line(record.to_line())?,
            Err(error) => {
                output.flush()?;
                return Err(error.into());
            }
        }
        done += 1;
        // No other record has arrived.
        if records.size_hint().0 == 0 {
            output.flush()?;
            progress.set(done, records.total());
        }
    }
    Ok(())
}
