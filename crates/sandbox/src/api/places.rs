//! Countries and regions.

use crate::account::{Account, COUNTRIES, Country, Region, regions};
use crate::answer::{Answer, page};
use crate::call::Call;

pub(super) fn countries(account: &mut Account, call: &Call) -> Answer {
    page(call, account.page_cap, &COUNTRIES, Country::json)
}

pub(super) fn list_regions(account: &mut Account, call: &Call) -> Answer {
    page(call, account.page_cap, &regions(), Region::json)
}
