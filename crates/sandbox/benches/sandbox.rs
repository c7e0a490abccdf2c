//! Measures the sandbox: how fast it starts, how much memory a million messages take, and how many simple calls per
//! second it serves, compared with a hand-written handler that sends the same bytes.
//!
//! `cargo bench --package chat2desk-sandbox`. It needs `wrk`, which calls over loopback on the same machine.

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::routing::get;
use chat2desk_sandbox::{Sandbox, TOKEN};
use std::error::Error;
use std::fs;
use std::process::Command;
use std::time::Instant;
use tokio::net::TcpListener;

const PATH: &str = "/v1/clients/94000001";
const SECONDS: &str = "5s";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let begun = Instant::now();
    let sandbox = Sandbox::start().await?;
    println!("start     {:>9.1} ms", begun.elapsed().as_secs_f64() * 1e3);

    let url = format!("{}{PATH}", sandbox.url());
    let answer = reqwest::Client::new()
        .get(&url)
        .header("authorization", TOKEN);
    let answer = answer.send().await?.text().await?;
    let by_hand = by_hand(answer).await?;
    // Alternating, so that other load on the machine affects both.
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        theirs.push(calls_a_second(format!("{by_hand}{PATH}")).await?);
        ours.push(calls_a_second(url.clone()).await?);
    }
    let (ours, theirs) = (best(ours), best(theirs));
    println!("sandbox   {ours:>9.0} calls/s");
    println!("by hand   {theirs:>9.0} calls/s");
    println!("ratio     {:>9.2}", ours / theirs);
    drop(sandbox);

    let (before, begun) = (resident(), Instant::now());
    let large = Sandbox::builder().clients(50_000).messages(1_000_000);
    let large = large.start().await?;
    println!(
        "a million messages: {:.1} s, {} MB",
        begun.elapsed().as_secs_f64(),
        (resident() - before) >> 20
    );
    drop(large);
    Ok(())
}

/// A server that checks the token and sends these bytes.
async fn by_hand(answer: String) -> Result<String, Box<dyn Error + Send + Sync>> {
    let handler = move |Path(_): Path<i64>, headers: axum::http::HeaderMap| async move {
        let known = headers
            .get(header::AUTHORIZATION)
            .is_some_and(|token| token == TOKEN);
        let body = if known { answer.clone() } else { String::new() };
        (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            body,
        )
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let app = Router::new().route("/v1/clients/{id}", get(handler));
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(url)
}

async fn calls_a_second(url: String) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let token = format!("Authorization: {TOKEN}");
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c32", "-d", SECONDS, "-H", &token, &url]);
    let output = tokio::task::spawn_blocking(move || wrk.output()).await?;
    let output = output.map_err(|error| {
        format!("cannot run wrk; install it, such as with `apt install wrk`: {error}")
    })?;
    let output = String::from_utf8(output.stdout)?;
    let line = output
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"));
    if output.contains("Non-2xx") {
        return Err(output.into());
    }
    Ok(line
        .ok_or("wrk reported no requests per second")?
        .trim()
        .parse()?)
}

fn best(figures: Vec<f64>) -> f64 {
    figures.into_iter().fold(0.0, f64::max)
}

/// Returns the resident memory of this process in bytes, or 0 on systems other than Linux.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<u64> = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or_default() * 4096
}
