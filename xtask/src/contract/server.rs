//! A program that serves until it is no longer needed.

use super::process::watched;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a program may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: String,
    log: PathBuf,
    shell: Child,
    output: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a program that prints `announced` and its URL, `http://host:port`, when it serves. What it
    /// prints goes into the file `log`.
    ///
    /// # Errors
    /// If it cannot be started, ends or says nothing in a minute, or does not listen where it says.
    pub fn start(program: &Command, announced: &str, log: &Path) -> Result<Self, String> {
        let name = program.get_program().to_string_lossy();
        let failed = |error: &dyn Display| format!("{name}: {error}; see {}", log.display());
        let mut file = File::create(log).map_err(|error| failed(&error))?;
        let mut shell = watched(program);
        shell.stdout(Stdio::piped());
        let mut shell = shell.spawn().map_err(|error| failed(&error))?;
        let output = shell.stdout.take().ok_or_else(|| failed(&"no output"))?;
        let (printed, lines) = mpsc::channel();
        let output = thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Whatever becomes of a line, the program must not wait for somebody to read it.
                let _ = writeln!(file, "{line}");
                let _ = printed.send(line);
            }
        });
        let mut server = Self {
            address: String::new(),
            log: log.to_owned(),
            shell,
            output: Some(output),
        };
        let marker = format!("{announced}http://");
        let deadline = Instant::now() + PATIENCE;
        while server.address.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = lines.recv_timeout(left).map_err(|error| match error {
                mpsc::RecvTimeoutError::Timeout => failed(&"does not say that it serves"),
                mpsc::RecvTimeoutError::Disconnected => failed(&"ended before it served"),
            })?;
            if let Some((_, address)) = line.split_once(&marker) {
                server.address = address.trim().to_owned();
            }
        }
        TcpStream::connect(&server.address)
            .map_err(|error| failed(&format!("{}: {error}", server.address)))?;
        Ok(server)
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it, and gives all that it printed.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn stop(mut self) -> Result<String, String> {
        self.end();
        fs::read_to_string(&self.log).map_err(|error| format!("{}: {error}", self.log.display()))
    }

    fn end(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
        if let Some(output) = self.output.take() {
            let _ = output.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
