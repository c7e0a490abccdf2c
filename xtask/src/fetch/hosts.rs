//! Requests to the hosts that serve documentations: one repeat where a host asks for it, then the next host.

use std::thread::sleep;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode};

/// The longest wait that a host may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The wait if it asks for a repeat without saying when.
const USUAL_WAIT: Duration = Duration::from_secs(1);
const LARGEST: u64 = 64 * 1024 * 1024;

/// What a host responded with.
#[derive(Debug)]
pub struct Body {
    pub bytes: Vec<u8>,
    pub etag: Option<String>,
}

/// A response in which the body is missing if it is the one that the tag names.
#[derive(Debug)]
pub struct Found {
    pub url: String,
    pub body: Option<Body>,
}

/// What is wrong with a response.
struct Failure {
    reason: String,
    /// Whether another host may have what this one does not.
    elsewhere: bool,
}

/// Hosts in the order in which they are called.
pub struct Hosts {
    agent: Agent,
    list: Vec<String>,
    /// What went wrong although something was found in the end.
    pub notes: Vec<String>,
}

impl Hosts {
    pub fn new(list: Vec<String>) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self {
            agent,
            list,
            notes: Vec::new(),
        }
    }

    /// Requests JSON from the hosts in turn. `etag` is sent to the address that it is of.
    ///
    /// # Errors
    /// What each host responded with.
    pub fn json(&mut self, path: &str, etag: Option<(&str, &str)>) -> Result<Found, String> {
        let mut failures = Vec::new();
        for index in 0..self.list.len() {
            let url = format!("{}{path}", self.list[index]);
            match self.one(&url, etag) {
                Ok(found) => {
                    self.list.swap(0, index);
                    let failures = failures.into_iter();
                    self.notes
                        .extend(failures.map(|failure| format!("{failure}; used {url} instead")));
                    return Ok(found);
                }
                Err(Failure { reason, elsewhere }) => {
                    failures.push(format!("{url}: {reason}"));
                    if !elsewhere {
                        break;
                    }
                }
            }
        }
        Err(failures.join("\n"))
    }

    fn one(&self, url: &str, etag: Option<(&str, &str)>) -> Result<Found, Failure> {
        let etag = etag.filter(|(of, _)| *of == url).map(|(_, tag)| tag);
        let body = get(&self.agent, url, "application/json", etag)?;
        if let Some(body) = &body {
            json(&body.bytes)?;
        }
        Ok(Found {
            url: url.to_owned(),
            body,
        })
    }

    /// Requests a page.
    ///
    /// # Errors
    /// The network, or a status.
    pub fn page(&self, url: &str) -> Result<String, String> {
        let body = get(&self.agent, url, "text/html", None);
        let body = body.map_err(|failure| format!("{url}: {}", failure.reason))?;
        let bytes = body.map(|body| body.bytes).unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Whether a body is JSON; a page of HTML is a challenge or a login page.
fn json(bytes: &[u8]) -> Result<(), Failure> {
    let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(bytes) else {
        return Ok(());
    };
    let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let reason = match start {
        Some(b'<') => "a page of HTML came instead of JSON: a challenge or a login".to_owned(),
        None => "the response is empty".to_owned(),
        Some(_) => format!("the response is not JSON: {error}"),
    };
    Err(Failure {
        reason,
        elsewhere: true,
    })
}

/// The body; none if it is the one that `etag` names.
fn get(
    agent: &Agent,
    url: &str,
    accept: &str,
    etag: Option<&str>,
) -> Result<Option<Body>, Failure> {
    let failure = |elsewhere: bool, reason: String| Failure { reason, elsewhere };
    let call = || {
        let mut request = agent.get(url).header("accept", accept);
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        let unreachable = |error| failure(true, format!("cannot be reached: {error}"));
        request.call().map_err(unreachable)
    };
    let mut response = call()?;
    if is_busy(response.status()) {
        let wait = wait(response.headers());
        if wait > LONGEST_WAIT {
            let reason = format!("{}, for {} s", status(&response.status()), wait.as_secs());
            return Err(failure(false, reason));
        }
        sleep(wait);
        response = call()?;
    }
    match response.status() {
        StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(None),
        StatusCode::OK => {}
        other => {
            let refused = matches!(other, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            let elsewhere = refused || other.is_server_error();
            return Err(failure(elsewhere, status(&other)));
        }
    }
    let tag = response.headers().get("etag");
    let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let body = response.body_mut().with_config().limit(LARGEST);
    let bytes = body.read_to_vec();
    let bytes = bytes.map_err(|error| failure(true, format!("the response broke off: {error}")))?;
    Ok(Some(Body { bytes, etag: tag }))
}

fn is_busy(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}

fn status(status: &StatusCode) -> String {
    format!("HTTP {status}")
}

/// How long a host asks to wait, in seconds.
fn wait(headers: &HeaderMap) -> Duration {
    let header = headers
        .get("retry-after")
        .and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|text| text.trim().parse().ok());
    seconds.map_or(USUAL_WAIT, Duration::from_secs)
}
