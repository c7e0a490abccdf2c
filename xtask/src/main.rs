//! `cargo xtask`: convert the collection, check what is committed.

mod upstream;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
#[cfg(not(feature = "schemas"))]
use std::process::Command;
use std::process::ExitCode;
use std::{env, fs, io};
use upstream::{Place, fetch_upstream, update_own};
use xtask::convert::{Conversion, Outcome, Source, convert, convert_to};
use xtask::files::Growing;
use xtask::lowered::{Lowering, compare};
use xtask::{check, contract, diff, files, lower};

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
    ///
    /// Reads what Postman's app exports (v2.0 and v2.1), what its API answers, and published
    /// documentations. Every request becomes an operation, or a warning says which did not and why;
    /// warnings name items by their path: `folder / request`. Counts say how many requests, parameters,
    /// bodies, saved responses and descriptions were found, kept, merged and left out; the JSON report
    /// says where and why. With `--lowered`, so do they for what progenitor cannot express.
    #[command(after_help = CONVERT_EXAMPLES)]
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
        /// How the warnings and counts are written to standard error: `text` or `json`
        #[arg(long, default_value = "text")]
        report: SummaryFormat,
    },
    /// Downloads the vendor's published collection into spec/upstream
    ///
    /// Requests only what changed since the last time, and writes whole files or none. If a host cannot be
    /// reached, refuses (403, 404, 5xx) or sends a page instead of JSON, the next one is called. A request
    /// that a host asks to repeat (429, 503) is repeated once.
    #[command(after_help = FETCH_EXAMPLES)]
    Fetch {
        #[command(flatten)]
        place: Place,
        /// Where the files go
        #[arg(long)]
        into: Option<PathBuf>,
    },
    /// Takes in what the vendor changed in the documentation since spec/upstream.lock
    ///
    /// Downloads it, brings the changes into spec/collection.json and spec/overlay.yaml, converts, checks, and
    /// reports what that means for users of the crate, with lines for the changelog. Values of the vendor's
    /// samples are replaced by invented ones; texts are not taken over. What was written by hand stays. What
    /// cannot be decided is listed, and listed again until it is settled. Writes all files or none.
    #[command(after_help = UPDATE_EXAMPLES)]
    Update {
        #[command(flatten)]
        place: Place,
        /// A file with the published collection, instead of a download
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Makes the lock anew: takes all that is documented for known, and reports how it differs from ours
        #[arg(long)]
        adopt: bool,
        /// Where the report goes, as Markdown; `-` for standard output
        #[arg(long, value_name = "FILE", default_value = "-")]
        report: PathBuf,
        /// A place that a person has decided on, as the report names it; may be repeated
        #[arg(long, value_name = "PLACE", conflicts_with = "adopt")]
        settle: Vec<String>,
    },
    /// Says what changed between two collections or OpenAPI documents, and how users feel it
    ///
    /// Breaking: code that uses the client may no longer compile or work. Additive: it still does, and
    /// there is more. Docs: only words changed.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff {
        old: PathBuf,
        new: PathBuf,
        /// `markdown` for people, `json` for machines
        #[arg(long, default_value = "markdown")]
        report: DiffFormat,
    },
    /// Writes the JSON Schemas of webhook events into spec/schemas
    Schemas {
        /// Writes nothing: says whether they are up to date, and whether the samples obey them
        #[arg(long)]
        check: bool,
    },
    /// Checks that spec/openapi.json is what its sources say, is valid, and can be generated from
    Check,
    /// Has others judge the document, the sandbox and the client by each other
    ///
    /// `sandbox`: schemathesis puts thousands of requests to the sandbox, right and wrong ones made from
    /// spec/openapi.json, and compares the answers with it. `prism`: the client calls every operation of a
    /// mock that Prism makes from spec/openapi.json, and that refuses what does not suit it. `independent`:
    /// c2d-api, a Python package that is not of this project, calls the sandbox with all its methods. The same
    /// requests every time. The tools are installed into target/contract when they are missing.
    #[command(after_help = CONTRACT_EXAMPLES)]
    Contract {
        /// One part; without it, all
        part: Option<Part>,
    },
}

const CONVERT_EXAMPLES: &str = "\
Examples:
  xtask convert shop.json -o openapi.json             the public document
  xtask convert shop.json -o client.json --lowered    the document that progenitor takes
  xtask convert - --report json < shop.json           to standard output; warnings as JSON beside it
  xtask convert shop.json -o openapi.json --overlay overlay.yaml --config convert.toml

Exit codes: 0 converted; 1 the collection, overlay or settings are wrong, and nothing is written;
2 wrong usage.";

const FETCH_EXAMPLES: &str = "\
Examples:
  xtask fetch                                             the vendor's maintained documentation
  xtask fetch SW7gSQAM                                    the vendor's older one
  xtask fetch 42/2sA3kXE1Yz --into upstream               any published documentation, by OWNER/ID
  xtask fetch https://docs.example.com/                   any, by the address of its page
  xtask fetch --collection-url https://shop.example.com/collection.json

Exit codes: 0 fetched, or nothing changed; 1 no response, or not a collection, and nothing is written;
2 wrong usage.";

const UPDATE_EXAMPLES: &str = "\
Examples:
  xtask update                                    the vendor's maintained documentation
  xtask update --report report.md                 the report as a file
  xtask update --from export.json                 a download of one's own
  xtask update --settle 'GET /v1/tags query x'    takes what is documented there for known
  xtask update --adopt                            the first time: makes spec/upstream.lock

Exit codes: 0 nothing new, or other words only, or adopted; 10 additive; 20 breaking; 30 something is for a
person to decide, and the rest was taken in; 1 it could not be read, and nothing was changed; 2 wrong usage.";

const DIFF_EXAMPLES: &str = "\
Examples:
  xtask diff old.json new.json                    Markdown for a pull request
  xtask diff old.json new.json --report json      for machines

Exit codes: 0 nothing or documentation only, 10 additive, 20 breaking; 1 an input is wrong, 2 wrong usage.";

const CONTRACT_EXAMPLES: &str = "\
Examples:
  xtask contract                all parts
  xtask contract sandbox        document against sandbox; needs python3 with venv
  xtask contract prism          client against document; needs npm and node 18.20 or later
  xtask contract independent    foreign client against sandbox; needs python3 with venv

A finding names the request, as a `curl` command, and the rule that its answer broke. To try it by hand:
  cargo run --package chat2desk-sandbox

Exit codes: 0 everybody agrees; 1 somebody does not, or a tool cannot be installed; 2 wrong usage.";

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Part {
    /// The document against the sandbox
    Sandbox,
    /// The client against the document
    Prism,
    /// A foreign client against the sandbox
    Independent,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SummaryFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum DiffFormat {
    Markdown,
    Json,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Convert {
            input: None,
            report,
            ..
        } => convert_own(report),
        Task::Convert {
            input: Some(input),
            output,
            overlay,
            config,
            lowered,
            report,
        } => {
            let output = output.unwrap_or_else(|| "-".into());
            convert_any(
                &input,
                &output,
                overlay.as_deref(),
                config.as_deref(),
                lowered,
                report,
            )
        }
        Task::Fetch { place, into } => {
            fetch_upstream(place, &into.unwrap_or_else(|| own("spec/upstream")))
        }
        Task::Update {
            place,
            from,
            adopt,
            report,
            settle,
        } => update_own(place, from.as_deref(), adopt, &report, &settle),
        Task::Diff { old, new, report } => print_diff(&old, &new, report),
        Task::Schemas { check } => own_schemas(check),
        Task::Check => check_own(),
        Task::Contract { part } => judge(part),
    };
    match done {
        Ok(code) => code,
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

fn convert_own(report: SummaryFormat) -> Result<ExitCode, Box<dyn Error>> {
    let conversion = own_conversion()?;
    summarize(&conversion, None, report)?;
    if let Ok(committed) = read_own(DOCUMENT) {
        let changes = diff::diff(&serde_json::from_str(&committed)?, conversion.document());
        print!("{}", diff::markdown(&changes));
    }
    files::write(&[(own(DOCUMENT), conversion.text)])?;
    Ok(ExitCode::SUCCESS)
}

/// A document, or the document that a collection converts to.
fn document(path: &Path) -> Result<serde_json::Value, Box<dyn Error>> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if json.get("openapi").is_some() {
        return Ok(json);
    }
    Ok(convert((&name, &bytes), None, None)?.document().clone())
}

fn print_diff(old: &Path, new: &Path, report: DiffFormat) -> Result<ExitCode, Box<dyn Error>> {
    let changes = diff::diff(&document(old)?, &document(new)?);
    match report {
        DiffFormat::Markdown => print!("{}", diff::markdown(&changes)),
        DiffFormat::Json => println!("{}", serde_json::to_string_pretty(&changes)?),
    }
    Ok(ExitCode::from(match diff::worst(&changes) {
        Some(diff::Class::Breaking) => 20,
        Some(diff::Class::Additive) => 10,
        Some(diff::Class::Docs) | None => 0,
    }))
}

fn convert_any(
    input: &Path,
    output: &Path,
    overlay: Option<&Path>,
    config: Option<&Path>,
    lowered: bool,
    report: SummaryFormat,
) -> Result<ExitCode, Box<dyn Error>> {
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
    let name = input.display().to_string();
    let overlay = overlay.as_ref().map(|(file, text)| Source { file, text });
    let config = config.as_ref().map(|(file, text)| Source { file, text });
    let is_file = output != Path::new("-");
    let collection = (&*name, &*bytes);
    if lowered {
        let conversion = convert(collection, overlay, config)?;
        let lowered = lower::lower(conversion.document(), &[lower::ACCEPTED])?.document;
        let lowering = compare(conversion.document(), &lowered);
        summarize(&conversion, Some(&lowering), report)?;
        let text = serde_json::to_string_pretty(&lowered)? + "\n";
        match is_file {
            true => files::write(&[(output.to_owned(), text)])?,
            false => io::stdout().write_all(text.as_bytes())?,
        }
    } else if is_file {
        let mut file = Growing::new(output)?;
        let outcome = convert_to(collection, overlay, config, &mut file)?;
        summarize(&outcome, None, report)?;
        file.finish(output)?;
    } else {
        let conversion = convert(collection, overlay, config)?;
        summarize(&conversion, None, report)?;
        io::stdout().write_all(conversion.text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn summarize(
    outcome: &Outcome,
    lowering: Option<&Lowering>,
    report: SummaryFormat,
) -> serde_json::Result<()> {
    let summary = outcome.summary(lowering);
    match report {
        SummaryFormat::Text => eprint!("{summary}"),
        SummaryFormat::Json => eprintln!("{}", serde_json::to_string_pretty(&summary)?),
    }
    Ok(())
}

#[cfg(feature = "schemas")]
fn own_schemas(check: bool) -> Result<ExitCode, Box<dyn Error>> {
    use xtask::schemas;
    let folder = own("spec/schemas");
    if check {
        schemas::check(&folder, &own("crates/sandbox/src/samples"))?;
    } else {
        schemas::write(&folder)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The same by a program that has the crate in it, which this one does without.
#[cfg(not(feature = "schemas"))]
fn own_schemas(check: bool) -> Result<ExitCode, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(own(""))
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "schemas",
        ])
        .args(["--", "schemas"])
        .args(check.then_some("--check"));
    let status = command.status()?;
    Ok(status
        .code()
        .map_or(ExitCode::FAILURE, |code| ExitCode::from(code as u8)))
}

fn check_own() -> Result<ExitCode, Box<dyn Error>> {
    let conversion = own_conversion()?;
    let report = check::check(&conversion, DOCUMENT, &read_own(DOCUMENT)?)?;
    print!("{report}");
    Ok(ExitCode::SUCCESS)
}

fn judge(part: Option<Part>) -> Result<ExitCode, Box<dyn Error>> {
    let project = own("").canonicalize()?;
    let wanted = |one| part.is_none_or(|part| part == one);
    if wanted(Part::Prism) {
        contract::prism(&project)?;
    }
    if wanted(Part::Sandbox) {
        contract::sandbox(&project)?;
    }
    if wanted(Part::Independent) {
        contract::independent(&project)?;
    }
    Ok(ExitCode::SUCCESS)
}
