//! `chat2desk webhooks trigger`: delivers invented events to a receiver, signed as the vendor signs.

use crate::Common;
use crate::exit::{Failure, with_causes};
use crate::numbers;
use crate::output::{Output, counted, note, without_bom};
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::simulator::{Simulator, sample};
use chrono::Utc;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

/// Delivers invented events to a receiver, signed with the account's token
///
/// Prints the status of each response, as JSON lines. The exit code is 1 unless the receiver accepts every delivery or,
/// with --bad-signature, refuses every one. Events get the current time and messages a new id, so that each run is a new
/// event for a receiver that drops repeats.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// The event, such as inbox, or all
    event: String,
    /// URL of the receiver
    #[arg(long, value_name = "URL")]
    to: String,
    /// Sets a value of the body: `client.name=Ada`, `attachments.0.name=x`; a value that is JSON is set as JSON
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Setting>,
    /// Delivers this JSON file, or a value of its own, in place of the sample
    #[arg(long, value_name = "JSON|@FILE")]
    data: Option<Data>,
    /// Signs with another token, as a stranger would
    #[arg(long)]
    bad_signature: bool,
    /// Delivers each event this many times more
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    repeats: usize,
}

/// A value at a place in the body.
#[derive(Clone)]
struct Setting {
    path: String,
    value: Value,
}

/// The JSON of a body.
#[derive(Clone)]
struct Data(Value);

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, value) = text
            .split_once('=')
            .ok_or("write it like client.name=Ada")?;
        Ok(Self {
            path: path.to_owned(),
            value: match serde_json::from_str::<Value>(value) {
                Ok(_) => numbers::parse(value)?,
                Err(_) => value.into(),
            },
        })
    }
}

impl FromStr for Data {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = match text.strip_prefix('@') {
            Some(file) => {
                fs::read_to_string(PathBuf::from(file)).map_err(|error| error.to_string())?
            }
            None => text.to_owned(),
        };
        numbers::parse(without_bom(&text)).map(Self)
    }
}

impl Arguments {
    pub async fn run(self, common: &Common) -> Result<(), Failure> {
        let account = common.account.open()?;
        let token = match self.bad_signature {
            true => format!("not-{}", account.token),
            false => account.token,
        };
        let vendor = Simulator::new(&self.to, token).map_err(|error| Failure::of(&error))?;
        let mut output = Output::new();
        let (mut accepted, mut refused, mut lost) = (0, 0, 0);
        for (name, body) in self.bodies()? {
            for _ in 0..=self.repeats {
                let response = vendor.deliver_once(&body).await;
                match &response {
                    Ok(200..300) => accepted += 1,
                    Ok(_) => refused += 1,
                    Err(error) => {
                        lost += 1;
                        note(format_args!("warning: {name}: {}", with_causes(error)));
                    }
                }
                output.json(&json!({"event": name, "status": response.ok()}))?;
            }
        }
        output.flush()?;
        match (self.bad_signature, accepted, refused, lost) {
            (true, 0, _, 0) | (false, _, 0, 0) => Ok(()),
            (true, 1.., ..) => Err(Failure::other(format!(
                "the receiver accepted {}: it does not verify",
                counted(accepted, "wrong signature")
            ))),
            _ => Err(Failure::other(format!(
                "{refused} refused, {lost} without a response, and {accepted} accepted"
            ))),
        }
    }

    /// Returns what to deliver, with the names of the events.
    fn bodies(&self) -> Result<Vec<(String, Value)>, Failure> {
        let events = match (self.event.as_str(), &self.data) {
            ("all", None) => WebhookEvent::KNOWN.to_vec(),
            ("all", Some(_)) => {
                let reason = "--data is the body of one event, so name one in place of all";
                return Err(Failure::usage(reason));
            }
            (_, Some(_)) => vec![self.event.as_str().into()],
            (name, None) => vec![super::event(name).map_err(Failure::usage)?],
        };
        let now = Utc::now();
        let bodies = events.into_iter().zip(0..).map(|(event, number)| {
            let mut body = match &self.data {
                Some(Data(body)) => body.clone(),
                None => {
                    let mut body = sample(&event).unwrap_or_default();
                    body["event_time"] = now.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string().into();
                    if body.get("message_id").is_some() {
                        body["message_id"] = (now.timestamp_millis() * 100 + number).into();
                    }
                    body
                }
            };
            for Setting { path, value } in &self.set {
                set(&mut body, path, value.clone())
                    .map_err(|reason| Failure::usage(format!("--set {path}: {reason}")))?;
            }
            Ok((event.as_str().to_owned(), body))
        });
        bodies.collect()
    }
}

/// Sets a value. Objects on the way that do not exist are created.
fn set(body: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let mut place = body;
    for part in path.split('.') {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = match place {
            Value::Object(object) => object.entry(part).or_insert(Value::Null),
            Value::Array(list) => {
                let element = part.parse::<usize>().ok();
                let element = element.and_then(|index| list.get_mut(index));
                element.ok_or(format!("the list has no element {part}"))?
            }
            _ => {
                return Err(format!(
                    "what {part} is to be in is neither an object nor a list"
                ));
            }
        };
    }
    *place = value;
    Ok(())
}
