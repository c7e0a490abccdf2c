//! [`Stream`], what can be exported: each list that needs no arguments, and the reports by day.

use chat2desk::statistics::{OperatorEvents, OperatorReplies, OperatorStats, Rating, RequestStats};
use chat2desk::{
    Chat2Desk, Days, Items, List, Operation, Pagination, Position, RawRecord, operation, operations,
};
use serde_json::{Map, Value};
use std::time::Duration;

/// The reports, which are read day by day.
const REPORTS: [&str; 5] = [
    "request_stats",
    "operator_events",
    "operator_replies",
    "operator_stats",
    "rating",
];

/// Something that can be exported.
#[derive(Debug, Clone)]
pub struct Stream {
    pub name: &'static str,
    pub operation: &'static Operation,
    pub way: Way,
}

/// How a stream is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// New records have higher ids, and are added.
    ById,
    /// Rows belong to days, and days are added.
    ByDay,
    /// Only a whole read finds what changed.
    Whole,
}

/// What is read of a stream.
pub struct Read {
    pub arguments: Map<String, Value>,
    pub days: Option<Days>,
    pub position: Option<Position>,
    pub hold_back: Duration,
    pub max_items: Option<u64>,
}

impl Stream {
    /// Returns all streams: those by id and by day first.
    pub fn all() -> Vec<Self> {
        let lists = operations().iter().filter(|operation| {
            let needs_nothing = operation.parameters.iter().all(|known| !known.required);
            !operation.side_effects && operation.body.is_none() && needs_nothing
        });
        let lists = lists.filter_map(|operation| {
            Some(Self {
                name: operation.id.strip_prefix("list_").unwrap_or(operation.id),
                operation,
                way: match operation.pagination? {
                    Pagination::StartId => Way::ById,
                    _ => Way::Whole,
                },
            })
        });
        let report = operation("get_statistics");
        let reports = REPORTS.iter().filter_map(|name| {
            Some(Self {
                name,
                operation: report?,
                way: Way::ByDay,
            })
        });
        let mut all: Vec<_> = reports.chain(lists).collect();
        all.sort_by_key(|stream| stream.way as u8);
        all
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|stream| stream.name == name)
    }

    pub fn has_pages(&self) -> bool {
        self.operation.pagination != Some(Pagination::Single)
    }

    /// Reads the stream from a position on.
    pub fn records(&self, chat: &Chat2Desk, read: Read) -> Items<RawRecord> {
        let Some(days) = read.days.filter(|_| self.way == Way::ByDay) else {
            return go(chat.call(self.operation, read.arguments.clone()), read);
        };
        match self.name {
            "request_stats" => go(chat.report::<RequestStats>(days).raw(), read),
            "operator_events" => go(chat.report::<OperatorEvents>(days).raw(), read),
            "operator_replies" => go(chat.report::<OperatorReplies>(days).raw(), read),
            "operator_stats" => go(chat.report::<OperatorStats>(days).raw(), read),
            _ => go(chat.report::<Rating>(days).raw(), read),
        }
    }
}

fn go(list: impl List<Item = RawRecord>, read: Read) -> Items<RawRecord> {
    // Pages are not fetched ahead: if records shift, those calls of the month's quota are wasted.
    let list = list.resume_from(read.position).hold_back(read.hold_back);
    list.max_items(read.max_items.unwrap_or(u64::MAX)).items()
}
