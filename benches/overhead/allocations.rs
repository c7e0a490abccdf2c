//! What the client costs in memory: the allocations of a generated call, and of one by hand. A program of
//! its own, since counting takes time.

mod common;

use allocation_counter::measure;
use common::Pair;
use tokio::runtime::Builder;

fn main() {
    // Counts are of one thread.
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!(
        "{:<6} {:>12} {:>8} {:>12} {:>8}",
        "call", "allocations", "bytes", "by hand", "bytes"
    );
    for (name, new) in [("get", Pair::get as fn() -> Pair), ("page", Pair::page)] {
        let pair = runtime.block_on(async { new() });
        // The first calls connect.
        for _ in 0..3 {
            runtime.block_on(pair.ours());
            runtime.block_on(pair.by_hand());
        }
        let ours = measure(|| runtime.block_on(pair.ours()));
        let by_hand = measure(|| runtime.block_on(pair.by_hand()));
        println!(
            "{name:<6} {:>12} {:>8} {:>12} {:>8}",
            ours.count_total, ours.bytes_total, by_hand.count_total, by_hand.bytes_total,
        );
    }
}
