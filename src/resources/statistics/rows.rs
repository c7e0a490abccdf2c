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

/// Declares a report: its row, and under which names each column has travelled.
macro_rules! report {
    (
        $(#[$attribute:meta])* $row:ident = $report:ident, key: $key:expr;
        $($(#[$doc:meta])* $field:ident: $type:ty = [$($name:literal),+] $(as $convert:expr)?;)*
    ) => {
        $(#[$attribute])*
        ///
        /// A column that is missing or empty is `None`; numbers that travel as text are numbers.
        #[derive(Clone, PartialEq, Serialize)]
        #[non_exhaustive]
        pub struct $row {
            $($(#[$doc])* pub $field: Option<$type>,)*
            /// Columns that are not known, or hold what is not understood, as they came.
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
    /// The request.
    request_id: i64 = ["request_id"];
    /// `common`, or `rating` for a survey.
    request_type: String = ["request_type"];
    /// When it began.
    request_start: ReportTime = ["request_start"];
    /// When it was closed; none while it is open.
    request_end: ReportTime = ["request_end"];
    /// Seconds that it took.
    request_time: i64 = ["request_time"];
    /// Seconds to the first reply; none if there was none.
    reaction_time: i64 = ["reaction_time"];
    /// The same within working hours.
    working_reaction_time: i64 = ["working_reaction_time"];
    /// When the first reply came; in the reports before May 2025.
    reply_start: ReportTime = ["reply_start"];
    /// Replies of operators.
    replies: i64 = ["replies"];
    /// Seconds of delay of all replies together.
    total_replies_time: i64 = ["total_replies_time"];
    /// Seconds of delay of a reply on average.
    average_replies_time: f64 = ["average_replies_time"];
    /// Messages of the client.
    incoming_messages: i64 = ["incoming_messages"];
    /// Messages to the client.
    outgoing_messages: i64 = ["outgoing_messages"];
    /// The messenger.
    transport: Messenger = ["transport", "client_messenger"] as |text: String| Messenger::from(text);
    /// The channel.
    channel_id: i64 = ["channel_id"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
    /// The client.
    client_id: i64 = ["client_id"];
    /// The client's name.
    client_name: String = ["client_name"];
    /// The client's address: a phone number, or a text such as `[wa_dialog] address`.
    phone: String = ["phone"];
    /// The operator; before May 2025 the one who replied first.
    operator_id: i64 = ["operator_id", "first_operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name", "first_operator_name"];
    /// The score that the client gave.
    score: f64 = ["rating_scale_score"] as |score: Score| score.0;
    /// The label of the score, or a comment.
    rating_text: String = ["rating_text"];
}

report! {
    /// What an operator did: a change of status, a chat accepted or transferred. Newest first.
    OperatorEvents = OperatorEvents, key: |_| None;
    /// The operator.
    operator_id: i64 = ["operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// The operator's role.
    operator_role: String = ["operator_role"];
    /// The event or status as it came; see [`event_name`](Self::event_name).
    event: String = ["event", "event_name"];
    /// The kind of event; in older reports, where `userStatus` was seen.
    event_type: String = ["event_type"];
    /// The dialog that was accepted or transferred.
    dialog_id: i64 = ["dialog_id"];
    /// When it happened.
    created_at: ReportTime = ["created_at", "event_start"];
    /// Seconds spent in the status.
    status_duration: i64 = ["status_duration"];
    /// A comment on the status.
    state_note: String = ["state_note"];
}

impl OperatorEvents {
    /// The event in one spelling, such as `online`, `take_chat` or `tech_break`: without the prefix
    /// `status.` that some have, and with the one of the known spellings of a technical break that the
    /// API itself takes. Statuses of the company's own keep their names.
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
    /// What an operator did in a day on one channel and messenger; add up the rows of an operator.
    /// Refreshed once a day, at night.
    OperatorStats = OperatorStats, key: |_| None;
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// The day.
    date: NaiveDate = ["date"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
    /// The messenger.
    transport: Messenger = ["transport"] as |text: String| Messenger::from(text);
    /// Requests that the operator took part in.
    requests_took_part: i64 = ["requests_took_part"];
    /// Requests that the operator answered first.
    requests_replied_first: i64 = ["requests_replied_first"];
}

report! {
    /// A stretch of a request that one operator served.
    OperatorReplies = OperatorReplies, key: |_| None;
    /// The operator's name.
    operator_name: String = ["operator_name"];
    /// When the request began.
    request_start: ReportTime = ["request_start"];
    /// When the operator replied first.
    reply_start: ReportTime = ["reply_start"];
    /// Seconds since the request arrived, which is long for those that were transferred.
    reaction_time: i64 = ["reaction_time"];
    /// The same within working hours.
    working_reaction_time: i64 = ["working_reaction_time"];
}

report! {
    /// A score that a client gave.
    Rating = Rating, key: |row| row.rating_id;
    /// The score's own id.
    rating_id: i64 = ["rating_id"];
    /// The operator who was rated.
    operator_id: i64 = ["operator_id"];
    /// The operator's name.
    operator_name: String = ["operator_name", "score_operator_name"];
    /// When it was given.
    created_at: ReportTime = ["created_at"];
    /// The score.
    score: f64 = ["rating_scale_score", "score_value"] as |score: Score| score.0;
    /// The label of the score, or a comment.
    rating_text: String = ["rating_text"];
    /// The survey, which is a request of its own.
    request_id: i64 = ["request_id"];
    /// The request that was rated: the `request_id` of [`RequestStats`].
    valuation_request_id: i64 = ["valuation_request_id"];
    /// The client's address: a phone number, or a text such as `[wa_dialog] address`.
    phone: String = ["phone"];
    /// The channel's name.
    channel_name: String = ["channel_name"];
}
