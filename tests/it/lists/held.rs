//! Messages that are held back because they are young: none is lost, and nothing else is held back with them.

use chat2desk::transport::{BoxFuture, Transport, TransportError};
use chat2desk::{Chat2Desk, List, Position};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// When a message was made, and how the server writes that.
type Made = (DateTime<Utc>, Value);

/// The messages of an account by id, each with the time at which it was made, as the server writes it.
#[derive(Clone, Default)]
struct Messages(Arc<Mutex<BTreeMap<i64, Made>>>);

impl Messages {
    fn add(&self, id: i64, created: DateTime<Utc>) {
        let text = created.format("%Y-%m-%dT%H:%M:%S UTC").to_string();
        self.0.lock().unwrap().insert(id, (created, json!(text)));
    }

    /// Adds a message whose time cannot be read.
    fn add_untimed(&self, id: i64, created: DateTime<Utc>, text: Value) {
        self.0.lock().unwrap().insert(id, (created, text));
    }

    fn client(&self) -> Chat2Desk {
        let chat = Chat2Desk::builder("token").transport(self.clone());
        chat.build().unwrap()
    }
}

impl Transport for Messages {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let query: BTreeMap<String, String> = request.url().query_pairs().into_owned().collect();
        let day = |name: &str| {
            let day = query.get(name)?;
            Some(NaiveDate::parse_from_str(day, "%d-%m-%Y").unwrap())
        };
        let number = |name: &str| query.get(name).map(|number| number.parse::<i64>().unwrap());
        let messages = self.0.lock().unwrap().clone();
        let mut found: Vec<_> = messages
            .into_iter()
            .filter(|(id, (created, _))| {
                number("start_id").is_none_or(|start| *id >= start)
                    && day("start_date").is_none_or(|first| created.date_naive() >= first)
                    && day("finish_date").is_none_or(|end| created.date_naive() < end)
            })
            .collect();
        if query.get("order").is_some_and(|order| order == "desc") {
            found.reverse();
        }
        let total = found.len();
        let limit = usize::try_from(number("limit").unwrap_or(20)).unwrap();
        found.truncate(limit);
        let data: Vec<_> = found
            .iter()
            .map(|(id, (_, created))| json!({ "id": id, "created": created }))
            .collect();
        let body = json!({ "data": data, "meta": { "total": total, "limit": limit }, "status": "success" });
        Box::pin(async move { Ok(http::Response::new(body.to_string()).into()) })
    }
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Reads a list from a position to its end: the ids, and where it ended.
async fn read(
    list: impl List<Item = chat2desk::types::Message>,
    position: Option<Position>,
) -> (Vec<i64>, Option<Position>) {
    let mut messages = list.page_size(3).resume_from(position).items();
    let mut ids = Vec::new();
    while let Some(message) = messages.next().await {
        ids.push(message.unwrap().id);
    }
    (ids, messages.position())
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
