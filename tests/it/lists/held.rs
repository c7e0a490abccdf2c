//! Messages that are held back because they are young: none is lost, and nothing else is held back with them.

use crate::support::messages::{Messages, read};
use chat2desk::List;
use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Today's messages while people write: the newest is always too young, and those before it are not.
#[tokio::test]
async fn a_young_newest_message_of_a_period_holds_back_no_other() {
    let messages = Messages::default();
    let chat = messages.client();
    // Two days, so that it may be midnight.
    let today = now().date_naive();
    let days = || today - Days::new(1)..=today + Days::new(1);
    for id in 1..=8 {
        messages.add(id, now() - TimeDelta::minutes(30));
    }
    messages.add(9, now());
    let (ids, position) = read(chat.messages_of(days()), None).await;
    assert_eq!(ids, Vec::from_iter(1..=8));
    for id in 10..=14 {
        messages.add(id, now() - TimeDelta::minutes(10));
    }
    messages.add(9, now() - TimeDelta::minutes(20));
    messages.add(15, now());
    let (ids, position) = read(chat.messages_of(days()), position).await;
    assert_eq!(ids, Vec::from_iter(9..=14));
    messages.add(15, now() - TimeDelta::minutes(5));
    let (ids, _) = read(chat.messages_of(days()), position).await;
    assert_eq!(ids, [15]);
}

/// The longest times that can be said, and some between: a message is never as old as that.
#[tokio::test]
async fn a_long_time_holds_back_everything() {
    let messages = Messages::default();
    messages.add(1, now() - TimeDelta::days(2_000));
    messages.add(2, now());
    let chat = messages.client();
    let day = Duration::from_secs(24 * 60 * 60);
    for (age, expected) in [
        (Duration::ZERO, 2),
        (day, 1),
        (1_000 * day, 1),
        (3_000 * day, 0),
        (1_000_000 * day, 0),
        (100_000_000 * day, 0),
        (Duration::from_secs(i64::MAX.unsigned_abs()), 0),
        (Duration::MAX, 0),
    ] {
        let list = chat.list_messages().resume_from(None).hold_back(age);
        let read = list.collect_all().await.unwrap();
        assert_eq!(read.len(), expected, "{age:?}");
    }
}

/// In whichever order the two are said.
#[tokio::test]
async fn the_time_that_was_set_is_kept_where_a_reading_goes_on() {
    let messages = Messages::default();
    messages.add(1, now() - TimeDelta::minutes(20));
    messages.add(2, now());
    let chat = messages.client();
    for (age, expected) in [(0, 2), (600, 1), (6_000, 0)] {
        let list = || chat.list_messages().page_size(10);
        let age = Duration::from_secs(age);
        let one = list().hold_back(age).resume_from(None);
        let other = list().resume_from(None).hold_back(age);
        assert_eq!(one.collect_all().await.unwrap().len(), expected);
        assert_eq!(other.collect_all().await.unwrap().len(), expected);
    }
}

/// A message without a readable time lies between its neighbours, and is as young as the next of them.
#[tokio::test]
async fn a_message_without_a_time_is_as_young_as_the_next() {
    for time in [Value::Null, json!("yesterday"), json!({}), json!("")] {
        let messages = Messages::default();
        let chat = messages.client();
        let old = now() - TimeDelta::minutes(30);
        messages.add(1, old);
        messages.add_untimed(2, old, time.clone());
        messages.add(3, old);
        messages.add_untimed(5, now(), time.clone());
        messages.add_untimed(6, now(), time.clone());
        messages.add(7, now());
        let (ids, position) = read(chat.list_messages(), None).await;
        assert_eq!(ids, [1, 2, 3], "{time}");
        // A late one, with a lower id.
        messages.add(4, old);
        messages.add(7, old);
        let (ids, _) = read(chat.list_messages(), position).await;
        assert_eq!(ids, [4, 5, 6, 7], "{time}");
    }
}
