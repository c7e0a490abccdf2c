//! Signals that end the program: Ctrl+C, and the one that services are stopped with.

use crate::exit::{Code, Failure};
use std::io;

/// Completes when the program should end.
pub async fn stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Runs `work` until it ends or the program should end, which drops it.
pub async fn unless_stopped(
    work: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    tokio::select! {
        result = work => result,
        stopped = stop() => Err(match stopped {
            Ok(()) => Failure::new(Code::Interrupted, "interrupted"),
            Err(error) => Failure::of(&error),
        }),
    }
}
