//! Inference: types from samples, names from paths, fields from tables.

pub mod format;
pub mod names;
pub mod placeholder;
pub mod sample;
pub mod shape;
pub mod singular;
pub mod table;
