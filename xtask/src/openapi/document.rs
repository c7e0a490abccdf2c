//! The document: operations in the order of the collection, over shared components.

use super::access::Schemes;
use super::components::Components;
use super::draft::{Draft, sketches};
use super::naming::{name_answer, name_request};
use super::operation::operation;
use super::servers::servers;
use crate::Error;
use crate::account::{Account, Kind, Notes};
use crate::config::Config;
use crate::json::{Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use crate::postman::variables::Variables;
use crate::write::{Source, Unwritten};
use indexmap::{IndexMap, IndexSet};
use std::borrow::Cow;
use std::collections::HashSet;

/// A document whose operations are drafts.
pub type Document<'a> = Unwritten<'a, Drafted<'a>>;

/// What paths and components are made of.
#[derive(Debug)]
pub struct Drafted<'a> {
    endpoints: &'a Endpoints<'a>,
    components: Components<'a>,
}

/// Builds the document. Warnings name the item that they are about.
///
/// # Errors
/// Two items with one operation id.
pub fn build<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    account: &mut Account,
    warnings: &mut Vec<String>,
) -> Result<Document<'a>, Error> {
    let mut drafts = sketches(file, endpoints, config, account, warnings)?;
    let mut components = Components::new(config);
    // What a GET answers is the resource; what others answer may be less of it, or something else.
    // By path, not by place: moving a folder renames nothing.
    let mut order: Vec<&mut Box<Draft<'a>>> = drafts.iter_mut().collect();
    order.sort_by_cached_key(|draft| {
        let Endpoint { method, path, .. } = draft.endpoint;
        (*method != "get", path, method)
    });
    // A resource that is called so is no failure.
    let resources: HashSet<&str> = order.iter().map(|draft| &*draft.resource).collect();
    let mut failures = ["Error", "Failure", "ErrorBody"].into_iter();
    if let Some(free) = failures.find(|name| !resources.contains(*name)) {
        components.failure = free.into();
    }
    for draft in order {
        draft.success = name_answer(draft, &mut components, config);
    }
    for draft in &mut drafts {
        if let Some(shape) = draft.failed.take()
            && let Some(object) = shape.object
        {
            let failure = components.failure.clone();
            components.insert(&failure, &object);
        }
        draft.request = name_request(draft, &mut components);
    }
    components.resolve();
    // A project that has settings decides itself what is one.
    if !config.strict {
        components.share();
    }

    let mut schemes = Schemes::default();
    let auth = endpoints.collection.auth.as_ref();
    let variables = &endpoints.variables;
    let security = auth.and_then(|auth| {
        schemes.requirement(
            auth,
            (variables, Variables::COLLECTION),
            "the collection",
            warnings,
        )
    });
    let servers = servers(endpoints, warnings);
    let mut paths: IndexMap<&'a str, Vec<Box<Draft<'a>>>> = IndexMap::new();
    for (mut draft, own) in drafts.into_iter().zip(servers.own) {
        let endpoint = draft.endpoint;
        let own_security = schemes.required(endpoint, endpoints, security.as_ref(), warnings);
        draft.security = own_security.map(Box::new);
        draft.servers = own.map(Box::new);
        let of_path = paths.entry(&endpoint.path);
        of_path.or_insert_with(|| Vec::with_capacity(1)).push(draft);
    }
    let (tags, folders) = tags(endpoints, account);
    let mut frame = head(endpoints, config, servers.common, folders, account);
    if let Some(security) = security.filter(|security| !security.items().is_empty()) {
        frame.push("security", security);
    }
    frame.push("tags", tags);
    frame.push("paths", object! {});
    let mut definitions = object! { "schemas": object! {} };
    if let Some(schemes) = schemes.definitions() {
        definitions.push("securitySchemes", schemes);
    }
    frame.push("components", definitions);
    let others = endpoints.others.iter().map(|(method, path, name)| {
        object! { "method": &**method, "path": path.as_str(), "summary": &**name }
    });
    let others: Vec<Json<'a>> = others.collect();
    if !others.is_empty() {
        frame.push("x-other-methods", others);
    }
    let paths = paths.into_iter();
    Ok(Document {
        frame,
        paths: paths.map(|(path, drafts)| (path.into(), drafts)).collect(),
        schemas: components
            .names()
            .into_iter()
            .map(|name| (name, ()))
            .collect(),
        source: Drafted {
            endpoints,
            components,
        },
    })
}

impl<'a> Source<'a> for Drafted<'a> {
    type Item = Vec<Box<Draft<'a>>>;
    type Schema = ();

    fn item(&self, drafts: Self::Item, notes: &mut Notes) -> Json<'a> {
        let drafts = drafts.into_iter();
        let operations = drafts.map(|mut draft| {
            draft.complete(self.endpoints, notes);
            let method = draft.endpoint.method;
            (method, operation(*draft, &self.components))
        });
        operations.collect()
    }

    fn references(&self, name: &str, (): &(), tell: &mut impl FnMut(&str)) {
        self.components.references(name, tell);
    }

    fn schema(&self, name: &str, (): ()) -> Json<'a> {
        self.components.definition(name)
    }
}

/// What stands before the tags: the title, and the servers.
fn head<'a>(
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    servers: Vec<Json<'static>>,
    folders: Vec<String>,
    account: &mut Account,
) -> Json<'a> {
    let info = endpoints.collection.info.as_ref();
    let title = info.map_or("", |info| info.name.trim());
    let mut description = Cow::Borrowed(info.map_or("", |info| &*info.description));
    account.keep(
        Kind::Description,
        usize::from(!description.trim().is_empty()),
    );
    for folder in folders {
        let description = description.to_mut();
        description.push_str(if description.is_empty() { "" } else { "\n\n" });
        description.push_str(&folder);
    }
    let version = config.info.version.clone();
    let version = version.or_else(|| info?.version());
    let info = object! {
        "title": if title.is_empty() { "Untitled" } else { title },
        "description": description,
        "version": version.unwrap_or_else(|| "1".into()),
    };
    let mut document = object! { "openapi": "3.0.3", "info": info };
    if !servers.is_empty() {
        document.push("servers", servers);
    }
    document
}

/// The folders that hold operations, each name once, and what the others say.
fn tags<'a>(endpoints: &'a Endpoints<'a>, account: &mut Account) -> (Json<'a>, Vec<String>) {
    let folders = endpoints
        .list
        .iter()
        .filter_map(|endpoint| endpoint.folder.as_deref());
    let used: HashSet<&str> = folders.collect();
    let mut tags: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
    let mut others = Vec::new();
    for (name, description) in &endpoints.folders {
        let description = description.trim();
        let (name, is_said) = (&**name, !description.is_empty());
        if name.is_empty() || !used.contains(name) {
            if is_said {
                account.merge(Kind::Description, name, "the document's description");
                let heading = name.replace(['\n', '\r'], " ");
                others.push(format!("# {heading}\n\n{description}"));
            }
            continue;
        }
        let known = tags.entry(name).or_default();
        if is_said && known.insert(description) {
            account.keep(Kind::Description, 1);
        } else if is_said {
            account.merge(Kind::Description, name, "an equal description");
        }
    }
    let tags = tags.into_iter();
    let tags = tags.map(|(name, descriptions)| match descriptions.len() {
        0 => object! { "name": name },
        _ => {
            let descriptions: Vec<&str> = descriptions.into_iter().collect();
            object! { "name": name, "description": descriptions.join("\n\n") }
        }
    });
    (tags.collect(), others)
}
