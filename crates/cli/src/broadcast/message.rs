//! The messages of a broadcast: which of them go to a recipient that an earlier line has.

use super::list::{Address, Recipient};
use crate::exit::Failure;
use std::collections::HashMap;

/// What one line of the list says.
pub struct Message {
    pub line: u64,
    pub address: Address,
    pub text: String,
    /// Whether an earlier line has the same recipient, and the same text.
    pub is_repeated: bool,
}

/// Returns the message of each recipient.
///
/// # Errors
/// If a recipient has two texts: either of them may be the wrong one.
pub fn messages(
    recipients: Vec<Recipient>,
    text: impl Fn(&Recipient) -> Result<String, Failure>,
) -> Result<Vec<Message>, Failure> {
    let mut first: HashMap<Address, usize> = HashMap::new();
    let mut messages: Vec<Message> = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        let text = text(&recipient)?;
        let Recipient { line, address, .. } = recipient;
        let index = *first.entry(address.clone()).or_insert(messages.len());
        let earlier = messages.get(index);
        if let Some(earlier) = earlier.filter(|earlier| earlier.text != text) {
            return Err(Failure::usage(format!(
                "lines {} and {line} have different texts for one recipient; nothing was sent",
                earlier.line
            )));
        }
        let is_repeated = earlier.is_some();
        messages.push(Message {
            line,
            address,
            text,
            is_repeated,
        });
    }
    Ok(messages)
}
