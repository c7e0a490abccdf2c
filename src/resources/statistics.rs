//! Statistics: the five reports of the API as lists of typed rows, over any number of days.
//!
//! [`Chat2Desk::report`](crate::Chat2Desk::report) reads a report. The type of its rows selects which one:
//!
//! | rows | a row is |
//! |---|---|
//! | [`RequestStats`] | a request, with its reaction time and score |
//! | [`OperatorEvents`] | a change of an operator's status, or a chat that was accepted or transferred |
//! | [`OperatorStats`] | a day of an operator on one channel and messenger |
//! | [`OperatorReplies`] | the part of a request that one operator served |
//! | [`Rating`] | a score that a customer gave |

mod column;
mod report;
mod row;
mod rows;

pub use column::ReportTime;
pub use report::Report;
pub use row::ReportRow;
pub use rows::{OperatorEvents, OperatorReplies, OperatorStats, Rating, RequestStats};
