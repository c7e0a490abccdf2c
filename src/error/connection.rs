//! Describes for a log where a request was sent and why its connection failed.

use super::carried::Carried;
use reqwest::Url;
use std::error::Error as StdError;

/// Returns host and port of a URL.
pub(super) fn host(url: &Url) -> Option<String> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    Some(format!("{host}:{port}"))
}

/// Returns the target of a `Location` header, without user, query and fragment, and without any value of the
/// request. A relative target on the same host is returned as a path.
pub(super) fn target(from: &Url, location: &str, carried: &Carried) -> Option<String> {
    let to = from.join(location).ok()?;
    let path = carried.mask(to.path());
    if Url::parse(location).is_err() && to.origin() == from.origin() {
        return Some(path);
    }
    let host = to.host_str()?;
    // An IP address consists of digits, but is no phone number.
    let is_address = to.domain().is_none();
    let host = if is_address {
        host.to_owned()
    } else {
        carried.mask(host)
    };
    let port = to.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{host}{port}{path}", to.scheme()))
}

/// Returns the causes of a failure in order, without those that only say that a request failed.
pub(super) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        next = cause.source();
        // The HTTP library's frame around a cause that says more.
        let is_frame =
            cause.is::<reqwest::Error>() || cause.to_string().starts_with("client error (");
        if is_frame && next.is_some() {
            continue;
        }
        let cause = cause.to_string();
        if causes.last().is_none_or(|before| !before.contains(&cause)) {
            causes.push(cause);
        }
    }
    causes.join(": ")
}
