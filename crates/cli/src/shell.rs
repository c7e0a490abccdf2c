//! `chat2desk completions` and `chat2desk man`: what a shell and `man` want to know about the command.

use crate::exit::Failure;
use crate::output::{Output, note, written};
use clap_complete::Shell;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Prints a script that completes arguments in a shell
#[derive(clap::Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(self, mut command: clap::Command) -> Result<(), Failure> {
        // In memory, because a failed write would end in a panic.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "chat2desk", &mut script);
        let mut output = Output::new();
        written(output.write_all(&script))?;
        output.flush()
    }
}

/// Prints the manual page, or writes the pages of all subcommands into a directory
#[derive(clap::Args)]
pub struct Man {
    /// Directory for `chat2desk.1`, `chat2desk-check.1` and so on
    directory: Option<PathBuf>,
}

impl Man {
    pub fn run(self, command: clap::Command) -> Result<(), Failure> {
        let Some(directory) = self.directory else {
            let mut output = Output::new();
            written(clap_mangen::Man::new(command).render(&mut output))?;
            return output.flush();
        };
        let failed = |error| Failure::file(&directory, &error);
        fs::create_dir_all(&directory).map_err(failed)?;
        clap_mangen::generate_to(command, &directory).map_err(failed)?;
        note(format_args!("The pages are in {}", directory.display()));
        Ok(())
    }
}
