//! The ids of records in odd forms: what is not the same id is not the same record.

use crate::support::answers::{Answers, always, number};
use chat2desk::transport::Transport;
use chat2desk::{Chat2Desk, ErrorKind, List};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A list by offset, of records as they are written.
fn listed(records: Vec<String>) -> impl Transport {
    Answers(move |request: &reqwest::Request| {
        let number = |name| number(request, name).map(|number| usize::try_from(number).unwrap());
        let page = records.iter().skip(number("offset").unwrap_or(0));
        let page: Vec<&str> = page
            .take(number("limit").unwrap_or(20))
            .map(String::as_str)
            .collect();
        http::Response::new(format!(
            r#"{{"data":[{}],"meta":{{"total":{},"limit":200}},"status":"success"}}"#,
            page.join(","),
            records.len()
        ))
    })
}

fn chat(records: &[&str]) -> Chat2Desk {
    let records = records.iter().map(|&record| record.to_owned()).collect();
    let chat = Chat2Desk::builder("token").transport(listed(records));
    chat.timeout(Duration::from_secs(5)).build().unwrap()
}

#[tokio::test]
async fn what_is_no_id_is_not_the_id_in_it() {
    for odd in [
        r#"{"id":[1]}"#,
        r#"{"id":["1"]}"#,
        r#"{"id":[[1]]}"#,
        r#"{"id":{"id":1}}"#,
        r#"{"id":true}"#,
        r#"{"id":1.5}"#,
        r#"{"id":1e30}"#,
        r#"{"id":""}"#,
        r#"{"id":"1a"}"#,
        r#"{"id":18446744073709551617}"#,
        r#"{"id":null}"#,
        r#"{"name":"1"}"#,
    ] {
        for size in [2, 3, 200] {
            let chat = chat(&[r#"{"id":1}"#, odd, r#"{"id":2}"#, r#"{"id":3}"#]);
            let all = chat
                .list_clients()
                .raw()
                .page_size(size)
                .collect_all()
                .await;
            let all = all.unwrap_or_else(|error| panic!("{odd}: {error}"));
            assert_eq!(all.len(), 4, "{odd} by {size}");
            let error = chat
                .list_clients()
                .page_size(size)
                .collect_all()
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{odd}");
            let skipped = Arc::new(Mutex::new(Vec::new()));
            let note = skipped.clone();
            let list = chat
                .list_clients()
                .page_size(size)
                .skip_invalid(move |record| {
                    note.lock().unwrap().push(record.json().to_owned());
                });
            let ids: Vec<i64> = list
                .collect_all()
                .await
                .unwrap()
                .iter()
                .map(|client| client.id)
                .collect();
            assert_eq!(ids, [1, 2, 3], "{odd} by {size}");
            assert_eq!(*skipped.lock().unwrap(), [odd]);
        }
    }
}

/// A number is the same number in whichever form it is written.
#[tokio::test]
async fn an_id_is_the_same_in_any_spelling() {
    for same in [
        r#"{"id":1}"#,
        r#"{"id":"1"}"#,
        r#"{"id":" 1 "}"#,
        r#"{"id":1.0}"#,
        r#"{"id":1e0}"#,
    ] {
        let chat = chat(&[r#"{"id":1}"#, same, r#"{"id":2}"#]);
        let ids: Vec<i64> = chat
            .list_clients()
            .page_size(2)
            .collect_all()
            .await
            .unwrap()
            .iter()
            .map(|client| client.id)
            .collect();
        assert_eq!(ids, [1, 2], "{same}");
    }
}

/// Nothing comes after the highest id that there can be, whatever the total says.
#[tokio::test]
async fn the_highest_number_is_the_last_id() {
    for total in ["1", "5", "null", "9223372036854775807"] {
        let record = format!(r#"{{"id":{}}}"#, i64::MAX);
        let body =
            format!(r#"{{"data":[{record}],"meta":{{"total":{total}}},"status":"success"}}"#);
        let chat = Chat2Desk::builder("token").transport(always(200, &body));
        let chat = chat.build().unwrap();
        for order in ["asc", "desc"] {
            let list = chat.list_messages().order(order).max_items(100);
            let read = list.collect_all().await.unwrap();
            assert_eq!(read.len(), 1, "{total} {order}");
        }
    }
}
