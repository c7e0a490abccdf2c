//! Tests the strategies against a model of the server, whose list changes between any two responses.

#![allow(clippy::arithmetic_side_effects, reason = "its numbers are its own")]

mod exact;
mod extreme;
mod tables;

use super::position::{Cursor, Position, RecordCursor, RecordPosition};
use super::request::{PageRequest, Start, Traversal};
use super::strategy;
use super::summary::{Key, PageSummary};
use crate::days::Days;
use chrono::NaiveDate;
use std::collections::{HashSet, VecDeque};

/// A change of the list between two responses, with places taken modulo its length.
#[derive(Debug, Clone)]
enum Change {
    Insert(usize),
    Delete(usize),
    Move(usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Total {
    Honest,
    Missing,
    Lie(i64),
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    OfServer,
    AsAsked,
    Missing,
}

#[derive(Debug, Clone)]
struct Server {
    records: Vec<i64>,
    next_id: i64,
    /// Most records on a page.
    cap: usize,
    total: Total,
    limit: Limit,
    ignores_offset: bool,
    /// Answers nothing at this request.
    empty_at: Option<usize>,
    /// Gives the record in this place twice.
    doubles: Option<usize>,
    /// Before which request what happens.
    changes: Vec<(usize, Change)>,
    requests: usize,
    throughout: HashSet<i64>,
    ever: HashSet<i64>,
    /// The lists of the days of a report.
    days: Vec<Server>,
}

impl Server {
    fn response(&mut self, request: PageRequest) -> PageSummary {
        let now = self.requests;
        self.requests += 1;
        for (_, change) in self.changes.clone().iter().filter(|(when, _)| *when == now) {
            self.change(change);
        }
        if let Start::Day { day, offset } = request.start {
            let day = usize::try_from((day - first()).num_days()).unwrap();
            let start = Start::Offset(offset);
            return self.days[day].response(PageRequest { start, ..request });
        }
        let mut offset = match request.start {
            Start::Offset(offset) => usize::try_from(offset).unwrap(),
            _ => return self.ids_response(request, now),
        };
        if self.ignores_offset {
            offset = 0;
        }
        let mut rows = self.records.clone();
        if let Some(twice) = self
            .doubles
            .and_then(|place| Some((place, *rows.get(place)?)))
        {
            rows.insert(twice.0, twice.1);
        }
        let total = rows.len();
        let limit = usize::try_from(request.limit).unwrap().min(self.cap);
        let mut page: Vec<i64> = rows.into_iter().skip(offset).take(limit).collect();
        if self.empty_at == Some(now) {
            page.clear();
        }
        self.summary(page, total, request.limit)
    }

    fn ids_response(&self, request: PageRequest, now: usize) -> PageSummary {
        let Start::Ids {
            start,
            descending,
            dated,
        } = request.start
        else {
            panic!("an offset where none is known")
        };
        assert!(
            !dated || start.is_none(),
            "the server takes one of dates and start_id"
        );
        let mut found = self.records.clone();
        found.retain(|id| start.is_none_or(|start| *id >= start));
        found.sort_unstable();
        if descending {
            found.reverse();
        }
        let limit = usize::try_from(request.limit).unwrap().min(self.cap);
        let total = found.len();
        found.truncate(if self.empty_at == Some(now) { 0 } else { limit });
        self.summary(found, total, request.limit)
    }

    fn summary(&self, page: Vec<i64>, total: usize, asked: i64) -> PageSummary {
        let cap = i64::try_from(self.cap).unwrap();
        PageSummary {
            keys: page.into_iter().map(Key::Id).collect(),
            total: match self.total {
                Total::Honest => Some(i64::try_from(total).unwrap()),
                Total::Missing => None,
                Total::Lie(lie) => Some(lie),
            },
            limit: match self.limit {
                Limit::OfServer => Some(asked.min(cap)),
                Limit::AsAsked => Some(asked),
                Limit::Missing => None,
            },
            bare: false,
        }
    }

    fn change(&mut self, change: &Change) {
        let length = self.records.len();
        match change {
            Change::Insert(place) => {
                self.next_id += 1;
                self.records.insert(place % (length + 1), self.next_id);
                self.ever.insert(self.next_id);
            }
            Change::Delete(place) if length > 0 => {
                let gone = self.records.remove(place % length);
                self.throughout.remove(&gone);
            }
            Change::Move(from, to) if length > 0 => {
                let record = self.records.remove(from % length);
                self.records.insert(to % length, record);
            }
            Change::Delete(_) | Change::Move(..) => {}
        }
    }
}

struct Read {
    ids: Vec<i64>,
    position: Option<Position>,
    end: Result<(), String>,
}

/// Reads the list as the reader does, up to a number of records. Of requests ahead, the last one is served first.
fn read(
    server: &mut Server,
    mut strategy: strategy::Strategy,
    prefetch: usize,
    most: usize,
) -> Read {
    let mut read = Read {
        ids: Vec::new(),
        position: None,
        end: Ok(()),
    };
    let mut asked = 0;
    let mut flying: VecDeque<(PageRequest, PageSummary)> = VecDeque::new();
    while let Some(request) = strategy.next_request().unwrap() {
        asked += 1;
        assert!(asked < 5_000, "it does not end");
        let mut wanted = vec![request];
        wanted.extend(strategy.requests_ahead(prefetch - 1));
        if flying
            .iter()
            .zip(&wanted)
            .any(|((sent, _), request)| sent != request)
        {
            flying.clear();
        }
        let new = wanted.into_iter().skip(flying.len()).rev();
        let answers: Vec<_> = new
            .map(|request| (request, server.response(request)))
            .collect();
        flying.extend(answers.into_iter().rev());
        let Some((_, summary)) = flying.pop_front() else {
            break;
        };
        let accepted = match strategy.accept(&summary) {
            Ok(accepted) => accepted,
            Err(stop) => {
                read.end = Err(stop);
                break;
            }
        };
        for (place, cursor) in accepted.new_records.into_iter().zip(accepted.cursors) {
            if read.ids.len() == most {
                return read;
            }
            let Key::Id(id) = summary.keys[place] else {
                panic!("a record without id")
            };
            read.ids.push(id);
            read.position = Some(position(accepted.day, cursor));
        }
    }
    read
}

fn position(day: Option<NaiveDate>, cursor: RecordCursor) -> Position {
    let position = RecordPosition {
        list: "",
        filters: 0,
        day,
        cursor,
    };
    position.position()
}

/// Checks that every record that existed for the whole read was read once, and any other at most once.
fn check(server: &Server, ids: &[i64], end: &Result<(), String>) {
    let once: HashSet<i64> = ids.iter().copied().collect();
    assert_eq!(once.len(), ids.len(), "a record came twice: {ids:?}");
    assert!(once.is_subset(&server.ever), "a record from nowhere");
    if end.is_ok() {
        let lost: Vec<_> = server.throughout.difference(&once).collect();
        assert!(lost.is_empty(), "lost {lost:?}, read {ids:?}");
    }
}

/// How many cases a property has, unless `PROPTEST_CASES` says otherwise.
fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES");
    wanted.map_or(usual, |cases| cases.parse().unwrap())
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 4).unwrap()
}
