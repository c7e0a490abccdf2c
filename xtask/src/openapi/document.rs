//! The document: operations in the order of the collection, over shared components.

use super::access::{Schemes, servers};
use super::components::Components;
use super::draft::{Draft, drafts};
use super::naming::{name_answer, name_request};
use super::operation::operation;
use crate::Error;
use crate::config::Config;
use crate::json::{Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::HashSet;

/// A document whose operations are drafts: written one path at a time, they need never be held all.
#[derive(Debug)]
pub struct Document<'a> {
    /// All of it but what its paths hold.
    pub frame: Json<'a>,
    pub paths: Vec<(Cow<'a, str>, Vec<Box<Draft<'a>>>)>,
    pub components: Components<'a>,
}

/// Builds the document. Warnings name the item that they are about.
///
/// # Errors
/// Two items with one operation id.
pub fn build<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    warnings: &mut Vec<String>,
) -> Result<Document<'a>, Error> {
    let mut drafts = drafts(file, endpoints, config, warnings)?;
    let mut components = Components::new(config);
    // What a GET answers is the resource; what others answer may be less of it, or something else.
    // By path, not by place: moving a folder renames nothing.
    let mut order: Vec<&mut Box<Draft<'a>>> = drafts.iter_mut().collect();
    order.sort_by_cached_key(|draft| {
        let Endpoint { method, path, .. } = draft.endpoint;
        (*method != "get", path, method)
    });
    for draft in order {
        draft.success = name_answer(draft, &mut components, config);
    }
    for draft in &mut drafts {
        if let Some(shape) = draft.failed.take()
            && let Some(object) = shape.object
        {
            components.insert(&"Error".into(), &object);
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
    let security = auth.and_then(|auth| schemes.requirement(auth, "the collection", warnings));
    let mut paths: IndexMap<&'a str, Vec<Box<Draft<'a>>>> = IndexMap::new();
    for mut draft in drafts {
        let endpoint = draft.endpoint;
        let own = endpoint.auth.as_ref();
        let own = own.and_then(|auth| schemes.requirement(auth, &endpoint.place, warnings));
        draft.security = own.filter(|own| security.as_ref() != Some(own));
        paths.entry(&endpoint.path).or_default().push(draft);
    }
    let mut frame = head(endpoints, config, warnings);
    if let Some(security) = security.filter(|security| !security.items().is_empty()) {
        frame.push("security", security);
    }
    frame.push("tags", tags(endpoints));
    frame.push("paths", object! {});
    let mut definitions = object! { "schemas": components.schemas() };
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
        components,
    })
}

impl<'a> Document<'a> {
    /// The document with all that its paths hold.
    pub fn whole(mut self) -> Json<'a> {
        let paths = std::mem::take(&mut self.paths).into_iter();
        let paths = paths.map(|(path, drafts)| (path, item(drafts, &self.components)));
        if let Some(place) = self.frame.get_mut("paths") {
            *place = paths.collect();
        }
        self.frame
    }
}

/// What the document says of a path.
pub fn item<'a>(drafts: Vec<Box<Draft<'a>>>, components: &Components<'a>) -> Json<'a> {
    let drafts = drafts.into_iter();
    let operations = drafts.map(|draft| {
        let method = draft.endpoint.method;
        (method, operation(*draft, components))
    });
    operations.collect()
}

/// What stands before the tags: the title, and the servers.
fn head<'a>(
    endpoints: &'a Endpoints<'a>,
    config: &'a Config,
    warnings: &mut Vec<String>,
) -> Json<'a> {
    let info = endpoints.collection.info.as_ref();
    let title = info.map_or("", |info| info.name.trim());
    let info = object! {
        "title": if title.is_empty() { "Untitled" } else { title },
        "description": info.map_or("", |info| &*info.description),
        "version": config.info.version.as_str(),
    };
    let mut document = object! { "openapi": "3.0.3", "info": info };
    let servers = servers(endpoints, warnings);
    if !servers.is_empty() {
        document.push("servers", servers);
    }
    document
}

/// The folders that hold operations, each name once.
fn tags<'a>(endpoints: &'a Endpoints<'a>) -> Json<'a> {
    let folders = endpoints
        .list
        .iter()
        .filter_map(|endpoint| endpoint.folder.as_deref());
    let used: HashSet<&str> = folders.collect();
    let mut tags: IndexMap<&str, &str> = IndexMap::new();
    for (name, description) in &endpoints.folders {
        if used.contains(&**name) {
            let known = tags.entry(name).or_default();
            *known = if known.is_empty() {
                description
            } else {
                *known
            };
        }
    }
    tags.into_iter()
        .map(|(name, description)| match description {
            "" => object! { "name": name },
            description => object! { "name": name, "description": description },
        })
        .collect()
}
