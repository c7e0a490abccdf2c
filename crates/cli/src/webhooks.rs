//! `chat2desk webhooks`: registers webhooks, receives them, and tries out receivers.

mod register;

use crate::Common;
use crate::exit::Failure;
use crate::stop::unless_stopped;

/// Registers webhooks, receives them, and tries out receivers
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(register::List),
    Ensure(register::Ensure),
    Health(register::Health),
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let account = &common.account;
        match self.command {
            Command::List(list) => unless_stopped(list.run(account)).await,
            Command::Ensure(ensure) => unless_stopped(ensure.run(account)).await,
            Command::Health(health) => unless_stopped(health.run(account)).await,
        }
    }
}
