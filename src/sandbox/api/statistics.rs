//! The five reports, made from the requests of the day.

use crate::sandbox::account::{Account, Operator, Request, find};
use crate::sandbox::answer::{Answer, page};
use crate::sandbox::call::Call;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn report(account: &mut Account, call: &Call) -> Answer {
    let date = call.text("date").unwrap_or_default();
    let day = NaiveDate::parse_from_str(date, "%Y-%m-%d");
    let (Ok(day), true) = (day, date.len() == "yyyy-mm-dd".len()) else {
        return Answer::bad_request("wrong date format");
    };
    let day = Day { account, day };
    let mut rows = match call.text("report").unwrap_or_default() {
        "request_stats" => day
            .requests()
            .map(|request| day.request_row(request))
            .collect(),
        "rating" => day
            .requests()
            .filter_map(|request| day.rating_row(request))
            .collect(),
        "operator_replies" => day
            .requests()
            .flat_map(|request| day.reply_rows(request))
            .collect(),
        "operator_events" => day
            .requests()
            .filter_map(|request| day.event_row(request))
            .collect(),
        "operator_stats" => day.operator_rows(),
        _ => return Answer::errors(StatusCode::BAD_REQUEST, "there is no such report"),
    };
    rows.reverse();
    page(call, account.page_cap, rows.iter(), Value::clone)
}

struct Day<'a> {
    account: &'a Account,
    day: NaiveDate,
}

/// A time of a report; empty for none.
fn time(unix: Option<i64>) -> String {
    let time = unix.and_then(|unix| DateTime::from_timestamp(unix, 0));
    time.map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// Reports have numbers as text, and an empty text for none.
fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

impl Day<'_> {
    fn requests(&self) -> impl Iterator<Item = &Request> {
        let of_day = |request: &&Request| {
            DateTime::from_timestamp(request.begin, 0)
                .is_some_and(|begin| begin.date_naive() == self.day)
        };
        self.account.requests.iter().filter(of_day)
    }

    fn operator(&self, request: &Request) -> Option<&Operator> {
        request
            .operator
            .and_then(|id| find(&self.account.operators, id))
    }

    fn channel(&self, request: &Request) -> Option<&str> {
        Some(&self.account.channel(request.channel)?.name)
    }

    fn request_row(&self, request: &Request) -> Value {
        let client = self.account.client(request.client);
        let seconds: Vec<i64> = request
            .replies
            .iter()
            .map(|(_, seconds)| *seconds)
            .collect();
        let total: i64 = seconds.iter().sum();
        let average = total.checked_div(i64::try_from(seconds.len()).unwrap_or_default());
        json!({
            "request_id": request.id,
            "request_type": "common",
            "request_start": time(Some(request.begin)),
            "request_end": time(request.end),
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
    }

    fn rating_row(&self, request: &Request) -> Option<Value> {
        let score = request.score?;
        Some(json!({
            "operator_name": self.operator(request).map(Operator::name),
            "operator_id": request.operator.map_or("".into(), Value::from),
            "created_at": time(request.end),
            "rating_scale_score": score.to_string(),
            "score_value": score,
            "rating_id": request.id - 74_000_000,
            // The survey is a request of its own.
            "request_id": request.id + 1_000_000,
            "valuation_request_id": request.id,
            "phone": self.account.client(request.client).map(|client| client.phone.clone()),
            "channel_name": self.channel(request),
            "rating_text": "",
        }))
    }

    fn reply_rows(&self, request: &Request) -> Vec<Value> {
        let name = self.operator(request).map(Operator::name);
        let row = |(at, seconds): &(i64, i64)| {
            json!({
                "operator_name": name,
                "request_start": time(Some(request.begin)),
                "reply_start": time(Some(*at)),
                "reaction_time": seconds.to_string(),
                "working_reaction_time": seconds.to_string(),
            })
        };
        request.replies.iter().map(row).collect()
    }

    fn event_row(&self, request: &Request) -> Option<Value> {
        let operator = self.operator(request)?;
        Some(json!({
            "operator_id": operator.id,
            "operator_name": operator.name(),
            "operator_role": operator.role,
            "event": "take_chat",
            "dialog_id": request.dialog,
            "created_at": time(request.replies.first().map(|(at, _)| *at)),
            "status_duration": "",
            "state_note": null,
        }))
    }

    /// By operator, channel and transport.
    fn operator_rows(&self) -> Vec<Value> {
        let mut counts = BTreeMap::<_, u64>::new();
        for request in self.requests() {
            if let Some(operator) = self.operator(request) {
                *counts
                    .entry((operator.name(), self.channel(request), &request.transport))
                    .or_default() += 1;
            }
        }
        let row =
            |((operator, channel, transport), count): ((String, Option<&str>, &String), u64)| {
                json!({
                    "operator_name": operator,
                    "date": self.day.to_string(),
                    "channel_name": channel,
                    "transport": transport,
                    "requests_took_part": count.to_string(),
                    "requests_replied_first": count,
                })
            };
        counts.into_iter().map(row).collect()
    }
}
