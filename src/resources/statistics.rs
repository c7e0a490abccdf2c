//! Statistics: the five reports of the API as typed rows, over as many days as wanted.

mod column;
mod report;
mod row;
mod rows;

pub use column::ReportTime;
pub use report::Report;
pub use row::ReportRow;
pub use rows::{OperatorEvents, OperatorReplies, OperatorStats, Rating, RequestStats};
