//! The invented channels, operators, tags and templates of an account, and the texts of its conversations.

use super::delivery::Schedule;
use super::records::{Channel, Tag, TagGroup, Template};
use super::{Account, Fate, Kind, Operator, Table};
use chrono::{NaiveDate, Offset, TimeDelta, Utc};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

pub(super) const MAIN_LINE: i64 = 58_001;
pub(super) const SITE: i64 = 137;

const HOW_WAS_IT: &str = "How did you like our help, from 1 to 5?";

/// The text of the menu item that replies to the question for opening hours.
pub(super) const OPENING_HOURS: &str = "We are here from 9 to 18, Monday to Saturday.";

/// The text of the message that has a picture.
pub(super) const SENDS_PICTURE: &str = "Here it is";

/// The messages of a conversation, in order. `#` stands for the number of an order.
pub(super) type Script = &'static [(Kind, &'static str)];

use Kind::{Comment, FromClient as C, ToClient as O};

pub(super) const FIRST_CLIENT: i64 = 94_000_001;

pub(super) const ASKS_FOR_HOURS: Script = &[
    (C, "What are your opening hours?"),
    (Kind::Autoreply, OPENING_HOURS),
    (C, "And on holidays?"),
    (O, "On public holidays from 10 to 14."),
];

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
        (Kind::Survey, HOW_WAS_IT),
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
        (C, SENDS_PICTURE),
        (Comment, "Third one of this batch, told the warehouse"),
        (
            O,
            "Thank you. A new one is on its way, you need not return the old one.",
        ),
        (C, "That was quick, thanks"),
    ],
    ASKS_FOR_HOURS,
    &[
        (C, "Can I change the address of order #?"),
        (O, "Of course. Where shall it go?"),
        (C, "To the office, 4 Mill Lane"),
        (O, "Changed."),
        (C, "Perfect"),
        (Kind::Survey, HOW_WAS_IT),
    ],
    &[
        (C, "I would like to return order #"),
        (O, "No problem. I have sent you a label by mail."),
        (C, "How long does the refund take?"),
        (O, "Up to five days after the parcel is back with us."),
    ],
];

/// Creates an account without customers.
pub(super) fn staff(company: i64, first_day: NaiveDate) -> Account {
    let opening = first_day.and_hms_opt(8, 0, 0).unwrap_or_default().and_utc();
    let operator = |id, first_name: &str, last_name: &str, role, status| Operator {
        id,
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: format!("{}@example.org", first_name.to_lowercase()),
        role,
        online: true,
        status,
        last_visit: opening.timestamp(),
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
        company,
        channels: Table::starting_at(SITE).with([
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
                transports: vec!["whatsapp", "wa_dialog", "telegram", "external"],
            },
        ]),
        operators: Table::starting_at(310_001).with([
            operator(310_001, "Ann", "Agent", "operator", 0),
            operator(310_002, "Bob", "Broker", "operator", 0),
            operator(310_003, "Cleo", "Clerk", "supervisor", 0),
            // Deleted operators may still be online, with the absence that they had.
            operator(310_004, "Dan", "Departed", "deleted", 2),
        ]),
        tags: Table::starting_at(1201).with([
            tag(1201, "VIP", "Important client"),
            tag(1305, "Wholesale", "Buys for a shop"),
        ]),
        tag_groups: Table::starting_at(88).with([TagGroup {
            id: 88,
            name: "Client kind".into(),
            order_show: 1,
            display: 1,
        }]),
        templates: Table::starting_at(501).with([
            template(501, "/hello", "Greeting", "Hello! How can we help?"),
            template(502, "/bye", "Goodbye", "Glad to help. Have a nice day!"),
        ]),
        page_cap: 200,
        zone: Utc.fix(),
        listed_after: TimeDelta::zero(),
        late_by: None,
        late: BTreeMap::new(),
        now: opening,
        clients: Table::starting_at(FIRST_CLIENT),
        dialogs: Table::starting_at(18_400_001),
        requests: Table::starting_at(75_000_011),
        messages: Table::starting_at(5_000_000_101),
        tickets: Table::starting_at(118),
        webhooks: Table::starting_at(901),
        legacy_hook: Value::Null,
        legacy_close_hook: Value::Null,
        company_texts: Map::new(),
        monthly_calls: None,
        calls: 0,
        fate: Fate::default(),
        note: None,
        failures: HashMap::new(),
        changes: 0,
        schedule: Schedule::default(),
        events: Vec::new(),
    }
}
