//! The command line of a sandbox, for the program `chat2desk-sandbox` and for programs that include it. Needs the
//! feature `program`.

use crate::{Account, Fault, Rule, Sandbox, TOKEN};
use clap::builder::RangedU64ValueParser;
use std::io;
use std::net::IpAddr;

/// The command line of a sandbox: which accounts it serves, and where.
///
/// Add it to a command of your own with `#[command(flatten)]`.
#[derive(clap::Args)]
// Two structs of one name would be two groups of one name.
#[group(skip)]
#[non_exhaustive]
pub struct Arguments {
    /// Port to listen on; 0 for any free port
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Address to listen on; 0.0.0.0 in a container. Anybody who can reach it can see the page and its tokens
    #[arg(long, default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Further host name to serve, such as the name of a docker compose service; can be repeated
    #[arg(long)]
    pub host: Vec<String>,
    /// API token of the first account. It is invented, so it need not be kept secret
    #[arg(long, default_value = TOKEN)]
    pub token: String,
    /// API token of a further account, of the default size; can be repeated
    #[arg(long)]
    pub tenant: Vec<String>,
    /// Number of invented customers of the first account
    #[arg(long, default_value_t = 321)]
    pub clients: usize,
    /// Number of invented messages of the first account
    #[arg(long, default_value_t = 1207)]
    pub messages: usize,
    /// Seed of the first account and its random failures; the same seed gives the same account
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Maximum number of records per page, in lists of the first account
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub page_cap: usize,
    /// Calls that the first account may make per month; unlimited by default
    #[arg(long)]
    pub monthly_calls: Option<u64>,
    /// Share of the first account's calls that fail with status 502, from 0 to 1
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub failures: f64,
}

impl Arguments {
    /// Starts the sandbox. Returns the handle to its first account.
    ///
    /// # Errors
    /// Returns an error if the port cannot be bound, or if a token, a host or a number is invalid.
    ///
    /// # Panics
    /// Panics outside of a tokio runtime, or in a runtime without I/O and time.
    pub async fn start(&self) -> io::Result<Sandbox> {
        let mut sandbox = Sandbox::builder()
            .address(self.address)
            .port(self.port)
            .token(&self.token)
            .clients(self.clients)
            .messages(self.messages)
            .seed(self.seed)
            .page_cap(self.page_cap);
        if let Some(calls) = self.monthly_calls {
            sandbox = sandbox.monthly_calls(calls);
        }
        for host in &self.host {
            sandbox = sandbox.host(host);
        }
        for token in &self.tenant {
            sandbox = sandbox.account(Account::new(token));
        }
        let sandbox = sandbox.start().await?;
        if self.failures > 0.0 {
            sandbox.inject(Rule::new(Fault::BadGateway).share(self.failures));
        }
        Ok(sandbox)
    }
}

/// Reads a share of calls.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok();
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "it must be from 0 to 1".into())
}

/// Shows no token.
impl std::fmt::Debug for Arguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arguments")
            .field("port", &self.port)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
