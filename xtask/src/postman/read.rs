//! From bytes to the list of requests, each with the path of its item.

use super::template::Template;
use super::{Auth, Collection, Host, Item, KeyValue, Request, Response, Url, UrlParts};
use crate::Error;
use crate::lower::METHODS;
use crate::openapi::access::of_header;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;

/// A method and path of the collection, with what its folders say about it.
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
    /// Further requests with this method and path, by name.
    pub variants: Vec<(String, Request)>,
    pub responses: Vec<Response>,
    /// Its own authentication, or that of the nearest folder; none for the collection's.
    pub auth: Option<Auth>,
}

/// What a collection holds, flattened.
#[derive(Debug, Clone)]
pub struct Endpoints {
    pub collection: Collection,
    /// Folders with their descriptions, in order.
    pub folders: Vec<(String, String)>,
    pub list: Vec<Endpoint>,
    /// Method, path and name of requests that OpenAPI has no method for.
    pub others: Vec<(String, String, String)>,
    /// How many requests there were, before equal ones became one.
    pub requests: usize,
}

/// Reads a collection. Requests with one method and path become one endpoint, with a warning.
///
/// A request without a URL, or a collection without requests, is an error if `strict`, else a warning.
///
/// # Errors
/// Not JSON, not a collection, or an item that cannot be placed: named by its path.
pub fn read(
    file: &str,
    bytes: &[u8],
    strict: bool,
    warnings: &mut Vec<String>,
) -> Result<Endpoints, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut json: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::new(file, "", format!("not JSON: {error}")))?;
    let environments = json
        .get_mut("environments")
        .map(Value::take)
        .unwrap_or_default();
    let is_page = environments.is_array();
    if let Some(wrapped) = json.get_mut("collection") {
        json = wrapped.take();
    }
    let mut collection: Collection = serde_json::from_value(json)
        .map_err(|error| Error::new(file, "", format!("not a Postman collection: {error}")))?;
    // The metadata page of a documentation has everything but the requests.
    let values = environments
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|environment| environment["values"].as_array());
    let values = values
        .flatten()
        .filter_map(|value| serde_json::from_value(value.clone()).ok());
    collection.variable.extend(values);
    let items = match collection.item.take() {
        Some(items) => items,
        None if is_page && !strict => {
            let missing =
                "a metadata page: it has no requests; `cargo xtask fetch` gets the collection";
            warnings.push(missing.into());
            Vec::new()
        }
        None => {
            let reason = "the collection has no `item`: it holds no requests";
            return Err(Error::new(file, "", reason));
        }
    };
    let mut endpoints = Endpoints {
        collection,
        folders: Vec::new(),
        list: Vec::new(),
        others: Vec::new(),
        requests: 0,
    };
    let mut reader = Reader {
        file,
        endpoints: &mut endpoints,
        strict,
        known: HashMap::new(),
        paths: HashMap::new(),
        warnings,
    };
    for item in items {
        reader.item(item, &mut Vec::new(), None)?;
    }
    if endpoints.list.is_empty() {
        let reason = "the collection holds no requests";
        if strict {
            return Err(Error::new(file, "", reason));
        }
        warnings.push(reason.into());
    }
    Ok(endpoints)
}

struct Reader<'a> {
    file: &'a str,
    strict: bool,
    endpoints: &'a mut Endpoints,
    /// Where in the list a method and path stand.
    known: HashMap<(String, String), usize>,
    /// The path that stands for each pattern.
    paths: HashMap<String, String>,
    warnings: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn item(
        &mut self,
        item: Value,
        parents: &mut Vec<String>,
        inherited: Option<&Auth>,
    ) -> Result<(), Error> {
        let name = item["name"].as_str().unwrap_or("(no name)");
        let path = parents.iter().map(String::as_str).chain([name]);
        let place = path.collect::<Vec<_>>().join(" / ");
        let wrong = |reason: &str| Error::new(self.file, place.clone(), reason);
        let item: Item = serde_json::from_value(item)
            .map_err(|error| wrong(&format!("not an item of a collection: {error}")))?;
        if let Some(children) = item.item {
            self.endpoints
                .folders
                .push((item.name.clone(), item.description));
            parents.push(item.name);
            for child in children {
                self.item(child, parents, item.auth.as_ref().or(inherited))?;
            }
            parents.pop();
            return Ok(());
        }
        let request = item
            .request
            .ok_or_else(|| wrong("neither a folder nor a request"))?;
        let url = request.url().unwrap_or_default().into_owned();
        let template = Template::of(&url);
        if template.text == "/" && url.host.is_empty() {
            let reason = "the request has no url";
            if self.strict {
                return Err(wrong(reason));
            }
            self.warnings.push(format!("{place}: {reason}; left out"));
            return Ok(());
        }
        let method = request.method.as_deref().unwrap_or("GET");
        if !METHODS.contains(&method.to_ascii_lowercase().as_str()) {
            self.warnings.push(format!(
                "{place}: OpenAPI has no method `{method}`; kept in an extension"
            ));
            let path = self.path(template);
            self.endpoints
                .others
                .push((method.to_owned(), path, item.name));
            return Ok(());
        }
        let path = self.path(template);
        // What is inherited says so in a published documentation, and is not the request's own.
        let own = request.auth.clone().filter(|auth| !auth.inherited);
        let own = own.or_else(|| inherited.cloned());
        let unsaid = self.endpoints.collection.auth.is_none();
        let implied = || request.auth.clone().or_else(|| of_header(&request.header));
        let auth = own.or_else(|| if unsaid { implied() } else { None });
        self.add(Endpoint {
            // A folder without a name groups nothing.
            folder: parents.iter().rfind(|name| !name.is_empty()).cloned(),
            name: item.name,
            method: method.to_ascii_lowercase(),
            path,
            url,
            responses: item.response,
            auth,
            request,
            variants: Vec::new(),
            place,
        });
        Ok(())
    }

    /// The path of a template: that of the first with the same pattern, whatever its names.
    fn path(&mut self, template: Template) -> String {
        let known = self.paths.entry(template.pattern());
        known.or_insert(template.text).clone()
    }

    fn add(&mut self, endpoint: Endpoint) {
        self.endpoints.requests += 1;
        let next = self.endpoints.list.len();
        let call = (endpoint.method.clone(), endpoint.path.clone());
        let index = *self.known.entry(call).or_insert(next);
        let Some(first) = self.endpoints.list.get_mut(index) else {
            self.endpoints.list.push(endpoint);
            return;
        };
        self.warnings.push(format!(
            "{}: has the method and path of `{}`; the two are one operation",
            endpoint.place, first.place
        ));
        if first.request.description.trim().is_empty() {
            first.request.description = endpoint.request.description.clone();
        }
        first.variants.push((endpoint.name, endpoint.request));
        first.responses.extend(endpoint.responses);
    }
}

/// The parts of a URL that is given as parts or as a text.
pub fn parts(url: &Url) -> Cow<'_, UrlParts> {
    let (raw, given) = match url {
        Url::Parts(parts) if !parts.path.is_empty() => return Cow::Borrowed(parts),
        Url::Parts(parts) => (parts.raw.clone().unwrap_or_default(), parts.clone()),
        Url::Text(text) => (text.clone(), UrlParts::default()),
    };
    let (address, query) = raw.split_once('?').unwrap_or((&raw, ""));
    let address = address.split('#').next().unwrap_or_default();
    let (protocol, rest) = match address.split_once("://") {
        Some((protocol, rest)) => (Some(protocol.to_owned()), rest),
        None => (given.protocol, address),
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            KeyValue::new(key, value)
        });
    Cow::Owned(UrlParts {
        host: Host::Text(host.to_owned()),
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
        protocol,
        port: given.port,
        variable: given.variable,
        raw: Some(raw),
    })
}
