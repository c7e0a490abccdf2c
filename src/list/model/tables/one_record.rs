//! Tables of lists by offset whose pages have one record each.

use super::*;

#[test]
fn pages_of_one_record_that_become_longer() {
    let steps: [Step; 6] = [
        (at(0), &[1], Some(6), &[1]),
        (at(1), &[2], Some(6), &[2]),
        // There may be gaps before it: all is read again.
        (at(2), &[3, 4, 5], Some(6), &[]),
        (at(0), &[1, 2, 3], Some(6), &[3]),
        (at(2), &[3, 4, 5], Some(6), &[4, 5]),
        (at(4), &[5, 6], Some(6), &[6]),
    ];
    let moved = follow(by_offset(), &steps, End::Complete);
    assert_eq!(moved, [false, false, true, true, true, true]);
    // The first record leaves no gap.
    let steps: [Step; 5] = [
        (at(0), &[1], Some(5), &[1]),
        (at(1), &[2, 3, 4], Some(5), &[]),
        (at(0), &[1, 2, 3], Some(5), &[2, 3]),
        (at(2), &[3, 4, 5], Some(5), &[4, 5]),
        (at(4), &[5], Some(5), &[]),
    ];
    let moved = follow(by_offset(), &steps, End::Complete);
    assert_eq!(moved, [false; 5]);
}

#[test]
fn pages_of_one_record_end_when_two_readings_agree() {
    let steps: [Step; 10] = [
        (at(0), &[1], Some(2), &[1]),
        (at(1), &[2], Some(2), &[2]),
        (at(2), &[], Some(2), &[]),
        // A record was created in between.
        (at(0), &[1], Some(3), &[]),
        (at(1), &[3], Some(3), &[3]),
        (at(2), &[2], Some(3), &[]),
        (at(3), &[], Some(3), &[]),
        (at(0), &[1], Some(3), &[]),
        (at(1), &[3], Some(3), &[]),
        (at(2), &[2], Some(3), &[]),
    ];
    let end: Step = (at(3), &[], Some(3), &[]);
    let moved = follow(by_offset(), &[&steps[..], &[end]].concat(), End::Complete);
    // Positions are those of the first reading.
    assert_eq!(moved, [false, false, true]);
    // One empty page against the total is no end.
    let reading: [Step; 4] = [
        (at(0), &[1], Some(3), &[]),
        (at(1), &[2], Some(3), &[]),
        (at(2), &[], Some(3), &[]),
        (at(2), &[], Some(3), &[]),
    ];
    let mut steps = [reading, reading].concat();
    (steps[0].3, steps[1].3) = (&[1], &[2]);
    let reason = "received 2 of 3 records, one by one, twice";
    follow(by_offset(), &steps, End::Fails(reason));
}

#[test]
fn pages_of_one_record_cannot_continue_a_reading() {
    let cursor = Cursor::Offset {
        at: 1,
        total: Some(3),
        tail: vec![Key::Id(1)],
    };
    let resumed = strategy(Traversal::Offset, Some(cursor));
    let steps: [Step; 1] = [(at(0), &[1], Some(3), &[])];
    follow(
        resumed,
        &steps,
        End::Fails("pages of one record cannot be joined"),
    );
}
