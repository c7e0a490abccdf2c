//! Tickets: `new_ticket`, `ticket_updated`, `ticket_deleted`.

use super::declare::payloads;
use crate::wire::{LooseNumber, Timestamp};

payloads! {
    /// `new_ticket`, `ticket_updated` and `ticket_deleted`.
    struct TicketEvent {
        /// The ticket, which these events wrap.
        ticket: Ticket,
    }

    /// A ticket. Nobody has published one that was posted, so its fields are those that the API gives
    /// for a ticket. Only `reporter_id` is read by a program.
    struct Ticket {
        /// The ticket's id: a text such as `TICK-118`, as the API has it, or a number.
        id: LooseNumber,
        /// The title.
        summary: String,
        /// The text.
        description: String,
        /// The state, as a code of `list_ticket_values`.
        status: i64,
        /// The priority, as a code of `list_ticket_values`.
        priority: i64,
        /// The day it is due, `YYYY-MM-DD`.
        deadline: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The operator responsible.
        assignee_id: i64,
        /// Who reported it: an operator, as the API has it; a customer, by one program's use.
        reporter_id: i64,
        /// The operator who last changed it.
        updater_id: i64,
        /// The requests that it belongs to.
        request_ids: Vec<i64>,
    }
}
