//! Two calls, each made by the client and by the function that one writes by hand, on one server.

use chat2desk::Chat2Desk;
use chat2desk::types::{ClientPage, ClientResponse};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &str = "token";

/// A call in both ways.
pub struct Pair {
    chat: Chat2Desk,
    client: reqwest::Client,
    server: String,
    is_page: bool,
}

impl Pair {
    /// One record.
    pub fn get() -> Self {
        Self::new(&json!({ "data": record(), "status": "success" }), false)
    }

    /// A page of 200 records.
    pub fn page() -> Self {
        let meta = json!({ "total": 200, "limit": 200, "offset": 0 });
        let body = json!({ "data": vec![record(); 200], "meta": meta, "status": "success" });
        Self::new(&body, true)
    }

    fn new(body: &Value, is_page: bool) -> Self {
        let server = serve(&body.to_string());
        let chat = Chat2Desk::builder(TOKEN).base_url(&server).build();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60));
        Self {
            chat: chat.expect("a client"),
            client: client.build().expect("a client"),
            server,
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
            let url = format!("{}/v1/clients", self.server);
            let request = self.client.get(url).query(&[("limit", 200)]);
            send::<ClientPage>(request).await.expect("an answer");
        } else {
            let url = format!("{}/v1/clients/{}", self.server, 94_000_001);
            let request = self.client.get(url);
            send::<ClientResponse>(request).await.expect("an answer");
        }
    }
}

/// What one writes without a library.
async fn send<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> reqwest::Result<T> {
    let request = request
        .header("authorization", TOKEN)
        .header("accept", "application/json");
    request.send().await?.error_for_status()?.json().await
}

fn record() -> Value {
    json!({
        "id": 94_000_001, "name": "Ann Example", "phone": "15550100001", "comment": "Prefers e-mail",
        "assigned_name": "Ann", "avatar": null, "region_id": null, "country_id": 218,
        "external_id": "CRM-1001", "external_ids": { "crm": 1001 }, "custom_fields": { "5": "Gold" },
        "tags": [{ "id": 1201, "group_id": 88, "group_name": "Kind", "label": "VIP", "description": "" }],
    })
}

/// The address of a server that sends this body to everybody: one thread for all connections, so that
/// none is nearer to its caller, which allocates nothing while it answers.
fn serve(body: &str) -> String {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let answer: Arc<[u8]> = [head.as_bytes(), body.as_bytes()].concat().into();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a socket");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        runtime.expect("a runtime").block_on(async move {
            let listener = TcpListener::from_std(listener).expect("a socket");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_all(stream, answer.clone()));
            }
        });
    });
    format!("http://{address}")
}

async fn answer_all(mut stream: TcpStream, answer: Arc<[u8]>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = [0; 4096];
    // A request is small, and comes in one piece.
    while stream
        .read(&mut buffer)
        .await
        .is_ok_and(|length| length > 0)
    {
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}
