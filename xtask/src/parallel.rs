//! Work on the items of a list by several threads, with the results in the order of the items.

use std::panic::resume_unwind;
use std::thread;

/// What is worth threads: for less, starting them costs more than they save.
pub const MANY: usize = 2_000;

/// Applies a function to each item.
pub fn map<T: Send, R: Send>(items: Vec<T>, apply: impl Fn(T) -> R + Sync) -> Vec<R> {
    let apply = |part: Vec<T>| -> Vec<R> { part.into_iter().map(&apply).collect() };
    let mut results = parts(items, apply).into_iter();
    let mut all = results.next().unwrap_or_default();
    results.for_each(|part| all.extend(part));
    all
}

/// Applies a function to the parts of a list, which are as many as there are threads for them.
pub fn parts<T: Send, R: Send>(items: Vec<T>, apply: impl Fn(Vec<T>) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads == 1 || items.len() < MANY {
        return vec![apply(items)];
    }
    let size = items.len().div_ceil(threads);
    let mut items = items.into_iter();
    thread::scope(|scope| {
        let mut parts = (0..threads).map(|_| items.by_ref().take(size).collect());
        // The first is the caller's: what a thread allocates it also frees, if it gets the same part of
        // the next list; with others they would wait for each other's allocator.
        let first = parts.next().unwrap_or_default();
        let running = parts.map(|part| scope.spawn(|| apply(part)));
        let running: Vec<_> = running.collect();
        let first = apply(first);
        let others = running.into_iter();
        let others = others.map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        std::iter::once(first).chain(others).collect()
    })
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
