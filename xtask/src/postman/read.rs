//! From bytes to the list of requests, each with the path of its item.

use super::{Auth, Collection, Host, Item, KeyValue, Request, Response, Url, UrlParts};
use crate::Error;
use serde_json::Value;

/// A request of the collection, with what its folders say about it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Where it stands: `clients / List customers`.
    pub place: String,
    pub folder: Option<String>,
    pub name: String,
    pub method: String,
    /// The path as OpenAPI writes it: `/v1/clients/{id}`.
    pub path: String,
    pub url: UrlParts,
    pub request: Request,
    pub responses: Vec<Response>,
}

/// What a collection holds, flattened.
#[derive(Debug, Clone)]
pub struct Endpoints {
    pub collection: Collection,
    /// Folders with their descriptions, in order.
    pub folders: Vec<(String, String)>,
    pub list: Vec<Endpoint>,
}

/// Reads a collection.
///
/// # Errors
/// Not JSON, not a collection, or an item that cannot be placed: named by its path.
pub fn read(file: &str, bytes: &[u8]) -> Result<Endpoints, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut json: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::new(file, "", format!("not JSON: {error}")))?;
    if let Some(wrapped) = json.get_mut("collection") {
        json = wrapped.take();
    }
    let collection: Collection = serde_json::from_value(json)
        .map_err(|error| Error::new(file, "", format!("not a Postman collection: {error}")))?;
    let Some(items) = collection.item.clone() else {
        return Err(Error::new(
            file,
            "",
            "the collection has no `item`: it holds no requests",
        ));
    };
    let mut endpoints = Endpoints {
        collection,
        folders: Vec::new(),
        list: Vec::new(),
    };
    let mut reader = Reader {
        file,
        endpoints: &mut endpoints,
    };
    for item in items {
        reader.item(item, &mut Vec::new())?;
    }
    if endpoints.list.is_empty() {
        return Err(Error::new(file, "", "the collection holds no requests"));
    }
    Ok(endpoints)
}

struct Reader<'a> {
    file: &'a str,
    endpoints: &'a mut Endpoints,
}

impl Reader<'_> {
    fn item(&mut self, item: Item, parents: &mut Vec<String>) -> Result<(), Error> {
        let place = parents
            .iter()
            .chain([&item.name])
            .cloned()
            .collect::<Vec<_>>()
            .join(" / ");
        if let Some(children) = item.item {
            self.endpoints
                .folders
                .push((item.name.clone(), item.description));
            parents.push(item.name);
            for child in children {
                self.item(child, parents)?;
            }
            parents.pop();
            return Ok(());
        }
        let missing = |what: &str| Error::new(self.file, place.clone(), what);
        let request = item
            .request
            .ok_or_else(|| missing("neither a folder nor a request"))?;
        let url = request
            .url
            .clone()
            .ok_or_else(|| missing("the request has no url"))?;
        let url = parts(url);
        let path = path_template(&url);
        if path == "/" && url.raw.as_deref().unwrap_or_default().is_empty() {
            return Err(missing("the request has an empty url"));
        }
        self.endpoints.list.push(Endpoint {
            folder: parents.last().cloned(),
            name: item.name,
            method: request
                .method
                .as_deref()
                .unwrap_or("GET")
                .to_ascii_lowercase(),
            path,
            url,
            responses: item.response,
            request,
            place,
        });
        Ok(())
    }
}

/// The parts of a URL that is given as parts or as a text.
pub fn parts(url: Url) -> UrlParts {
    let (raw, given) = match url {
        Url::Parts(parts) if !parts.path.is_empty() => return parts,
        Url::Parts(parts) => (parts.raw.clone().unwrap_or_default(), parts),
        Url::Text(text) => (text, UrlParts::default()),
    };
    let (address, query) = raw.split_once('?').unwrap_or((&raw, ""));
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            KeyValue {
                key: Some(key.to_owned()),
                value: value.into(),
                ..KeyValue::default()
            }
        });
    UrlParts {
        host: Host::Labels(vec![host.to_owned()]),
        path: path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(Value::from)
            .collect(),
        query: if given.query.is_empty() {
            pairs.collect()
        } else {
            given.query
        },
        variable: given.variable,
        raw: Some(raw),
    }
}

/// `/v1/clients/:id` and `/v1/clients/{{id}}` → `/v1/clients/{id}`.
fn path_template(url: &UrlParts) -> String {
    let segments = url.path.iter().map(|segment| {
        let segment = match segment {
            Value::String(text) => text.as_str(),
            other => other["value"].as_str().unwrap_or_default(),
        };
        match parameter_name(segment) {
            Some(name) => format!("/{{{name}}}"),
            None => format!("/{segment}"),
        }
    });
    let path: String = segments.filter(|segment| segment != "/").collect();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

/// The name of a path segment that is a parameter.
pub fn parameter_name(segment: &str) -> Option<&str> {
    segment
        .strip_prefix(':')
        .or_else(|| segment.strip_prefix("{{")?.strip_suffix("}}"))
        .filter(|name| !name.is_empty())
}

/// The server's address: the host with collection variables put in.
pub fn server(url: &UrlParts, variables: &[KeyValue]) -> Option<String> {
    let host = match &url.host {
        Host::Text(host) => host.clone(),
        Host::Labels(labels) => labels.join("."),
    };
    let name = host
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"));
    let address = match name {
        Some(name) => {
            let variable = variables
                .iter()
                .find(|variable| variable.key.as_deref() == Some(name))?;
            variable.text()
        }
        None => host,
    };
    let address = address.trim_end_matches('/').to_owned();
    match address.contains("://") {
        _ if address.is_empty() => None,
        true => Some(address),
        false => Some(format!("https://{address}")),
    }
}

/// The scheme that an auth block asks for: its name, and its definition in OpenAPI's terms.
pub fn security_scheme(auth: &Auth) -> Option<(String, Value)> {
    let parameter = |key: &str| {
        let found = auth
            .apikey
            .iter()
            .find(|pair| pair.key.as_deref() == Some(key));
        found.map(KeyValue::text)
    };
    let scheme = match auth.kind.as_str() {
        "apikey" => serde_json::json!({
            "type": "apiKey",
            "name": parameter("key").unwrap_or_else(|| "Authorization".into()),
            "in": parameter("in").unwrap_or_else(|| "header".into()),
        }),
        "bearer" | "basic" => serde_json::json!({ "type": "http", "scheme": auth.kind }),
        _ => return None,
    };
    Some((auth.kind.clone(), scheme))
}
