//! Tables of lists by offset.

use super::*;

/// Records before the position are deleted: the total says where the next page is.
#[test]
fn a_page_that_shares_nothing_is_looked_for_where_the_total_points() {
    let (first, second, third) = (range(1..=10), range(10..=19), range(19..=28));
    let beyond = range(43..=52);
    let found = range(28..=37);
    let steps: [Step; 5] = [
        (at(0), &first, Some(100), &first),
        (at(9), &second, Some(100), &second[1..]),
        (at(18), &third, Some(100), &third[1..]),
        (at(27), &beyond, Some(85), &[]),
        (at(12), &found, Some(85), &found[1..]),
    ];
    follow(by_offset(), &steps, End::Requests(at(21)));
}

/// So many records are deleted that the list begins with the last one that was read.
#[test]
fn a_list_that_begins_with_the_last_record_read_goes_on() {
    let pages: Vec<_> = (0..5)
        .map(|page| range(page * 9 + 1..=page * 9 + 10))
        .collect();
    let mut steps: Vec<Step> = vec![(at(0), &pages[0], Some(48), &pages[0])];
    for (page, offset) in pages[1..].iter().zip([9, 18, 27, 36]) {
        steps.push((at(offset), page, Some(48), &page[1..]));
    }
    steps.push((at(45), &[], Some(3), &[]));
    steps.push((at(0), &[46, 47, 48], Some(3), &[47, 48]));
    follow(by_offset(), &steps, End::Complete);
}

/// Without a total, it is looked for half a page back each time.
#[test]
fn a_page_that_shares_nothing_is_looked_for_by_half_pages() {
    let (first, second, third) = (range(1..=10), range(10..=19), range(19..=28));
    let (beyond, nearer, near) = (range(40..=49), range(35..=44), range(30..=39));
    let found = range(25..=34);
    let steps: [Step; 7] = [
        (at(0), &first, None, &first),
        (at(9), &second, None, &second[1..]),
        (at(18), &third, None, &third[1..]),
        (at(27), &beyond, None, &[]),
        (at(22), &nearer, None, &[]),
        (at(17), &near, None, &[]),
        (at(12), &found, None, &found[4..]),
    ];
    follow(by_offset(), &steps, End::Requests(at(21)));
}

/// What the server does not return beyond a position is told apart from an offset that it ignores.
#[test]
fn the_reason_of_an_incomplete_list_is_the_right_one() {
    let ignored: [Step; 3] = [
        (at(0), &[1, 2], Some(5), &[1, 2]),
        (at(1), &[1, 2], Some(5), &[]),
        (at(2), &[1, 2], Some(5), &[]),
    ];
    let reason = "received 2 of 5 records, then the same ones again: the server ignores `offset`";
    follow(by_offset(), &ignored, End::Fails(reason));
    // Pages beyond the first are empty, and the first one is asked for again in between.
    let mut steps: Vec<Step> = vec![(at(0), &[1, 2], None, &[1, 2])];
    for _ in 0..3 {
        steps.push((at(1), &[], None, &[]));
        steps.push((at(0), &[1, 2], None, &[]));
    }
    steps.push((at(1), &[], None, &[]));
    let reason = "received 2 of more records, then no new ones";
    follow(by_offset(), &steps, End::Fails(reason));
}

#[test]
fn one_page_without_new_records_is_no_end_while_the_total_says_more() {
    let steps: [Step; 4] = [
        (at(0), &[1, 2, 3], Some(5), &[1, 2, 3]),
        (at(2), &[3], Some(5), &[]),
        (at(2), &[3, 4, 5], Some(5), &[4, 5]),
        (at(4), &[5], Some(5), &[]),
    ];
    follow(by_offset(), &steps, End::Complete);
}

#[test]
fn a_list_without_pages_is_as_long_as_its_total() {
    let single = || strategy(Traversal::Single, None);
    follow(
        single(),
        &[(at(0), &[1, 2], Some(2), &[1, 2])],
        End::Complete,
    );
    follow(single(), &[(at(0), &[1, 2], None, &[1, 2])], End::Complete);
    let reason = "received 2 of 3 records";
    follow(
        single(),
        &[(at(0), &[1, 2], Some(3), &[])],
        End::Fails(reason),
    );
}

/// Records that are created among those that were read are left to the second reading, unless the page reaches the
/// last one that was read.
#[test]
fn a_record_among_those_that_were_read() {
    let first = |total| -> Step { (at(0), &[1, 2, 3], Some(total), &[1, 2, 3]) };
    let steps: [Step; 2] = [first(8), (at(2), &[2, 9, 3, 4], Some(8), &[9, 4])];
    follow(by_offset(), &steps, End::Requests(at(5)));
    let steps: [Step; 3] = [
        first(20),
        (at(2), &[9, 1, 2], Some(20), &[]),
        (at(4), &[10, 11, 2], Some(20), &[]),
    ];
    follow(by_offset(), &steps, End::Requests(at(6)));
    // The last one that was read is deleted.
    let steps: [Step; 4] = [
        first(20),
        (at(2), &[4, 5, 6], Some(19), &[]),
        (at(1), &[2, 4, 5], Some(19), &[4, 5]),
        (at(3), &[10, 5, 6], Some(20), &[10, 6]),
    ];
    follow(by_offset(), &steps, End::Requests(at(5)));
}

/// A record that its page has twice takes two places of the total.
#[test]
fn a_record_twice_on_its_page_is_counted_twice() {
    let steps: [Step; 1] = [(at(0), &[1, 2, 2, 3], Some(4), &[1, 2, 3])];
    follow(by_offset(), &steps, End::Complete);
}

/// The last record that was read is further on than the list grew: the page is not the one at the offset.
#[test]
fn a_resumed_list_does_not_end_with_another_page_than_the_requested_one() {
    let cursor = Cursor::Offset {
        at: 10,
        total: Some(12),
        tail: [8, 9, 10].map(Key::Id).to_vec(),
    };
    let resumed = || strategy(Traversal::Offset, Some(cursor.clone()));
    let steps: [Step; 1] = [(at(9), &[7, 8, 9, 10], Some(13), &[])];
    follow(resumed(), &steps, End::Requests(at(12)));
    let steps: [Step; 1] = [(at(9), &[9, 10, 11, 12], Some(13), &[11, 12])];
    follow(resumed(), &steps, End::Complete);
}

/// Record 5 moves to the front after the first page.
#[test]
fn a_record_that_moved_is_found_by_a_second_reading_or_missed_aloud() {
    let first: [Step; 3] = [
        (at(0), &[1, 2, 3], Some(6), &[1, 2, 3]),
        (at(2), &[2, 3, 4], Some(6), &[4]),
        (at(4), &[4, 6], Some(6), &[6]),
    ];
    // It ends as soon as nothing is missing.
    let found: Step = (at(0), &[5, 1, 2], Some(6), &[5]);
    let moved = follow(by_offset(), &[&first[..], &[found]].concat(), End::Complete);
    assert_eq!(moved, [false, false, false, false, false, true]);
    // Pages overlap within the second reading, too.
    let apart: [Step; 2] = [
        (at(0), &[1, 2, 3], Some(6), &[]),
        (at(2), &[4, 6], Some(6), &[]),
    ];
    let steps = [&first[..], &apart].concat();
    follow(by_offset(), &steps, End::Requests(at(1)));
    let missed: [Step; 3] = [
        (at(0), &[1, 2, 3], Some(6), &[]),
        (at(2), &[3, 4, 1], Some(6), &[]),
        (at(4), &[1, 6], Some(6), &[]),
    ];
    let reason = "records changed places while they were read";
    follow(by_offset(), &[first, missed].concat(), End::Fails(reason));
}

/// Without a total, the end is shown by an empty page after a page without new records, or by two of them.
#[test]
fn an_empty_page_without_a_total_counts_if_another_sign_agrees() {
    follow(
        by_offset(),
        &[(at(0), &[], None, &[])],
        End::Requests(at(0)),
    );
    let empty: Step = (at(0), &[], None, &[]);
    follow(by_offset(), &[empty, empty], End::Complete);
    let resumed = || {
        let cursor = Cursor::Offset {
            at: 3,
            total: None,
            tail: [1, 2, 3].map(Key::Id).to_vec(),
        };
        strategy(Traversal::Offset, Some(cursor))
    };
    let last: Step = (at(2), &[3], None, &[]);
    follow(resumed(), &[last, (at(3), &[], None, &[])], End::Complete);
    // Pages of one record, of which there are more.
    let steps: [Step; 7] = [
        last,
        (at(3), &[4], None, &[]),
        (at(1), &[2], None, &[]),
        last,
        (at(3), &[4], None, &[]),
        (at(1), &[2], None, &[]),
        last,
    ];
    let reason = "received 3 of more records, then no new ones";
    follow(resumed(), &steps, End::Fails(reason));
    let more: [Step; 2] = [(at(2), &[3, 4], None, &[4]), (at(3), &[4], None, &[])];
    follow(resumed(), &more, End::Complete);
}

/// Where a page showed nothing new, the next one is not foreseen.
#[test]
fn nothing_is_requested_ahead_of_a_page_that_showed_nothing_new() {
    let cursor = Cursor::Offset {
        at: 10,
        total: Some(30),
        tail: [8, 9, 10].map(Key::Id).to_vec(),
    };
    for (ids, is_ahead) in [([7, 8, 9, 10], false), ([9, 10, 11, 12], true)] {
        let mut list = strategy(Traversal::Offset, Some(cursor.clone()));
        list.accept(&summary(&ids, Some(30))).unwrap();
        assert_eq!(!list.requests_ahead(2).is_empty(), is_ahead, "{ids:?}");
    }
}
