//! Lists by name: the records, requests and positions of the typed list.

use super::{by_name, known};
use chat2desk::by_name::CallByName;
use chat2desk::transport::RetryPolicy;
use chat2desk::{
    Chat2Desk, Error, ErrorKind, InvalidRecord, Items, List, Pagination, Position, RawRecord,
    operations,
};
use chat2desk_sandbox::{Fault, ReceivedCall, Rule, Sandbox};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// What reads a list: from a position, up to a number of records.
type Read = fn(&Chat2Desk, Option<Position>, u64) -> Items<RawRecord>;

macro_rules! lists {
    ($($id:ident($($argument:expr),*) $(.$setter:ident($value:expr))*, $arguments:tt;)*) => {
        [$((
            stringify!($id),
            (|chat, from, most| {
                let typed = chat.$id($($argument),*)$(.$setter($value))*.raw();
                typed.page_size(7).resume_from(from).hold_back(Duration::ZERO).max_items(most).items()
            }) as Read,
            json!($arguments),
        )),*]
    };
}

fn lists() -> Vec<(&'static str, Read, Value)> {
    lists! {
        list_messages(), {};
        list_messages().start_date("04-05-2026").finish_date("05-05-2026").transport("telegram"),
            { "start_date": "2026-05-04", "finish_date": "05-05-2026", "transport": "telegram" };
        list_messages().order("desc").type_("from_client"), { "order": "desc", "type": "from_client" };
        list_messages().start_id(5_000_000_140_i64).limit(3), { "start_id": 5_000_000_140_i64, "limit": 3 };
        list_clients(), {};
        list_clients().order("desc").created_after(0).tags("1201,1305"), { "order": "desc", "created_after": 0, "tags": "1201,1305" };
        list_client_dialogs(94_000_001), { "id": 94_000_001 };
        list_client_questions(94_000_001).start_date("01-01-2020"), { "id": 94_000_001, "start_date": "2020-01-01" };
        list_client_transports(94_000_001), { "id": 94_000_001 };
        list_custom_client_fields(), {};
        list_channels(), {};
        list_dialogs().state("open"), { "state": "open" };
        list_request_messages(75_000_011).limit(300), { "id": 75_000_011, "limit": 300 };
        list_tags(), {};
        list_templates(), {};
        list_operators(), {};
        list_operator_statuses(), {};
        list_operator_groups(), {};
        list_access_rights(), {};
        list_web_analytics_data(), {};
        list_menu_items(chat2desk::types::ListMenuItemsRequest::builder().channel_id(58_001)), { "channel_id": 58_001 };
        list_tickets(), {};
        list_webhooks(), {};
        list_countries(), {};
        list_regions(), {};
        list_api_modes(), {};
        list_message_types(), {};
        list_dialog_states(), {};
        list_roles(), {};
        list_ticket_values(), {};
        get_statistics("request_stats", "2026-05-04".parse().unwrap()), { "report": "request_stats", "date": "2026-05-04" };
    }
    .into()
}

fn named(
    chat: &Chat2Desk,
    id: &str,
    arguments: &Value,
    from: Option<Position>,
    most: u64,
) -> Items<RawRecord> {
    let list = by_name(chat, id, arguments.clone()).page_size(7);
    list.resume_from(from)
        .hold_back(Duration::ZERO)
        .max_items(most)
        .items()
}

/// The records up to the end of the stream, the error that ends it, and the position.
async fn read(mut items: Items<RawRecord>) -> (Vec<String>, Option<ErrorKind>, Option<Position>) {
    let mut records = Vec::new();
    let mut failure = None;
    while let Some(record) = items.next().await {
        match record {
            Ok(record) => records.push(record.get().to_owned()),
            Err(error) => failure = Some(error.kind()),
        }
    }
    (records, failure, items.position())
}

async fn sandbox(cap: usize) -> Sandbox {
    let sandbox = Sandbox::builder().clients(40).messages(200).page_cap(cap);
    sandbox.start().await.unwrap()
}

fn lines(calls: &[ReceivedCall]) -> Vec<String> {
    let line = |call: &ReceivedCall| {
        format!(
            "{} {} {:?} {:?}",
            call.method,
            call.path,
            call.query,
            call.json()
        )
    };
    calls.iter().map(line).collect()
}

#[tokio::test]
async fn every_list_is_read_like_the_typed_one() {
    // At once: each waits before it asks again.
    let reads = lists().into_iter().map(async |(id, typed, arguments)| {
        let mut seen = Vec::new();
        for is_typed in [true, false] {
            let sandbox = sandbox(3).await;
            // The first response of the second page is lost on the way.
            sandbox.inject(Rule::new(Fault::Reset).on(id).after(1).times(1));
            let chat = sandbox.client();
            let items = match is_typed {
                true => typed(chat, None, u64::MAX),
                false => named(chat, id, &arguments, None, u64::MAX),
            };
            seen.push((read(items).await, lines(&sandbox.calls_of(id))));
        }
        assert_eq!(seen[0], seen[1], "{id} {arguments}");
        let ((records, failure, _), calls) = &seen[0];
        // The sandbox has no webhooks, and nobody has published the others: they may be no lists.
        let is_read = failure.is_none() && !records.is_empty();
        let exceptions = ["list_webhooks", "list_access_rights", "list_ticket_values"];
        assert!(
            is_read || exceptions.contains(&id),
            "{id} {arguments} {failure:?}"
        );
        assert!(!calls.is_empty(), "{id}");
        id
    });
    let read_lists = BTreeSet::from_iter(join_all(reads).await);
    let all = operations()
        .iter()
        .filter(|operation| operation.pagination.is_some());
    assert_eq!(read_lists, all.map(|operation| operation.id).collect());
}

/// What one began the other can go on with.
#[tokio::test]
async fn positions_are_those_of_the_typed_list() {
    let sandbox = sandbox(200).await;
    let chat = sandbox.client();
    let mut resumed = 0;
    for (id, typed, arguments) in lists() {
        let (all, _, _) = read(typed(chat, None, u64::MAX)).await;
        let half = all.len() as u64 / 2;
        let (_, _, of_typed) = read(typed(chat, None, half)).await;
        let (_, _, of_named) = read(named(chat, id, &arguments, None, half)).await;
        assert_eq!(of_typed, of_named, "{id}");
        let rest = read(named(chat, id, &arguments, of_typed.clone(), u64::MAX)).await;
        assert_eq!(rest, read(typed(chat, of_named, u64::MAX)).await, "{id}");
        assert_eq!(rest.0, all[half as usize..], "{id} {arguments}");
        resumed += usize::from(of_typed.is_some());

        if let Some(position) = of_typed
            && id == "list_clients"
        {
            let other = by_name(chat, id, json!({ "phone": "1" })).resume_from(position);
            let error = other.collect_all().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        }
    }
    assert!(resumed > 20, "{resumed}");
}

#[tokio::test]
async fn young_messages_are_held_back() {
    let sandbox = Sandbox::builder()
        .messages(20)
        .clock(std::time::SystemTime::now().into())
        .start()
        .await
        .unwrap();
    let young = sandbox.write_as(94_000_001, "Hello").unwrap();
    let chat = sandbox.client();
    let ids = async |list: CallByName, age: Duration| {
        let records = list.hold_back_for(age).await.unwrap();
        records
            .iter()
            .map(|record| record.decode::<chat2desk::types::Message>().unwrap().id)
            .collect::<Vec<_>>()
    };
    let list = || by_name(chat, "list_messages", json!({}));
    assert!(ids(list(), Duration::ZERO).await.contains(&young));
    assert!(!ids(list(), Duration::from_secs(600)).await.contains(&young));
}

trait HoldBack {
    async fn hold_back_for(self, age: Duration) -> Result<Vec<RawRecord>, Error>;
}

impl HoldBack for CallByName {
    async fn hold_back_for(self, age: Duration) -> Result<Vec<RawRecord>, Error> {
        self.resume_from(None).hold_back(age).collect_all().await
    }
}

/// Like those of the typed list, records without a readable id are no loss.
#[tokio::test]
async fn records_are_as_the_server_wrote_them() {
    let server = httpmock::MockServer::start_async().await;
    let body = r#"{"data": [{"zeta": 1.50, "id": 1, "x_new": {"b": [1]}}, {"id": {}}, {"id": "3"}], "meta": {"total": 3, "limit": 200}}"#;
    let tags = server.mock_async(|when, then| {
        when.path("/v1/tags");
        then.status(200).body(body);
    });
    tags.await;
    let chat = Chat2Desk::builder("token")
        .base_url(server.base_url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let list = || by_name(&chat, "list_tags", json!({}));
    let records = list()
        .skip_invalid(|_: InvalidRecord| panic!("all can be read"))
        .collect_all()
        .await
        .unwrap();
    let texts: Vec<_> = records.iter().map(RawRecord::get).collect();
    assert_eq!(
        texts,
        [
            r#"{"zeta": 1.50, "id": 1, "x_new": {"b": [1]}}"#,
            r#"{"id": {}}"#,
            r#"{"id": "3"}"#
        ]
    );

    // The stream owns what it needs.
    let items = std::thread::spawn(move || by_name(&chat, "list_tags", json!({})).records());
    assert_eq!(items.join().unwrap().collect_all().await.unwrap(), records);
}

/// `send` of a list is one page, as that of the typed call.
#[tokio::test]
async fn one_page_is_one_call() {
    let sandbox = sandbox(200).await;
    let page = by_name(
        sandbox.client(),
        "list_clients",
        json!({ "limit": 2, "offset": 3 }),
    )
    .await
    .unwrap();
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
    assert_eq!(page["meta"]["total"], 40);
    assert_eq!(sandbox.calls_of("list_clients").len(), 1);
    assert_eq!(known("list_clients").pagination, Some(Pagination::Offset));
}
