//! `cargo xtask`: convert the collection, check what is committed.

use clap::{Parser, Subcommand};
use std::error::Error;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};
use xtask::check;
use xtask::convert::{Conversion, Source, convert};

/// Tasks of the project. Exit codes: 0 done, 1 an input is wrong or a check failed, 2 wrong usage.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Converts a Postman collection to OpenAPI 3.0: without arguments, the project's own
    Convert {
        /// The collection; `-` for standard input
        input: Option<PathBuf>,
        /// Where the document goes; `-` for standard output
        #[arg(short, long, requires = "input")]
        output: Option<PathBuf>,
        /// An OpenAPI Overlay to apply
        #[arg(long, requires = "input")]
        overlay: Option<PathBuf>,
        /// Names and maps: see spec/convert.toml
        #[arg(long, requires = "input")]
        config: Option<PathBuf>,
        /// Writes the document as progenitor takes it
        #[arg(long, requires = "input")]
        lowered: bool,
    },
    /// Checks that spec/openapi.json is what its sources say, is valid, and can be generated from
    Check,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Convert { input: None, .. } => convert_own(),
        Task::Convert {
            input: Some(input),
            output,
            overlay,
            config,
            lowered,
        } => {
            let output = output.unwrap_or_else(|| "-".into());
            convert_any(
                &input,
                &output,
                overlay.as_deref(),
                config.as_deref(),
                lowered,
            )
        }
        Task::Check => check_own(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A file of the project.
fn own(file: &str) -> PathBuf {
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    manifest.join("..").join(file)
}

const COLLECTION: &str = "spec/collection.json";
const OVERLAY: &str = "spec/overlay.yaml";
const CONFIG: &str = "spec/convert.toml";
const DOCUMENT: &str = "spec/openapi.json";

fn read_own(file: &str) -> Result<String, String> {
    fs::read_to_string(own(file)).map_err(|error| format!("{file}: {error}"))
}

fn own_conversion() -> Result<Conversion, Box<dyn Error>> {
    let (collection, overlay, config) =
        (read_own(COLLECTION)?, read_own(OVERLAY)?, read_own(CONFIG)?);
    let overlay = Source {
        file: OVERLAY,
        text: &overlay,
    };
    let config = Source {
        file: CONFIG,
        text: &config,
    };
    Ok(convert(
        (COLLECTION, collection.as_bytes()),
        Some(overlay),
        Some(config),
    )?)
}

fn convert_own() -> Result<(), Box<dyn Error>> {
    let conversion = own_conversion()?;
    summarize(&conversion);
    write_whole(&own(DOCUMENT), &conversion.text)?;
    Ok(())
}

fn convert_any(
    input: &Path,
    output: &Path,
    overlay: Option<&Path>,
    config: Option<&Path>,
    lowered: bool,
) -> Result<(), Box<dyn Error>> {
    let mut bytes = Vec::new();
    if input == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(input).map_err(|error| format!("{}: {error}", input.display()))?;
    }
    let named = |path: &Path| -> Result<(String, String), String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path.display().to_string(), text))
    };
    let (overlay, config) = (
        overlay.map(named).transpose()?,
        config.map(named).transpose()?,
    );
    let conversion = convert(
        (&input.display().to_string(), &bytes),
        overlay.as_ref().map(|(file, text)| Source { file, text }),
        config.as_ref().map(|(file, text)| Source { file, text }),
    )?;
    summarize(&conversion);
    let mut text = conversion.text;
    if lowered {
        text = serde_json::to_string_pretty(
            &xtask::lower::lower_for_any(&conversion.document)?.document,
        )? + "\n";
    }
    if output == Path::new("-") {
        io::stdout().write_all(text.as_bytes())?;
    } else {
        write_whole(output, &text)?;
    }
    Ok(())
}

fn summarize(conversion: &Conversion) {
    for warning in &conversion.warnings {
        eprintln!("warning: {warning}");
    }
    let schemas = conversion.document["components"]["schemas"]
        .as_object()
        .map_or(0, |schemas| schemas.len());
    eprintln!(
        "{} requests → {} operations, {schemas} components, {} warnings",
        conversion.requests,
        xtask::lower::operations(&conversion.document).count(),
        conversion.warnings.len(),
    );
}

/// Writes beside the file first, so that there is never half of one.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}

fn check_own() -> Result<(), Box<dyn Error>> {
    let conversion = own_conversion()?;
    let report = check::check(&conversion, DOCUMENT, &read_own(DOCUMENT)?)?;
    print!("{report}");
    Ok(())
}
