//! `chat2desk sandbox`: serves invented accounts on this machine.

use crate::exit::Failure;
use crate::output::{Output, note};
use crate::stop::stop;
use chat2desk_sandbox::program;

/// Serves invented Chat2Desk accounts on this machine until it is stopped
///
/// The first line on stdout sets the environment variables for other commands.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    program: program::Arguments,
}

impl Arguments {
    pub async fn run(self) -> Result<(), Failure> {
        let sandbox = self.program.start().await;
        let sandbox = sandbox.map_err(|error| Failure::of(&error))?;
        let (url, token) = (sandbox.url(), &self.program.token);
        let mut output = Output::new();
        output.line(format_args!(
            "export CHAT2DESK_URL={url} CHAT2DESK_TOKEN={}",
            quoted(token)
        ))?;
        output.flush()?;
        note(format_args!(
            "\nThe line above is for another shell, whose commands then use this account.\n\
             Open {url} in a browser to see it. Ctrl+C stops it, and loses what was written."
        ));
        stop().await.map_err(|error| Failure::of(&error))
    }
}

/// Returns a text as one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
