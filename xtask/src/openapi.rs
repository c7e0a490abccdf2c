//! Writing OpenAPI: the document, its components, and the parts of an operation.

pub mod access;
pub mod answers;
pub mod bodies;
pub mod components;
pub mod content;
pub mod document;
pub mod draft;
mod forms;
pub mod naming;
pub mod operation;
mod pairs;
pub mod parameters;
pub mod servers;
mod sharing;
pub mod values;
