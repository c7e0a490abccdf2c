//! Types of single values in requests and responses: times, open enums, numbers that may be texts.
//!
//! Values are sent in the exact form that the server requires, and received in every form that it was seen to
//! write. An enum here is open: a value that is not listed becomes its variant `Other`.

mod clearable_text;
mod date;
pub(crate) mod decode;
mod drift;
mod forms;
mod lenient;
mod local_time;
mod loose_number;
mod message_status;
mod mismatch;
pub(crate) mod open_enum;
mod raw;
pub(crate) mod reading;
pub(crate) mod slices;
mod timestamp;
pub(crate) mod tolerant;
#[cfg(feature = "client")]
mod wrapped;

pub use clearable_text::ClearableText;
pub use date::{DayMonthYear, DayMonthYearError};
pub use drift::Drift;
pub use local_time::LocalDateTime;
pub use loose_number::LooseNumber;
pub use message_status::MessageStatusCode;
pub use timestamp::Timestamp;
#[cfg(feature = "client")]
pub use wrapped::{Enveloped, Single};

use open_enum::open_enum;

include!(concat!(env!("OUT_DIR"), "/enums.rs"));
