//! Any bytes as a collection: an error or a document that lowers, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::convert::convert;
use xtask::lower::{ACCEPTED, lower, operations};

fuzz_target!(|bytes: &[u8]| {
    let Ok(conversion) = convert(("fuzz", bytes), None, None) else {
        return;
    };
    if operations(conversion.document()).next().is_some() {
        lower(conversion.document(), &[ACCEPTED]).expect("every operation is kept or set aside");
    }
});
