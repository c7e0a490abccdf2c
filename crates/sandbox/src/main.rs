//! The program `chat2desk-sandbox`: reads the command line, starts a sandbox and serves it until Ctrl+C.
//!
//! `chat2desk-sandbox --port 8080 --token demo`

use chat2desk_sandbox::program::Arguments;
use clap::Parser;
use std::error::Error;

/// Serves invented Chat2Desk accounts on this machine until it is stopped, for trials, tests and demonstrations
#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Program::parse().arguments;
    let sandbox = arguments.start().await?;
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
