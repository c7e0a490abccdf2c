//! How each list operation is read: generated.

use super::sealed::ListCall;
use super::{Filters, Key, List, PageRequest, RawPage, Start, Traversal};
use crate::error::Error;
use crate::generated::{builder, types};
use crate::operation::{Operation, known};
use crate::raw_response::OnDrift;
use crate::runtime::ClientInfo;
use crate::wire::decode::{DecodeError, Decoded, decode};
use chrono::{DateTime, Utc};

include!(concat!(env!("OUT_DIR"), "/lists.rs"));
