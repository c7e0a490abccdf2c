//! Checks which host a request is for. A web page could make its own host name point to this machine (DNS rebinding)
//! and read the account. Its requests would still carry that name, and are refused by it.

use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderValue, Uri};
use std::io;
use std::net::{IpAddr, Ipv6Addr};

/// The hosts that are served besides this machine.
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    /// # Errors
    /// Returns an error if one of them is not a host name or an address.
    pub(super) fn new(names: &[String]) -> io::Result<Self> {
        let known = |name: &String| host(name).filter(|(_, port)| port.is_none());
        let names = names.iter().map(|name| match known(name) {
            Some((host, _)) => Ok(host),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a host must be a name such as `sandbox` or an address, without scheme and port",
            )),
        });
        Ok(Self(names.collect::<io::Result<_>>()?))
    }

    /// Whether a request that was received at the address `local` is for this server.
    pub(super) fn serve(&self, uri: &Uri, headers: &HeaderMap, local: IpAddr) -> bool {
        let mut given = headers.get_all(HOST).iter().map(HeaderValue::to_str);
        let (Some(Ok(given)), None) = (given.next(), given.next()) else {
            return false;
        };
        // A target that names a host must name the same one: programs disagree about which of the two counts.
        let target = uri.authority().map(|authority| authority.as_str());
        if target.is_some_and(|target| !target.eq_ignore_ascii_case(given)) {
            return false;
        }
        let Some((host, _)) = host(given) else {
            return false;
        };
        let address = host.parse::<IpAddr>().map(|address| address.to_canonical());
        let is_here = match address {
            Ok(address) => address.is_loopback() || address == local.to_canonical(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        is_here || self.0.contains(&host)
    }
}

/// Whether a URL leads to this machine.
pub(super) fn is_local(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Reads a host, normalized, and its port if there is one. Returns `None` for anything else.
fn host(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (address.parse::<Ipv6Addr>().ok()?.to_string(), port)
        }
        None => {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            let name = name.strip_suffix('.').unwrap_or(name);
            let is_label = |label: &str| {
                let belongs = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                !label.is_empty() && label.chars().all(belongs)
            };
            if !name.split('.').all(is_label) {
                return None;
            }
            (name.to_ascii_lowercase(), port)
        }
    };
    let port = match port.strip_prefix(':') {
        // Only digits: `parse` would accept a sign.
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        None if port.is_empty() => return Some((host, None)),
        _ => None,
    };
    port.map(|port| (host, Some(port)))
}
