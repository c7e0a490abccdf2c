//! A documentation service on this machine, in the form of Postman's, that responds as a test wants it.

pub mod export;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Whether the connection ends in the middle of the body.
    pub broken: bool,
}

impl Reply {
    pub fn json(body: impl ToString) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.to_string(),
            broken: false,
        }
    }

    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::json("{}")
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn broken(mut self) -> Self {
        self.broken = true;
        self
    }
}

/// The path with the query and the headers of a request, in lower case.
pub type Request = (String, Vec<String>);

pub struct Documenter {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Documenter {
    /// Starts one. `respond` gets the path with the query, the headers, and how often this path was requested.
    pub fn start(
        respond: impl Fn(&str, &[String], usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let Some((path, headers)) = request(&stream) else {
                    continue;
                };
                let mut seen = seen.lock().unwrap();
                let times = seen
                    .iter()
                    .filter(|(other, _): &&Request| *other == path)
                    .count();
                let reply = respond(&path, &headers, times);
                seen.push((path, headers));
                drop(seen);
                let _ = write(stream, &reply);
            }
        });
        Self { address, requests }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The paths that were requested, in order.
    pub fn paths(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|(path, _)| path.clone()).collect()
    }
}

fn request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let headers = lines.map_while(Result::ok);
    let headers = headers.take_while(|line| !line.is_empty());
    Some((path, headers.map(|line| line.to_lowercase()).collect()))
}

fn write(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let Reply {
        status,
        headers,
        body,
        broken,
    } = reply;
    write!(stream, "HTTP/1.1 {status} Status\r\nconnection: close\r\n")?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "content-length: {}\r\n\r\n", body.len())?;
    let end = if *broken { body.len() / 2 } else { body.len() };
    stream.write_all(&body.as_bytes()[..end])?;
    stream.flush()
}

/// A host that nobody listens at.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
