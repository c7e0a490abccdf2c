//! The pipeline that every call goes through, against servers that misbehave.

#[cfg(any(feature = "gzip", feature = "brotli"))]
mod compression;
mod hostile;
mod import;
mod limits;
mod lists;
mod observer;
mod polls;
mod server;
mod storm;
mod waits;
