//! Operations that list countries and regions.

use crate::account::{Account, COUNTRIES, Country, Region, regions};
use crate::answer::{ApiResponse, page};
use crate::call::Call;

pub(super) fn countries(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, &COUNTRIES, Country::json)
}

pub(super) fn list_regions(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, &regions(), Region::json)
}
