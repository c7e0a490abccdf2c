//! The generated implementations of [`ListCall`], one for each list operation.

use super::call::{ListCall, fetched};
use super::listing::List;
use super::page::RawPage;
use super::position::Filters;
use super::request::{PageRequest, Start, Traversal};
use super::summary::Key;
use crate::error::Error;
use crate::generated::{builder, types};
use crate::operation::{Operation, known};
use crate::raw_response::OnDrift;
use crate::response::Response;
use crate::runtime::ClientInfo;
use crate::transport::BoxFuture;
use crate::wire::decode::{DecodeError, Decoded, decode};
use chrono::{DateTime, Utc};

include!(concat!(env!("OUT_DIR"), "/lists.rs"));
