//! Work on the items of a list by several threads, with the results in the order of the items.

use std::panic::resume_unwind;
use std::thread;

/// What is worth threads: for less, starting them costs more than they save.
const MANY: usize = 2_000;

/// Applies a function to each item.
pub fn map<T: Send, R: Send>(items: Vec<T>, apply: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads == 1 || items.len() < MANY {
        return items.into_iter().map(apply).collect();
    }
    let size = items.len().div_ceil(threads);
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    let work = |part: Vec<T>| -> Vec<R> { part.into_iter().map(&apply).collect() };
    thread::scope(|scope| {
        let parts = (0..threads).map(|_| items.by_ref().take(size).collect());
        let running = parts.map(|part| scope.spawn(|| work(part)));
        for part in running.collect::<Vec<_>>() {
            results.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
    });
    results
}

#[cfg(test)]
mod tests {
    use super::{MANY, map};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for length in [0, 1, MANY - 1, MANY, MANY * 2 + 1] {
            let items: Vec<usize> = (0..length).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(map(items, |item| item * 2), expected);
        }
    }
}
