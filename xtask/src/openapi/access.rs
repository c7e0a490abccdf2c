//! Where the API is and how to get in: servers, and security schemes.

use crate::json::{Json, object};
use crate::postman::read::Endpoints;
use crate::postman::url::UrlParts;
use crate::postman::{Auth, KeyValue};
use indexmap::{IndexMap, IndexSet};

/// The servers that requests go to, in order; a host that no variable makes an address is warned of.
pub fn servers(endpoints: &Endpoints<'_>, warnings: &mut Vec<String>) -> Vec<Json<'static>> {
    let mut servers = IndexSet::new();
    let mut unknown = IndexSet::new();
    let variables = &endpoints.collection.variables;
    for url in endpoints
        .list
        .iter()
        .flat_map(|endpoint| &endpoint.request.url)
    {
        match server(url, variables) {
            Ok(address) => servers.insert(address),
            Err(host) => unknown.insert(host),
        };
    }
    if endpoints.list.is_empty() {
        let addresses = variables
            .iter()
            .map(|variable| variable.text().into_owned());
        servers.extend(
            addresses.filter(|value| value.starts_with("http://") || value.starts_with("https://")),
        );
    }
    warnings.extend(unknown.iter().map(|host| {
        format!("the collection: the host `{host}` is no address, nor a variable with one")
    }));
    let servers = servers.into_iter();
    servers.map(|url| object! { "url": url }).collect()
}

/// The address of a request's server, or the host that is none.
fn server<'u>(url: &'u UrlParts<'_>, variables: &[KeyValue<'_>]) -> Result<String, &'u str> {
    let mut address = url.host.to_string();
    for variable in variables {
        if !address.contains("{{") {
            break;
        }
        let placeholder = format!("{{{{{}}}}}", variable.key);
        address = address.replace(&placeholder, &variable.text());
    }
    let address = address.trim_end_matches('/');
    if address.is_empty() || address.contains(['{', '}', ' ']) {
        return Err(&url.host);
    }
    if address.contains("://") {
        return Ok(address.to_owned());
    }
    let protocol = url.protocol.as_deref().unwrap_or("https");
    let port = url.port.as_deref().map(|port| format!(":{port}"));
    Ok(format!(
        "{protocol}://{address}{}",
        port.unwrap_or_default()
    ))
}

/// The schemes that requests authenticate by, under names of their own.
#[derive(Debug, Default)]
pub struct Schemes(IndexMap<String, Json<'static>>);

impl Schemes {
    /// What a call with this authentication requires; nothing, with a warning, if it is of a type
    /// that has no words here.
    pub fn requirement(
        &mut self,
        auth: &Auth<'_>,
        place: &str,
        warnings: &mut Vec<String>,
    ) -> Option<Json<'static>> {
        if auth.kind == "noauth" {
            return Some(Json::List(Vec::new()));
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
                let mut names = std::iter::once(auth.kind.to_string()).chain(numbered);
                names.find(|name| !self.0.contains_key(name))?
            }
        };
        self.0.insert(name.clone(), scheme);
        let none = Json::List(Vec::new());
        Some(Json::List(vec![Json::from_iter([(name, none)])]))
    }

    /// `components.securitySchemes`, if there are any.
    pub fn definitions(self) -> Option<Json<'static>> {
        (!self.0.is_empty()).then(|| self.0.into_iter().collect())
    }
}

/// What OpenAPI has for a type of authentication. A scheme that is not registered for HTTP is a header
/// whose description says which it is.
fn scheme(auth: &Auth<'_>) -> Option<Json<'static>> {
    let http = |scheme: &str| Some(object! { "type": "http", "scheme": scheme.to_owned() });
    match &*auth.kind {
        "apikey" => {
            let name = auth.parameter("key").filter(|name| !name.is_empty());
            let in_query = auth.parameter("in") == Some("query");
            Some(object! {
                "type": "apiKey",
                "name": name.unwrap_or("Authorization").to_owned(),
                "in": if in_query { "query" } else { "header" },
            })
        }
        "bearer" | "basic" | "digest" => http(&auth.kind),
        "jwt" | "asap" => http("bearer"),
        "oauth1" => http("oauth"),
        "awsv4" | "edgegrid" | "hawk" | "ntlm" => Some(object! {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "description": format!("In the scheme `{}`.", auth.kind),
        }),
        "oauth2" => Some(object! { "type": "oauth2", "flows": flows(auth) }),
        _ => None,
    }
}

/// The flow of OAuth 2 that the parameters describe; by client credentials unless they say otherwise.
fn flows(auth: &Auth<'_>) -> Json<'static> {
    let url = |key: &str| {
        let given = auth
            .parameter(key)
            .filter(|url| url.contains("://") && !url.contains("{{"));
        given.unwrap_or("https://example.com/oauth").to_owned()
    };
    let (token, authorization) = (url("accessTokenUrl"), url("authUrl"));
    match auth.parameter("grant_type").unwrap_or_default() {
        "implicit" => {
            object! { "implicit": object! { "authorizationUrl": authorization, "scopes": object! {} } }
        }
        "password_credentials" => {
            object! { "password": object! { "tokenUrl": token, "scopes": object! {} } }
        }
        grant if grant.starts_with("authorization_code") => object! {
            "authorizationCode": object! { "authorizationUrl": authorization, "tokenUrl": token, "scopes": object! {} },
        },
        _ => object! { "clientCredentials": object! { "tokenUrl": token, "scopes": object! {} } },
    }
}

/// The authentication that a hand-written `Authorization` header amounts to.
pub fn of_header(headers: &[KeyValue<'_>]) -> Option<Auth<'static>> {
    let header = headers
        .iter()
        .find(|header| header.key.eq_ignore_ascii_case("authorization") && !header.disabled)?;
    let value = header.text();
    let word = value
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    Some(match word.as_str() {
        "bearer" | "basic" | "digest" => Auth::new(word),
        _ => Auth::new("apikey"),
    })
}
