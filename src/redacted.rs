//! `Debug` without what people wrote: ids, numbers, times and kinds are shown, texts and free JSON are not.

use crate::wire::{MessageType, Messenger};
use serde_json::Value;
use std::fmt::Debug;

/// A field, as `Debug` shows it; none if it does not.
pub(crate) trait Shown {
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
