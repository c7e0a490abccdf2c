//! Parameters of paths, queries and headers, typed by all values that were seen of each.

use super::pairs::names_and_values;
use super::values::{take_required, typed, value_schema};
use crate::account::{Account, Kind};
use crate::infer::placeholder::{dynamic, stands_for_value};
use crate::infer::shape::Object;
use crate::json::{Json, object};
use crate::postman::read::Endpoint;
use crate::postman::template::Template;
use crate::postman::variables::Variables;
use crate::postman::{KeyValue, Request};
use indexmap::{IndexMap, IndexSet};
use std::borrow::Cow;

/// A request that shows an operation.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub name: &'a str,
    pub request: &'a Request<'a>,
    /// Whether it is that of a saved response.
    pub saved: bool,
}

/// The requests that show one operation: its own, its variants, and those of its saved responses.
pub fn requests<'a>(endpoint: &'a Endpoint<'a>) -> impl Iterator<Item = Shown<'a>> {
    let saved = endpoint.responses.iter().filter_map(|response| {
        let request = response.original_request.as_deref()?;
        let name = response.name();
        Some(Shown {
            name,
            request,
            saved: true,
        })
    });
    let variants = endpoint.variants.iter().map(|variant| Shown {
        name: &variant.name,
        request: &variant.request,
        saved: false,
    });
    let own = Shown {
        name: "default",
        request: &endpoint.request,
        saved: false,
    };
    std::iter::once(own).chain(variants).chain(saved)
}

/// The place and name of a parameter that a security scheme sends.
pub type Sent<'s> = (&'static str, Cow<'s, str>);

/// Path, query and header parameters, with all values that were seen of each.
///
/// A parameter without a description takes that of the table that documents it.
pub fn parameters<'a>(
    endpoint: &'a Endpoint<'a>,
    documented: &Object<'a>,
    variables: &Variables<'a>,
    sent: &[Sent<'_>],
    account: &mut Account,
    warn: &mut impl FnMut(String),
) -> Vec<Json<'a>> {
    let mut found = Found {
        endpoint,
        variables,
        sent,
        seen: IndexMap::new(),
        account,
    };
    let own: Vec<&'a str> = path_names(&endpoint.path).collect();
    for name in &own {
        let key = ("path", Cow::Borrowed(*name));
        found
            .seen
            .entry(key)
            .or_insert_with(|| Seen::of(Cow::Borrowed(name)));
    }
    for (number, shown) in requests(endpoint).enumerate() {
        let request = shown.request;
        if !shown.saved {
            found.path(number, own.len());
        }
        if let Some(url) = &request.url {
            let in_path = url
                .path
                .iter()
                .any(|entry| entry.as_str().is_some_and(|entry| entry.contains("{{")));
            if !request.foreign && (!url.variables.is_empty() || in_path) {
                found.variables(&own, request);
            }
            for pair in &url.query {
                found.pair("query", number, request, pair, warn);
            }
        }
        for header in &request.headers {
            found.pair("header", number, request, header, warn);
        }
    }
    let place = &*endpoint.place;
    let seen = std::mem::take(&mut found.seen).into_iter();
    seen.map(|((kind, _), seen)| {
        let doc = documented.fields.get(&seen.name);
        let doc = doc.and_then(|field| field.doc.as_ref());
        let doc = doc.map(|doc| doc.description.clone());
        parameter(kind, seen, doc, place, account)
    })
    .collect()
}

/// The parameters that were found so far, by place and name; names of headers have no case.
struct Found<'f, 'a> {
    endpoint: &'a Endpoint<'a>,
    variables: &'f Variables<'a>,
    sent: &'f [Sent<'f>],
    seen: IndexMap<(&'static str, Cow<'a, str>), Seen<'a>>,
    account: &'f mut Account,
}

/// What was seen of a parameter.
#[derive(Default)]
struct Seen<'a> {
    name: Cow<'a, str>,
    /// What tells its type: values, and those of variables.
    values: Vec<Cow<'a, str>>,
    /// The values that are none of a variable.
    examples: Vec<Cow<'a, str>>,
    descriptions: Vec<&'a str>,
    /// The number of the last request that had it enabled.
    enabled_in: Option<usize>,
    /// Whether one request had it more than once.
    repeated: bool,
}

impl<'a> Seen<'a> {
    fn of(name: Cow<'a, str>) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    fn value(&mut self, value: Cow<'a, str>, request: &Request<'a>, variables: &Variables<'a>) {
        if value.is_empty() {
            return;
        }
        if value.contains("{{") {
            let resolved = variables.resolve(request.scope, &value);
            if !resolved.contains("{{") || dynamic(&resolved).is_some() {
                self.values.push(resolved.into_owned().into());
            }
            return;
        }
        if !stands_for_value(&value) {
            self.examples.push(value.clone());
        }
        self.values.push(value);
    }
}

impl<'a> Found<'_, 'a> {
    fn path(&mut self, number: usize, count: usize) {
        if number == 0 {
            self.account.keep(Kind::Parameter, count);
            return;
        }
        for _ in 0..count {
            let place = &self.endpoint.place;
            self.account
                .merge(Kind::Parameter, place, "the path's parameters");
        }
    }

    /// The variables of a path, or of another spelling of it: by position.
    fn variables(&mut self, own: &[&'a str], request: &'a Request<'a>) {
        let Some(url) = &request.url else { return };
        let names = Template::of(url).names;
        for (name, (_, original)) in own.iter().zip(&names) {
            let Some(seen) = self.seen.get_mut(&("path", Cow::Borrowed(*name))) else {
                continue;
            };
            let mut given = url
                .variables
                .iter()
                .filter(|pair| pair.key == *original)
                .peekable();
            if given.peek().is_none() {
                let variable = format!("{{{{{original}}}}}");
                let is_in =
                    |entry: &Json<'_>| entry.as_str().is_some_and(|text| text.contains(&variable));
                if url.path.iter().any(is_in) {
                    seen.value(variable.into(), request, self.variables);
                }
            }
            for pair in given {
                seen.descriptions.push(pair.description.trim());
                // A value that is its own name is none: `:id` of `:id`.
                let value = pair.text();
                if value.strip_prefix(':') != Some(original) {
                    seen.value(value, request, self.variables);
                }
            }
        }
        let known = |pair: &&KeyValue<'_>| names.iter().any(|(_, original)| pair.key == *original);
        for pair in url.variables.iter().filter(|pair| !known(pair)) {
            if !pair.description.trim().is_empty() {
                let reason = format!("of `{}`, which the path does not have", pair.key);
                self.account
                    .leave_out(Kind::Description, &self.endpoint.place, &reason);
            }
        }
    }

    fn pair(
        &mut self,
        kind: &'static str,
        number: usize,
        request: &'a Request<'a>,
        pair: &'a KeyValue<'a>,
        warn: &mut impl FnMut(String),
    ) {
        let (first, others) = names_and_values(kind, request, pair, self.variables);
        self.named(kind, number, request, pair, first, warn);
        for other in others {
            self.named(kind, number, request, pair, other, warn);
        }
    }

    /// Adds what a pair is called and holds.
    fn named(
        &mut self,
        kind: &'static str,
        number: usize,
        request: &'a Request<'a>,
        pair: &'a KeyValue<'a>,
        (name, value): (Cow<'a, str>, Cow<'a, str>),
        warn: &mut impl FnMut(String),
    ) {
        let place = &self.endpoint.place;
        let reason = match () {
            () if request.foreign => Some("the request of a saved response is another".to_owned()),
            () if name.is_empty() => Some(format!("a pair of the {kind} has no name")),
            () if kind == "header" && is_described_elsewhere(&name) => {
                Some(format!("OpenAPI has `{name}` elsewhere"))
            }
            () if kind == "header" && !is_token(&name) => {
                let reason = format!("`{name}` cannot be the name of a header; left out");
                warn(reason.clone());
                Some(reason)
            }
            () => None,
        };
        let described = !pair.description.trim().is_empty();
        if let Some(reason) = reason {
            self.account.leave_out(Kind::Parameter, place, &reason);
            if described {
                self.account.leave_out(Kind::Description, place, &reason);
            }
            return;
        }
        let is_scheme = |(place, sent): &Sent<'_>| {
            *place == kind
                && match kind {
                    "header" => sent.eq_ignore_ascii_case(&name),
                    _ => *sent == name,
                }
        };
        if self.sent.iter().any(is_scheme) {
            let into = format!("the security scheme that sends `{name}`");
            self.account.merge(Kind::Parameter, place, &into);
            if described {
                self.account.merge(Kind::Description, place, &into);
            }
            return;
        }
        let key = match kind {
            "header" if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                name.to_ascii_lowercase().into()
            }
            _ => name.clone(),
        };
        let next = self.seen.len();
        let entry = self.seen.entry((kind, key));
        if entry.index() == next {
            self.account.keep(Kind::Parameter, 1);
        } else {
            self.account
                .merge(Kind::Parameter, place, "a parameter of the same name");
        }
        let seen = entry.or_insert_with(|| Seen::of(name));
        if !pair.disabled {
            seen.repeated |= seen.enabled_in == Some(number);
            seen.enabled_in = Some(number);
        }
        seen.descriptions.push(pair.description.trim());
        seen.value(value, request, self.variables);
    }
}

/// Whether a text can be the name of a header.
pub fn is_token(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Headers that OpenAPI describes elsewhere are no parameters.
fn is_described_elsewhere(header: &str) -> bool {
    let others = ["accept", "authorization", "content-type"];
    let mut others = others.iter();
    others.any(|other| header.eq_ignore_ascii_case(other))
}

/// The names of a path's parameters, in order.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    let rests = path.split('{').skip(1);
    rests.filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// A parameter; one that says nothing of itself is described by the documentation.
fn parameter<'a>(
    place: &'static str,
    seen: Seen<'a>,
    documentation: Option<String>,
    of: &str,
    account: &mut Account,
) -> Json<'a> {
    let description = descriptions(&seen.descriptions, of, account);
    let (required, description) = take_required(&description);
    let mut parameter = Json::with_room(6);
    parameter.push("name", seen.name);
    parameter.push("in", place);
    if !description.is_empty() {
        parameter.push("description", description.to_owned());
    }
    if required || place == "path" {
        parameter.push("required", true);
    }
    let item = value_schema(&seen.values);
    let list = seen.repeated && place == "query";
    if list {
        let sample = seen.examples.into_iter().map(|value| typed(&item, value));
        let sample: Vec<Json<'a>> = sample.collect();
        if !sample.is_empty() {
            parameter.push("example", sample);
        }
    } else if let Some(first) = seen.examples.into_iter().next() {
        parameter.push("example", typed(&item, first));
    }
    let schema = if list {
        object! { "type": "array", "items": item }
    } else {
        item
    };
    parameter.push("schema", schema);
    if let (true, Some(documentation)) = (description.is_empty(), documentation) {
        parameter.push("description", documentation);
    }
    parameter
}

/// All that is said of one thing: different texts stand below each other.
pub fn descriptions<'a>(texts: &[&'a str], place: &str, account: &mut Account) -> Cow<'a, str> {
    let mut known: IndexSet<&'a str> = IndexSet::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        if known.insert(text) {
            account.keep(Kind::Description, 1);
        } else {
            account.merge(Kind::Description, place, "an equal description");
        }
    }
    match known.len() {
        0 => Cow::Borrowed(""),
        1 => Cow::Borrowed(known[0]),
        _ => known.into_iter().collect::<Vec<_>>().join("\n\n").into(),
    }
}
