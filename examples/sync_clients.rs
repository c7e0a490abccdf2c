//! Copies all customers to a file, and prints how many changed since the last run.
//!
//! A customer counts as gone only if the whole list was read. If reading fails, the program ends with an error and does
//! not change the file.
//!
//! `cargo run --package chat2desk-examples --bin sync_clients -- clients.json` copies an invented account on this machine.
//! With `CHAT2DESK_TOKEN` set, it copies your account, with one call per 200 customers.

use chat2desk::types::Client;
use chat2desk::{Chat2Desk, List};
use chat2desk_sandbox::Sandbox;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{fs, io};

type Clients = BTreeMap<i64, Client>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or("clients.json".into());
    let sandbox = match std::env::var_os("CHAT2DESK_TOKEN") {
        Some(_) => None,
        None => Some(Sandbox::start().await?),
    };
    let chat = match &sandbox {
        Some(sandbox) => sandbox.client().clone(),
        None => Chat2Desk::from_env()?,
    };
    let changes = sync(&chat, Path::new(&file)).await?;
    println!("{changes:?} in {} calls", chat.calls_made());
    Ok(())
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changes {
    pub(crate) new: usize,
    pub(crate) changed: usize,
    pub(crate) gone: usize,
    pub(crate) same: usize,
}

pub(crate) async fn sync(chat: &Chat2Desk, path: &Path) -> Result<Changes, Box<dyn Error>> {
    let before: Clients = match fs::read(path) {
        Ok(json) => serde_json::from_slice(&json)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Clients::new(),
        Err(error) => return Err(error.into()),
    };
    let clients = chat.list_clients().prefetch(4).collect_all().await?;
    let now: Clients = clients
        .into_iter()
        .map(|client| (client.id, client))
        .collect();
    let mut changes = Changes::default();
    for (id, client) in &now {
        match before.get(id) {
            None => changes.new += 1,
            Some(known) if known != client => changes.changed += 1,
            Some(_) => changes.same += 1,
        }
    }
    changes.gone = before.keys().filter(|id| !now.contains_key(id)).count();
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec(&now)?)?;
    fs::rename(new, path)?;
    Ok(changes)
}
