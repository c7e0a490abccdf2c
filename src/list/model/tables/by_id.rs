//! Tables of lists by id, both ways.

use super::*;

/// The lowest ids from this one on.
fn from(start: i64) -> Start {
    Start::Ids {
        start: Some(start),
        descending: false,
        dated: false,
    }
}

/// All ids from this one on, oldest or newest first.
fn by_id(start: i64, descending: bool) -> Traversal {
    Traversal::Ids {
        start: Some(start),
        descending,
        dated: false,
    }
}

/// The newest ids, down to this one.
fn newest_from(start: i64) -> Start {
    Start::Ids {
        start: Some(start),
        descending: true,
        dated: false,
    }
}

/// Records without ids are accepted where no page follows them, and nowhere else.
#[test]
fn a_page_without_ids_oldest_first() {
    let oldest_first = || strategy(by_id(7, false), None);
    follow(
        oldest_first(),
        &[(from(7), &[-1, -2], Some(2), &[-1, -2])],
        End::Complete,
    );
    let reason = "its records have no ids to continue from";
    let full: Vec<_> = (1..=10).map(|number| -number).collect();
    for (ids, total) in [
        (&[-1, -2][..], Some(3)),
        (&[-1, -2], None),
        (&full, Some(10)),
    ] {
        follow(
            oldest_first(),
            &[(from(7), ids, total, &[])],
            End::Fails(reason),
        );
    }
    // The newest record of a period, which says where it ends.
    let dated = Traversal::Ids {
        start: None,
        descending: false,
        dated: true,
    };
    let cursor = Cursor::Ascending {
        next: 5,
        until: Some(9),
    };
    let newest = Start::Ids {
        start: None,
        descending: true,
        dated: true,
    };
    let resumed = strategy(dated, Some(cursor));
    follow(
        resumed,
        &[(newest, &[-1], Some(1), &[])],
        End::Fails(reason),
    );
}

#[test]
fn an_empty_page_by_id_counts_if_the_total_agrees_or_if_it_comes_twice() {
    for (start, descending) in [(from(7), false), (newest_from(7), true)] {
        let list = || strategy(by_id(7, descending), None);
        follow(list(), &[(start, &[], Some(0), &[])], End::Complete);
        for total in [None, Some(2)] {
            let empty: Step = (start, &[], total, &[]);
            follow(list(), &[empty], End::Requests(start));
            follow(list(), &[empty, empty], End::Complete);
        }
    }
}

#[test]
fn the_newest_page_is_the_list_if_it_has_room_and_the_total_agrees() {
    let newest_first = || strategy(by_id(50, true), None);
    let start = newest_from(50);
    follow(
        newest_first(),
        &[(start, &[60, 50], Some(2), &[60, 50])],
        End::Complete,
    );
    let full: Vec<_> = (91..=100).rev().collect();
    for (ids, total, window) in [
        (&[100, 92][..], None, 88),
        (&[100, 92], Some(9), 88),
        (&full, Some(10), 87),
    ] {
        follow(
            newest_first(),
            &[(start, ids, total, ids)],
            End::Requests(from(window)),
        );
    }
}

/// A window of ids with more records than a page is halved.
#[test]
fn a_window_that_is_too_wide_is_narrowed() {
    let newest = [10_000, 8_000];
    let wide = range(6_400..=6_409);
    let mut steps: Vec<Step> = vec![(newest_from(0), &newest, None, &newest)];
    let half: Vec<_> = range(7_200..=7_209);
    let quarter: Vec<_> = range(7_600..=7_609);
    steps.push((from(6_400), &wide, None, &[]));
    steps.push((from(7_200), &half, None, &[]));
    steps.push((from(7_600), &quarter, None, &[]));
    follow(
        strategy(by_id(0, true), None),
        &steps,
        End::Requests(from(7_800)),
    );
}

/// Below a gap the window spans more ids than are left, so that the start of the call cuts it short. What is left is
/// halved, and not requested again.
#[test]
fn a_window_that_is_cut_short_is_narrowed_from_there() {
    let newest = [10_000, 8_000];
    let (oldest, middle) = (range(0..=9), range(3_200..=3_209));
    let steps: [Step; 5] = [
        (newest_from(0), &newest, None, &newest),
        (from(6_400), &[], None, &[]),
        (from(6_400), &[], None, &[]),
        (from(0), &oldest, None, &[]),
        (from(3_200), &middle, None, &[]),
    ];
    let list = strategy(by_id(0, true), None);
    follow(list, &steps, End::Requests(from(4_800)));
}
