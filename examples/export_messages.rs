//! Exports messages as JSON lines. It can be stopped and resumed at any time, and no line is lost or repeated.
//!
//! Each line is the server's own JSON, including fields that this crate does not know. After each page, the program
//! writes a checkpoint next to the file: the length of the file, and where the list continues. The next start removes
//! everything after that length, and adds the messages that were written since.
//!
//! `cargo run --package chat2desk-examples --bin export_messages -- messages.jsonl` exports an invented account on this
//! machine. With `CHAT2DESK_TOKEN` set, it exports your account.

use chat2desk::{Chat2Desk, List, Position};
use chat2desk_sandbox::Sandbox;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize, Default)]
struct Checkpoint {
    /// The length of the complete part of the file, in bytes.
    length: u64,
    lines: u64,
    position: Option<Position>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or("messages.jsonl".into());
    let sandbox = match std::env::var_os("CHAT2DESK_TOKEN") {
        Some(_) => None,
        None => Some(Sandbox::start().await?),
    };
    let chat = match &sandbox {
        Some(sandbox) => sandbox.client().clone(),
        None => Chat2Desk::from_env()?,
    };
    let lines = export(&chat, Path::new(&file), 200).await?;
    println!("{lines} messages in {file}");
    Ok(())
}

/// Adds the new messages to the file. Returns how many lines the file has.
pub(crate) async fn export(
    chat: &Chat2Desk,
    path: &Path,
    page_size: u32,
) -> Result<u64, Box<dyn Error>> {
    let notes = PathBuf::from(format!("{}.checkpoint", path.display()));
    let mut checkpoint = match fs::read(&notes) {
        Ok(json) => serde_json::from_slice(&json)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Checkpoint::default(),
        Err(error) => return Err(error.into()),
    };
    let mut file = OpenOptions::new()
        .create(true)
        .append(false)
        .write(true)
        .truncate(false)
        .open(path)?;
    file.set_len(checkpoint.length)?;
    file.seek(SeekFrom::End(0))?;
    let mut file = BufWriter::new(file);

    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} {per_second} {eta}",
    )?);
    bar.set_position(checkpoint.lines);
    let messages = chat.list_messages().raw().page_size(page_size);
    let mut pages = messages.resume_from(checkpoint.position.clone()).pages();
    while let Some(page) = pages.next().await {
        let page = page?;
        if bar.length().is_none() {
            // The server reports how many messages are left.
            let left = page
                .meta
                .as_ref()
                .and_then(|meta| meta.total)
                .unwrap_or_default();
            bar.set_length(checkpoint.lines + u64::try_from(left).unwrap_or_default());
        }
        for message in &page.items {
            writeln!(file, "{}", message.to_line())?;
        }
        file.flush()?;
        file.get_ref().sync_data()?;
        checkpoint = Checkpoint {
            length: file.stream_position()?,
            lines: checkpoint.lines + page.items.len() as u64,
            position: page.position(),
        };
        replace(&notes, &serde_json::to_vec(&checkpoint)?)?;
        bar.set_position(checkpoint.lines);
    }
    bar.abandon();
    Ok(checkpoint.lines)
}

/// Replaces a file atomically: after a crash it is the old one or the new one.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_data()?;
    fs::rename(new, path)
}
