//! A running `chat2desk webhooks serve`, and a target for its events.

use crate::support::start;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::any;
use chat2desk::webhook::sign;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A process that serves. It is killed when it is dropped.
pub struct Serve {
    pub child: Child,
    pub url: String,
    stderr: Arc<Mutex<String>>,
}

impl Serve {
    /// Starts it, and waits until it listens.
    pub fn start(command: &mut Command, arguments: &[&str]) -> Self {
        let mut child = start(
            command
                .args(["webhooks", "serve"])
                .args(arguments)
                .stdin(Stdio::null()),
        );
        let mut reader = BufReader::new(child.stderr.take().unwrap());
        let stderr = Arc::new(Mutex::new(String::new()));
        let url = loop {
            let mut line = String::new();
            assert_ne!(
                reader.read_line(&mut line).unwrap(),
                0,
                "it ended: {stderr:?}"
            );
            // What is left of an earlier process is handed on before that.
            match line.trim().strip_prefix("Listening on ") {
                Some(url) => break url.to_owned(),
                None => *stderr.lock().unwrap() += &line,
            }
        };
        let written = stderr.clone();
        std::thread::spawn(move || {
            for line in reader.lines() {
                *written.lock().unwrap() += &(line.unwrap() + "\n");
            }
        });
        Self { child, url, stderr }
    }

    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    /// Returns the address, for a second process that takes the place of this one.
    pub fn address(&self) -> String {
        self.url
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned()
    }

    /// Ends it as a service manager does. Returns the exit code and the rest of stdout.
    pub fn end(&mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        let mut stdout = String::new();
        let pipe = self.child.stdout.as_mut();
        pipe.map(|pipe| pipe.read_to_string(&mut stdout).unwrap());
        (self.child.wait().unwrap().code(), stdout)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A post that a target got, and the status that it responded with.
#[derive(Clone, Debug)]
pub struct Post {
    pub headers: HashMap<String, String>,
    pub body: Bytes,
    pub status: u16,
    pub at: Instant,
}

/// What a target does with a post: how long it takes, and its status.
type Behaviour = Box<dyn Fn(usize) -> (Duration, StatusCode) + Send + Sync>;

struct Inner {
    posts: Mutex<Vec<Post>>,
    behaviour: Behaviour,
    is_down: AtomicBool,
}

/// A server of somebody who handles events.
pub struct Target {
    pub url: String,
    inner: Arc<Inner>,
    server: Mutex<JoinHandle<()>>,
}

impl Target {
    /// Starts a target. Its behaviour gets the number of posts before.
    pub async fn start(
        behaviour: impl Fn(usize) -> (Duration, StatusCode) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Arc::new(Inner {
            posts: Mutex::default(),
            behaviour: Box::new(behaviour),
            is_down: AtomicBool::new(false),
        });
        Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            server: Mutex::new(tokio::spawn(serve(listener, inner.clone()))),
            inner,
        }
    }

    pub fn posts(&self) -> Vec<Post> {
        self.inner.posts.lock().unwrap().clone()
    }

    /// Stops listening for this time, and handles nothing that arrives by connections which are open.
    pub async fn break_down(&self, time: Duration) {
        self.inner.is_down.store(true, Ordering::SeqCst);
        self.server.lock().unwrap().abort();
        tokio::time::sleep(time).await;
        let address = self.url.trim_start_matches("http://");
        let listener = TcpListener::bind(address).await.unwrap();
        self.inner.is_down.store(false, Ordering::SeqCst);
        *self.server.lock().unwrap() = tokio::spawn(serve(listener, self.inner.clone()));
    }

    /// Waits until `enough` is true of the posts.
    pub async fn wait(&self, enough: impl Fn(&[Post]) -> bool) -> Vec<Post> {
        loop {
            let posts = self.posts();
            if enough(&posts) {
                return posts;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let app = Router::new().fallback(any(take)).with_state(inner);
    axum::serve(listener, app).await.unwrap();
}

async fn take(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if inner.is_down.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let number = inner.posts.lock().unwrap().len();
    let (delay, status) = (inner.behaviour)(number);
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    inner.posts.lock().unwrap().push(Post {
        headers: headers.iter().map(header).collect(),
        body,
        status: status.as_u16(),
        at: Instant::now(),
    });
    tokio::time::sleep(delay).await;
    status
}

/// A response at once.
pub const NOW: Duration = Duration::ZERO;

/// The body of a message with this id.
pub fn message(id: usize) -> String {
    // Blanks that a parser would lose.
    format!(
        "{{\"hook_type\": \"inbox\",  \"message_id\": {id}, \"text\": \"Where is order {id}?\"}}"
    )
}

/// Delivers once; the status, if there is a response.
pub async fn deliver(http: &reqwest::Client, url: &str, token: &str, body: String) -> Option<u16> {
    let headers = sign(token, 1_777_885_965, body.as_bytes()).unwrap();
    let sent = http.post(url).headers(headers).body(body).send().await;
    sent.ok().map(|response| response.status().as_u16())
}
