//! Tables: what a strategy requests after each response, what it takes from it, and how it ends.

mod by_id;
mod by_offset;
mod one_record;

use super::*;

/// A request, the ids and the total of its response, and the ids that are new.
type Step<'a> = (Start, &'a [i64], Option<i64>, &'a [i64]);

/// The end of a table.
enum End<'a> {
    /// The list is complete.
    Complete,
    /// The last response makes the list incomplete, for this reason.
    Fails(&'a str),
    /// This is requested next.
    Requests(Start),
}

fn strategy(traversal: Traversal, cursor: Option<Cursor>) -> strategy::Strategy {
    let position = cursor.map(|cursor| position(None, RecordCursor::Known(cursor)));
    strategy::Strategy::new(traversal, 10, position).unwrap()
}

fn by_offset() -> strategy::Strategy {
    strategy(Traversal::Offset, None)
}

/// Follows a table, with a last response that is the reason of the end if it fails. Returns for each new record
/// whether no read can continue after it.
fn follow(mut strategy: strategy::Strategy, steps: &[Step], end: End) -> Vec<bool> {
    let mut moved = Vec::new();
    for (number, (start, ids, total, new)) in steps.iter().enumerate() {
        let request = strategy.next_request().unwrap();
        let request = request.unwrap_or_else(|| panic!("it ends before step {number}"));
        assert_eq!(request.start, *start, "step {number}");
        let accepted = match strategy.accept(&summary(ids, *total)) {
            Ok(accepted) => accepted,
            Err(reason) => {
                let End::Fails(expected) = end else {
                    panic!("step {number}: {reason}")
                };
                assert_eq!((reason.as_str(), number), (expected, steps.len() - 1));
                return moved;
            }
        };
        let found: Vec<_> = accepted
            .new_records
            .iter()
            .map(|place| ids[*place])
            .collect();
        assert_eq!(found, *new, "step {number}");
        let cursors = accepted.cursors.into_iter();
        moved.extend(cursors.map(|cursor| position(None, cursor).cursor == Cursor::Moved));
    }
    let next = strategy
        .next_request()
        .unwrap()
        .map(|request| request.start);
    match end {
        End::Complete => assert_eq!(next, None),
        End::Requests(start) => assert_eq!(next, Some(start)),
        End::Fails(reason) => panic!("it goes on instead of: {reason}"),
    }
    moved
}

/// A page of these records. Those below zero have no id that can be read.
fn summary(ids: &[i64], total: Option<i64>) -> PageSummary {
    let key = |id: &i64| match u64::try_from(-id) {
        Ok(number) if number > 0 => Key::Content(number),
        _ => Key::Id(*id),
    };
    PageSummary {
        keys: ids.iter().map(key).collect(),
        total,
        ..PageSummary::default()
    }
}

fn range(ids: std::ops::RangeInclusive<i64>) -> Vec<i64> {
    ids.collect()
}

fn at(offset: i64) -> Start {
    Start::Offset(offset)
}
