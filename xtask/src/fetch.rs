//! Fetching what the vendor publishes: the metadata page and the collection of a documentation.

mod address;
mod hosts;

pub use address::{Address, KNOWN};

use crate::files;
use hosts::{Found, Hosts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The vendor's maintained documentation.
pub const PUBLISHED: &str = "8899980/UVC8BRBo";

/// Where Postman serves published documentations, in the order in which they are called.
pub const SERVICES: [&str; 2] = [
    "https://documenter.gw.postman.com",
    "https://documenter.getpostman.com",
];

/// What is fetched.
#[derive(Debug, Clone)]
pub enum Source {
    /// A published documentation, and the hosts that may serve it.
    Published {
        services: Vec<String>,
        address: Address,
    },
    /// A collection at an address of its own.
    Collection { url: String },
}

/// What is remembered of a fetch, to ask next time whether anything changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
}

/// A collection that was downloaded and read, and nothing written yet.
#[derive(Debug)]
pub struct Download {
    pub collection: Value,
    /// The size of the response.
    pub bytes: usize,
    /// The metadata page of a published documentation.
    pub metadata: Option<Value>,
    pub record: Record,
}

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A collection of `bytes` bytes was written.
    New(usize),
    /// The existing one is current.
    Unchanged,
}

/// Fetches into `folder`: `collection.json`, `metadata.json` of a published documentation, and
/// `record.json`. Everything is downloaded and read before the first file is written. `note` gets what
/// went wrong on the way.
///
/// # Errors
/// The network, a status, or a response that is no collection; nothing is changed then.
pub fn fetch(source: &Source, folder: &Path, note: impl FnMut(String)) -> Result<Fetched, String> {
    let known = fs::read(folder.join("record.json")).ok();
    let known: Record = known
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    // A tag is worth nothing without what it is of.
    let etag = known
        .etag
        .filter(|_| folder.join("collection.json").exists());
    let known = etag.as_deref().map(|etag| (&*known.url, etag));
    let Some(download) = download(source, known, note)? else {
        return Ok(Fetched::Unchanged);
    };
    write(folder, &download).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(Fetched::New(download.bytes))
}

/// Downloads a collection; none if it is the one that has the tag at the address in `known`.
///
/// # Errors
/// The network, a status, or a response that is no collection.
pub fn download(
    source: &Source,
    known: Option<(&str, &str)>,
    mut note: impl FnMut(String),
) -> Result<Option<Download>, String> {
    let unchanged = |error: String| format!("{error}\nnothing was changed");
    let (mut hosts, path, metadata) = match source {
        Source::Collection { url } => {
            // An address of its own is a host of one document.
            (Hosts::new(vec![url.clone()]), String::new(), None)
        }
        Source::Published { services, address } => {
            let (hosts, path, metadata) = locate(services, address).map_err(unchanged)?;
            (hosts, path, metadata)
        }
    };
    let found = hosts.json(&path, known).map_err(unchanged)?;
    hosts.notes.drain(..).for_each(&mut note);
    let Found { url, body } = found;
    let Some(body) = body else {
        return Ok(None);
    };
    let collection: Value = serde_json::from_slice(&body.bytes)
        .map_err(|error| unchanged(format!("{url}: the response is not JSON: {error}")))?;
    let inner = collection.get("collection").unwrap_or(&collection);
    if !inner["item"].is_array() {
        let reason = format!("{url}: the response is no collection: it has no `item`");
        return Err(unchanged(reason));
    }
    let published = inner["info"]["publishDate"].as_str().map(str::to_owned);
    Ok(Some(Download {
        bytes: body.bytes.len(),
        record: Record {
            url,
            etag: body.etag,
            published,
        },
        collection,
        metadata,
    }))
}

/// Where a documentation's collection is: the hosts, the path there, and the metadata page.
fn locate(
    services: &[String],
    address: &Address,
) -> Result<(Hosts, String, Option<Value>), String> {
    let origin = address.origin.as_deref();
    let services = services.iter().map(|host| host.trim_end_matches('/'));
    let others = services.filter(|host| Some(*host) != origin);
    let list = origin.into_iter().chain(others).map(str::to_owned);
    let mut hosts = Hosts::new(list.collect());
    let mut owner = address.owner.clone();
    let id = match (&address.id, &address.page) {
        (Some(id), _) => id.clone(),
        (None, Some(page)) => {
            let stated = address::stated_in(&hosts.page(page)?);
            let (stated_owner, id) = stated.ok_or_else(|| {
                format!("{page}: the page does not state `publishedId`, so it is no documentation")
            })?;
            owner = owner.or(stated_owner);
            id
        }
        (None, None) => return Err("the documentation has no id".into()),
    };
    let metadata = match hosts.json(&format!("/view/metadata/{id}"), None) {
        Ok(found) => {
            let bytes = found.body.map(|body| body.bytes).unwrap_or_default();
            serde_json::from_slice::<Value>(&bytes).ok()
        }
        // It says who the owner is, and which environment was published; the collection is there without.
        Err(error) if owner.is_some() => {
            hosts.notes.push(format!(
                "{error}; without the metadata page no environment is known"
            ));
            None
        }
        Err(error) => return Err(error),
    };
    let stated = metadata
        .as_ref()
        .and_then(|page| name(&page["collection"]["info"]["owner"]));
    let owner = owner.or(stated).ok_or(
        "the metadata page names no owner of the collection: use OWNER/ID, which the page's address has",
    )?;
    let environment = metadata.as_ref().and_then(|page| environment(page, &owner));
    let environment = environment.map(|id| format!("&environment={id}"));
    let path = format!(
        "/api/collections/{owner}/{id}?segregateAuth=true&versionTag=latest{}",
        environment.unwrap_or_default()
    );
    Ok((hosts, path, metadata))
}

/// The environment that readers of a documentation are shown: the first that is published.
fn environment(metadata: &Value, owner: &str) -> Option<String> {
    let environments = metadata["environments"].as_array()?;
    let mut published = environments.iter().filter(|one| one["published"] != false);
    published.find_map(|one| {
        let id = one["id"].as_str().filter(|id| !id.is_empty())?;
        let owner = name(&one["owner"]).unwrap_or_else(|| owner.to_owned());
        Some(match id.starts_with(&format!("{owner}-")) {
            true => id.to_owned(),
            false => format!("{owner}-{id}"),
        })
    })
}

/// A name that is a text or a number.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn write(folder: &Path, download: &Download) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let record = serde_json::to_value(&download.record)?;
    let parts = [
        ("collection.json", Some(&download.collection)),
        ("metadata.json", download.metadata.as_ref()),
        ("record.json", Some(&record)),
    ];
    let mut texts = Vec::new();
    for (file, value) in parts {
        if let Some(value) = value {
            texts.push((
                folder.join(file),
                serde_json::to_string_pretty(value)? + "\n",
            ));
        }
    }
    files::write(&texts)
}
