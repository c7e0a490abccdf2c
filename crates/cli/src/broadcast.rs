//! `chat2desk broadcast`: sends a message to each recipient of a CSV file, and to nobody twice.

mod journal;
mod list;
mod message;
mod phone;
mod quotes;
mod send;
mod text;

use crate::Common;
use crate::exit::{Code, Failure};
use crate::output::{Output, counted, note};
use crate::progress::Progress;
use crate::stop::stop;
use chat2desk::messages::Template;
use chat2desk::transport::RateLimit;
use chat2desk::wire::Messenger;
use journal::{Journal, State};
use list::Recipient;
use message::{Message, messages};
use send::{Fate, Row, Sender};
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use text::Pattern;

/// How many messages one after the other may be in doubt before nothing more is sent.
const IN_DOUBT: usize = 3;

/// Sends a message to each recipient of a CSV file, and to nobody twice
///
/// The file has a column `phone` or `client_id`. The message is the column `text`, or --text or --template with columns
/// in braces. All rows are checked before anything is sent. Customers who do not exist yet are created. Rows that repeat
/// a recipient with the same text are listed as repeated; with another text they are an error.
///
/// A journal records each message before it is sent. If it is unknown whether a message was sent, it is listed and not
/// sent again: look into the chat. Prints what became of each row, as JSON lines. The exit code is 8 if a message is in
/// doubt, and 1 if one was refused. Sends 15 messages a second, unless --rate says otherwise.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// CSV file with a line of column names
    file: PathBuf,
    /// The text, with columns in braces, such as "Dear {name}"; by default the column `text`
    #[arg(long, value_name = "TEXT", conflicts_with = "template")]
    text: Option<Pattern>,
    /// Name of an approved WhatsApp template, which also reaches customers who have not written first
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Language of the template, such as es_mx
    #[arg(long, requires = "template")]
    language: Option<String>,
    /// The template's next variable, with columns in braces; can be repeated
    #[arg(long, value_name = "TEXT", requires = "template")]
    variable: Vec<Pattern>,
    /// Messenger; by default whatsapp for phone numbers, and the last one that the customer used for ids
    #[arg(long, value_name = "NAME")]
    transport: Option<Messenger>,
    /// Channel that the message is sent through
    #[arg(long, value_name = "ID")]
    channel: Option<i64>,
    /// Prints the messages that would be sent, and sends nothing
    #[arg(long)]
    dry_run: bool,
    /// Goes on where an earlier run has stopped
    #[arg(long)]
    resume: bool,
    /// Journal; by default the name of the CSV file with the ending `journal`
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let recipients = list::read(&self.file, &self.patterns())?;
        let messages = messages(recipients, |recipient| self.message(recipient))?;
        let path = self.journal.clone();
        let path = path.unwrap_or_else(|| self.file.with_extension("journal"));
        if self.dry_run {
            let states = Journal::look(&path)?;
            self.check_resume(states.is_empty())?;
            return dry_run(&messages, &states);
        }
        let chat = common.account.open()?;
        let chat = chat.builder_at(RateLimit::messages()).build()?;
        let journal = Journal::open(&path)?;
        self.check_resume(journal.is_empty())?;
        let sender = Sender::new(chat, journal, self.transport, self.channel);
        send_all(sender, &messages, common.quiet).await
    }

    fn check_resume(&self, is_new: bool) -> Result<(), Failure> {
        match is_new || self.resume {
            true => Ok(()),
            false => Err(Failure::usage(
                "an earlier run has sent messages to this list; go on with --resume, or use another --journal for \
                 another message",
            )),
        }
    }

    /// Returns what each row is filled into.
    fn patterns(&self) -> Vec<Pattern> {
        match (&self.template, &self.text) {
            (Some(_), _) => self.variable.clone(),
            (None, Some(text)) => vec![text.clone()],
            (None, None) => vec![Pattern::column("text")],
        }
    }

    /// Returns the text to send.
    fn message(&self, recipient: &Recipient) -> Result<String, Failure> {
        let Some(name) = &self.template else {
            return Ok(recipient.texts.concat());
        };
        let mut template = Template::new(name).variables(recipient.texts.clone());
        if let Some(language) = &self.language {
            template = template.language(language);
        }
        template
            .text()
            .map_err(|error| Failure::usage(format!("line {}: {error}", recipient.line)))
    }
}

fn dry_run(messages: &[Message], states: &HashMap<String, State>) -> Result<(), Failure> {
    let mut output = Output::new();
    let mut fates = Fates::default();
    for message in messages {
        let to = message.address.to_string();
        let earlier = match message.is_repeated {
            true => Some(Fate::Repeated),
            false => send::before(states.get(&to).copied()),
        };
        fates.add(earlier.unwrap_or(Fate::Sent));
        if earlier.is_none() {
            output.json(&json!({"line": message.line, "to": to, "text": message.text}))?;
        }
    }
    output.flush()?;
    note(format_args!(
        "{}; {} sent before, {} repeated, {} in doubt; nothing was sent",
        counted(fates.count(Fate::Sent), "message"),
        fates.count(Fate::AlreadySent),
        fates.count(Fate::Repeated),
        fates.count(Fate::Unknown),
    ));
    Ok(())
}

/// What became of the lines so far.
#[derive(Default)]
struct Fates(Vec<Fate>);

impl Fates {
    fn add(&mut self, fate: Fate) {
        self.0.push(fate);
    }

    fn count(&self, fate: Fate) -> usize {
        self.0.iter().filter(|other| **other == fate).count()
    }
}

/// Sends until the end, a failure that concerns all messages, or a signal.
async fn send_all(mut sender: Sender, messages: &[Message], quiet: bool) -> Result<(), Failure> {
    let progress = Progress::new("messages", quiet);
    // Looked at between two messages, so that a signal leaves none in doubt.
    let stopped = tokio::spawn(stop());
    let mut output = Output::new();
    let mut fates = Fates::default();
    let mut in_doubt = 0;
    let mut result = Ok(());
    for message in messages {
        if stopped.is_finished() {
            result = Err(Failure::new(Code::Interrupted, "interrupted"));
            break;
        }
        let row = match sender.send(message).await {
            Ok(row) => row,
            Err(failure) => {
                result = Err(failure);
                break;
            }
        };
        fates.add(row.state);
        output.json(&row)?;
        output.flush()?;
        progress.set(fates.0.len() as u64, Some(messages.len() as u64));
        // Those of an earlier run have no error.
        in_doubt = match row {
            Row {
                state: Fate::Unknown,
                error: Some(_),
                ..
            } => in_doubt + 1,
            Row {
                state: Fate::Repeated,
                ..
            } => in_doubt,
            _ => 0,
        };
        if in_doubt == IN_DOUBT {
            let text = "several messages one after the other are in doubt, so no more were sent";
            result = Err(Failure::new(Code::Unclear, text));
            break;
        }
    }
    drop(progress);
    let count = |fate| fates.count(fate);
    note(format_args!(
        "{} sent, {} sent before, {} repeated, {} refused, {} in doubt, {} left",
        count(Fate::Sent),
        count(Fate::AlreadySent),
        count(Fate::Repeated),
        count(Fate::Refused),
        count(Fate::Unknown),
        messages.len() - fates.0.len()
    ));
    result?;
    match (count(Fate::Unknown), count(Fate::Refused)) {
        (0, 0) => Ok(()),
        (0, _) => Err(Failure::other(
            "some messages were refused; --resume tries them again",
        )),
        _ => Err(Failure::new(
            Code::Unclear,
            "it is unknown whether some messages were sent; look into these chats",
        )),
    }
}
