//! The generated methods of [`Chat2Desk`], one for each operation of the API.

use super::Chat2Desk;
use crate::generated::{builder, types};

include!(concat!(env!("OUT_DIR"), "/methods.rs"));
