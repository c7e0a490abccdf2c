//! A server in the client's place: answers what it is told to, and remembers what it was asked.

use chat2desk::transport::{BoxFuture, Transport, TransportError};
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Answers everything with the status and body that it was given last.
#[derive(Clone, Default)]
pub struct Stage {
    answer: Arc<Mutex<(u16, String)>>,
    sent: Arc<Mutex<Option<(String, Value)>>>,
}

impl Stage {
    pub fn set(&self, status: u16, body: &Value) {
        *self.answer.lock().unwrap() = (status, body.to_string());
    }

    /// Method, path and query of the last request in one text, and its body.
    pub fn sent(&self) -> (String, Value) {
        self.sent.lock().unwrap().take().unwrap()
    }
}

impl Transport for Stage {
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let url = request.url();
        let pairs = url.query_pairs();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let line = format!("{} {} {}", request.method(), url.path(), pairs.join("&"));
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let body = body.map(|body| serde_json::from_slice(body).unwrap());
        let sent = (line.trim_end().to_owned(), body.unwrap_or_default());
        *self.sent.lock().unwrap() = Some(sent);
        let (status, body) = self.answer.lock().unwrap().clone();
        let answer = http::Response::builder().status(status).body(body);
        Box::pin(async { Ok(answer.unwrap().into()) })
    }
}
