//! Two calls, each made by the client and by the function that one writes by hand, on one server.

use chat2desk::Chat2Desk;
use chat2desk::types::{ClientPage, ClientResponse};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

const TOKEN: &str = "token";

/// A call in both ways.
pub struct Pair {
    chat: Chat2Desk,
    client: reqwest::Client,
    url: String,
    is_page: bool,
}

impl Pair {
    /// One record.
    pub fn get() -> Self {
        let body = json!({ "data": record(), "status": "success" }).to_string();
        Self::new(&body, "/v1/clients/94000001", false)
    }

    /// A page of 200 records.
    pub fn page() -> Self {
        let meta = json!({ "total": 200, "limit": 200, "offset": 0 });
        let body = json!({ "data": vec![record(); 200], "meta": meta, "status": "success" });
        Self::new(&body.to_string(), "/v1/clients?limit=200", true)
    }

    fn new(body: &str, path: &str, is_page: bool) -> Self {
        let server = serve(body);
        let chat = Chat2Desk::builder(TOKEN).base_url(&server).build();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .build();
        Self {
            chat: chat.expect("a client"),
            client: client.expect("a client"),
            url: format!("{server}{path}"),
            is_page,
        }
    }

    pub async fn ours(&self) {
        if self.is_page {
            let page = self.chat.list_clients().limit(200).send().await;
            page.expect("an answer");
        } else {
            let client = self.chat.get_client(94_000_001).send().await;
            client.expect("an answer");
        }
    }

    pub async fn by_hand(&self) {
        if self.is_page {
            by_hand::<ClientPage>(&self.client, &self.url).await;
        } else {
            by_hand::<ClientResponse>(&self.client, &self.url).await;
        }
    }
}

/// What one writes without a library.
async fn by_hand<T: DeserializeOwned>(client: &reqwest::Client, url: &str) -> T {
    let request = client
        .get(url)
        .header("authorization", TOKEN)
        .header("accept", "application/json");
    let answer = request
        .send()
        .await
        .and_then(reqwest::Response::error_for_status);
    let body = answer.expect("an answer").bytes().await.expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

fn record() -> serde_json::Value {
    json!({
        "id": 94_000_001, "name": "Ann Example", "phone": "15550100001", "comment": "Prefers e-mail",
        "assigned_name": "Ann", "avatar": null, "region_id": null, "country_id": 218,
        "external_id": "CRM-1001", "external_ids": { "crm": 1001 }, "custom_fields": { "5": "Gold" },
        "tags": [{ "id": 1201, "group_id": 88, "group_name": "Kind", "label": "VIP", "description": "" }],
    })
}

/// The address of a server that sends this body to everybody. It allocates nothing while it does.
fn serve(body: &str) -> String {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let answer = [head.as_bytes(), body.as_bytes()].concat();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let mut buffer = [0; 4096];
                // A request is small, and comes in one piece.
                while stream.read(&mut buffer).is_ok_and(|length| length > 0) {
                    if stream.write_all(&answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}
