//! A server on a raw socket that does to each request what its script says, where an HTTP library would
//! refuse to.

use chat2desk::Chat2Desk;
use chat2desk::transport::RetryPolicy;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// The token of its clients.
pub const TOKEN: &str = "a-secret-t0ken";

/// What happens to the connection after the bytes were written.
#[derive(Clone, Copy)]
pub enum Then {
    /// It stays open for the next request.
    KeepAlive,
    Close,
    Reset,
    /// It stays open, and nothing follows.
    Hang,
    /// So many further bytes follow.
    Flood(usize),
}

#[derive(Clone)]
pub struct Act {
    bytes: Vec<u8>,
    then: Then,
}

/// Raw bytes, then the end.
pub fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Act {
    Act {
        bytes: bytes.into(),
        then,
    }
}

/// A well-formed answer with these further header lines.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Act {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n");
    raw([head.as_bytes(), body].concat(), Then::KeepAlive)
}

/// A request that arrived whole.
pub struct Request {
    pub line: String,
    pub body: String,
}

type Choose = dyn Fn(usize, &Request) -> Act + Send + Sync;

pub struct Server {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
    task: AbortHandle,
}

impl Server {
    /// A server that follows the script, request by request, and repeats its last act.
    pub async fn start(script: Vec<Act>) -> Self {
        Self::choosing(move |turn, _| script[turn.min(script.len() - 1)].clone()).await
    }

    /// A server that does what is chosen for each request; requests are counted from zero.
    pub async fn choosing(choose: impl Fn(usize, &Request) -> Act + Send + Sync + 'static) -> Self {
        let choose: Arc<Choose> = Arc::new(choose);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, choose.clone(), log.clone()));
            }
        });
        Self {
            url,
            seen,
            task: task.abort_handle(),
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The first lines of all requests that arrived whole.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// A client that retries at once, three attempts in all.
    pub fn client(&self) -> Chat2Desk {
        let policy = RetryPolicy::default()
            .max_attempts(3)
            .base_wait(Duration::ZERO);
        Chat2Desk::builder(TOKEN)
            .base_url(&self.url)
            .retry(policy)
            .build()
            .unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, choose: Arc<Choose>, seen: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        let turn = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.line.clone());
            seen.len() - 1
        };
        let act = choose(turn, &request);
        // The client may have left already.
        let _ = stream.write_all(&act.bytes).await;
        match act.then {
            Then::KeepAlive => continue,
            Then::Close => return,
            Then::Reset => return stream.set_zero_linger().unwrap(),
            Then::Hang => std::future::pending().await,
            Then::Flood(length) => {
                let chunk = vec![b' '; 64 * 1024];
                for _ in 0..length.div_ceil(chunk.len()) {
                    if stream.write_all(&chunk).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let length = value.trim().parse::<usize>().ok()?;
        name.eq_ignore_ascii_case("content-length")
            .then_some(length)
    });
    while bytes.len() < head + length.unwrap_or_default() {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request {
        line: text.lines().next()?.to_owned(),
        body: String::from_utf8(bytes.split_off(head)).ok()?,
    })
}
