//! Creates the invented account that a sandbox starts with. The same seed and size give the same account.

use super::records::Ticket;
use super::staff::{
    ASKS_FOR_HOURS, FIRST_CLIENT, MAIN_LINE, SCRIPTS, SENDS_PICTURE, SITE, Script, staff,
};
use super::{Account, Client, Draft, Kind, Status};
use crate::settings::{self, Size};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use fastrand::Rng;
use serde_json::{Map, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The id of the first company.
pub(crate) const COMPANY: i64 = 1001;

/// The working day, in hours of UTC.
const OPENS: i64 = 8;
const CLOSES: i64 = 20;
/// Messages per day, unless they would take more than three months.
const A_DAY: usize = 400;
const DAYS: usize = 90;
const FIRST_ORDER: u32 = 1000;
/// The average seconds between two messages of a conversation.
const PACE: i64 = 240;

/// The last message. It is from the first customer, who can therefore be written to: WhatsApp passes on nothing but
/// templates a day later.
const LAST_WORDS: &str = "Is my order ready?";

/// The position of a customer who writes through an external channel. The first message is theirs: there are few others
/// whose state `set_message_status` sets.
const SHOPPER: usize = 3;

const NAMES: [&str; 16] = [
    "Ada", "Bela", "Chiara", "Dara", "Emil", "Farid", "Greta", "Hana", "Ivo", "Jana", "Kofi",
    "Lena", "Milo", "Nadia", "Otto", "Petra",
];

/// Creates the account of a company, as it is when the sandbox starts.
pub(crate) fn seeded(company: i64, settings: &settings::Account) -> Account {
    let size = &settings.size;
    let mut account = staff(company, size.first_day);
    let now = account.unix();
    (0..size.clients).for_each(|n| account.clients.push(client(n, now)));
    converse(&mut account, size);
    (0..3).for_each(|_| account.grow_tickets());
    account.page_cap = settings.page_cap;
    account.zone = settings.zone;
    account.listed_after = settings.listed_after;
    account.monthly_calls = settings.monthly_calls;
    account
}

/// Creates the customer number `n`. Phone numbers are in the range that is reserved for fiction (555-01xx).
fn client(n: usize, now: i64) -> Client {
    let name = NAMES[n % NAMES.len()];
    let number = || format!("1{:03}55501{:02}", 200 + n / 100 % 800, n % 100);
    let (transport, channel, phone, client_phone) = match n % 8 {
        // Of the company's own shop, an external channel.
        SHOPPER => ("external", MAIN_LINE, format!("shop-{n}"), None),
        5 => (
            "telegram",
            MAIN_LINE,
            format!("[tg] {}", 200_300 + n),
            Some(number()),
        ),
        7 => (
            "widget",
            SITE,
            format!("[chat] {:012x}", 0x0a0a_0000_0000_u64 + n as u64),
            None,
        ),
        // There are no more numbers than that.
        _ if n >= 80_000 => ("telegram", MAIN_LINE, format!("[tg] {}", 200_300 + n), None),
        _ => ("whatsapp", MAIN_LINE, number(), None),
    };
    Client {
        name: Some(match transport {
            // A visitor of a site has no name.
            "widget" => "unknown".to_owned(),
            _ => format!("{name} {n}"),
        }),
        client_phone,
        assigned_name: n.is_multiple_of(3).then(|| format!("{name} (regular)")),
        tags: if n.is_multiple_of(5) {
            vec![1201]
        } else {
            Vec::new()
        },
        ..Client::new(id(n), &phone, transport, channel, now)
    }
}

fn id(n: usize) -> i64 {
    FIRST_CLIENT + i64::try_from(n).unwrap_or_default()
}

/// A conversation that has not ended yet.
struct Conversation {
    client: i64,
    script: Script,
    said: usize,
    order: u32,
    operator: i64,
}

/// Fills the account with conversations, several at a time, during working hours.
fn converse(account: &mut Account, size: &Size) {
    let mut random = Rng::with_seed(size.seed);
    let a_day = A_DAY.max(size.messages / DAYS + 1);
    let gap = TimeDelta::hours(CLOSES - OPENS).num_milliseconds()
        / i64::try_from(a_day).unwrap_or(i64::MAX);
    let at_once = usize::try_from(PACE * 1000 / gap.max(1)).unwrap_or_default();
    let at_once = at_once.clamp(2, 500).min(size.clients);
    if at_once == 0 {
        return;
    }
    let mut texts = HashMap::new();
    let mut now = account.now;
    let mut begun = 0;
    let mut going = Vec::<Conversation>::new();
    for written in 0..size.messages {
        now = later(now, random.i64(1..=2 * gap.max(1)));
        account.now = now;
        if written > 1 && written + 1 == size.messages {
            let question = Draft::new(Kind::FromClient, FIRST_CLIENT, Some(LAST_WORDS.into()));
            account.write(question);
            break;
        }
        // The second message replies to the first one, so that the ids in the document's examples exist.
        if going.len() < at_once && written != 1 {
            going.push(begin(&going, begun, size.clients, &mut random));
            begun += 1;
        }
        let place = random.usize(..going.len());
        let conversation = &mut going[place];
        let (kind, text) = conversation.script[conversation.said];
        let text_is_picture = text == SENDS_PICTURE;
        let text = if text.contains('#') {
            text.replace('#', &conversation.order.to_string()).into()
        } else {
            texts
                .entry(text)
                .or_insert_with(|| Arc::<str>::from(text))
                .clone()
        };
        let mut draft = Draft::new(kind, conversation.client, text);
        draft.operator =
            matches!(kind, Kind::ToClient | Kind::Comment).then_some(conversation.operator);
        // As on the real server, the path of a picture is relative to the storage URL.
        draft.extra = text_is_picture.then(|| {
            let path = picture_of(account.company).into();
            Box::new(Map::from_iter([("photo".to_owned(), path)]))
        });
        account.write(draft);
        if let Some(sent) = account.messages.last_mut()
            && sent.status.is_some()
        {
            sent.status = Some(Status::Delivered);
        }
        conversation.said += 1;
        if conversation.said == conversation.script.len() {
            let ended = going.swap_remove(place);
            end(account, &ended, &mut random);
        }
    }
}

/// The content of all pictures.
pub(crate) const PICTURE: &[u8] = include_bytes!("lamp.jpg");

/// Returns the path of a company's picture, relative to the storage URL.
pub(super) fn picture_of(company: i64) -> String {
    format!("companies/company_{company}/messages/2026-5/lamp.jpg")
}

/// Returns a time `milliseconds` later, moved into working hours.
fn later(now: DateTime<Utc>, milliseconds: i64) -> DateTime<Utc> {
    let then = now + TimeDelta::milliseconds(milliseconds);
    if i64::from(then.hour()) < CLOSES {
        return then;
    }
    then + TimeDelta::hours(24 - CLOSES + OPENS)
}

/// Begins a conversation with a customer who is not in one: with each customer once, then with a random one.
fn begin(going: &[Conversation], begun: usize, clients: usize, random: &mut Rng) -> Conversation {
    let free = |client: &i64| going.iter().all(|other| other.client != *client);
    let mut client = id(if begun < clients {
        match begun {
            0 if clients > SHOPPER => SHOPPER,
            SHOPPER => 0,
            other => other,
        }
    } else {
        random.usize(..clients)
    });
    while !free(&client) {
        client = id(random.usize(..clients));
    }
    let script = SCRIPTS[random.usize(..SCRIPTS.len())];
    Conversation {
        client,
        // The first customer gets an item of the menu.
        script: match begun < clients && client == FIRST_CLIENT {
            true => ASKS_FOR_HOURS,
            false => script,
        },
        said: 0,
        order: FIRST_ORDER + u32::try_from(begun).unwrap_or_default(),
        operator: random.i64(310_001..=310_003),
    }
}

/// Closes most ended conversations, but never the first one. Some customers rate them.
fn end(account: &mut Account, conversation: &Conversation, random: &mut Rng) {
    let Some((dialog, request)) = account
        .open_dialog(conversation.client)
        .map(|dialog| (dialog.id, dialog.request))
    else {
        return;
    };
    if conversation.order == FIRST_ORDER || random.f32() < 0.1 {
        return;
    }
    account.close(dialog);
    if random.f32() < 0.3
        && let Some(request) = request
    {
        account.rate(request, random.u8(3..=5));
    }
}

impl Account {
    /// Adds an invented customer to the end of the list.
    pub(crate) fn grow_clients(&mut self) -> i64 {
        let id = self.clients.next_id();
        let n = usize::try_from(id - FIRST_CLIENT).unwrap_or_default();
        self.add_client(Client {
            id,
            ..client(n, self.unix())
        })
    }

    /// Adds an invented ticket to the end of the list, about the first request that has none.
    pub(crate) fn grow_tickets(&mut self) {
        let mut requests = self
            .requests
            .iter()
            .filter(|request| request.rates.is_none());
        let requests = requests.nth(self.tickets.len());
        let mut ticket = Ticket::new(self.tickets.next_id(), self.unix());
        for (name, value) in [
            ("summary", json!("Replace faulty terminal")),
            ("description", json!("Customer reports a blank screen")),
            ("assignee_id", json!(310_001)),
            ("reporter_id", json!(310_002)),
            (
                "request_ids",
                requests.map(|request| request.id).into_iter().collect(),
            ),
        ] {
            ticket.fields.insert(name.to_owned(), value);
        }
        self.tickets.push(ticket);
    }
}
