//! A receiver of webhooks.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chat2desk::webhook::{Event, Payload, Verifier};
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Sandbox, TOKEN};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

/// A receiver that verifies, keeps, and answers what it is told to.
pub struct Receiver {
    pub url: String,
    pub events: Arc<Mutex<Vec<Event>>>,
    pub answers: Arc<AtomicU16>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let events = Arc::<Mutex<Vec<Event>>>::default();
        let answers = Arc::new(AtomicU16::new(200));
        let verifier = Verifier::new(TOKEN).unwrap();
        let (kept, status) = (events.clone(), answers.clone());
        let receive = async move |headers: HeaderMap, body: Bytes| {
            let event = verifier.verify(&headers, body).unwrap();
            kept.lock().unwrap().push(event);
            StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap()
        };
        let app = axum::Router::new().route("/", post(receive));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            url,
            events,
            answers,
        }
    }

    pub async fn register(&self, sandbox: &Sandbox) {
        let events = chat2desk_sandbox::simulator::samples();
        let events = events.into_iter().map(|(event, _)| event);
        let ensure = sandbox.client().ensure_webhook(&self.url, events);
        ensure.send().await.unwrap();
    }

    /// The events that came since the last time, in the order in which they came, all typed and as documented.
    pub fn take_events(&self) -> Vec<Event> {
        let events = std::mem::take(&mut *self.events.lock().unwrap());
        for event in &events {
            let typed = !matches!(event.payload(), Payload::Other { .. } | Payload::Custom(_));
            assert!(typed && event.drift().is_empty(), "{event:?}");
        }
        events
    }

    pub fn take(&self) -> Vec<WebhookEvent> {
        let events = self.take_events().into_iter();
        events
            .map(|event| event.payload().name().unwrap())
            .collect()
    }
}
