//! From bytes to the list of requests, each with the path of its item.

use super::fields::{Description, Items, List, read_from_object};
use super::same_path::{Relation, relation};
use super::template::Template;
use super::url::UrlParts;
use super::variables::{Scope, Variables};
use super::weight;
use super::{Auth, Collection, Item, KeyValue, Request, Response};
use crate::Error;
use crate::account::{Account, Kind};
use crate::json::{Json, Text};
use crate::lower::METHODS;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::Arc;

/// A method and path of the collection, with what its folders say about it.
#[derive(Debug, Clone)]
pub struct Endpoint<'a> {
    /// Where it stands: `clients / List customers`.
    pub place: String,
    pub folder: Option<Text<'a>>,
    pub name: Text<'a>,
    /// In lower case.
    pub method: &'static str,
    /// The path as OpenAPI writes it: `/v1/clients/{id}`.
    pub path: String,
    pub request: Box<Request<'a>>,
    pub access: Access<'a>,
    /// Further requests with this method and path.
    pub variants: Vec<Variant<'a>>,
    pub responses: Vec<Response<'a>>,
}

/// A further request of an endpoint.
#[derive(Debug, Clone)]
pub struct Variant<'a> {
    pub name: Text<'a>,
    pub request: Box<Request<'a>>,
    pub access: Access<'a>,
}

/// How a request gets in.
#[derive(Debug, Clone)]
pub struct Access<'a> {
    /// Its own authentication, or that of the nearest folder; none for the collection's.
    pub auth: Option<Arc<Auth<'a>>>,
    /// Whether it is known to have got in.
    pub succeeded: bool,
}

/// What a collection holds, flattened.
#[derive(Debug, Clone)]
pub struct Endpoints<'a> {
    pub collection: Collection<'a>,
    pub variables: Variables<'a>,
    /// Folders with their descriptions, in order.
    pub folders: Vec<(Text<'a>, Description<'a>)>,
    pub list: Vec<Endpoint<'a>>,
    /// Method, path and name of requests that OpenAPI has no method for.
    pub others: Vec<(Text<'a>, String, Text<'a>)>,
    /// What became of requests, and of saved responses that are of others.
    pub account: Account,
    /// Of texts of JSON that are longer, no values are held: these take ten times as much memory.
    pub longest_value: usize,
}

read_from_object! {
    /// A collection or an item, as far as it takes to find the item that an error is about.
    pub struct Outline<'a> {
        "name" => name: Json<'a>,
        "item" => items: Option<List<&'a RawValue>>,
    }
}

/// A collection of more bytes is large.
const LARGE: usize = 1 << 24;
/// A text of JSON of more bytes is large.
const LARGE_VALUE: usize = 1 << 14;

/// Reads a collection. Requests with one method and path become one endpoint, with a warning.
///
/// What cannot be placed, or a collection without requests, is an error if `strict`, else a warning.
///
/// # Errors
/// Not JSON, not a collection, or an item that is malformed: named by its path.
pub fn read<'a>(
    file: &str,
    text: &'a str,
    strict: bool,
    warnings: &mut Vec<String>,
) -> Result<Endpoints<'a>, Error> {
    let wrong = |reason: String| Error::new(file, "", reason);
    weight::check(file, text)?;
    let mut collection = collection(file, text)?;
    let environments = std::mem::take(&mut collection.environments);
    let is_page = matches!(environments, Json::List(_));
    if let Some(wrapped) = collection.wrapped {
        collection = self::collection(file, wrapped.get())?;
    }
    let items = match collection.items.take() {
        Some(Items(items)) => items,
        None if collection.requests.is_some() => {
            let reason = "a collection of format 1, which Postman wrote until 2017: import it there and export it as \
                 v2.1";
            return Err(wrong(reason.into()));
        }
        None if is_page && !strict => {
            let missing =
                "a metadata page: it has no requests; `cargo xtask fetch` gets the collection";
            warnings.push(missing.into());
            Vec::new()
        }
        None => {
            let reason = "the collection has no `item`: it holds no requests";
            return Err(wrong(reason.into()));
        }
    };
    let mut variables = Variables::default();
    // Of several environments the first is the one that readers are shown.
    let environments = environments.items().iter().rev();
    let values = environments.flat_map(|environment| environment["values"].items());
    let values = values.map(|entry| KeyValue {
        disabled: entry["enabled"] == Json::Bool(false),
        ..KeyValue::new(
            entry["key"].as_str().unwrap_or_default().to_owned(),
            entry["value"].clone(),
        )
    });
    let outermost = variables.open(None, values.collect());
    let own = std::mem::take(&mut collection.variables.0);
    let scope = variables.open(Some(outermost), own);
    let mut endpoints = Endpoints {
        collection,
        variables,
        folders: Vec::new(),
        list: Vec::new(),
        others: Vec::new(),
        account: Account::default(),
        // To read them again takes time, which is worth it for a large collection, or a large text.
        longest_value: if text.len() > LARGE { 0 } else { LARGE_VALUE },
    };
    let mut reader = Reader {
        file,
        endpoints: &mut endpoints,
        strict,
        paths: HashMap::new(),
        warnings,
    };
    for item in items {
        let within = Within {
            scope,
            inherited: None,
        };
        reader.item(item, &mut Vec::new(), within)?;
    }
    if endpoints.list.is_empty() {
        let reason = "the collection holds no requests";
        if strict {
            return Err(wrong(reason.into()));
        }
        warnings.push(reason.into());
    }
    Ok(endpoints)
}

fn collection<'a>(file: &str, text: &'a str) -> Result<Collection<'a>, Error> {
    serde_json::from_str(text).map_err(|error| {
        if !error.is_data() {
            return Error::new(file, "", format!("not JSON: {error}"));
        }
        let unnamed = || Error::new(file, "", format!("not a Postman collection: {error}"));
        wrong_item(file, text, &mut Vec::new()).unwrap_or_else(unnamed)
    })
}

/// The item that makes what holds it unreadable, by its path.
fn wrong_item<'a>(file: &str, text: &'a str, parents: &mut Vec<Json<'a>>) -> Option<Error> {
    const DEPTH: usize = 64;
    if parents.len() > DEPTH {
        return None;
    }
    let outline: Outline<'a> = serde_json::from_str(text).ok()?;
    for item in outline.items?.0 {
        let Err(error) = serde_json::from_str::<Item<'_>>(item.get()) else {
            continue;
        };
        let outline: Outline<'a> = serde_json::from_str(item.get()).unwrap_or_default();
        parents.push(outline.name);
        let within = wrong_item(file, item.get(), parents);
        return within.or_else(|| {
            let names = parents.iter().map(|name| name.as_str().unwrap_or_default());
            let reason = format!("not an item of a collection: {}", without_position(&error));
            Some(Error::new(file, place(names), reason))
        });
    }
    None
}

/// The path that stands for a pattern.
struct Path {
    text: String,
    /// Where in the list its methods stand.
    methods: Vec<(&'static str, usize)>,
}

struct Reader<'r, 'a> {
    file: &'r str,
    strict: bool,
    endpoints: &'r mut Endpoints<'a>,
    /// By pattern.
    paths: HashMap<String, Path>,
    warnings: &'r mut Vec<String>,
}

/// What folders say to the requests in them.
#[derive(Clone, Copy)]
struct Within<'f, 'a> {
    scope: Scope,
    inherited: Option<&'f Arc<Auth<'a>>>,
}

impl<'a> Reader<'_, 'a> {
    fn item(
        &mut self,
        item: Item<'a>,
        parents: &mut Vec<Text<'a>>,
        within: Within<'_, 'a>,
    ) -> Result<(), Error> {
        let names = parents.iter().chain([&item.name]);
        let place = place(names.map(|name| &**name));
        let scope = self
            .endpoints
            .variables
            .open(Some(within.scope), item.variables.0);
        let auth = item.auth.filter(|auth| !auth.kind.is_empty());
        let auth = auth.map(Arc::from);
        let inherited = auth.as_ref().or(within.inherited);
        if let Some(Items(children)) = item.items {
            let folder = (item.name.clone(), item.description);
            self.endpoints.folders.push(folder);
            parents.push(item.name);
            for child in children {
                self.item(child, parents, Within { scope, inherited })?;
            }
            parents.pop();
            return Ok(());
        }
        let Some(mut request) = item.request else {
            return self.leave_out(place, "neither a folder nor a request");
        };
        request.scope = scope;
        if request.description.trim().is_empty() {
            request.description = item.description;
        }
        let url = request.url.get_or_insert_default();
        let template = Template::of(url);
        if template.text == "/" && url.host.is_empty() {
            return self.leave_out(place, "the request has no url");
        }
        let own = (&*url, &*template.pattern, &*request.method);
        let responses = self.responses(item.responses.0, own, &place, scope);
        let known = self.paths.entry(template.pattern).or_insert(Path {
            text: template.text,
            methods: Vec::with_capacity(1),
        });
        let path = known.text.clone();
        let wanted = match request.method.trim() {
            "" => "get",
            method => method,
        };
        let mut methods = METHODS.into_iter();
        let Some(method) = methods.find(|method| method.eq_ignore_ascii_case(wanted)) else {
            let method = request.method;
            let reason = format!("OpenAPI has no method `{}`; kept in an extension", &*method);
            self.warnings.push(format!("{place}: {reason}"));
            let account = &mut self.endpoints.account;
            account.leave_out(Kind::Request, &place, &reason);
            self.endpoints.others.push((method, path, item.name));
            return Ok(());
        };
        let first = known.methods.iter().find(|(known, _)| *known == method);
        let first = first.map(|(_, index)| *index);
        if first.is_none() {
            known.methods.push((method, self.endpoints.list.len()));
        }
        // What is inherited says so in a published documentation, and is not the request's own.
        let own = request.auth.as_ref().filter(|auth| !auth.inherited);
        let of_header = || of_header(&request.headers).map(Arc::new);
        let mut own = own.or(within.inherited).cloned();
        // Who writes the header by hand switches the rest off.
        if own.as_ref().is_some_and(|auth| auth.kind == "noauth") {
            own = of_header().or(own);
        }
        let unsaid = self.endpoints.collection.auth.is_none();
        let implied = || request.auth.clone().or_else(of_header);
        let auth = own.or_else(|| if unsaid { implied() } else { None });
        let succeeded = |response: &Response<'a>| response.status().is_none_or(|code| code < 400);
        let succeeded = responses.iter().any(succeeded);
        let endpoint = Endpoint {
            // A folder without a name groups nothing.
            folder: parents.iter().rfind(|name| !name.is_empty()).cloned(),
            name: item.name,
            method,
            path,
            responses,
            access: Access { auth, succeeded },
            request,
            variants: Vec::new(),
            place,
        };
        self.add(endpoint, first);
        Ok(())
    }

    /// The saved responses of a request, without those of another operation: they were kept when the request
    /// was changed into that of this one. Of those whose path is another only in part, the request says
    /// nothing here.
    fn responses(
        &mut self,
        saved: Vec<Response<'a>>,
        own: (&UrlParts<'a>, &str, &str),
        place: &str,
        scope: Scope,
    ) -> Vec<Response<'a>> {
        let (url, pattern, method) = own;
        let mut kept = saved;
        kept.retain_mut(|response| {
            let Some(request) = &mut response.original_request else {
                return true;
            };
            request.scope = scope;
            let theirs = request.url.as_ref();
            let relation = theirs.map_or(Relation::Same, |theirs| relation(url, pattern, theirs));
            let is_same_method = request.method.trim().is_empty()
                || request.method.trim().eq_ignore_ascii_case(method.trim());
            request.foreign = relation != Relation::Same || !is_same_method;
            if relation == Relation::Same {
                return true;
            }
            let is_kept = relation == Relation::Near && is_same_method;
            let name = response.name();
            let end = match is_kept {
                true => "its request says nothing here",
                false => "left out",
            };
            let reason = format!("saved response `{name}` is of a request to another path; {end}");
            self.warnings.push(format!("{place}: {reason}"));
            if !is_kept {
                let account = &mut self.endpoints.account;
                account.leave_out(Kind::Example, place, &reason);
                if let Some(request) = &response.original_request {
                    leave_out(request, place, &reason, account);
                }
            }
            is_kept
        });
        kept
    }

    /// Passes over an item that cannot be placed.
    fn leave_out(&mut self, place: String, reason: &str) -> Result<(), Error> {
        if self.strict {
            return Err(Error::new(self.file, place, reason));
        }
        self.warnings.push(format!("{place}: {reason}; left out"));
        self.endpoints
            .account
            .leave_out(Kind::Request, &place, reason);
        Ok(())
    }

    /// Adds an endpoint, to the first of its method and path if there is one.
    fn add(&mut self, endpoint: Endpoint<'a>, first: Option<usize>) {
        let account = &mut self.endpoints.account;
        let first = first.and_then(|index| self.endpoints.list.get_mut(index));
        let Some(first) = first else {
            account.keep(Kind::Request, 1);
            self.endpoints.list.push(endpoint);
            return;
        };
        account.merge(Kind::Request, &endpoint.place, &first.place);
        self.warnings.push(format!(
            "{}: has the method and path of `{}`; the two are one operation",
            endpoint.place, first.place
        ));
        first.variants.push(Variant {
            name: endpoint.name,
            request: endpoint.request,
            access: endpoint.access,
        });
        first.responses.extend(endpoint.responses);
    }
}

/// Accounts for the parts of a request that goes with its saved response.
fn leave_out(request: &Request<'_>, place: &str, reason: &str, account: &mut Account) {
    let query = request.url.iter().flat_map(|url| &url.query);
    for pair in query.chain(&request.headers) {
        account.leave_out(Kind::Parameter, place, reason);
        if !pair.description.trim().is_empty() {
            account.leave_out(Kind::Description, place, reason);
        }
    }
    if request.body.as_ref().is_some_and(|body| body.is_said()) {
        account.leave_out(Kind::Body, place, reason);
    }
}

/// The path of an item: `clients / List customers`.
fn place<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut place = String::new();
    for name in names {
        if !place.is_empty() {
            place.push_str(" / ");
        }
        place.push_str(if name.is_empty() { "(no name)" } else { name });
    }
    place
}

/// An error without its line and column, which count within the item.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

/// The authentication that a hand-written `Authorization` header amounts to.
fn of_header(headers: &[KeyValue<'_>]) -> Option<Auth<'static>> {
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
