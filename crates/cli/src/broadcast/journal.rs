//! The journal of a broadcast, which keeps anybody from getting a message twice.
//!
//! A line is on the disk before a message is sent, and another one after it. If the second is missing, it is unknown
//! whether the message was sent, and it is not sent again.

use super::list::Address;
use crate::exit::{Failure, in_use};
use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is known about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is about to be sent, so it may have been sent.
    Begun,
    Sent,
    /// It was not sent: the server refused it, or was not reached.
    NotSent,
}

#[derive(Serialize, Deserialize)]
struct Line {
    to: String,
    state: State,
}

/// How every line begins.
const BEGINNING: &str = "{\"to\":\"";

/// The journal file, which one process can have open.
pub struct Journal {
    path: PathBuf,
    file: File,
    states: HashMap<String, State>,
}

impl Journal {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        Self::try_open(path).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => in_use(path),
            _ => Failure::file(path, &error),
        })
    }

    /// Reads the states of a file that may not exist, and changes nothing.
    pub fn look(path: &Path) -> Result<HashMap<String, State>, Failure> {
        let read = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            read => read.and_then(|text| parse(&text)),
        };
        let (states, _) = read.map_err(|error| Failure::file(path, &error))?;
        Ok(states)
    }

    fn try_open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        FileExt::try_lock(&file).map_err(|error| match error {
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
            TryLockError::Error(error) => error,
        })?;
        // The name of a new file must be on the disk, too.
        #[cfg(unix)]
        File::open(
            path.parent()
                .filter(|path| !path.as_os_str().is_empty())
                .unwrap_or(Path::new(".")),
        )?
        .sync_all()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let (states, whole) = parse(&text)?;
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            states,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    pub fn state(&self, to: &Address) -> Option<State> {
        self.states.get(&to.to_string()).copied()
    }

    /// Records a state for all addresses of one recipient. It is on the disk when this returns.
    pub fn record(&mut self, to: &[&Address], state: State) -> Result<(), Failure> {
        let mut lines = String::new();
        for to in to {
            let line = Line {
                to: to.to_string(),
                state,
            };
            let line = serde_json::to_string(&line).map_err(|error| Failure::of(&error))?;
            lines += &(line + "\n");
            self.states.insert(to.to_string(), state);
        }
        let written = self.file.write_all(lines.as_bytes());
        let written = written.and_then(|()| self.file.sync_data());
        written.map_err(|error| Failure::file(&self.path, &error))
    }
}

/// Returns the states, and the length of the complete lines.
fn parse(text: &str) -> io::Result<(HashMap<String, State>, usize)> {
    let damaged = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
    // A line that was being written when the process was killed: nothing was done yet that it is about.
    let (lines, torn) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
    let torn = torn.trim_end_matches('\0');
    if !torn.starts_with(BEGINNING) && !BEGINNING.starts_with(torn) {
        let reason =
            "it is not a journal of a broadcast, and was left as it is; use another --journal";
        return Err(damaged(reason.to_owned()));
    }
    let mut states = HashMap::new();
    for (line, number) in lines.lines().zip(1..) {
        let Line { to, state } = serde_json::from_str(line)
            .map_err(|_| damaged(format!("line {number} is damaged; nothing was sent")))?;
        states.insert(to, state);
    }
    Ok((states, lines.len()))
}
