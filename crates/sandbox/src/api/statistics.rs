//! The five reports, computed from the requests of a day.

use crate::account::{Account, Operator, Request};
use crate::api_response::ApiResponse;
use crate::call::Call;
use crate::paging::page;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) fn report(account: &mut Account, call: &Call) -> ApiResponse {
    let date = call.text("date").unwrap_or_default();
    let day = NaiveDate::parse_from_str(date, "%Y-%m-%d");
    let (Ok(day), true) = (day, date.len() == "yyyy-mm-dd".len()) else {
        return ApiResponse::bad_request("wrong date format");
    };
    let report = Report { account, day };
    let requests = account.requests.iter();
    let mut rows: Vec<Row> = match call.text("report").unwrap_or_default() {
        "request_stats" => requests.map(|request| report.request(request)).collect(),
        "rating" => requests
            .filter_map(|request| report.rating(request))
            .collect(),
        "operator_replies" => requests
            .flat_map(|request| report.replies(request))
            .collect(),
        "operator_events" => requests
            .filter_map(|request| report.event(request))
            .collect(),
        "operator_stats" => report.operators(),
        _ => return ApiResponse::errors(StatusCode::BAD_REQUEST, "there is no such report"),
    };
    // Newest first.
    rows.sort_by_key(|(at, _)| Reverse(*at));
    let rows = rows.iter().filter_map(|(_, row)| row.as_ref());
    page(call, account.page_cap, rows, Value::clone)
}

/// A time, and the row of it if the time is within the day.
type Row = (i64, Option<Value>);

/// Reports write numbers as text, and `None` as an empty text.
fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

struct Report<'a> {
    account: &'a Account,
    day: NaiveDate,
}

impl Report<'_> {
    fn is_of_day(&self, unix: i64) -> bool {
        let begin = self.account.midnight(self.day);
        (begin..begin + 24 * 3600).contains(&unix)
    }

    /// Returns a row of the time `at`.
    fn row(&self, at: i64, row: impl FnOnce() -> Value) -> Row {
        (at, self.is_of_day(at).then(row))
    }

    /// Returns a time in the company's time zone, or an empty text for `None`.
    fn time(&self, unix: Option<i64>) -> String {
        let time = unix.and_then(|unix| DateTime::from_timestamp(unix, 0));
        let local = time.map(|time| time.with_timezone(&self.account.zone));
        local
            .map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default()
    }

    fn operator(&self, request: &Request) -> Option<&Operator> {
        request
            .operator
            .and_then(|id| self.account.operators.find(id))
    }

    fn channel(&self, request: &Request) -> Option<&str> {
        Some(&self.account.channels.find(request.channel)?.name)
    }

    fn request(&self, request: &Request) -> Row {
        self.row(request.begin, || {
            let client = self.account.clients.find(request.client);
            let seconds = request.replies.iter().map(|(_, seconds)| *seconds);
            let seconds: Vec<i64> = seconds.collect();
            let total: i64 = seconds.iter().sum();
            let average = total.checked_div(i64::try_from(seconds.len()).unwrap_or_default());
            json!({
                "request_id": request.id,
                "request_type": request.kind(),
                "request_start": self.time(Some(request.begin)),
                "request_end": self.time(request.end),
                "request_time": number(request.end.map(|end| end - request.begin)),
                "reaction_time": number(seconds.first().copied()),
                "working_reaction_time": number(seconds.first().copied()),
                "replies": seconds.len().to_string(),
                "total_replies_time": total.to_string(),
                "average_replies_time": number(average),
                "incoming_messages": request.incoming,
                "outgoing_messages": request.outgoing.to_string(),
                "transport": request.transport,
                "channel_id": request.channel,
                "channel_name": self.channel(request),
                "client_id": request.client,
                "client_name": client.and_then(|client| client.name.clone()),
                "phone": client.map(|client| client.phone.clone()),
                "operator_id": request.operator.map_or("".into(), Value::from),
                "operator_name": self.operator(request).map(Operator::name),
                "rating_scale_score": number(request.score.map(i64::from)),
                "rating_text": "",
            })
        })
    }

    fn rating(&self, survey: &Request) -> Option<Row> {
        let rated = self.account.requests.find(survey.rates?)?;
        let score = survey.score?;
        Some(self.row(survey.begin, || {
            let client = self.account.clients.find(rated.client);
            json!({
                "operator_name": self.operator(rated).map(Operator::name),
                "operator_id": rated.operator.map_or("".into(), Value::from),
                "created_at": self.time(survey.end),
                "rating_scale_score": score.to_string(),
                "score_value": score,
                "rating_id": survey.id - 74_000_000,
                "request_id": survey.id,
                "valuation_request_id": rated.id,
                "phone": client.map(|client| client.phone.clone()),
                "channel_name": self.channel(rated),
                "rating_text": "",
            })
        }))
    }

    fn replies(&self, request: &Request) -> Vec<Row> {
        let name = self.operator(request).map(Operator::name);
        let row = |(at, seconds): &(i64, i64)| {
            self.row(*at, || {
                json!({
                    "operator_name": name,
                    "request_start": self.time(Some(request.begin)),
                    "reply_start": self.time(Some(*at)),
                    "reaction_time": seconds.to_string(),
                    "working_reaction_time": seconds.to_string(),
                })
            })
        };
        request.replies.iter().map(row).collect()
    }

    /// Returns the event that an operator took a conversation, which is the first reply.
    fn event(&self, request: &Request) -> Option<Row> {
        let (operator, (at, _)) = (self.operator(request)?, *request.replies.first()?);
        Some(self.row(at, || {
            json!({
                "operator_id": operator.id,
                "operator_name": operator.name(),
                "operator_role": operator.role,
                "event": "take_chat",
                "dialog_id": request.dialog,
                "created_at": self.time(Some(at)),
                "status_duration": "",
                "state_note": null,
            })
        }))
    }

    /// Returns the counts by operator, channel and transport.
    fn operators(&self) -> Vec<Row> {
        let mut counts = BTreeMap::<_, u64>::new();
        let requests = self.account.requests.iter();
        for request in requests.filter(|request| self.is_of_day(request.begin)) {
            if let Some(operator) = self.operator(request) {
                let key = (operator.name(), self.channel(request), &request.transport);
                *counts.entry(key).or_default() += 1;
            }
        }
        let row =
            |((operator, channel, transport), count): ((String, Option<&str>, &String), u64)| {
                let row = json!({
                    "operator_name": operator,
                    "date": self.day.to_string(),
                    "channel_name": channel,
                    "transport": transport,
                    "requests_took_part": count.to_string(),
                    "requests_replied_first": count,
                });
                (0, Some(row))
            };
        counts.into_iter().map(row).collect()
    }
}
