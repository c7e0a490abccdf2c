//! Receives webhooks on several machines: replicas publish events to a NATS JetStream stream, and workers handle them.
//!
//! ```sh
//! nats-server -js
//! CHAT2DESK_TOKEN=… cargo run --package chat2desk-examples --features nats --bin webhook_to_nats -- replica 127.0.0.1:8080
//! cargo run --package chat2desk-examples --features nats --bin webhook_to_nats -- worker
//! ```
//!
//! No event is lost. A replica responds with a success only once the stream has the event. It holds no state and may be
//! killed at any time.
//!
//! Each event has one effect. The stream drops repeats by `Nats-Msg-Id`, which is the event's key, for longer than the
//! vendor retries. A worker acknowledges an event after its effect. If a worker dies between the two, another one gets
//! the event again, and its effect has the same key. Here the effect is a message in another stream, which drops
//! repeats, too. In your program it may be a row with a unique key.
//!
//! Any number of replicas and workers may run. Rate limits and call budgets of `chat2desk` count within one process, so
//! make the API calls of one token from one process.

use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::{self, Context, stream};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use chat2desk::webhook::{Event, Verifier};
use chat2desk_webhook_receiver::Delivered;
use futures_util::StreamExt;
use std::env;
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpListener;

type Failure = Box<dyn Error + Send + Sync>;

const EVENTS: &str = "chat2desk-events";
const EFFECTS: &str = "chat2desk-effects";

/// The vendor's last retry comes 2 hours and 5 minutes after the first delivery.
const DUPLICATES: Duration = Duration::from_secs(3 * 3600);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let nats = env::var("NATS_URL").unwrap_or_else(|_| "nats://127.0.0.1:4222".into());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["replica", address] => {
            let verifier = Verifier::new(env::var("CHAT2DESK_TOKEN")?)?;
            replica(&nats, verifier, TcpListener::bind(address).await?).await
        }
        ["worker"] => worker(&nats).await,
        _ => Err("usage: webhook_to_nats replica <address> | worker".into()),
    }
}

#[derive(Clone)]
struct Replica {
    verifier: Verifier,
    jetstream: Context,
}

impl FromRef<Replica> for Verifier {
    fn from_ref(replica: &Replica) -> Self {
        replica.verifier.clone()
    }
}

/// Accepts deliveries and publishes their events.
async fn replica(nats: &str, verifier: Verifier, listener: TcpListener) -> Result<(), Failure> {
    let jetstream = jetstream::new(async_nats::connect(nats).await?);
    stream(&jetstream, EVENTS).await?;
    let state = Replica {
        verifier,
        jetstream,
    };
    let app = Router::new().route("/", post(deliver)).with_state(state);
    Ok(axum::serve(listener, app).await?)
}

async fn deliver(State(replica): State<Replica>, Delivered(event): Delivered) -> StatusCode {
    match publish(&replica.jetstream, EVENTS, &event).await {
        Ok(()) => StatusCode::OK,
        // The vendor retries.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Handles events, one after the other. Any number of workers may run.
async fn worker(nats: &str) -> Result<(), Failure> {
    let jetstream = jetstream::new(async_nats::connect(nats).await?);
    stream(&jetstream, EFFECTS).await?;
    let consumer = pull::Config {
        durable_name: Some("workers".into()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_secs(2),
        ..pull::Config::default()
    };
    let events = stream(&jetstream, EVENTS).await?;
    let consumer = events.get_or_create_consumer("workers", consumer).await?;
    let mut messages = consumer.messages().await?;
    while let Some(message) = messages.next().await {
        let message = message?;
        let event: Event = serde_json::from_slice(&message.payload)?;
        publish(&jetstream, EFFECTS, &event).await?;
        message.double_ack().await?;
    }
    Ok(())
}

/// Publishes an event, and waits until the stream has stored it.
async fn publish(jetstream: &Context, stream: &'static str, event: &Event) -> Result<(), Failure> {
    let mut headers = HeaderMap::new();
    if let Some(key) = event.dedup_key() {
        headers.insert("Nats-Msg-Id", key);
    }
    let payload = serde_json::to_vec(event)?.into();
    jetstream
        .publish_with_headers(stream, headers, payload)
        .await?
        .await?;
    Ok(())
}

async fn stream(jetstream: &Context, name: &str) -> Result<stream::Stream, Failure> {
    let config = stream::Config {
        name: name.to_owned(),
        duplicate_window: DUPLICATES,
        ..stream::Config::default()
    };
    Ok(jetstream.get_or_create_stream(config).await?)
}

#[cfg(test)]
mod tests {
    use super::{EFFECTS, Failure, jetstream, replica, stream, worker};
    use chat2desk::webhook::{Verifier, sign};
    use std::env;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};
    use tokio::net::TcpListener;

    const TOKEN: &str = "token";
    const EVENTS: i64 = 400;
    const NATS_URL: &str = "CHAT2DESK_TEST_NATS_URL";

    /// A process that is killed when the test ends, however it ends.
    struct Process(Child);

    impl Drop for Process {
        fn drop(&mut self) {
            // The test may have killed it before.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Not tests: the processes that the test below starts.
    #[tokio::test]
    #[ignore = "a part of the test below"]
    async fn replica_process() -> Result<(), Failure> {
        let Ok(nats) = env::var(NATS_URL) else {
            return Ok(());
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("\nlistening {}", listener.local_addr()?);
        replica(&nats, Verifier::new(TOKEN)?, listener).await
    }

    #[tokio::test]
    #[ignore = "a part of the test below"]
    async fn worker_process() -> Result<(), Failure> {
        match env::var(NATS_URL) {
            Ok(nats) => worker(&nats).await,
            Err(_) => Ok(()),
        }
    }

    fn start(part: &str, nats: &str) -> Process {
        let child = Command::new(env::current_exe().unwrap())
            .args([
                &format!("tests::{part}"),
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(NATS_URL, nats)
            .stdout(Stdio::piped())
            .spawn();
        Process(child.unwrap())
    }

    fn start_replica(nats: &str) -> (Process, String) {
        let mut process = start("replica_process", nats);
        let lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("listening ")?.to_owned()));
        (process, format!("http://{}/", address.unwrap()))
    }

    /// Starts a NATS server that stores its streams in `folder`. Returns it with its URL, or `None` if it is not
    /// installed.
    fn start_nats(folder: &std::path::Path) -> Option<(Process, String)> {
        // Debian installs it in a folder that is only in root's path.
        let mut servers = ["nats-server", "/usr/sbin/nats-server"]
            .iter()
            .map(Command::new);
        let server = servers.find_map(|mut server| {
            server
                .args(["-js", "-a", "127.0.0.1", "-p", "-1", "-sd"])
                .arg(folder);
            server.stderr(Stdio::piped()).spawn().ok()
        });
        let mut server = Process(server?);
        let mut lines = BufReader::new(server.0.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let url = lines.find_map(|line| {
            let (_, address) = line.split_once("Listening for client connections on ")?;
            Some(format!("nats://{address}"))
        });
        lines.find(|line| line.contains("Server is ready"));
        // The log must be read to its end, or the server blocks at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some((server, url.unwrap()))
    }

    /// Delivers as a load balancer in front of both replicas would: to the other one if one fails.
    async fn deliver(http: &reqwest::Client, id: i64, replicas: &[&str]) {
        let body = format!(r#"{{"hook_type":"inbox","type":"from_client","message_id":{id}}}"#);
        for attempt in 0..100 {
            let url = replicas[(usize::try_from(id).unwrap() + attempt) % replicas.len()];
            let headers = sign(TOKEN, 1, body.as_bytes()).unwrap();
            let response = http
                .post(url)
                .headers(headers)
                .body(body.clone())
                .send()
                .await;
            if response.is_ok_and(|response| response.status() == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no replica accepted message {id}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_event_has_one_effect_though_replicas_and_workers_are_killed() {
        let folder = tempfile::tempdir().unwrap();
        let Some((_server, nats)) = start_nats(folder.path()) else {
            eprintln!("skipped: nats-server is not installed");
            return;
        };
        let ((mut doomed_replica, one), (_replica, other)) =
            (start_replica(&nats), start_replica(&nats));
        let (mut doomed_worker, _worker) = (
            start("worker_process", &nats),
            start("worker_process", &nats),
        );
        let http = reqwest::Client::new();
        for id in 1..=EVENTS {
            deliver(&http, id, &[&one, &other]).await;
            if id % 10 == 0 {
                // A repeat, to the other replica.
                deliver(&http, id, &[&other, &one]).await;
            }
            if id == EVENTS / 4 {
                doomed_replica.0.kill().unwrap();
            }
            if id == EVENTS / 2 {
                doomed_worker.0.kill().unwrap();
            }
        }

        let context = jetstream::new(async_nats::connect(&nats).await.unwrap());
        let mut effects = stream(&context, EFFECTS).await.unwrap();
        let mut events = stream(&context, super::EVENTS).await.unwrap();
        let total = u64::try_from(EVENTS).unwrap();
        let patience = Instant::now();
        while effects.info().await.unwrap().state.messages < total
            && patience.elapsed() < Duration::from_secs(30)
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Waits until the other worker has handled the events of the killed one, again without a second effect.
        loop {
            let workers = events.consumer_info("workers").await.unwrap();
            if (workers.num_pending, workers.num_ack_pending) == (0, 0) {
                break;
            }
            assert!(patience.elapsed() < Duration::from_secs(60), "{workers:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(
            events.info().await.unwrap().state.messages,
            total,
            "repeats are dropped"
        );
        assert_eq!(effects.info().await.unwrap().state.messages, total);
    }
}
