//! The client: a builder makes a handle, through which calls go.

mod builder;
mod construct;
mod handle;

pub use builder::Builder;
pub use handle::Chat2Desk;
