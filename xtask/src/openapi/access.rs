//! Where the API is and how to get in: servers, and security schemes.

use crate::postman::read::Endpoints;
use crate::postman::{Auth, KeyValue, UrlParts};
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
    if endpoints.list.is_empty() {
        let variables = endpoints.collection.variable.iter().map(KeyValue::text);
        servers.extend(
            variables.filter(|value| value.starts_with("http://") || value.starts_with("https://")),
        );
    }
    warnings.extend(unknown.iter().map(|host| {
        format!("the collection: the host `{host}` is no address, nor a variable with one")
    }));
    servers.iter().map(|url| json!({ "url": url })).collect()
}

/// The address of a request's server, or the host that is none.
fn server(url: &UrlParts, variables: &[KeyValue]) -> Result<String, String> {
    let host = url.host.text();
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

/// What OpenAPI has for a type of authentication. A scheme that is not registered for HTTP is a header
/// whose description says which it is.
fn scheme(auth: &Auth) -> Option<Value> {
    let http = |scheme: &str| Some(json!({ "type": "http", "scheme": scheme }));
    match auth.kind.as_str() {
        "apikey" => Some(json!({
            "type": "apiKey",
            "name": auth.parameter("key").filter(|name| !name.is_empty()).unwrap_or("Authorization"),
            "in": auth.parameter("in").filter(|place| *place == "query").unwrap_or("header"),
        })),
        "bearer" | "basic" | "digest" => http(&auth.kind),
        "jwt" | "asap" => http("bearer"),
        "oauth1" => http("oauth"),
        "awsv4" | "edgegrid" | "hawk" | "ntlm" => Some(json!({
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "description": format!("In the scheme `{}`.", auth.kind),
        })),
        "oauth2" => Some(json!({ "type": "oauth2", "flows": flows(auth) })),
        _ => None,
    }
}

/// The flow of OAuth 2 that the parameters describe; by client credentials unless they say otherwise.
fn flows(auth: &Auth) -> Value {
    let url = |key: &str| {
        let given = auth
            .parameter(key)
            .filter(|url| url.contains("://") && !url.contains("{{"));
        given.unwrap_or("https://example.com/oauth").to_owned()
    };
    let (token, authorization) = (url("accessTokenUrl"), url("authUrl"));
    match auth.parameter("grant_type").unwrap_or_default() {
        "implicit" => json!({ "implicit": { "authorizationUrl": authorization, "scopes": {} } }),
        "password_credentials" => json!({ "password": { "tokenUrl": token, "scopes": {} } }),
        grant if grant.starts_with("authorization_code") => json!({
            "authorizationCode": { "authorizationUrl": authorization, "tokenUrl": token, "scopes": {} },
        }),
        _ => json!({ "clientCredentials": { "tokenUrl": token, "scopes": {} } }),
    }
}

/// The authentication that a hand-written `Authorization` header amounts to.
pub fn of_header(headers: &[KeyValue]) -> Option<Auth> {
    let header = headers
        .iter()
        .find(|header| header.key().eq_ignore_ascii_case("authorization") && !header.disabled)?;
    let value = header.text();
    let word = value
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    Some(match word.as_str() {
        "bearer" | "basic" | "digest" => Auth::new(&word),
        _ => Auth::new("apikey"),
    })
}
