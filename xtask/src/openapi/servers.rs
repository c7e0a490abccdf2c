//! Where the API is: servers of the document, and of operations that are elsewhere.

use crate::json::{Json, object};
use crate::postman::percent::decoded;
use crate::postman::read::{Endpoint, Endpoints};
use crate::postman::url::{UrlParts, split_port};
use crate::postman::variables::{Scope, Variables, variable};
use indexmap::{IndexMap, IndexSet};
use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;

/// The servers of a document.
#[derive(Debug)]
pub struct Servers {
    /// Those of all operations that have none of their own.
    pub common: Vec<Json<'static>>,
    /// By the number of the endpoint.
    pub own: Vec<Option<Json<'static>>>,
}

/// A server as the document has it.
#[derive(Debug, Clone, PartialEq)]
struct Server {
    url: String,
    /// The variables of the URL, and what each is without a value.
    variables: Vec<(String, String)>,
}

/// What a URL says of its server.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    Known(Server),
    /// A variable without a value: it may be anywhere.
    Unknown(String),
    /// No host at all, or what is none: said once.
    None(String),
}

/// Finds the servers of all endpoints. The server of most is the document's; a host that is no address is
/// warned of.
pub fn servers(endpoints: &Endpoints<'_>, warnings: &mut Vec<String>) -> Servers {
    let mut places = Places::default();
    let mut of_endpoint: Vec<IndexSet<usize>> = Vec::with_capacity(endpoints.list.len());
    for endpoint in &endpoints.list {
        let requests = urls(endpoint);
        of_endpoint.push(
            requests
                .map(|(url, scope)| places.of(url, scope, &endpoints.variables))
                .collect(),
        );
    }
    let places: Vec<Place> = places.all.into_values().collect();
    for place in &places {
        let what = match place {
            Place::Known(_) => continue,
            Place::Unknown(host) => {
                format!("the host `{host}` is no address, nor a variable with one")
            }
            Place::None(host) if host.is_empty() => "there are requests without a host".to_owned(),
            Place::None(host) => format!("`{host}` is no URL; it gives no server"),
        };
        warnings.push(format!("the collection: {what}"));
    }
    let common = common(&of_endpoint, &places);
    if of_endpoint.is_empty() {
        return Servers {
            common: addresses(endpoints),
            own: Vec::new(),
        };
    }
    let own = of_endpoint.iter().map(|of| own(of, common, &places));
    let own = own.collect();
    let common = common.and_then(|common| written(&places[common]));
    Servers {
        common: common.into_iter().collect(),
        own,
    }
}

/// The place of most operations, if it is known; the first of several.
fn common(of_endpoint: &[IndexSet<usize>], places: &[Place]) -> Option<usize> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for place in of_endpoint.iter().flatten() {
        *counts.entry(*place).or_default() += 1;
    }
    let weight = |index: &usize| {
        let count = counts.get(index).copied().unwrap_or_default();
        // What is not known wins against a single stray request.
        let is_unknown = matches!(places[*index], Place::Unknown(_));
        (count, is_unknown, usize::MAX - index)
    };
    let most = (0..places.len()).max_by_key(weight)?;
    matches!(places[most], Place::Known(_)).then_some(most)
}

/// The servers of an operation whose requests go elsewhere than most.
fn own(of: &IndexSet<usize>, common: Option<usize>, places: &[Place]) -> Option<Json<'static>> {
    if of.len() == 1 && of.first().copied() == common {
        return None;
    }
    let servers: Vec<Json<'static>> = of
        .iter()
        .filter_map(|index| written(&places[*index]))
        .collect();
    if !servers.is_empty() {
        return Some(servers.into());
    }
    // Its host has a variable of its own, which is not where the others are.
    let is_elsewhere = of
        .iter()
        .any(|index| matches!(places[*index], Place::Unknown(_)));
    let unknown = "The collection has no value for the variable of its host";
    (is_elsewhere && common.is_some())
        .then(|| vec![object! { "url": "/", "description": unknown }].into())
}

fn written(place: &Place) -> Option<Json<'static>> {
    let Place::Known(server) = place else {
        return None;
    };
    let mut written = object! { "url": server.url.clone() };
    let variables = server.variables.iter();
    let variables =
        variables.map(|(name, value)| (name.clone(), object! { "default": value.clone() }));
    if !server.variables.is_empty() {
        written.push("variables", variables.collect::<Json<'static>>());
    }
    Some(written)
}

/// The addresses among the variables of a collection without requests.
fn addresses(endpoints: &Endpoints<'_>) -> Vec<Json<'static>> {
    let values = endpoints.variables.values();
    let addresses =
        values.filter(|value| value.starts_with("http://") || value.starts_with("https://"));
    let mut addresses: Vec<String> = addresses.map(without_user).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
        .into_iter()
        .map(|url| object! { "url": url })
        .collect()
}

/// The URLs of an endpoint's requests, each with the scope of its variables.
fn urls<'e, 'a>(endpoint: &'e Endpoint<'a>) -> impl Iterator<Item = (&'e UrlParts<'a>, Scope)> {
    let variants = endpoint.variants.iter().map(|variant| &variant.request);
    let requests = std::iter::once(&endpoint.request).chain(variants);
    requests.filter_map(|request| Some((request.url.as_ref()?, request.scope)))
}

/// The places that were found, each once.
#[derive(Default)]
struct Places<'a> {
    all: IndexMap<String, Place>,
    /// By what the URL says and where its variables are looked up: most requests say the same.
    known: HashMap<(Scope, &'a str, &'a str, &'a str), usize>,
}

impl<'u> Places<'u> {
    fn of(&mut self, url: &'u UrlParts<'_>, scope: Scope, variables: &Variables<'_>) -> usize {
        let protocol = url.protocol.as_deref().unwrap_or_default();
        let port = url.port.as_deref().unwrap_or_default();
        let key = (scope, protocol, &*url.host, port);
        if let Some(index) = self.known.get(&key) {
            return *index;
        }
        let place = place(key, variables);
        let entry = self.all.entry(format!("{place:?}"));
        let index = entry.index();
        entry.or_insert(place);
        self.known.insert(key, index);
        index
    }
}

fn place(
    (scope, protocol, host, port): (Scope, &str, &str, &str),
    variables: &Variables<'_>,
) -> Place {
    let shown = || {
        let protocol = match protocol {
            "" => String::new(),
            protocol => format!("{protocol}://"),
        };
        without_user(&format!("{protocol}{host}"))
    };
    if host.trim().is_empty() {
        return Place::None(String::new());
    }
    // Braces that were pasted from an encoded URL.
    let host = match host.contains("%7B") {
        true => decoded(host.trim()),
        false => Cow::Borrowed(host.trim()),
    };
    let resolved = variables.resolve(scope, &host);
    let protocol = variables.resolve(scope, protocol);
    let port = variables.resolve(scope, port);
    let (protocol, address) = match resolved.split_once("://") {
        Some((protocol, address)) => (protocol, address),
        None if protocol.is_empty() => (usual_protocol(&resolved), &*resolved),
        None => (&*protocol, &*resolved),
    };
    let (authority, path) = match address.split_once('/') {
        Some((authority, path)) => (authority, path),
        None => (address, ""),
    };
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (name, stated) = split_port(authority);
    let port = stated.unwrap_or(&port);
    let mut server = Server {
        url: String::new(),
        variables: Vec::new(),
    };
    let is_variable =
        variable(name).is_some_and(|(before, _, after)| before.is_empty() && after.is_empty());
    if is_variable {
        return Place::Unknown(shown());
    }
    match write(&mut server, protocol, name, port, path) {
        Some(()) => Place::Known(server),
        None => Place::None(shown()),
    }
}

/// What a URL without a protocol is sent by: nobody has a certificate for the own machine.
fn usual_protocol(address: &str) -> &'static str {
    let authority = address.split('/').next().unwrap_or_default();
    let (name, _) = split_port(authority);
    let name = name.trim_matches(['[', ']']);
    let is_local = name == "localhost" || name.parse::<IpAddr>().is_ok();
    if is_local { "http" } else { "https" }
}

/// Writes the URL of a server; none if there is no such URL.
fn write(server: &mut Server, protocol: &str, name: &str, port: &str, path: &str) -> Option<()> {
    let is_default = |text: &str, known: &[&str]| variable(text).is_some() || known.contains(&text);
    if !is_default(
        &protocol.to_ascii_lowercase(),
        &["http", "https", "ws", "wss"],
    ) {
        return None;
    }
    server.push_host(
        protocol,
        |_| "https".to_owned(),
        |c| c.is_ascii_alphabetic(),
    )?;
    server.url.push_str("://");
    let literal = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    match literal {
        Some(address) => {
            let address: std::net::Ipv6Addr = address.parse().ok()?;
            server.url.push_str(&format!("[{address}]"));
        }
        None => {
            let is_letter = |c: char| c.is_alphanumeric() || "-_.~".contains(c);
            server.push_host(name, str::to_owned, is_letter)?;
        }
    }
    if !port.is_empty() {
        let usual = if protocol.eq_ignore_ascii_case("http") {
            "80"
        } else {
            "443"
        };
        server.url.push(':');
        server.push(port, |_| usual.to_owned(), |c| c.is_ascii_digit())?;
    }
    let path = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_matches('/');
    if !path.is_empty() {
        server.url.push('/');
        let is_letter = |c: char| c.is_alphanumeric() || "-_.~/%!$&'()*+,;=:@".contains(c);
        server.push(path, str::to_owned, is_letter)?;
    }
    Some(())
}

impl Server {
    /// Adds a part of the URL: what has no value in it becomes a variable of the server.
    fn push(
        &mut self,
        text: &str,
        default: impl Fn(&str) -> String,
        fits: impl Fn(char) -> bool,
    ) -> Option<()> {
        let mut rest = text;
        while let Some((before, name, after)) = variable(rest) {
            self.literal(before, &fits)?;
            let clean: String = name
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
            self.url.push_str(&format!("{{{clean}}}"));
            if !self.variables.iter().any(|(known, _)| *known == clean) {
                self.variables.push((clean.clone(), default(&clean)));
            }
            rest = after;
        }
        self.literal(rest, &fits)?;
        (!text.is_empty()).then_some(())
    }

    /// Adds a protocol or a host, in which the case of letters says nothing.
    fn push_host(
        &mut self,
        text: &str,
        default: impl Fn(&str) -> String,
        fits: impl Fn(char) -> bool,
    ) -> Option<()> {
        match variable(text) {
            Some(_) => self.push(text, default, fits),
            None => self.push(&text.to_ascii_lowercase(), default, fits),
        }
    }

    fn literal(&mut self, text: &str, fits: impl Fn(char) -> bool) -> Option<()> {
        self.url.push_str(text);
        text.chars().all(fits).then_some(())
    }
}

/// A URL without who uses it and by which password.
pub fn without_user(url: &str) -> String {
    let (protocol, rest) = match url.split_once("://") {
        Some((protocol, rest)) => (Some(protocol), rest),
        None => (None, url),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority.rsplit('@').next().unwrap_or_default();
    match protocol {
        Some(protocol) => format!("{protocol}://{authority}{path}"),
        None => format!("{authority}{path}"),
    }
}
