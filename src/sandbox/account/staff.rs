//! What an invented account has besides customers: channels, staff, tags, tickets, and what people say.

use super::records::{Channel, Operator, Tag, Template, Ticket};
use super::{Account, Kind};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

pub(super) const MAIN_LINE: i64 = 58_001;
pub(super) const SITE: i64 = 137;

/// What is said in a conversation, turn by turn; `#` is the number of an order.
pub(super) type Script = &'static [(Kind, &'static str)];

use Kind::{Comment, FromClient as C, ToClient as O};

pub(super) const SCRIPTS: [Script; 6] = [
    &[
        (C, "Hello! Where is order #?"),
        (O, "Good afternoon! One moment, I will look it up."),
        (
            O,
            "Order # leaves today, the courier calls you an hour before.",
        ),
        (C, "Great, thank you"),
        (O, "You are welcome!"),
    ],
    &[
        (C, "Do you have the blue kettle in stock?"),
        (O, "Yes, three of them. Shall I put one aside for you?"),
        (C, "Please do"),
        (O, "Done, your order is #. It is kept for two days."),
    ],
    &[
        (C, "The lamp of order # arrived broken"),
        (O, "I am sorry to hear that. Could you send a picture?"),
        (C, "Here it is"),
        (Comment, "Third one of this batch, told the warehouse"),
        (
            O,
            "Thank you. A new one is on its way, you need not return the old one.",
        ),
        (C, "That was quick, thanks"),
    ],
    &[
        (C, "What are your opening hours?"),
        (
            Kind::Autoreply,
            "We are here from 9 to 18, Monday to Saturday.",
        ),
        (C, "And on holidays?"),
        (O, "On public holidays from 10 to 14."),
    ],
    &[
        (C, "Can I change the address of order #?"),
        (O, "Of course. Where shall it go?"),
        (C, "To the office, 4 Mill Lane"),
        (O, "Changed."),
        (C, "Perfect"),
    ],
    &[
        (C, "I would like to return order #"),
        (O, "No problem. I have sent you a label by mail."),
        (C, "How long does the refund take?"),
        (O, "Up to five days after the parcel is back with us."),
    ],
];

/// An account without customers.
pub(super) fn staff(first_day: NaiveDate) -> Account {
    let opening = first_day.and_hms_opt(8, 0, 0).unwrap_or_default().and_utc();
    let operator = |id, first_name: &str, last_name: &str, role, online| Operator {
        id,
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: format!("{}@example.org", first_name.to_lowercase()),
        role,
        online,
        status: 0,
    };
    let tag = |id, label: &str, description: &str| Tag {
        id,
        group: 88,
        group_name: "Client kind".into(),
        label: label.into(),
        description: Some(description.into()),
    };
    let template = |id, command, name, text| Template {
        id,
        command,
        name,
        text,
        created: opening.timestamp(),
    };
    Account {
        channels: vec![
            Channel {
                id: SITE,
                name: "Site chat".into(),
                phone: None,
                transports: vec!["widget"],
            },
            Channel {
                id: MAIN_LINE,
                name: "Main line".into(),
                phone: Some("15550100001".into()),
                transports: vec!["whatsapp", "telegram", "external"],
            },
        ],
        operators: vec![
            operator(310_001, "Ann", "Agent", "operator", true),
            operator(310_002, "Bob", "Broker", "operator", true),
            operator(310_003, "Cleo", "Clerk", "supervisor", true),
            operator(310_004, "Dan", "Departed", "deleted", false),
        ],
        tags: vec![
            tag(1201, "VIP", "Important client"),
            tag(1305, "Wholesale", "Buys for a shop"),
        ],
        templates: vec![
            template(501, "/hello", "Greeting", "Hello! How can we help?"),
            template(502, "/bye", "Goodbye", "Glad to help. Have a nice day!"),
        ],
        page_cap: 200,
        now: opening,
        ..Account::default()
    }
}

pub(super) fn ticket(account: &Account, request: i64, id: i64) -> Ticket {
    let fields = json!({
        "summary": "Replace faulty terminal",
        "description": "Customer reports a blank screen",
        "status": 1,
        "priority": 1,
        "deadline": null,
        "assignee_id": 310_001,
        "reporter_id": 310_002,
        "updater_id": null,
        "request_ids": [request],
    });
    Ticket {
        id,
        created: account.unix(),
        updated: account.unix(),
        fields: match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        },
    }
}
