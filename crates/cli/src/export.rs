//! `chat2desk export`: whole lists into files, exact, and to be continued by the same command.

mod check;
mod file;
mod format;
mod plain;
mod record;
mod schema;
mod singer;
mod state;
pub mod stream;
mod to_file;
mod to_stdout;
mod write;

use crate::Common;
use crate::duration;
use crate::exit::{Code, Failure};
use crate::output::{Output, counted, note, written};
use crate::progress::Progress;
use chat2desk::{Chat2Desk, Days};
use chrono::{NaiveDate, Utc};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use format::{Encoder, Format};
use serde_json::{Map, Value};
use state::{State, What};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use stream::{Read, Stream, Way};
use to_file::{ToFile, Wanted};
use to_stdout::{Bookmarks, ToStdout};
use write::{Target, copy};

/// How the files of a directory go on, for `--help`.
const FILES: &str = "\
Files: `.chat2desk-state.json` beside the data says how far each file is. The same command goes on from there, also
after it was killed, and refuses a file that was changed since. Nothing is removed before the first page arrived.
Messages are added by id, and rows of reports by day; the days of --refresh-days are written anew. Every other stream is
read as a whole into NAME.new, which replaces NAME when the list was read to its end, or up to --max-items.";

/// Exports whole lists as JSON lines, CSV or messages of Singer
///
/// Every record that exists during the whole export is written exactly once. `chat2desk streams` lists the streams, and
/// what each costs in calls.
#[derive(clap::Args)]
#[group(skip)]
#[command(after_help = FILES)]
pub struct Arguments {
    /// What to export
    #[arg(required = true, value_name = "STREAM", value_parser = names(), hide_possible_values = true)]
    streams: Vec<Stream>,
    /// File, directory, or - for stdout, where nothing can be continued
    #[arg(long, default_value = "-", value_name = "PATH")]
    to: PathBuf,
    /// How records are written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// First day of messages and reports, such as 2026-05-04; reports need it
    #[arg(long, value_name = "DAY")]
    since: Option<NaiveDate>,
    /// Last day of messages and reports, which is included
    #[arg(long, value_name = "DAY")]
    until: Option<NaiveDate>,
    /// Days before today that are written anew, because messages and rows change; 1 for reports unless set
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(..state::REMEMBERED as u64))]
    refresh_days: Option<u64>,
    /// Leaves messages younger than this to the next export, since messages appear late and out of order
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration::parse)]
    hold_back: Duration,
    /// Begins anew, in place of going on from the files or from --state
    #[arg(long)]
    fresh: bool,
    /// Most records of each stream in this run; of a stream that is read as a whole, always the first ones
    #[arg(long, value_name = "RECORDS")]
    max_items: Option<u64>,
    /// File with the state of Singer to go on from, which is its last line; only with --format singer
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl Arguments {
    pub async fn run(mut self, common: &Common) -> Result<(), Failure> {
        let mut names = BTreeSet::new();
        self.streams.retain(|stream| names.insert(stream.name));
        self.check()?;
        let chat = common.account.open()?.client()?;
        let to_stdout = self.to == Path::new("-");
        let mut files = match to_stdout {
            true => None,
            false => Some(State::open(self.directory())?),
        };
        let mut output = Output::new();
        let mut bookmarks = self.bookmarks()?;
        let mut first_failure = None;
        for stream in &self.streams {
            let result = match &mut files {
                Some(state) => self.to_file(&chat, stream, state, common.quiet).await,
                None => {
                    let to = (&mut output, &mut bookmarks);
                    self.to_stdout(&chat, stream, to, common.quiet).await
                }
            };
            match result {
                Ok(()) => {}
                // The other streams would fail as well.
                Err(failure) if failure.is_final() => return Err(failure.at(stream.name)),
                Err(failure) if first_failure.is_none() => {
                    first_failure = Some(failure.at(stream.name));
                }
                Err(failure) => note(format_args!("error: {}: {failure}", stream.name)),
            }
        }
        first_failure.map_or(Ok(()), Err)
    }

    /// Returns the file of a stream.
    fn path(&self, stream: &Stream) -> PathBuf {
        match self.is_file() {
            true => self.to.clone(),
            false => self
                .to
                .join(format!("{}.{}", stream.name, self.format.name())),
        }
    }

    /// Returns the last day of reports.
    fn until(&self) -> NaiveDate {
        self.until.unwrap_or_else(|| Utc::now().date_naive())
    }

    /// Returns whether `--to` is the file of the only stream.
    fn is_file(&self) -> bool {
        let ends_with_slash = self.to.as_os_str().to_string_lossy().ends_with('/');
        self.streams.len() == 1 && !ends_with_slash && !self.to.is_dir()
    }

    fn directory(&self) -> &Path {
        match (self.is_file(), self.to.parent()) {
            (true, Some(parent)) if parent.as_os_str().is_empty() => Path::new("."),
            (true, Some(parent)) => parent,
            _ => &self.to,
        }
    }

    async fn to_file(
        &self,
        chat: &Chat2Desk,
        stream: &Stream,
        state: &mut State,
        quiet: bool,
    ) -> Result<(), Failure> {
        let path = self.path(stream);
        let encoder = Encoder::new(self.format, stream);
        let mut what = What::new(stream.name, self.format, &encoder.head()?);
        if stream.way != Way::Whole {
            what.since = self.since;
        }
        if stream.way == Way::ById {
            what.until = self.until;
        }
        let wanted = Wanted {
            what,
            fresh: self.fresh,
            refresh: self
                .refresh_days
                .unwrap_or(u64::from(stream.way == Way::ByDay)),
            is_limited: self.max_items.is_some(),
        };
        let known = state.position(&path).filter(|_| !self.fresh);
        if let Some(Err(reason)) = known.map(|position| self.check_reached(position)) {
            return Err(Failure::usage(format!("{}: {reason}", path.display())));
        }
        let file = ToFile::open(state, &path, stream, encoder, wanted)?;
        self.copy(chat, stream, file, quiet).await
    }

    async fn to_stdout(
        &self,
        chat: &Chat2Desk,
        stream: &Stream,
        (output, bookmarks): (&mut Output, &mut Map<String, Value>),
        quiet: bool,
    ) -> Result<(), Failure> {
        let encoder = Encoder::new(self.format, stream);
        written(output.write_all(&encoder.head()?))?;
        let singer = (self.format == Format::Singer).then_some(Bookmarks {
            all: bookmarks,
            stream: stream.name,
            way: stream.way,
        });
        let stdout = ToStdout {
            output,
            encoder,
            singer,
            buffer: Vec::new(),
        };
        let copied = self.copy(chat, stream, stdout, quiet).await;
        copied.map_err(|failure| match (&self.state, failure) {
            (Some(state), Failure::Because(Code::Usage, text)) => Failure::usage(format!(
                "{text}; {} may be of an export with another --since or --until",
                state.display()
            )),
            (_, failure) => failure,
        })
    }

    async fn copy(
        &self,
        chat: &Chat2Desk,
        stream: &Stream,
        target: impl Target,
        quiet: bool,
    ) -> Result<(), Failure> {
        let mut arguments = Map::new();
        let mut set = |name: &str, day: Option<NaiveDate>| {
            if let Some(day) = day.filter(|_| stream.way == Way::ById) {
                arguments.insert(name.to_owned(), day.to_string().into());
            }
        };
        set("start_date", self.since);
        set("finish_date", self.until);
        let until = self.until();
        let read = Read {
            arguments,
            days: self.since.map(|since| Days::from(since..=until)),
            position: target.position(),
            hold_back: self.hold_back,
            max_items: self.max_items,
        };
        let progress = Progress::new(stream.name, quiet);
        let calls = chat.calls_made();
        let items = stream.records(chat, read);
        let records = copy(items, target, stream.way, self.max_items, |done, total| {
            progress.set(done, total);
        });
        let records = records.await?;
        if !quiet {
            let records = counted(records, "record");
            let calls = counted(chat.calls_made() - calls, "call");
            progress.note(format_args!("{}: {records}, {calls}", stream.name));
        }
        Ok(())
    }

    /// Returns the bookmarks of the state of Singer, without those that are not gone on from.
    fn bookmarks(&self) -> Result<Map<String, Value>, Failure> {
        let Some(file) = &self.state else {
            return Ok(Map::new());
        };
        let text = fs::read_to_string(file).map_err(|error| Failure::file(file, &error))?;
        let bookmarks = to_stdout::bookmarks(&text).and_then(|mut bookmarks| {
            for stream in &self.streams {
                if self.fresh || stream.way == Way::Whole {
                    bookmarks.remove(stream.name);
                } else if let Some(bookmark) = bookmarks.get(stream.name) {
                    to_stdout::position(bookmark)
                        .and_then(|position| self.check_reached(&position))
                        .map_err(|reason| format!("{}: {reason}", stream.name))?;
                }
            }
            Ok(bookmarks)
        });
        bookmarks.map_err(|reason| Failure::usage(format!("{}: {reason}", file.display())))
    }
}

/// Reads the name of a stream.
fn names() -> impl TypedValueParser<Value = Stream> {
    let names = Stream::all()
        .into_iter()
        .map(|stream| PossibleValue::new(stream.name));
    let names: Vec<_> = names.collect();
    PossibleValuesParser::new(names)
        .try_map(|name| Stream::named(&name).ok_or_else(|| format!("there is no stream {name}")))
}

impl Failure {
    /// Returns whether every other call would fail as well.
    pub fn is_final(&self) -> bool {
        match self {
            Self::ReaderGone => true,
            Self::Because(code, _) => {
                matches!(code, Code::UsedUp | Code::Interrupted)
            }
        }
    }
}
