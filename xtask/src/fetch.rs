//! Fetching what the vendor publishes: the metadata page and the collection of a documentation.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use ureq::Agent;
use ureq::http::StatusCode;

/// The vendor's published documentation.
pub const PUBLISHED_ID: &str = "SW7gSQAM";

/// Where Postman serves published documentations.
pub const SERVICE: &str = "https://documenter.gw.postman.com";

/// What is fetched.
#[derive(Debug, Clone)]
pub enum Source {
    /// A published documentation: its metadata page says who owns it, and so where the collection is.
    Published { service: String, id: String },
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

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A collection with so many bytes was written.
    New(usize),
    /// The one that is there is current.
    Unchanged,
}

/// Fetches into `folder`: `collection.json`, `metadata.json` of a published documentation, and
/// `record.json`. Everything is downloaded and read before the first file is written.
///
/// # Errors
/// The network, a status, or an answer that is no collection; nothing is changed then.
pub fn fetch(source: &Source, folder: &Path) -> Result<Fetched, String> {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into();
    let known = fs::read(folder.join("record.json")).ok();
    let known: Record = known
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let (url, metadata) = match source {
        Source::Collection { url } => (url.clone(), None),
        Source::Published { service, id } => {
            let page = get(&agent, &format!("{service}/view/metadata/{id}"), None)?;
            let page = page
                .ok_or("the metadata page answers `not modified` unasked")?
                .0;
            let metadata: Value = serde_json::from_slice(&page)
                .map_err(|error| format!("the metadata page is not JSON: {error}"))?;
            let owner = metadata
                .pointer("/collection/info/owner")
                .and_then(Value::as_str);
            let owner = owner.ok_or("the metadata page names no owner of the collection")?;
            let url = format!(
                "{service}/api/collections/{owner}/{id}?segregateAuth=true&versionTag=latest"
            );
            (url, Some(metadata))
        }
    };
    let etag = known.etag.as_deref().filter(|_| known.url == url);
    let Some((body, etag)) = get(&agent, &url, etag)? else {
        return Ok(Fetched::Unchanged);
    };
    let collection: Value = serde_json::from_slice(&body)
        .map_err(|error| format!("{url}: the collection is not JSON: {error}"))?;
    let inner = collection.get("collection").unwrap_or(&collection);
    if !inner["item"].is_array() {
        return Err(format!(
            "{url}: the answer is no collection: it has no `item`"
        ));
    }
    let published = inner["info"]["publishDate"].as_str().map(str::to_owned);
    let record = Record {
        url,
        etag,
        published,
    };
    write(folder, &collection, metadata.as_ref(), &record)
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(Fetched::New(body.len()))
}

/// A body, and its tag if it has one.
type Tagged = (Vec<u8>, Option<String>);

/// The body; none if it is the one that `etag` names.
fn get(agent: &Agent, url: &str, etag: Option<&str>) -> Result<Option<Tagged>, String> {
    let mut request = agent.get(url).header("accept", "application/json");
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let mut response = request
        .call()
        .map_err(|error| format!("{url} cannot be reached, nothing was changed: {error}"))?;
    match response.status() {
        StatusCode::NOT_MODIFIED => return Ok(None),
        StatusCode::OK => {}
        status => return Err(format!("{url}: HTTP {status}, nothing was changed")),
    }
    let tag = response
        .headers()
        .get("etag")
        .and_then(|tag| tag.to_str().ok())
        .map(str::to_owned);
    let body = response
        .body_mut()
        .with_config()
        .limit(64 * 1024 * 1024)
        .read_to_vec();
    let body =
        body.map_err(|error| format!("{url}: the answer broke off, nothing was changed: {error}"))?;
    Ok(Some((body, tag)))
}

/// Writes all files beside their places first, so that a failure leaves what was there.
fn write(
    folder: &Path,
    collection: &Value,
    metadata: Option<&Value>,
    record: &Record,
) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let record = serde_json::to_value(record)?;
    let files = [
        ("collection.json", Some(collection)),
        ("metadata.json", metadata),
        ("record.json", Some(&record)),
    ];
    let mut ready = Vec::new();
    for (name, value) in files {
        let Some(value) = value else { continue };
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(serde_json::to_string_pretty(value)?.as_bytes())?;
        file.write_all(b"\n")?;
        ready.push((file, folder.join(name)));
    }
    for (file, path) in ready {
        file.persist(path)?;
    }
    Ok(())
}
