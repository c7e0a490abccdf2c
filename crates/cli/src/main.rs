//! The command `chat2desk`: reads the command line and runs one subcommand.

mod account;
mod broadcast;
mod call;
mod check;
mod duration;
mod exit;
mod export;
mod numbers;
mod operations;
mod output;
mod progress;
mod report;
mod sandbox;
mod shell;
mod stop;
mod streams;
mod webhooks;

use clap::{CommandFactory, Parser, Subcommand};
use exit::Failure;
use std::process::ExitCode;
use stop::unless_stopped;

/// Works with a Chat2Desk account from a shell.
///
/// The token is read from the environment variable CHAT2DESK_TOKEN, from a file or from a profile. Data is written to
/// stdout, and everything else to stderr.
#[derive(Parser)]
#[command(name = "chat2desk", version, arg_required_else_help = true, after_help = exit::TABLE)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// The arguments of all subcommands.
#[derive(clap::Args)]
struct Common {
    /// Shows no progress
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(flatten)]
    account: account::Arguments,
}

#[derive(Subcommand)]
enum Command {
    Sandbox(sandbox::Arguments),
    Export(export::Arguments),
    Streams(streams::Arguments),
    Call(call::Arguments),
    Operations(operations::Arguments),
    Check(check::Arguments),
    Report(report::Arguments),
    Broadcast(broadcast::Arguments),
    Webhooks(webhooks::Arguments),
    Completions(shell::Completions),
    Man(shell::Man),
}

impl Command {
    async fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Webhooks(arguments) => arguments.run(common).await,
            // Ended by a signal, which is its normal end.
            Self::Sandbox(arguments) => arguments.run().await,
            Self::Export(arguments) => unless_stopped(arguments.run(common)).await,
            Self::Streams(arguments) => unless_stopped(arguments.run(common)).await,
            Self::Call(arguments) => unless_stopped(arguments.run(common)).await,
            Self::Operations(arguments) => arguments.run(),
            Self::Check(arguments) => unless_stopped(arguments.run(common)).await,
            Self::Report(arguments) => unless_stopped(arguments.run(common)).await,
            // Stops between two messages, so that no message is in doubt.
            Self::Broadcast(arguments) => arguments.run(common).await,
            Self::Completions(arguments) => arguments.run(Cli::command()),
            Self::Man(arguments) => arguments.run(Cli::command()),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let error = exit::with_few_tips(error);
            // Help is written to stdout, whose reader may be gone.
            let _ = error.print();
            return exit::of_arguments(&error);
        }
    };
    end(cli.command.run(&cli.common).await)
}

/// Reports a failure on stderr, and returns the exit code.
fn end(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) | Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Err(Failure::Because(code, text)) => {
            output::note(format_args!("error: {text}"));
            ExitCode::from(code as u8)
        }
    }
}
