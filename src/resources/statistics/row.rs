//! [`ReportRow`], a row of a report, and [`Columnar`], how it is read.

use super::column::Columns;
use crate::list::Key;
use crate::wire::StatisticsReport;
use crate::wire::decode::Decoded;

/// What reading needs of a row. Not public, so that there are no rows but those of the five reports.
pub trait Columnar: Clone + Send + Unpin + 'static {
    fn name() -> StatisticsReport;

    fn from_columns(columns: Columns) -> Decoded<Self>;

    fn key(&self) -> Key;
}

/// A row of one of the reports: see [`Chat2Desk::report`](crate::Chat2Desk::report).
pub trait ReportRow: Columnar {}
