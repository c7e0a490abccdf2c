//! Statistics: the five reports of the API as typed rows, over as many days as wanted.

mod column;
mod reading;
mod rows;

pub use column::ReportTime;
pub use reading::{ReportPosition, ReportReading, Rows};
pub use rows::{OperatorEvents, OperatorReplies, OperatorStats, Rating, RequestStats};

use crate::list::Key;
use crate::wire::StatisticsReport;
use crate::wire::decode::Decoded;
use column::Columns;

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A row of one of the reports: see [`Chat2Desk::report`](crate::Chat2Desk::report).
pub trait Report: sealed::Sealed + Clone + Send + Unpin + 'static {
    #[doc(hidden)]
    fn name() -> StatisticsReport;

    #[doc(hidden)]
    fn from_columns(columns: Columns) -> Decoded<Self>;

    #[doc(hidden)]
    fn key(&self) -> Key;
}
