//! Exit codes: why a subcommand failed, as a number for scripts and a text for people.

use chat2desk::{Error, ErrorKind, operation};
use clap::error::{ContextKind, ContextValue, ErrorKind as Usage};
use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The exit codes, for `--help`.
pub const TABLE: &str = "\
Exit codes:
  0    done
  1    any other failure
  2    the command line is wrong
  3    a list is incomplete: run the same command again
  4    there is no token, or the server rejected it
  5    the record does not exist
  6    the calls of the month, or those of --max-calls, are used up
  7    the server is unavailable, also after retries
  8    something may have been written: look before you run the command again
  130  interrupted";

/// The exit code of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    Other = 1,
    Usage = 2,
    Incomplete = 3,
    Token = 4,
    NotFound = 5,
    UsedUp = 6,
    Unavailable = 7,
    Unclear = 8,
    Interrupted = 130,
}

/// Why a subcommand failed.
#[derive(Debug)]
pub enum Failure {
    /// The reader of stdout has ended, as `head` does. Not a failure of the command.
    ReaderGone,
    /// Everything else, with a text for people.
    Because(Code, String),
}

impl Failure {
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self::Because(code, text.into())
    }

    pub fn usage(text: impl Into<String>) -> Self {
        Self::new(Code::Usage, text)
    }

    pub fn other(text: impl Into<String>) -> Self {
        Self::new(Code::Other, text)
    }

    /// A failure to read or write a file.
    pub fn file(path: &Path, error: &io::Error) -> Self {
        Self::other(format!("{}: {error}", path.display()))
    }

    /// An error with its causes.
    pub fn of(error: &dyn std::error::Error) -> Self {
        Self::other(with_causes(error))
    }

    /// The same failure with `text` before its own text.
    pub fn at(self, text: impl fmt::Display) -> Self {
        match self {
            Self::ReaderGone => self,
            Self::Because(code, reason) => Self::Because(code, format!("{text}: {reason}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReaderGone => f.write_str("nobody reads stdout"),
            Self::Because(_, text) => f.write_str(text),
        }
    }
}

impl Code {
    /// Returns the exit code for an error of the library.
    pub fn of(error: &Error) -> Self {
        if error.may_have_taken_effect() {
            return Self::Unclear;
        }
        match error.kind() {
            ErrorKind::Config | ErrorKind::InvalidRequest => Self::Usage,
            ErrorKind::Auth => Self::Token,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::QuotaExceeded | ErrorKind::BudgetExceeded => Self::UsedUp,
            ErrorKind::Transport
            | ErrorKind::Timeout
            | ErrorKind::RateLimited
            | ErrorKind::Server => Self::Unavailable,
            ErrorKind::Incomplete => Self::Incomplete,
            _ => Self::Other,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(Code::of(&error), text_of(&error))
    }
}

/// A journal that another process has open.
pub fn in_use(journal: &Path) -> Failure {
    let path = journal.display();
    Failure::other(format!("another process uses this journal: {path}"))
}

/// Returns the text of an error of the library, with the names of options for those of methods.
pub fn text_of(error: &Error) -> String {
    const BUDGET: &str = "the client's call budget";
    let mut text = error.to_string();
    match error.kind() {
        ErrorKind::Config => text = text.replace("`allow_http`", "--allow-http"),
        ErrorKind::BudgetExceeded => {
            let place = text.find(BUDGET).unwrap_or(text.len());
            text.replace_range(place.., "the calls that --max-calls permits are used up");
        }
        ErrorKind::InvalidRequest if text.contains("the position belongs to") => {
            text += "; use the --state that was written with the same arguments, such as --since";
        }
        _ => {}
    }
    text
}

/// Returns the text of an error with those of its causes.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    let causes = causes.map(|cause| match cause.downcast_ref::<Error>() {
        Some(error) => format!(": {}", text_of(error)),
        None => format!(": {cause}"),
    });
    error.to_string() + &causes.collect::<String>()
}

/// Returns an error with the three subcommands that are most similar to what was written, each under one name.
pub fn with_few_tips(mut error: clap::Error) -> clap::Error {
    let tips = error.get(ContextKind::SuggestedSubcommand);
    if let Some(ContextValue::Strings(tips)) = tips {
        // The most similar one is the last. Operations have an alias with other dashes.
        let mut few: Vec<String> = Vec::new();
        for tip in tips.iter().rev() {
            let name = match operation(&tip.replace('-', "_")) {
                Some(operation) => operation.id.to_owned(),
                None => tip.clone(),
            };
            if few.len() < 3 && !few.contains(&name) {
                few.push(name);
            }
        }
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(few));
    }
    error
}

/// Returns the exit code for arguments that clap did not accept, or for help that was printed.
pub fn of_arguments(error: &clap::Error) -> ExitCode {
    match error.kind() {
        Usage::DisplayHelp | Usage::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(Code::Usage as u8),
    }
}
