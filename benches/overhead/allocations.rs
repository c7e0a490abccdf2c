//! What the client costs in memory: the allocations of a generated call, and of one by hand. A program of
//! its own, since counting takes time.

mod common;

use common::Pair;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let _profiler = dhat::Profiler::builder().testing().build();
    println!(
        "{:<6} {:>12} {:>8} {:>12} {:>8}",
        "call", "allocations", "bytes", "by hand", "bytes"
    );
    for (name, pair) in [("get", Pair::get()), ("page", Pair::page())] {
        // The first calls connect.
        for _ in 0..3 {
            pair.ours().await;
            pair.by_hand().await;
        }
        let start = dhat::HeapStats::get();
        pair.ours().await;
        let middle = dhat::HeapStats::get();
        pair.by_hand().await;
        let end = dhat::HeapStats::get();
        println!(
            "{name:<6} {:>12} {:>8} {:>12} {:>8}",
            middle.total_blocks - start.total_blocks,
            middle.total_bytes - start.total_bytes,
            end.total_blocks - middle.total_blocks,
            end.total_bytes - middle.total_bytes,
        );
    }
}
