//! A Chat2Desk on this machine, as a program: for trials by hand, for programs in other languages, for
//! demonstrations. Its address shows what happens in it.
//!
//! `chat2desk-sandbox --port 8080 --token demo`

use chat2desk_sandbox::{Account, Fault, Rule, Sandbox, TOKEN};
use clap::Parser;
use std::error::Error;
use std::net::IpAddr;

/// Serves invented Chat2Desk accounts until it is stopped, on the loopback interface unless told otherwise.
#[derive(Parser)]
struct Arguments {
    /// Port to listen at; 0 for any that is free
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen at; 0.0.0.0 in a container
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    /// Further host to serve, such as the name of a service in docker compose; can be repeated
    #[arg(long)]
    host: Vec<String>,
    /// API token that it accepts
    #[arg(long, default_value = TOKEN)]
    token: String,
    /// API token of a further account, of the usual size; can be repeated
    #[arg(long)]
    tenant: Vec<String>,
    /// Invented customers
    #[arg(long, default_value_t = 321)]
    clients: usize,
    /// Invented messages
    #[arg(long, default_value_t = 1207)]
    messages: usize,
    /// What the account and the failures are made from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Most records of a page
    #[arg(long, default_value_t = 200)]
    page_cap: usize,
    /// Calls that are left of the month's quota
    #[arg(long)]
    monthly_calls: Option<u64>,
    /// Share of calls that a gateway answers with 502, from 0 to 1
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
    println!("\nOpen it in a browser, or ask it:\n");
    println!(
        "  curl -H 'Authorization: {}' {url}/v1/clients",
        arguments.token
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
