//! The rows of the five reports.

use super::column::{Columns, ReportTime, Score};
use super::row::{Columnar, ReportRow};
use crate::list::Key;
use crate::redacted::{Shown, shown};
use crate::wire::decode::Decoded;
use crate::wire::{Messenger, StatisticsReport};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

shown!(f64, NaiveDate, ReportTime);

/// Declares the row of a report, with the current and older names of each column.
macro_rules! report {
    (
        $(#[$attribute:meta])* $row:ident = $report:ident, key: $key:expr;
        $($(#[$doc:meta])* $field:ident: $type:ty = [$($name:literal),+] $(as $convert:expr)?;)*
    ) => {
        $(#[$attribute])*
        ///
        /// A column that is missing or empty is `None`. Numbers that the server writes as text are numbers.
        #[derive(Clone, PartialEq, Serialize)]
        #[non_exhaustive]
        pub struct $row {
            $($(#[$doc])* pub $field: Option<$type>,)*
            /// Columns that are unknown or could not be read, as the server wrote them.
            #[serde(flatten)]
            pub other: Map<String, Value>,
        }

        impl std::fmt::Debug for $row {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut debug = f.debug_struct(stringify!($row));
                $(if let Some(value) = self.$field.shown() {
                    debug.field(stringify!($field), value);
                })*
                debug.finish_non_exhaustive()
            }
        }

        impl ReportRow for $row {}

        impl Columnar for $row {
            fn name() -> StatisticsReport {
                StatisticsReport::$report
            }

            fn from_columns(mut columns: Columns) -> Decoded<Self> {
                $(let $field = columns.take(&[$($name),+])$(.map($convert))?;)*
                Decoded {
                    value: Self { $($field,)* other: columns.values },
                    drift: columns.drift,
                }
            }

            fn key(&self) -> Key {
                let key: fn(&Self) -> Option<i64> = $key;
                key(self).map_or_else(|| Key::content(self), Key::Id)
            }
        }
    };
}

report! {
    /// A request of the day: a conversation from its first message to its close. Newest first.
    ///
    /// Rows of the type `rating` are the automatic surveys, without an operator.
    RequestStats = RequestStats, key: |row| row.request_id;
    /// The id of the request.
    request_id: i64 = ["request_id"];
    /// `common`, or `rating` for a survey.
    request_type: String = ["request_type"];
    /// The time at which the request began.
    request_start: ReportTime = ["request_start"];
    /// The time at which the request was closed; `None` while it is open.
    request_end: ReportTime = ["request_end"];
    /// The duration of the request, in seconds.
    request_time: i64 = ["request_time"];
    /// The time to the first reply, in seconds; `None` if there was none.
    reaction_time: i64 = ["reaction_time"];
    /// The time to the first reply within working hours, in seconds.
    working_reaction_time: i64 = ["working_reaction_time"];
    /// The time of the first reply, in reports before May 2025.
    reply_start: ReportTime = ["reply_start"];
    /// The number of operators' replies.
    replies: i64 = ["replies"];
    /// The delay of all replies together, in seconds.
    total_replies_time: i64 = ["total_replies_time"];
    /// The average delay of a reply, in seconds.
    average_replies_time: f64 = ["average_replies_time"];
    /// The number of messages from the customer.
    incoming_messages: i64 = ["incoming_messages"];
    /// The number of messages to the customer.
    outgoing_messages: i64 = ["outgoing_messages"];
    /// The messenger.
    transport: Messenger = ["transport", "client_messenger"] as |text: String| Messenger::from(text);
    /// The id of the channel.
    channel_id: i64 = ["channel_id"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
    /// The id of the customer.
    client_id: i64 = ["client_id"];
    /// The customer's name.
    client_name: String = ["client_name"];
    /// The customer's address: a phone number, or a text such as `[wa_dialog] address`.
    phone: String = ["phone"];
    /// The id of the operator; before May 2025 of the one who replied first.
    operator_id: i64 = ["operator_id", "first_operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name", "first_operator_name"];
    /// The score that the customer gave.
    score: f64 = ["rating_scale_score"] as |score: Score| score.0;
    /// The label of the score, or a comment.
    rating_text: String = ["rating_text"];
}

report! {
    /// An event of an operator: a change of status, or a chat that was accepted or transferred. Newest first.
    OperatorEvents = OperatorEvents, key: |_| None;
    /// The id of the operator.
    operator_id: i64 = ["operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// The operator's role.
    operator_role: String = ["operator_role"];
    /// The event or status as the server wrote it; see [`event_name`](Self::event_name).
    event: String = ["event", "event_name"];
    /// The kind of event, in older reports; `userStatus` was seen.
    event_type: String = ["event_type"];
    /// The id of the dialog that was accepted or transferred.
    dialog_id: i64 = ["dialog_id"];
    /// The time of the event.
    created_at: ReportTime = ["created_at", "event_start"];
    /// The time spent in the status, in seconds.
    status_duration: i64 = ["status_duration"];
    /// A comment on the status.
    state_note: String = ["state_note"];
}

impl OperatorEvents {
    /// Returns the event in a uniform spelling, such as `online`, `take_chat` or `tech_break`.
    ///
    /// It removes the prefix `status.` that some events have, and replaces the known spellings of a technical break
    /// by the one that the API accepts. The company's own statuses keep their names.
    pub fn event_name(&self) -> Option<Cow<'_, str>> {
        let event = self.event.as_deref()?;
        let event = event.strip_prefix("status.").unwrap_or(event);
        Some(match event {
            "tech break" | "tech.break" | "tech brake" => "tech_break".into(),
            other => other.into(),
        })
    }
}

report! {
    /// A day of an operator on one channel and messenger: an operator has several rows, which add up. Refreshed
    /// once a day, at night.
    OperatorStats = OperatorStats, key: |_| None;
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// The day.
    date: NaiveDate = ["date"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
    /// The messenger.
    transport: Messenger = ["transport"] as |text: String| Messenger::from(text);
    /// The number of requests that the operator took part in.
    requests_took_part: i64 = ["requests_took_part"];
    /// The number of requests that the operator was the first to reply to.
    requests_replied_first: i64 = ["requests_replied_first"];
}

report! {
    /// The part of a request that one operator served.
    OperatorReplies = OperatorReplies, key: |_| None;
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// The time at which the request began.
    request_start: ReportTime = ["request_start"];
    /// The time of the operator's first reply.
    reply_start: ReportTime = ["reply_start"];
    /// The time from the beginning of the request to the reply, in seconds; long for transferred requests.
    reaction_time: i64 = ["reaction_time"];
    /// The same time within working hours, in seconds.
    working_reaction_time: i64 = ["working_reaction_time"];
}

report! {
    /// A score that a customer gave.
    Rating = Rating, key: |row| row.rating_id;
    /// The id of the score.
    rating_id: i64 = ["rating_id"];
    /// The id of the operator who was rated.
    operator_id: i64 = ["operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name", "score_operator_name"];
    /// The time at which it was given.
    created_at: ReportTime = ["created_at"];
    /// The score.
    score: f64 = ["rating_scale_score", "score_value"] as |score: Score| score.0;
    /// The label of the score, or a comment.
    rating_text: String = ["rating_text"];
    /// The id of the survey, which is a request of its own.
    request_id: i64 = ["request_id"];
    /// The id of the request that was rated: the `request_id` of [`RequestStats`].
    valuation_request_id: i64 = ["valuation_request_id"];
    /// The customer's address: a phone number, or a text such as `[wa_dialog] address`.
    phone: String = ["phone"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
}
