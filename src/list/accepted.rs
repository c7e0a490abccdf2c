//! [`AcceptedPage`], what a strategy takes from a page.

use super::position::RecordCursor;
use chrono::NaiveDate;

/// What a page brought.
#[derive(Debug, Default)]
pub(super) struct AcceptedPage {
    /// The places of the records that are new, in the order in which to give them.
    pub(super) new_records: Vec<usize>,
    /// The cursor after each of them.
    pub(super) cursors: Vec<RecordCursor>,
    /// Of a report, the day of the page.
    pub(super) day: Option<NaiveDate>,
}
