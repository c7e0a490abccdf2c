//! Statistics: the five reports of the API as typed rows, over as many days as wanted.

mod column;
mod report;
mod rows;

pub use column::ReportTime;
pub use report::Report;
pub use rows::{OperatorEvents, OperatorReplies, OperatorStats, Rating, RequestStats};

/// What reading needs of a row. Not public, so that there are no rows but those of the five reports.
mod sealed {
    use super::column::Columns;
    use crate::list::Key;
    use crate::wire::StatisticsReport;
    use crate::wire::decode::Decoded;

    pub trait Columnar: Clone + Send + Unpin + 'static {
        fn name() -> StatisticsReport;

        fn from_columns(columns: Columns) -> Decoded<Self>;

        fn key(&self) -> Key;
    }
}

/// A row of one of the reports: see [`Chat2Desk::report`](crate::Chat2Desk::report).
pub trait ReportRow: sealed::Columnar {}
