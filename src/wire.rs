//! Values as they travel: what we send is exact, what we receive is read leniently.

mod clearable_text;
mod date;
#[cfg(any(feature = "client", feature = "webhook"))]
pub(crate) mod decode;
mod drift;
#[cfg(any(feature = "client", feature = "webhook"))]
mod lenient;
mod local_time;
mod loose_number;
mod message_status;
#[cfg(any(feature = "client", feature = "webhook"))]
mod mismatch;
pub(crate) mod open_enum;
#[cfg(any(feature = "client", feature = "webhook"))]
mod raw;
#[cfg(any(feature = "client", feature = "webhook"))]
mod reading;
#[cfg(any(feature = "client", feature = "webhook"))]
pub(crate) mod slices;
mod timestamp;
#[cfg(any(feature = "client", feature = "webhook"))]
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
