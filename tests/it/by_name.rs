//! Calls by name: the same requests as the typed calls, and nothing sent for an invalid argument.

mod reads;
mod refusals;
mod requests;
mod responses;

use chat2desk::by_name::CallByName;
use chat2desk::transport::{BoxFuture, Transport, TransportError};
use chat2desk::{Chat2Desk, Operation};
use http::HeaderMap;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};

fn known(id: &str) -> &'static Operation {
    chat2desk::operation(id).unwrap_or_else(|| panic!("no operation {id}"))
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn by_name(chat: &Chat2Desk, id: &str, arguments: Value) -> CallByName {
    chat.call(known(id), map(arguments))
}

/// A request as a transport gets it.
#[derive(Debug, PartialEq)]
struct Sent {
    line: String,
    headers: HeaderMap,
    body: Option<String>,
}

/// Records the requests and responds that all is well.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Sent>>>);

impl Recorder {
    fn client(&self) -> Chat2Desk {
        let chat = Chat2Desk::builder("a-secret-token").transport(self.clone());
        chat.base_url("https://example.com/prefix").build().unwrap()
    }

    /// The requests since the last time.
    fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn only(&self) -> Sent {
        let mut sent = self.take();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let body = request.body().map(|body| body.as_bytes().unwrap());
        self.0.lock().unwrap().push(Sent {
            line: format!("{} {}", request.method(), request.url()),
            headers: request.headers().clone(),
            body: body.map(|body| String::from_utf8(body.to_vec()).unwrap()),
        });
        let body = json!({ "data": [], "status": "success" }).to_string();
        Box::pin(async { Ok(http::Response::new(body).into()) })
    }
}
