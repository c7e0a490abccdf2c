//! What the accounts of a sandbox share: the clock, the journal of calls, and the door that tells them apart.

use super::account::{COMPANY, seeded};
use super::answer::Answer;
use super::builder::Builder;
use super::clock::Clock;
use super::host::Hosts;
use super::journal::{Journal, ReceivedCall};
use super::server::{Server, lock};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use chat2desk::Region;
use chrono::Datelike;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) struct Site {
    /// The first one is the usual account.
    pub(super) servers: Vec<Arc<Server>>,
    pub(super) clock: Arc<Clock>,
    pub(super) calls: Mutex<Journal<ReceivedCall>>,
    pub(super) hosts: Hosts,
}

/// Below which path a region's base URL is. The main region's is at the root.
pub(super) const REGIONS: [(Region, &str); 4] = [
    (Region::Eu, "/eu"),
    (Region::Mx, "/mx"),
    (Region::Kz, "/kz"),
    (Region::Kz02, "/kz-02"),
];

pub(super) fn path_of(region: Region) -> &'static str {
    let known = REGIONS.iter().find(|(known, _)| *known == region);
    known.map_or("", |(_, path)| path)
}

impl Site {
    /// # Errors
    /// If the clock is to start before the last message of an account, or at no sensible time; if two accounts have
    /// one token, or a host is none.
    pub(super) fn new(settings: &Builder) -> io::Result<Self> {
        let wrong = |text| Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        let all = || [&settings.first].into_iter().chain(&settings.others);
        if (1..)
            .zip(all())
            .any(|(next, one)| all().skip(next).any(|other| other.token == one.token))
        {
            return wrong("two accounts have the same token");
        }
        let accounts = (COMPANY..).zip(all());
        let accounts: Vec<_> = accounts
            .map(|(company, settings)| (seeded(company, settings), settings))
            .collect();
        let last = accounts.iter().map(|(account, _)| account.now).max();
        let last = last.unwrap_or_default();
        let start = settings.clock.unwrap_or(last);
        if start < last || start.year() > 3000 {
            return wrong("the clock is to start after the last message, and before the year 3000");
        }
        let clock = Arc::new(Clock::start(start));
        let server = |(account, of)| {
            let (journal, anywhere) = (settings.journal, settings.deliver_anywhere);
            Arc::new(Server::new(account, of, clock.clone(), journal, anywhere))
        };
        Ok(Self {
            servers: accounts.into_iter().map(server).collect(),
            calls: Mutex::new(Journal::new(settings.journal)),
            hosts: Hosts::new(&settings.hosts)?,
            clock,
        })
    }

    /// The account that a call's token belongs to.
    ///
    /// # Errors
    /// The answer to a call without one, or with one that is unknown in the region that it asks.
    pub(super) fn account_of(&self, head: &Parts) -> Result<&Arc<Server>, Answer> {
        let refused = |status, message| Err(Answer::error(status, message));
        let token = head.headers.get(header::AUTHORIZATION);
        let token = match token.map(HeaderValue::as_bytes) {
            None => return refused(StatusCode::UNAUTHORIZED, "You need to auth"),
            Some(b"") => {
                return refused(StatusCode::UNAUTHORIZED, "You have to specify your token");
            }
            Some(token) => token,
        };
        let region = head.extensions.get::<Region>().copied().unwrap_or_default();
        let is_its =
            |server: &&Arc<Server>| server.token.as_bytes() == token && server.region == region;
        match self.servers.iter().find(is_its) {
            Some(server) => Ok(server),
            None => refused(StatusCode::FORBIDDEN, "Token is not correct"),
        }
    }

    /// The account of a company.
    pub(super) fn company(&self, company: i64) -> Option<&Arc<Server>> {
        self.servers.iter().find(|server| server.company == company)
    }

    /// The calls of a company from a number on, those of nobody among them.
    pub(super) fn calls_of(&self, company: i64, from: u64) -> Vec<ReceivedCall> {
        let its = |call: &ReceivedCall| call.company.is_none_or(|other| other == company);
        lock(&self.calls).since(from, its)
    }

    /// Moves the clock on, and executes what is due by then.
    pub(super) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        for server in &self.servers {
            server.happen();
        }
    }
}
