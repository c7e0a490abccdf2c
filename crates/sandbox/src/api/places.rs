//! Operations that list countries and regions.

use crate::account::{Account, COUNTRIES, Country, Region, regions};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;

pub(super) fn countries(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, &COUNTRIES, Country::json)
}

pub(super) fn list_regions(account: &mut Account, call: &Call) -> ApiResponse {
    page(call, account.page_cap, &regions(), Region::json)
}
