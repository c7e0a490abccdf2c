//! Properties: no number of a server or of a position overflows.

use super::*;
use proptest::prelude::*;

/// The numbers at which arithmetic overflows, and a few others.
fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![
        prop::sample::select(vec![
            i64::MIN,
            i64::MIN + 1,
            -1,
            0,
            1,
            2,
            i64::MAX - 1,
            i64::MAX
        ]),
        -3..50_i64,
        any::<i64>(),
    ]
}

fn extreme_summary() -> impl Strategy<Value = PageSummary> {
    let key = prop_oneof![
        4 => extreme().prop_map(Key::Id),
        1 => any::<u64>().prop_map(Key::Content),
    ];
    let keys = prop::collection::vec(key, 0..8);
    let number = || prop::option::of(extreme());
    (keys, number(), number(), any::<bool>(), 0..3_u8).prop_map(
        |(mut keys, total, limit, bare, order)| {
            // Sorted or unsorted.
            let id = |key: &Key| if let Key::Id(id) = key { *id } else { 0 };
            match order {
                0 => keys.sort_by_key(id),
                1 => keys.sort_by_key(|key| std::cmp::Reverse(id(key))),
                _ => {}
            }
            PageSummary {
                keys,
                total,
                limit,
                bare,
            }
        },
    )
}

/// The day of a position, which may belong to another report.
fn day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        (0..4_u64).prop_map(|days| first() + chrono::Days::new(days)),
        Just(NaiveDate::MIN),
        Just(NaiveDate::MAX),
    ]
}

/// Three days, or the last one of the calendar.
fn days() -> impl Strategy<Value = Days> {
    prop_oneof![
        Just(Days::from(first()..=first() + chrono::Days::new(2))),
        Just(Days::from(NaiveDate::MAX..=NaiveDate::MAX)),
    ]
}

fn forged() -> impl Strategy<Value = Option<Cursor>> {
    let number = || prop::option::of(extreme());
    let tail = prop::collection::vec(extreme().prop_map(Key::Id), 0..4);
    prop::option::of(prop_oneof![
        (extreme(), number(), tail).prop_map(|(at, total, tail)| Cursor::Offset {
            at,
            total,
            tail
        }),
        (extreme(), number()).prop_map(|(next, until)| Cursor::Ascending { next, until }),
        (extreme(), number()).prop_map(|(below, floor)| Cursor::Descending { below, floor }),
        Just(Cursor::Moved),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// For every total and every id of a server, and every position.
    #[test]
    fn no_number_overflows(
        summaries in prop::collection::vec(extreme_summary(), 0..12),
        cursor in forged(), kind in 0..5_u8, day in prop::option::of(day()), limit in 2..=200_i64, start in prop::option::of(extreme()),
        dated: bool, prefetch in 0..9_usize, days in days(),
    ) {
        let traversal = match kind {
            0 => Traversal::Single,
            1 => Traversal::Offset,
            4 => Traversal::Daily { days, row_cap: 5 },
            kind => Traversal::Ids { start: start.filter(|_| !dated), descending: kind == 2, dated },
        };
        let from = cursor.map(|cursor| position(day, RecordCursor::Known(cursor)));
        let Ok(mut strategy) = strategy::Strategy::new(traversal, limit, from) else { return Ok(()) };
        let mut answers = summaries.into_iter();
        for _ in 0..1_000 {
            let Ok(Some(request)) = strategy.next_request() else { return Ok(()) };
            if let Start::Offset(offset) | Start::Day { offset, .. } = request.start {
                prop_assert!(offset >= 0, "{request:?}");
            }
            prop_assert!(strategy.requests_ahead(prefetch).len() <= prefetch);
            let Ok(accepted) = strategy.accept(&answers.next().unwrap_or_default()) else { return Ok(()) };
            for cursor in accepted.cursors {
                serde_json::to_string(&position(accepted.day, cursor)).unwrap();
            }
        }
        prop_assert!(false, "it does not end");
    }
}
