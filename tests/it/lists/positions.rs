//! Positions: readings that go on where others stopped, for another day, another process, or messages that appear
//! late.

use crate::support::messages::{Messages, read};
use chat2desk::{ErrorKind, List, Position};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use futures_util::StreamExt;
use proptest::prelude::*;
use std::time::{Duration, SystemTime};

#[tokio::test]
async fn a_period_that_is_read_to_its_end_goes_on_with_what_came_since() {
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
    for already in [0, 1, 2, 3, 4, 7, 9] {
        let messages = Messages::default();
        messages.add(1, noon - Days::new(1));
        for n in 0..already {
            messages.add(100 + n, noon);
        }
        let chat = messages.client();
        let (ids, position) = read(chat.messages_of(day), None).await;
        assert_eq!(ids, Vec::from_iter(100..100 + already));
        let (ids, position) = read(chat.messages_of(day), position).await;
        assert!(ids.is_empty(), "{ids:?}");
        for n in 0..8 {
            messages.add(200 + n, noon + TimeDelta::hours(1));
            messages.add(300 + n, noon + Days::new(1));
        }
        let (ids, _) = read(chat.messages_of(day), position).await;
        assert_eq!(ids, Vec::from_iter(200..208), "after {already}");
    }
}

#[tokio::test]
async fn a_position_belongs_to_one_list() {
    let messages = Messages::default();
    let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    for id in 1..=9 {
        messages.add(id, day.and_hms_opt(12, 0, 0).unwrap().and_utc());
    }
    let chat = messages.client();
    let base = || chat.list_messages().client_id(7);
    let mut items = base().page_size(3).items();
    items.next().await.unwrap().unwrap();
    let position = items.position().unwrap();
    for (name, call, is_same) in [
        ("the same", base(), true),
        ("the same with another page", base().limit(5), true),
        ("the same from elsewhere", base().start_id(4), true),
        ("another client", chat.list_messages().client_id(8), false),
        ("all clients", chat.list_messages(), false),
        ("another filter more", base().transport("telegram"), false),
        ("another order", base().order("desc"), false),
        ("a period", base().start_date(day), false),
    ] {
        let rest = call.resume_from(position.clone()).collect_all().await;
        match rest {
            Ok(rest) => assert!(is_same && rest.len() == 8, "{name}"),
            Err(error) => {
                assert!(!is_same, "{name}: {error}");
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
                assert!(
                    error.to_string().contains("the position belongs to"),
                    "{error}"
                );
            }
        }
    }
    let error = chat
        .list_clients()
        .resume_from(position.clone())
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    // The server's own JSON is the same list.
    let raw = base()
        .raw()
        .resume_from(position)
        .collect_all()
        .await
        .unwrap();
    assert_eq!(raw.len(), 8);
}

/// Read page by page, by `next` or as a stream, and resumed after each page.
#[tokio::test]
async fn a_list_goes_on_after_any_page() {
    let messages = Messages::default();
    let long_ago = DateTime::<Utc>::from(SystemTime::now()) - Days::new(3);
    (1..=8).for_each(|id| messages.add(id, long_ago));
    let chat = messages.client();
    for stop in 1..=3 {
        let mut pages = chat.list_messages().page_size(3).pages();
        let mut ids = Vec::new();
        let mut position = None;
        for number in 0..stop {
            let page = match number {
                0 => pages.next().await,
                _ => StreamExt::next(&mut pages).await,
            };
            let page = page.unwrap().unwrap();
            ids.extend(page.items.iter().map(|message| message.id));
            position = page.position();
            assert_eq!(position.as_ref().unwrap().day(), None);
        }
        let rest = chat.list_messages().resume_from(position);
        let rest = rest.collect_all().await.unwrap();
        ids.extend(rest.iter().map(|message| message.id));
        assert_eq!(ids, Vec::from_iter(1..=8), "after page {stop}");
    }
}

#[tokio::test]
async fn young_messages_are_held_back_where_a_reading_goes_on() {
    let messages = Messages::default();
    let now = DateTime::<Utc>::from(SystemTime::now());
    for (id, age) in [(1, 600), (2, 300), (3, 150), (4, 60), (5, 600), (6, 0)] {
        messages.add(id, now - TimeDelta::seconds(age));
    }
    let chat = messages.client();
    let list = || chat.list_messages();
    let ids = |records: Vec<chat2desk::types::Message>| {
        records.iter().map(|record| record.id).collect::<Vec<_>>()
    };
    for (name, read, expected) in [
        ("not to go on", list().items(), vec![1, 2, 3, 4, 5, 6]),
        ("to go on", list().resume_from(None).items(), vec![1, 2, 3]),
        (
            "by small pages",
            list().page_size(2).resume_from(None).items(),
            vec![1, 2, 3],
        ),
        (
            "for longer",
            list()
                .resume_from(None)
                .hold_back(Duration::from_secs(200))
                .items(),
            vec![1, 2],
        ),
        (
            "all",
            list().resume_from(None).hold_back(Duration::ZERO).items(),
            vec![1, 2, 3, 4, 5, 6],
        ),
        (
            "for ever",
            list().resume_from(None).hold_back(Duration::MAX).items(),
            vec![],
        ),
        (
            "newest first",
            list().order("desc").resume_from(None).items(),
            vec![6, 5, 4, 3, 2, 1],
        ),
    ] {
        assert_eq!(ids(read.collect_all().await.unwrap()), expected, "{name}");
    }
    let raw = list().raw().resume_from(None).collect_all().await.unwrap();
    assert_eq!(raw.len(), 3);
}

/// Messages appear up to two minutes after they were made, in any order. Readings that go on from each other have
/// each of them once.
#[test]
fn late_messages_are_not_lost() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let messages = Messages::default();
    let chat = messages.client();
    let made = prop::collection::vec((0..20_i64, 0..120_i64), 1..40);
    proptest!(|(made in made, every in 5..90_i64, page in 2..6_u32)| {
        // One second of the model is one of the clock, all of it in the past: `now` is what holds back.
        let mut seconds = 0;
        let made: Vec<(i64, i64, i64)> = made.iter().enumerate().map(|(n, (pause, late))| {
            seconds += pause;
            (i64::try_from(n).unwrap() + 1, seconds, seconds + late)
        }).collect();
        let end = seconds + 600;
        let mut read = Vec::new();
        let mut position = None;
        let mut now = 0;
        while now < end {
            now += every;
            // The model's now is the clock's.
            let clock = DateTime::<Utc>::from(SystemTime::now());
            messages.clear();
            for (id, at, _) in made.iter().filter(|(_, _, listed)| *listed <= now) {
                messages.add(*id, clock - TimeDelta::seconds(now - at));
            }
            runtime.block_on(async {
                let list = chat.list_messages().page_size(page).resume_from(position.take());
                // A few seconds for the rounding of times, and for those that the test itself takes.
                let mut items = list.hold_back(Duration::from_secs(125)).items();
                while let Some(message) = items.next().await {
                    read.push(message.unwrap().id);
                }
                position = items.position();
            });
        }
        let all: Vec<i64> = made.iter().map(|(id, _, _)| *id).collect();
        prop_assert_eq!(read, all);
    });
}

/// Readings are dropped anywhere, also amid a request, and go on while messages come. Each list has every message
/// once, and takes no position of another.
#[test]
fn dropped_readings_go_on_each_in_its_own_list() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let step = (0..4_i64, 0..9_usize, 0..3_usize, any::<bool>());
    let steps = prop::collection::vec(step, 1..12);
    proptest!(|(steps in steps, page in 2..6_u32)| {
        let messages = Messages::default();
        let chat = messages.client();
        let long_ago = DateTime::<Utc>::from(SystemTime::now()) - Days::new(3);
        let mut read: [(Vec<i64>, Option<Position>); 3] = Default::default();
        let mut last = 0;
        let list = |number: usize| match number {
            0 => chat.list_messages(),
            1 => chat.list_messages().client_id(7),
            _ => chat.list_messages().transport("telegram"),
        };
        runtime.block_on(async {
            for (more, take, number, amid) in steps {
                for _ in 0..more {
                    last += 1;
                    messages.add(last, long_ago);
                }
                let (ids, position) = &mut read[number];
                let mut items = list(number).page_size(page).resume_from(position.clone()).items();
                for _ in 0..take {
                    let Some(message) = items.next().await else { break };
                    ids.push(message.unwrap().id);
                    *position = items.position();
                }
                if amid {
                    let _ = tokio::time::timeout(Duration::ZERO, items.next()).await;
                }
                drop(items);
                let Some(position) = position.clone() else { continue };
                let other = list((number + 1) % 3).resume_from(position);
                let error = other.collect_all().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            }
            for (number, (ids, position)) in read.iter_mut().enumerate() {
                let rest = list(number).page_size(page).resume_from(position.take()).collect_all().await;
                ids.extend(rest.unwrap().iter().map(|message| message.id));
                assert_eq!(*ids, Vec::from_iter(1..=last));
            }
        });
    });
}
