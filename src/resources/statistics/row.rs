//! [`ReportRow`], the rows of reports, and [`Columnar`], how they are read.

use super::column::Columns;
use crate::list::Key;
use crate::wire::StatisticsReport;
use crate::wire::decode::Decoded;

/// What a reader needs of a row. Not public, so that only the rows of the five reports implement it.
pub trait Columnar: Clone + Send + Unpin + 'static {
    fn name() -> StatisticsReport;

    fn from_columns(columns: Columns) -> Decoded<Self>;

    fn key(&self) -> Key;
}

/// A row of one of the five reports, which [`Chat2Desk::report`](crate::Chat2Desk::report) reads.
pub trait ReportRow: Columnar {}
