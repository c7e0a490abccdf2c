//! A server with a list of customers and one of messages, which counts what is asked of it.

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;

pub struct ListServer {
    pub url: String,
    pub seen: Arc<Seen>,
}

#[derive(Default)]
pub struct Seen {
    pub requests: AtomicUsize,
    pub in_flight: AtomicUsize,
    pub most_in_flight: AtomicUsize,
}

struct Shared {
    records: Vec<String>,
    latency: Duration,
    seen: Arc<Seen>,
}

impl ListServer {
    /// So many customers and messages, 200 a page at most, each answer so late.
    pub async fn start(records: usize, latency: Duration) -> Self {
        let seen = Arc::new(Seen::default());
        let shared = Arc::new(Shared {
            records: (0..records).map(record).collect(),
            latency,
            seen: seen.clone(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/v1/clients", get(clients))
            .route("/v1/messages", get(messages))
            .with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }
}

const FIRST_ID: usize = 94_000_001;

fn record(n: usize) -> String {
    format!(
        r#"{{"id":{},"name":"Customer {n}","username":null,"avatar":null,"phone":"1{:03}55501{:02}","external_id":null,"assigned_name":"Customer {n}","comment":null,"client_phone":null,"region_id":null,"country_id":218,"client_external_id":null,"external_ids":{{}},"extra_comment_1":null,"extra_comment_2":null,"extra_comment_3":null,"custom_fields":{{"5":"Gold"}},"tags":[]}}"#,
        FIRST_ID + n,
        200 + n / 100 % 700,
        n % 100,
    )
}

async fn clients(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> String {
    let offset = number(&query, "offset").unwrap_or(0);
    answer(&shared, &query, offset, 0).await
}

/// By `start_id`; the first message has the id of the first customer.
async fn messages(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> String {
    let skip = number(&query, "start_id").map_or(0, |id| id.saturating_sub(FIRST_ID));
    let newest_first = query.get("order").is_some_and(|order| order == "desc");
    let limit = number(&query, "limit").unwrap_or(20).min(200);
    let offset = match newest_first {
        true => shared.records.len().saturating_sub(limit).max(skip),
        false => skip,
    };
    answer(&shared, &query, offset, skip).await
}

fn number(query: &HashMap<String, String>, key: &str) -> Option<usize> {
    query.get(key)?.parse().ok()
}

async fn answer(
    shared: &Shared,
    query: &HashMap<String, String>,
    offset: usize,
    uncounted: usize,
) -> String {
    let seen = &shared.seen;
    seen.requests.fetch_add(1, SeqCst);
    let now = seen.in_flight.fetch_add(1, SeqCst) + 1;
    seen.most_in_flight.fetch_max(now, SeqCst);
    sleep(shared.latency).await;
    let limit = number(query, "limit").unwrap_or(20).min(200);
    let total = shared.records.len();
    let page = &shared.records[offset.min(total)..(offset + limit).min(total)];
    let newest_first = query.get("order").is_some_and(|order| order == "desc");
    let data = match newest_first {
        true => page
            .iter()
            .rev()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(","),
        false => page.join(","),
    };
    let total = total.saturating_sub(uncounted);
    seen.in_flight.fetch_sub(1, SeqCst);
    format!(
        r#"{{"data":[{data}],"meta":{{"total":{total},"limit":{limit},"offset":{offset}}},"status":"success"}}"#
    )
}
