//! Pages of records, as the parameters of a call ask for them.

use super::api_response::ApiResponse;
use super::call::Call;
use serde_json::{Value, json};

/// Returns how many records a page has: the parameter `limit` or 20, but at most `cap`.
pub(super) fn limit(call: &Call, cap: usize) -> usize {
    let asked = call.number("limit").unwrap_or(20).max(1);
    usize::try_from(asked).unwrap_or(usize::MAX).min(cap)
}

/// Returns the page of `records` that the parameters `offset` and `limit` ask for.
pub(super) fn page<'a, T: 'a>(
    call: &Call,
    cap: usize,
    records: impl IntoIterator<Item = &'a T>,
    json: impl Fn(&T) -> Value,
) -> ApiResponse {
    let records: Vec<&T> = records.into_iter().collect();
    let offset = call.number("offset").unwrap_or(0).max(0);
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let (total, limit) = (records.len(), limit(call, cap));
    let data = records.into_iter().skip(offset).take(limit).map(json);
    paged(data.collect(), total, limit, offset)
}

/// Returns records oldest first, or newest first if the parameter `order` is `desc`.
pub(super) fn ordered<'a, T: 'a>(
    call: &Call,
    records: impl DoubleEndedIterator<Item = &'a T>,
) -> Vec<&'a T> {
    if call.text("order") == Some("desc") {
        records.rev().collect()
    } else {
        records.collect()
    }
}

pub(super) fn paged(data: Vec<Value>, total: usize, limit: usize, offset: usize) -> ApiResponse {
    let meta = json!({ "total": total, "limit": limit, "offset": offset });
    ApiResponse::json(json!({ "data": data, "meta": meta, "status": "success" }))
}
