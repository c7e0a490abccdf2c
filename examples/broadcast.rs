//! Sends a message to all customers in a CSV file. It can be stopped and resumed at any time, and sends to nobody
//! twice.
//!
//! The file has the columns `phone` and `name`. The program writes a journal next to it: one line before each message
//! and one after it. After a crash between the two, it is unknown whether the message was sent. The program names such
//! customers and does not send to them again. WhatsApp accepts only templates for customers who have not written first.
//!
//! `cargo run --package chat2desk-examples --bin broadcast -- customers.csv` sends to an invented account on this
//! machine. With `CHAT2DESK_TOKEN` set, add `--send` to send to your customers.

use chat2desk::messages::Draft;
use chat2desk::transport::RateLimit;
use chat2desk::types::CreateClientRequest;
use chat2desk::{Chat2Desk, clients::digits};
use chat2desk_sandbox::{Sandbox, TOKEN};
use serde::Deserialize;
use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
struct Customer {
    phone: String,
    name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let send = arguments.iter().any(|argument| argument == "--send");
    let file = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"));
    let limit = RateLimit::messages();
    let sandbox = Sandbox::start().await?;
    let chat = match std::env::var("CHAT2DESK_TOKEN") {
        Ok(token) if send => Chat2Desk::builder(token).rate_limit(limit).build()?,
        Ok(_) => return Err("nothing was sent; add --send to send to your customers".into()),
        Err(_) => Chat2Desk::builder(TOKEN)
            .base_url(sandbox.url())
            .rate_limit(limit)
            .build()?,
    };
    let invented = std::env::temp_dir().join("chat2desk-broadcast.csv");
    let file = match file {
        Some(file) => PathBuf::from(file),
        None => {
            fs::write(
                &invented,
                "phone,name\n+1 200 555 0100,Ada\n+1 (200) 555-0101,Bela\n+1 200 555 0100,Ada\n",
            )?;
            invented
        }
    };
    let report = broadcast(&chat, &file).await?;
    println!("{report:?}");
    Ok(())
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Report {
    pub(crate) sent: usize,
    /// Customers who got the message in an earlier run, or are in the file twice.
    pub(crate) already: usize,
    /// Customers who may have got the message before an earlier run crashed.
    pub(crate) unknown: usize,
    pub(crate) refused: usize,
}

pub(crate) async fn broadcast(chat: &Chat2Desk, file: &Path) -> Result<Report, Box<dyn Error>> {
    let mut journal = Journal::open(&file.with_extension("journal"))?;
    let mut report = Report::default();
    for customer in csv::Reader::from_path(file)?.deserialize() {
        let customer: Customer = customer?;
        let phone = digits(&customer.phone)
            .ok_or_else(|| format!("the phone number of {} has no digits", customer.name))?;
        match journal.state(&phone) {
            Some(State::Done) => report.already += 1,
            Some(State::Begun) => {
                eprintln!(
                    "{} may have got the message in an earlier run; check the chat",
                    customer.name
                );
                report.unknown += 1;
            }
            None | Some(State::Undone) => {
                match send(chat, &mut journal, &phone, &customer.name).await {
                    Ok(()) => report.sent += 1,
                    Err(error) => {
                        eprintln!("{}: {error}", customer.name);
                        report.refused += 1;
                    }
                }
            }
        }
    }
    Ok(report)
}

async fn send(
    chat: &Chat2Desk,
    journal: &mut Journal,
    phone: &str,
    name: &str,
) -> Result<(), Box<dyn Error>> {
    let request = CreateClientRequest::builder()
        .phone(phone)
        .transport("whatsapp");
    let client = chat.get_or_create_client(request).await?.id();
    let text = format!("Dear {name}, our shop is closed on Monday.");
    journal.write(phone, State::Begun)?;
    let sent = chat.send_message(Draft::text(client, text)).send().await;
    match sent {
        Ok(_) => Ok(journal.write(phone, State::Done)?),
        // A message that the server refused, or never received, may be sent in a later run.
        Err(error) if is_undone(&error) => {
            journal.write(phone, State::Undone)?;
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn is_undone(error: &chat2desk::Error) -> bool {
    let refused = error
        .status()
        .is_some_and(|status| status.is_client_error());
    !error.was_sent() || (refused && !error.is_timeout())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Begun,
    Done,
    Undone,
}

/// The journal of messages, by phone number. The last line of a number counts.
struct Journal {
    file: File,
    states: HashMap<String, State>,
}

impl Journal {
    fn open(path: &Path) -> std::io::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        let text = fs::read_to_string(path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        let line = |line: &str| {
            let (phone, state) = line.split_once(' ')?;
            let state = match state {
                "begun" => State::Begun,
                "done" => State::Done,
                "undone" => State::Undone,
                _ => return None,
            };
            Some((phone.to_owned(), state))
        };
        let states = text.lines().filter_map(line).collect();
        Ok(Self { file, states })
    }

    fn state(&self, phone: &str) -> Option<State> {
        self.states.get(phone).copied()
    }

    fn write(&mut self, phone: &str, state: State) -> std::io::Result<()> {
        let word = match state {
            State::Begun => "begun",
            State::Done => "done",
            State::Undone => "undone",
        };
        writeln!(self.file, "{phone} {word}")?;
        self.file.sync_data()?;
        self.states.insert(phone.to_owned(), state);
        Ok(())
    }
}
