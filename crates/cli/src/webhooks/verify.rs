//! `chat2desk webhooks verify`: checks the signature of a delivery from stdin.

use crate::Common;
use crate::exit::Failure;
use crate::output::Output;
use chat2desk::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER};
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use std::io::{self, Read};

/// Checks the signature of a delivery, whose unchanged body is read from stdin
///
/// Prints what the event is, as JSON. The exit code is 1 if the vendor did not send it.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Value of the header X-Signature
    #[arg(long)]
    signature: HeaderValue,
    /// Value of the header X-Timestamp
    #[arg(long)]
    timestamp: HeaderValue,
}

impl Arguments {
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let verifier = common.account.open()?.verifier;
        let mut body = Vec::new();
        let read = io::stdin().read_to_end(&mut body);
        read.map_err(|error| Failure::of(&error))?;
        let headers = [
            (SIGNATURE_HEADER, self.signature),
            (TIMESTAMP_HEADER, self.timestamp),
        ];
        let named = headers.map(|(name, value)| (http::HeaderName::from_static(name), value));
        let event = verifier.verify(&HeaderMap::from_iter(named), body);
        let event = event.map_err(|error| Failure::of(&error))?;
        let mut output = Output::new();
        output.json(&json!({
            "event": super::name_of(&event),
            "key": event.dedup_key(),
            "occurred_at": event.occurred_at(),
            "drift": event.drift().iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?;
        output.flush()
    }
}
