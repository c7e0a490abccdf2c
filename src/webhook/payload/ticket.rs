//! Events about tickets: `new_ticket`, `ticket_updated`, `ticket_deleted`.

use super::declare::payloads;
use crate::wire::{LooseNumber, Timestamp};

payloads! {
    /// `new_ticket`, `ticket_updated` and `ticket_deleted`.
    struct TicketEvent {
        /// The ticket.
        ticket: Ticket,
    }

    /// A ticket. Nobody has published a delivery of one, so the fields are those of a ticket in the API. Only
    /// `reporter_id` is read by a published program.
    struct Ticket {
        /// The ticket's id: a text such as `TICK-118`, as in the API, or a number.
        id: LooseNumber,
        /// The title.
        summary: String,
        /// The description.
        description: String,
        /// The state, as a code of `list_ticket_values`.
        status: i64,
        /// The priority, as a code of `list_ticket_values`.
        priority: i64,
        /// The day when the ticket is due, `YYYY-MM-DD`.
        deadline: String,
        /// When the ticket was created.
        created_at: Timestamp,
        /// When the ticket was last changed.
        updated_at: Timestamp,
        /// The operator responsible.
        assignee_id: i64,
        /// Who reported the ticket: an operator according to the API, a customer according to one published program.
        reporter_id: i64,
        /// The operator who last changed the ticket.
        updater_id: i64,
        /// The requests that the ticket belongs to.
        request_ids: Vec<i64>,
    }
}
