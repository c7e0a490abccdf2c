//! Events that their targets did not take within the attempts allowed, in a file of JSON lines.

use super::line::line;
use crate::exit::Failure;
use crate::output::{counted, note};
use chat2desk_webhook_receiver::Delivery;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub struct SetAside {
    attempts: u32,
    path: PathBuf,
    /// Created with the first event.
    file: Mutex<Option<File>>,
}

impl SetAside {
    /// Sets events aside after this many attempts, in a file beside the journal.
    pub fn new(attempts: u32, journal: &Path) -> Self {
        let mut path = journal.as_os_str().to_owned();
        path.push(".failed");
        Self {
            attempts,
            path: path.into(),
            file: Mutex::default(),
        }
    }

    /// Writes an event to the file if this was its last attempt. Returns whether it did.
    pub fn take(&self, delivery: &Delivery) -> bool {
        if delivery.attempt < self.attempts {
            return false;
        }
        match self.write(delivery) {
            Ok(()) => {
                note(format_args!(
                    "warning: an event was not taken in {}, and is in {}",
                    counted(self.attempts, "attempt"),
                    self.path.display()
                ));
                true
            }
            // Then it is retried.
            Err(Failure::Because(_, text)) => {
                note(format_args!("warning: {text}"));
                false
            }
            Err(Failure::ReaderGone) => false,
        }
    }

    fn write(&self, delivery: &Delivery) -> Result<(), Failure> {
        let line = line(delivery)? + "\n";
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: io::Error| Failure::file(&self.path, &error);
        let mut open = match file.take() {
            Some(file) => file,
            None => private().open(&self.path).map_err(failed)?,
        };
        let written = open.write_all(line.as_bytes());
        let written = written.and_then(|()| open.sync_data());
        *file = Some(open);
        written.map_err(failed)
    }
}

/// Options of a file to append to, which only its owner may read: it holds customers' messages.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
