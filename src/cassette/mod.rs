//! Cassettes: real calls recorded to a file, and answered from it later, without a server or an account.
//!
//! What is recorded is redacted first: a cassette can be committed. It holds neither the token nor any
//! header that was sent; of texts only states, dates and short numbers stay, the rest is `redacted`, and
//! phone numbers are all the same invented one.
//!
//! ```no_run
//! use chat2desk::Chat2Desk;
//! use chat2desk::cassette::{Player, Recorder};
//! use std::sync::Arc;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, with a real account.
//! let recorder = Arc::new(Recorder::new(reqwest::Client::new()));
//! let chat = Chat2Desk::builder("token").transport(recorder.clone()).build()?;
//! chat.get_client(94000001).send().await?;
//! recorder.save("tests/client.json")?;
//!
//! // In tests, from then on.
//! let player = Player::open("tests/client.json")?;
//! let chat = Chat2Desk::builder("any token").transport(player).build()?;
//! let client = chat.get_client(94000001).send().await?;
//! assert_eq!(client.data.phone.as_deref(), Some("15550100000"));
//! # Ok(()) }
//! ```

mod player;
mod recorder;
mod redact;

pub use player::Player;
pub use recorder::Recorder;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Cassette {
    calls: Vec<Recorded>,
}

/// A request and its answer, without what concerns nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Recorded {
    #[serde(flatten)]
    request: Asked,
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    answer: Value,
}

/// What tells one request from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    body: Value,
}

impl Asked {
    /// What a request asks, redacted.
    fn of(request: &reqwest::Request) -> Self {
        let query = request.url().query_pairs();
        let query = query.map(|(key, value)| (key.to_string(), redact::text(&key, &value)));
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let body = body.and_then(|body| serde_json::from_slice(body).ok());
        Self {
            method: request.method().to_string(),
            path: request.url().path().to_owned(),
            query: query.collect(),
            body: redact::body(body.unwrap_or_default()),
        }
    }
}
