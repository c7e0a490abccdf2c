//! Positions that were edited, damaged or belong elsewhere: an error that says so, or the rest of the list; never a
//! list from its beginning.

use crate::support::answers::{Answers, number};
use chat2desk::{Chat2Desk, ErrorKind, List, Position};
use serde_json::{Value, json};

/// Ten records, by offset and by id.
fn ten(request: &reqwest::Request) -> http::Response<String> {
    let number = |name| number(request, name);
    let is_descending = request
        .url()
        .query()
        .is_some_and(|query| query.contains("order=desc"));
    let skip = number("offset").unwrap_or(0);
    let mut ids: Vec<i64> = (1..=10)
        .filter(|id| *id >= number("start_id").unwrap_or(0))
        .collect();
    if is_descending {
        ids.reverse();
    }
    let total = ids.len();
    let limit = number("limit").unwrap_or(20);
    let page = ids.iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
    let page = page.take(usize::try_from(limit).unwrap());
    let data: Vec<_> = page
        .map(|id| json!({ "id": id, "created": "2026-05-04T09:00:00 UTC" }))
        .collect();
    let body =
        json!({ "data": data, "meta": { "total": total, "limit": limit }, "status": "success" });
    http::Response::new(body.to_string())
}

fn chat() -> Chat2Desk {
    let builder = Chat2Desk::builder("token").transport(Answers(ten));
    builder.build().unwrap()
}

/// Reads four records of a list, and returns the position behind them as JSON.
async fn after_four<L: List>(list: L) -> Value {
    let mut items = list.page_size(3).items();
    for _ in 0..4 {
        assert!(items.next().await.unwrap().is_ok());
    }
    serde_json::to_value(items.position()).unwrap()
}

/// The ids that a list goes on with.
async fn rest(
    list: impl List<Item = chat2desk::types::Message>,
    position: &Value,
) -> Result<Vec<i64>, ErrorKind> {
    let position: Position = serde_json::from_value(position.clone()).unwrap();
    let rest = list.page_size(3).resume_from(position).collect_all().await;
    match rest {
        Ok(rest) => Ok(rest.iter().map(|message| message.id).collect()),
        Err(error) => Err(error.kind()),
    }
}

#[tokio::test]
async fn a_cursor_of_another_kind_is_refused() {
    let chat = chat();
    let clients = after_four(chat.list_clients()).await;
    let upwards = after_four(chat.list_messages()).await;
    let downwards = after_four(chat.list_messages().order("desc")).await;
    assert_eq!(
        rest(chat.list_messages(), &upwards).await,
        Ok(Vec::from_iter(5..=10))
    );
    let cursors = [&clients["cursor"], &downwards["cursor"], &json!("moved")];
    for cursor in cursors {
        let mut forged = upwards.clone();
        forged["cursor"] = cursor.clone();
        let read = rest(chat.list_messages(), &forged).await;
        assert_eq!(read, Err(ErrorKind::InvalidRequest), "{forged}");
    }
    let mut forged = downwards.clone();
    forged["cursor"] = upwards["cursor"].clone();
    let read = rest(chat.list_messages().order("desc"), &forged).await;
    assert_eq!(read, Err(ErrorKind::InvalidRequest), "{forged}");
    let mut forged = clients.clone();
    forged["cursor"] = upwards["cursor"].clone();
    let position: Position = serde_json::from_value(forged).unwrap();
    let error = chat
        .list_clients()
        .resume_from(position)
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("position"), "{error}");
}

/// Numbers that no reading has written.
#[tokio::test]
async fn numbers_of_a_position_may_be_anything() {
    let chat = chat();
    let upwards = after_four(chat.list_messages()).await;
    let clients = after_four(chat.list_clients()).await;
    for number in [i64::MIN, -1, 0, 1, 4, 11, i64::MAX - 1, i64::MAX] {
        let mut forged = upwards.clone();
        forged["cursor"]["ascending"]["next"] = json!(number);
        let read = rest(chat.list_messages(), &forged).await.unwrap();
        assert_eq!(read, Vec::from_iter(number.max(1)..=10), "{number}");
        forged["cursor"]["ascending"]["until"] = json!(number);
        rest(chat.list_messages(), &forged).await.unwrap();
        let mut forged = clients.clone();
        forged["cursor"]["offset"]["at"] = json!(number);
        let position: Position = serde_json::from_value(forged.clone()).unwrap();
        let read = chat.list_clients().page_size(3).resume_from(position);
        match read.collect_all().await {
            Ok(read) => assert!(read.len() == 6, "{} of {forged}", read.len()),
            Err(error) if number > 0 => {
                assert_eq!(error.kind(), ErrorKind::Incomplete, "{forged}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{forged}"),
        }
    }
}

/// A position that is cut off or lacks a part is no position.
#[tokio::test]
async fn a_damaged_position_is_not_read() {
    let position = after_four(chat().list_messages()).await;
    let text = position.to_string();
    for end in 0..text.len() {
        serde_json::from_str::<Position>(&text[..end]).unwrap_err();
    }
    for key in ["list", "filters", "cursor"] {
        let mut damaged = position.clone();
        damaged.as_object_mut().unwrap().remove(key);
        serde_json::from_value::<Position>(damaged).unwrap_err();
    }
    let whole: Position = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(whole).unwrap(), position);
}

/// The reading goes on behind the position with any page size, whatever start was set as well.
#[tokio::test]
async fn what_is_set_beside_a_position_gives_no_record_twice() {
    let chat = chat();
    let upwards = after_four(chat.list_messages()).await;
    let position: Position = serde_json::from_value(upwards).unwrap();
    for size in [2, 3, 7, 200] {
        for start in [0, 1, 5] {
            let list = chat.list_messages().start_id(start).page_size(size);
            let rest = list.resume_from(position.clone()).collect_all();
            let ids: Vec<i64> = rest
                .await
                .unwrap()
                .iter()
                .map(|message| message.id)
                .collect();
            assert_eq!(ids, Vec::from_iter(5..=10), "{size} {start}");
        }
    }
}

/// The days of a report may go on without the position, but not end before it.
#[tokio::test]
async fn a_report_of_days_before_the_position_is_refused() {
    use chat2desk::statistics::RequestStats;
    let chat = chat();
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 5, day).unwrap();
    let mut rows = chat.report::<RequestStats>(day(4)..=day(6)).items();
    for _ in 0..15 {
        assert!(rows.next().await.unwrap().is_ok());
    }
    let position = rows.position();
    assert_eq!(position.as_ref().unwrap().day(), Some(day(5)));
    for (days, expected) in [
        (day(4)..=day(6), Ok(15)),
        (day(5)..=day(5), Ok(5)),
        (day(6)..=day(7), Ok(20)),
        (day(3)..=day(4), Err(ErrorKind::InvalidRequest)),
    ] {
        let report = chat.report::<RequestStats>(days.clone());
        let rest = report.resume_from(position.clone()).collect_all().await;
        let rest = rest.map(|rows| rows.len()).map_err(|error| error.kind());
        assert_eq!(rest, expected, "{days:?}");
    }
}

/// The ascending order is that of a list without one.
#[tokio::test]
async fn the_order_that_is_set_anyway_is_the_same_list() {
    let chat = chat();
    let silent = after_four(chat.list_messages()).await;
    let said = after_four(chat.list_messages().order("asc")).await;
    assert_eq!(silent, said);
    for position in [silent, said] {
        for list in [chat.list_messages(), chat.list_messages().order("asc")] {
            let read = rest(list, &position).await;
            assert_eq!(read, Ok(Vec::from_iter(5..=10)));
        }
        let read = rest(chat.list_messages().order("desc"), &position).await;
        assert_eq!(read, Err(ErrorKind::InvalidRequest));
    }
}
