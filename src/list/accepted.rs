//! [`AcceptedPage`], the new records of a page.

use super::position::RecordCursor;
use chrono::NaiveDate;

/// The records of a page that are new, as a strategy found them.
#[derive(Debug, Default)]
pub(super) struct AcceptedPage {
    /// The indices of the new records, in the order in which to yield them.
    pub(super) new_records: Vec<usize>,
    /// The cursor after each of them.
    pub(super) cursors: Vec<RecordCursor>,
    /// The day of a page of a report.
    pub(super) day: Option<NaiveDate>,
}
