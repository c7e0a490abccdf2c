//! Writing OpenAPI: the document, its components, and the parts of an operation.

pub mod access;
pub mod bodies;
pub mod components;
pub mod document;
pub mod parts;
