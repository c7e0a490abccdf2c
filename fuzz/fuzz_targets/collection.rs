//! Any bytes as a collection: an error or a document that lowers, never a panic; and accounts that add up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::account::{Account, KINDS};
use xtask::convert::convert;
use xtask::lower::{ACCEPTED, lower, operations};
use xtask::lowered::compare;

fn add_up(account: &Account) {
    for kind in KINDS {
        let tally = account.tally(kind);
        assert_eq!(tally.found, tally.kept + tally.merged + tally.left_out, "{kind}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(conversion) = convert(("fuzz", bytes), None, None) else {
        return;
    };
    add_up(&conversion.account);
    let public = conversion.document();
    if operations(public).next().is_some() {
        let lowered = lower(public, &[ACCEPTED]).expect("every operation is kept or set aside");
        add_up(&compare(public, &lowered.document).account);
    }
});
