//! Where a call went and why it did not arrive, in words for a log.

use super::carried::Carried;
use reqwest::Url;
use std::error::Error as StdError;

/// Host and port of a URL.
pub(super) fn host(url: &Url) -> Option<String> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    Some(format!("{host}:{port}"))
}

/// Where a `Location` points to, without user, query and fragment, and without anything that the request carried.
/// A place on the same host is its path, if the server wrote it so.
pub(super) fn target(from: &Url, location: &str, carried: &Carried) -> Option<String> {
    let to = from.join(location).ok()?;
    let path = carried.mask(to.path());
    if Url::parse(location).is_err() && to.origin() == from.origin() {
        return Some(path);
    }
    let host = to.host_str()?;
    // An address is digits, and no phone number.
    let is_address = to.domain().is_none();
    let host = if is_address {
        host.to_owned()
    } else {
        carried.mask(host)
    };
    let port = to.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{host}{port}{path}", to.scheme()))
}

/// The causes of a failure, from the first that says more than that a request failed to the last.
pub(super) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        next = cause.source();
        // What an HTTP library says of itself, where it says why as well.
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
