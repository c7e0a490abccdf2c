//! How to get in: security schemes, and what an operation requires of them.

use super::parameters::Sent;
use super::servers::without_user;
use crate::json::{Json, object};
use crate::postman::Auth;
use crate::postman::read::{Access, Endpoint, Endpoints};
use crate::postman::variables::{Scope, Variables};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Variables, and where they are looked up.
type Values<'v, 'a> = (&'v Variables<'a>, Scope);

/// The schemes that requests authenticate by, under names of their own.
#[derive(Debug, Default)]
pub struct Schemes {
    named: IndexMap<String, Json<'static>>,
    /// Their names, by what they say.
    names: HashMap<String, String>,
    /// The last number that the name of a type got.
    numbers: HashMap<String, usize>,
}

impl Schemes {
    /// What a call with this authentication requires; nothing, with a warning, if it is of a type
    /// that has no words here.
    pub fn requirement(
        &mut self,
        auth: &Auth<'_>,
        values: Values<'_, '_>,
        place: &str,
        warnings: &mut Vec<String>,
    ) -> Option<Json<'static>> {
        if auth.kind == "noauth" {
            return Some(Json::List(Vec::new()));
        }
        let Some(scheme) = scheme(auth, values) else {
            warnings.push(format!(
                "{place}: auth of type `{}` is not known",
                auth.kind
            ));
            return None;
        };
        let name = self.named(&auth.kind, scheme);
        let scopes = scopes(auth).map(|scope| Json::from(scope.to_owned()));
        let scopes = Json::List(scopes.collect());
        Some(Json::List(vec![Json::from_iter([(name, scopes)])]))
    }

    /// The name of a scheme, which is that of its type, with a number if there are several.
    fn named(&mut self, kind: &str, scheme: Json<'static>) -> String {
        let said = scheme.to_string();
        if let Some(name) = self.names.get(&said) {
            return name.clone();
        }
        let number = self.numbers.entry(kind.to_owned()).or_default();
        let name = loop {
            *number += 1;
            let name = match *number {
                1 => kind.to_owned(),
                number => format!("{kind}_{number}"),
            };
            if !self.named.contains_key(&name) {
                break name;
            }
        };
        self.named.insert(name.clone(), scheme);
        self.names.insert(said, name.clone());
        name
    }

    /// What an operation requires, where it is not what the collection requires: one of what its requests
    /// use, or nothing if one of them is known to have got in without.
    pub fn required(
        &mut self,
        endpoint: &Endpoint<'_>,
        endpoints: &Endpoints<'_>,
        common: Option<&Json<'static>>,
        warnings: &mut Vec<String>,
    ) -> Option<Json<'static>> {
        let mut ways: Vec<Json<'static>> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        let mut is_open = false;
        let mut is_said = false;
        for (access, scope) in accesses(endpoint) {
            let own = access.auth.as_ref();
            let values = (&endpoints.variables, scope);
            let own =
                own.and_then(|auth| self.requirement(auth, values, &endpoint.place, warnings));
            is_said |= own.is_some();
            let way = own.as_ref().or(common).map(Json::items).unwrap_or_default();
            // One that was refused, or never sent, does not show that it is not needed.
            is_open |= way.is_empty() && access.succeeded;
            for way in way {
                if known.insert(way.to_string()) {
                    ways.push(way.clone());
                }
            }
        }
        if is_open && !ways.is_empty() {
            ways.push(object! {});
        }
        let ways = Json::List(ways);
        let is_common = match common {
            Some(common) => *common == ways,
            None => ways.items().is_empty() && !is_said,
        };
        (!is_common).then_some(ways)
    }

    /// `components.securitySchemes`, if there are any.
    pub fn definitions(self) -> Option<Json<'static>> {
        (!self.named.is_empty()).then(|| self.named.into_iter().collect())
    }
}

/// What OpenAPI has for a type of authentication. A scheme that is not registered for HTTP is a header
/// whose description says which it is.
fn scheme(auth: &Auth<'_>, values: Values<'_, '_>) -> Option<Json<'static>> {
    let http = |scheme: &str| Some(object! { "type": "http", "scheme": scheme.to_owned() });
    match &*auth.kind {
        "apikey" => {
            let (place, name) = key(auth, values);
            Some(object! { "type": "apiKey", "name": name.into_owned(), "in": place })
        }
        "bearer" | "basic" | "digest" => http(&auth.kind),
        "jwt" if auth.parameter("in") == Some("query") => {
            let name = auth.parameter("queryParamKey").unwrap_or("token");
            Some(object! { "type": "apiKey", "name": name.to_owned(), "in": "query" })
        }
        "jwt" | "asap" => http("bearer"),
        "oauth1" => http("oauth"),
        "awsv4" | "edgegrid" | "hawk" | "ntlm" => Some(object! {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "description": format!("In the scheme `{}`.", auth.kind),
        }),
        "oauth2" => Some(oauth2(auth, values)),
        _ => None,
    }
}

/// The place and name of what a key is sent in.
fn key<'k>(auth: &'k Auth<'_>, (variables, scope): Values<'_, '_>) -> Sent<'k> {
    let name = auth.parameter("key").filter(|name| !name.is_empty());
    let name = name.map_or(Cow::Borrowed("Authorization"), |name| {
        let resolved = variables.resolve(scope, name);
        resolved.replace(['{', '}'], "").into()
    });
    let place = match auth.parameter("in") {
        Some("query") => "query",
        Some("cookie") => "cookie",
        _ => "header",
    };
    (place, name)
}

/// How each request of an endpoint gets in, and where its variables are looked up.
fn accesses<'e, 'a>(endpoint: &'e Endpoint<'a>) -> impl Iterator<Item = (&'e Access<'a>, Scope)> {
    let variants = endpoint.variants.iter();
    let variants = variants.map(|variant| (&variant.access, variant.request.scope));
    std::iter::once((&endpoint.access, endpoint.request.scope)).chain(variants)
}

/// The parameters that the schemes of an operation send.
pub fn sent<'a>(endpoint: &'a Endpoint<'a>, endpoints: &'a Endpoints<'a>) -> Vec<Sent<'a>> {
    let common = endpoints.collection.auth.as_ref();
    let auths = accesses(endpoint)
        .filter_map(|(access, scope)| Some((access.auth.as_deref().or(common)?, scope)));
    let keys = auths.filter(|(auth, _)| auth.kind == "apikey");
    let mut sent: Vec<Sent<'a>> = Vec::new();
    for (auth, scope) in keys {
        let key = key(auth, (&endpoints.variables, scope));
        if !sent.contains(&key) {
            sent.push(key);
        }
    }
    sent
}

/// The scopes that are asked for.
fn scopes<'a>(auth: &'a Auth<'_>) -> impl Iterator<Item = &'a str> {
    let asked = auth.parameter("scope").filter(|_| auth.kind == "oauth2");
    let words = asked.unwrap_or_default().split([' ', ',', '+']);
    words.filter(|scope| !scope.is_empty() && !scope.contains(['{', '}']))
}

/// OAuth 2 in the flow that the parameters describe; addresses whose hosts are not known are relative, and named.
fn oauth2(auth: &Auth<'_>, (variables, scope): Values<'_, '_>) -> Json<'static> {
    let address = |key: &'static str| {
        let said = auth.parameter(key).unwrap_or_default().trim();
        let url = variables.resolve(scope, said);
        let fits = |url: &str| !url.is_empty() && !url.contains(['{', '}', ' ', '<']);
        // A query whose variables have no values is none.
        let url = match url.split_once('?') {
            Some((url, query)) if !fits(query) => Cow::Borrowed(url),
            _ => Cow::Borrowed(&*url),
        };
        if url.contains("://") && fits(&url) {
            return (without_user(&url), true);
        }
        // Of `{{host}}/token` the path is known. An address must be one, so it is relative.
        let path = url.rsplit("}}").next().unwrap_or_default();
        let path = Some(path).filter(|path| path.starts_with('/') && fits(path));
        (path.unwrap_or("/").to_owned(), false)
    };
    let (token, authorization) = ("accessTokenUrl", "authUrl");
    let grant = auth.parameter("grant_type").unwrap_or("client_credentials");
    let (flow, addresses) = match grant {
        "implicit" => ("implicit", vec![("authorizationUrl", authorization)]),
        "password_credentials" => ("password", vec![("tokenUrl", token)]),
        grant if grant.starts_with("authorization_code") => {
            let addresses = vec![("authorizationUrl", authorization), ("tokenUrl", token)];
            ("authorizationCode", addresses)
        }
        _ => ("clientCredentials", vec![("tokenUrl", token)]),
    };
    let mut missing: Vec<String> = Vec::new();
    let mut parts = Json::with_room(3);
    for (name, key) in addresses {
        let (url, is_known) = address(key);
        if !is_known {
            missing.push(format!("`{name}`"));
        }
        parts.push(name, url);
    }
    let scopes = scopes(auth).map(|scope| (scope.to_owned(), Json::from("")));
    parts.push("scopes", scopes.collect::<Json<'static>>());
    let flows: Json<'static> = [(flow, parts)].into_iter().collect();
    let mut scheme = object! { "type": "oauth2", "flows": flows };
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        let description = format!("The collection does not say the host of the {missing}.");
        scheme.push("description", description);
    }
    scheme
}
