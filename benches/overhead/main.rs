//! What the client costs in time: a generated call against the function that one writes by hand with
//! reqwest and serde, made in turn on one loopback server in one run.
//!
//! `ratio` is ours by theirs, of the medians.

mod common;

use common::Pair;
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let get = measure(&Pair::get(), 20_000).await;
    let page = measure(&Pair::page(), 3_000).await;
    println!("{:<6} {:>10} {:>10}", "call", "ours", "by hand");
    for (name, (ours, by_hand)) in [("get", get), ("page", page)] {
        println!("{name:<6} {ours:>10.1?} {by_hand:>10.1?}");
    }
    for (name, (ours, by_hand)) in [("get", get), ("page", page)] {
        println!(
            "ratio {name} {:.2}",
            ours.as_secs_f64() / by_hand.as_secs_f64()
        );
    }
}

/// The medians of so many calls in each way.
async fn measure(pair: &Pair, rounds: usize) -> (Duration, Duration) {
    let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
    let unmeasured = rounds / 10;
    for round in 0..unmeasured + rounds {
        let start = Instant::now();
        pair.ours().await;
        let middle = Instant::now();
        pair.by_hand().await;
        let end = Instant::now();
        // The first calls connect, and fill caches.
        if round >= unmeasured {
            ours.push(middle - start);
            by_hand.push(end - middle);
        }
    }
    (median(ours), median(by_hand))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
