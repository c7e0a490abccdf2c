//! Where the API is and how to get in: servers, and security schemes.

use crate::postman::read::Endpoints;
use crate::postman::{Auth, Host, KeyValue, UrlParts};
use indexmap::{IndexMap, IndexSet};
use serde_json::{Value, json};

/// The servers that requests go to, in order; a host that no variable makes an address is warned of.
pub fn servers(endpoints: &Endpoints, warnings: &mut Vec<String>) -> Vec<Value> {
    let mut servers = IndexSet::new();
    let mut unknown = IndexSet::new();
    for endpoint in &endpoints.list {
        match server(&endpoint.url, &endpoints.collection.variable) {
            Ok(address) => servers.insert(address),
            Err(host) => unknown.insert(host),
        };
    }
    warnings.extend(unknown.iter().map(|host| {
        format!("the collection: the host `{host}` is no address, nor a variable with one")
    }));
    servers.iter().map(|url| json!({ "url": url })).collect()
}

/// The address of a request's server, or the host that is none.
fn server(url: &UrlParts, variables: &[KeyValue]) -> Result<String, String> {
    let host = match &url.host {
        Host::Text(host) => host.clone(),
        Host::Labels(labels) => labels.join("."),
    };
    let mut address = host.clone();
    for variable in variables {
        let placeholder = format!("{{{{{}}}}}", variable.key());
        address = address.replace(&placeholder, &variable.text());
    }
    let address = address.trim_end_matches('/');
    if address.is_empty() || address.contains(['{', '}', ' ']) {
        return Err(host);
    }
    if address.contains("://") {
        return Ok(address.to_owned());
    }
    let protocol = url.protocol.as_deref().unwrap_or("https");
    let port = url.port.as_ref().map(|port| format!(":{port}"));
    Ok(format!(
        "{protocol}://{address}{}",
        port.unwrap_or_default()
    ))
}

/// The schemes that requests authenticate by, under names of their own.
#[derive(Debug, Default)]
pub struct Schemes(IndexMap<String, Value>);

impl Schemes {
    /// What a call with this authentication requires; nothing, with a warning, if it is of a type
    /// that has no words here.
    pub fn requirement(
        &mut self,
        auth: &Auth,
        place: &str,
        warnings: &mut Vec<String>,
    ) -> Option<Value> {
        if auth.kind == "noauth" {
            return Some(json!([]));
        }
        let Some(scheme) = scheme(auth) else {
            warnings.push(format!(
                "{place}: auth of type `{}` is not known",
                auth.kind
            ));
            return None;
        };
        let same = self.0.iter().find(|(_, known)| **known == scheme);
        let name = match same {
            Some((name, _)) => name.clone(),
            None => {
                let numbered = (2..).map(|number| format!("{}_{number}", auth.kind));
                let mut names = std::iter::once(auth.kind.clone()).chain(numbered);
                names.find(|name| !self.0.contains_key(name))?
            }
        };
        self.0.insert(name.clone(), scheme);
        Some(json!([{ name: [] }]))
    }

    /// `components.securitySchemes`, if there are any.
    pub fn definitions(self) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.0.into_iter().collect::<serde_json::Map<_, _>>().into())
    }
}

fn scheme(auth: &Auth) -> Option<Value> {
    match auth.kind.as_str() {
        "apikey" => Some(json!({
            "type": "apiKey",
            "name": auth.apikey("key").unwrap_or("Authorization"),
            "in": auth.apikey("in").unwrap_or("header"),
        })),
        "bearer" | "basic" => Some(json!({ "type": "http", "scheme": auth.kind })),
        _ => None,
    }
}
