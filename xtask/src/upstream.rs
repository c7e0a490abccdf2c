//! The tasks that read what the vendor publishes.

use crate::{COLLECTION, CONFIG, DOCUMENT, OVERLAY, own, read_own};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use xtask::convert::Source;
use xtask::{fetch, files, update};

const LOCK: &str = "spec/upstream.lock";

/// Where a documentation is.
#[derive(clap::Args)]
pub struct Place {
    /// The documentation: ID, OWNER/ID, or the address of its page
    #[arg(default_value = fetch::PUBLISHED)]
    documentation: String,
    /// A collection elsewhere, instead of a published documentation
    #[arg(long, conflicts_with = "documentation")]
    collection_url: Option<String>,
    /// A host that serves published documentations; may be repeated, and replaces the usual ones
    #[arg(long = "service", default_values = fetch::SERVICES, env = "XTASK_DOCUMENTER", value_delimiter = ',')]
    services: Vec<String>,
}

impl Place {
    fn source(self) -> Result<fetch::Source, String> {
        Ok(match self.collection_url {
            Some(url) => fetch::Source::Collection { url },
            None => fetch::Source::Published {
                services: self.services,
                address: fetch::Address::read(&self.documentation)?,
            },
        })
    }
}

pub fn fetch_upstream(place: Place, folder: &Path) -> Result<ExitCode, Box<dyn Error>> {
    match fetch::fetch(&place.source()?, folder, |note| eprintln!("note: {note}"))? {
        fetch::Fetched::Unchanged => println!("Nothing changed since the last time."),
        fetch::Fetched::New(bytes) => {
            println!("{bytes} bytes of collection in {}", folder.display())
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn update_own(
    place: Place,
    from: Option<&Path>,
    adopt: bool,
    report: &Path,
    settle: &[String],
) -> Result<ExitCode, Box<dyn Error>> {
    let (name, bytes) = match from {
        Some(file) => {
            let name = file.display().to_string();
            let bytes = fs::read(file).map_err(|error| format!("{name}: {error}"))?;
            (name, bytes)
        }
        // In memory alone: the samples are other people's data.
        None => {
            let source = place.source()?;
            let download = fetch::download(&source, None, |note| eprintln!("note: {note}"))?;
            let download = download.ok_or("the host sent nothing")?;
            (
                download.record.url,
                serde_json::to_vec(&download.collection)?,
            )
        }
    };
    let (collection, overlay, config) =
        (read_own(COLLECTION)?, read_own(OVERLAY)?, read_own(CONFIG)?);
    let lock = own(LOCK).exists().then(|| read_own(LOCK)).transpose()?;
    let of = |file, text| Source { file, text };
    let inputs = update::Inputs {
        upstream: (&name, &bytes),
        lock: lock.as_deref().map(|text| of(LOCK, text)),
        collection: of(COLLECTION, &collection),
        overlay: of(OVERLAY, &overlay),
        config: of(CONFIG, &config),
        settled: settle,
    };
    let update = if adopt {
        update::adopt(inputs)?
    } else {
        update::update(inputs)?
    };
    let mut texts = vec![(own(LOCK), update.lock), (own(DOCUMENT), update.document)];
    texts.extend(update.collection.map(|text| (own(COLLECTION), text)));
    texts.extend(update.overlay.map(|text| (own(OVERLAY), text)));
    texts.extend(update.config.map(|text| (own(CONFIG), text)));
    if report == Path::new("-") {
        print!("{}", update.report);
    } else {
        texts.push((report.to_owned(), update.report));
    }
    files::write(&texts)?;
    Ok(ExitCode::from(update.verdict.code()))
}
