//! The project's tasks as a library: read a Postman collection, infer what it means, write OpenAPI.
//!
//! `postman` reads, `infer` concludes types from samples and names from paths, `openapi` writes,
//! `overlay` adds what samples cannot say. [`convert::convert`] runs them all.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod account;
pub mod check;
pub mod config;
pub mod contract;
pub mod convert;
pub mod diff;
pub mod fetch;
pub mod files;
pub mod infer;
pub mod json;
pub mod lowered;
pub mod openapi;
pub mod overlay;
mod parallel;
pub mod postman;
mod readable;
#[cfg(feature = "schemas")]
pub mod schemas;
pub mod update;
mod write;

pub use chat2desk_codegen::{code, generate, lower, mock};

use std::fmt;

/// What is wrong with an input: which file, where in it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub file: String,
    /// The item path, the action or the key; empty for the file as a whole.
    pub place: String,
    pub reason: String,
}

impl Error {
    pub fn new(file: &str, place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            place: place.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(f, "{}: {}", self.file, self.reason),
            place => write!(f, "{}: {place}: {}", self.file, self.reason),
        }
    }
}

impl std::error::Error for Error {}
