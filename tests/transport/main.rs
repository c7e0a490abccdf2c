//! The pipeline that every call goes through, against servers that misbehave.

mod hostile;
mod limits;
mod observer;
mod server;
mod storm;
