//! The OpenAPI 3.0 document of the Chat2Desk REST API, as a text.
//!
//! A package can read only its own files, and four packages need the document: the client and the mocks, which are
//! generated from it, the sandbox, which answers from it, and the check of responses that the feature `strict` adds.

#![no_std]

/// `openapi.json`: every operation with its parameters, bodies, responses, examples, and how well each is known.
///
/// ```
/// assert!(chat2desk_openapi::DOCUMENT.starts_with("{"));
/// ```
pub const DOCUMENT: &str = include_str!("openapi.json");
