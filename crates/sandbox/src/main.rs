//! The program `chat2desk-sandbox`: reads the command line, starts a sandbox and serves it until Ctrl+C.
//!
//! `chat2desk-sandbox --port 8080 --token demo`

use chat2desk_sandbox::{Account, Fault, Rule, Sandbox, TOKEN};
use clap::Parser;
use std::error::Error;
use std::net::IpAddr;

/// Serves invented Chat2Desk accounts on this machine until it is stopped, for trials, tests and demonstrations
#[derive(Parser)]
struct Arguments {
    /// Port to listen on; 0 for any free port
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on; 0.0.0.0 in a container. Anybody who can reach it can see the page and its tokens
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    /// Further host name to serve, such as the name of a docker compose service; can be repeated
    #[arg(long)]
    host: Vec<String>,
    /// API token of the first account
    #[arg(long, default_value = TOKEN)]
    token: String,
    /// API token of a further account, of the default size; can be repeated
    #[arg(long)]
    tenant: Vec<String>,
    /// Number of invented customers of the first account
    #[arg(long, default_value_t = 321)]
    clients: usize,
    /// Number of invented messages of the first account
    #[arg(long, default_value_t = 1207)]
    messages: usize,
    /// Seed of the first account and its random failures; the same seed gives the same account
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Maximum number of records per page, in lists of the first account
    #[arg(long, default_value_t = 200)]
    page_cap: usize,
    /// Calls that the first account may make per month; unlimited by default
    #[arg(long)]
    monthly_calls: Option<u64>,
    /// Share of the first account's calls that fail with status 502, from 0 to 1
    #[arg(long, default_value_t = 0.0)]
    failures: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut sandbox = Sandbox::builder()
        .address(arguments.address)
        .port(arguments.port)
        .token(&arguments.token)
        .clients(arguments.clients)
        .messages(arguments.messages)
        .seed(arguments.seed)
        .page_cap(arguments.page_cap);
    if let Some(calls) = arguments.monthly_calls {
        sandbox = sandbox.monthly_calls(calls);
    }
    for host in &arguments.host {
        sandbox = sandbox.host(host);
    }
    for token in &arguments.tenant {
        sandbox = sandbox.account(Account::new(token));
    }
    let sandbox = sandbox.start().await?;
    if arguments.failures > 0.0 {
        sandbox.inject(Rule::new(Fault::BadGateway).share(arguments.failures));
    }
    let url = sandbox.url();
    println!("{url}");
    println!("\nOpen it in a browser, or call it:\n");
    println!(
        "  curl -H 'Authorization: {}' {url}/v1/clients",
        arguments.token
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
