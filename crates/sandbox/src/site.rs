//! [`Site`]: what the accounts of a sandbox share, such as the clock and the journal, and how a token finds its
//! account.

use super::account::{COMPANY, seeded};
use super::api_response::ApiResponse;
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
    /// The accounts. The first one is the account of the builder's own settings.
    pub(super) servers: Vec<Arc<Server>>,
    pub(super) clock: Arc<Clock>,
    pub(super) calls: Mutex<Journal<ReceivedCall>>,
    pub(super) hosts: Hosts,
}

/// The paths of the regions' base URLs. That of the main region is at the root.
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
    /// Returns an error if the clock would start before the last message of an account or after the year 3000, if two
    /// accounts have the same token, or if a host is invalid.
    pub(super) fn new(settings: &Builder) -> io::Result<Self> {
        let wrong = |text| Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        let all = || [&settings.first].into_iter().chain(&settings.others);
        if (1..)
            .zip(all())
            .any(|(next, one)| all().skip(next).any(|other| other.token == one.token))
        {
            return wrong("two accounts have the same token; give each account its own");
        }
        let accounts = (COMPANY..).zip(all());
        let accounts: Vec<_> = accounts
            .map(|(company, settings)| (seeded(company, settings), settings))
            .collect();
        let last = accounts.iter().map(|(account, _)| account.now).max();
        let last = last.unwrap_or_default();
        let start = settings.clock.unwrap_or(last);
        if start < last || start.year() > 3000 {
            return wrong(
                "the clock must start after the last message and before the year 3000; change `Builder::clock`",
            );
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

    /// Finds the account that a call's token belongs to.
    ///
    /// # Errors
    /// Returns the response to a call without a token, or with a token that is unknown in the region of the call.
    pub(super) fn account_of(&self, head: &Parts) -> Result<&Arc<Server>, ApiResponse> {
        let refused = |status, message| Err(ApiResponse::error(status, message));
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

    /// Finds the account of a company.
    pub(super) fn company(&self, company: i64) -> Option<&Arc<Server>> {
        self.servers.iter().find(|server| server.company == company)
    }

    /// Returns the calls of a company from the number `from` on, including those without a known token.
    pub(super) fn calls_of(&self, company: i64, from: u64) -> Vec<ReceivedCall> {
        let its = |call: &ReceivedCall| call.company.is_none_or(|other| other == company);
        lock(&self.calls).since(from, its)
    }

    /// Moves the clock forward, and executes what is due by the new time.
    pub(super) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        for server in &self.servers {
            server.happen();
        }
    }
}
