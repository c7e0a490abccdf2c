//! [`Shown`]: which fields `Debug` shows. Ids, numbers, times and kinds are shown; texts and free JSON are not.

use crate::wire::{MessageType, Messenger};
use serde_json::Value;
use std::fmt::Debug;

/// A field of a record that `Debug` may show.
pub(crate) trait Shown {
    /// Returns the value to show; `None` if the field is redacted or empty.
    fn shown(&self) -> Option<&dyn Debug> {
        None
    }
}

impl Shown for Option<String> {}
impl Shown for Value {}

macro_rules! shown {
    ($($type:ty),*) => {
        $(impl $crate::redacted::Shown for Option<$type> {
            fn shown(&self) -> Option<&dyn std::fmt::Debug> {
                self.as_ref().map(|value| value as _)
            }
        }

        impl $crate::redacted::Shown for Vec<$type> {
            fn shown(&self) -> Option<&dyn std::fmt::Debug> {
                (!self.is_empty()).then_some(self as _)
            }
        })*
    };
}

pub(crate) use shown;

shown!(i64, bool, MessageType, Messenger);
