//! The operations of the API as methods of [`Chat2Desk`]: generated.

use super::Chat2Desk;
use crate::generated::{builder, types};

include!(concat!(env!("OUT_DIR"), "/methods.rs"));
