//! The invented account of the sandbox: its customers and their messages.

use serde_json::{Value, json};

const CLIENTS: i64 = 321;
const MESSAGES: i64 = 1207;
const FIRST_CLIENT: i64 = 94_000_001;
const FIRST_MESSAGE: i64 = 5_000_000_101;

/// Customers, oldest first, with numbers of the range that is kept for fiction (555-01xx).
pub(super) fn clients() -> Vec<Value> {
    const NAMES: [&str; 8] = [
        "Ada", "Bela", "Chiara", "Dara", "Emil", "Farid", "Greta", "Hana",
    ];
    let client = |n: i64| {
        let name = NAMES[usize::try_from(n).unwrap_or_default() % NAMES.len()];
        json!({
            "id": FIRST_CLIENT + n,
            "name": format!("{name} {n}"),
            "username": null,
            "phone": format!("1{:03}55501{:02}", 200 + n / 100, n % 100),
            "assigned_name": (n % 3 == 0).then(|| format!("{name} (regular)")),
            "client_phone": null,
            "custom_fields": {},
            "tags": if n % 5 == 0 {
                json!([{ "id": 1201, "group_id": 88, "group_name": "Client kind", "label": "VIP", "description": "Important client" }])
            } else {
                json!([])
            },
        })
    };
    (0..CLIENTS).map(client).collect()
}

/// Messages, oldest first; customers write and are answered in turn.
pub(super) fn messages() -> Vec<Value> {
    let message = |n: i64| {
        let client = n / 2 % CLIENTS;
        let minutes = 9 * 60 + n;
        json!({
            "id": FIRST_MESSAGE + n,
            "text": if n % 2 == 0 { format!("Where is order {}?", 1000 + n) } else { "It leaves today.".into() },
            "transport": "whatsapp",
            "type": if n % 2 == 0 { "from_client" } else { "to_client" },
            "read": 1,
            "created": format!("2026-05-{:02}T{:02}:{:02}:00 UTC", 4 + minutes / 1440, minutes / 60 % 24, minutes % 60),
            "attachments": [],
            "client_id": FIRST_CLIENT + client,
            "dialog_id": 18_400_001 + client,
            "channel_id": 58_001,
            "operator_id": if n % 2 == 0 { Value::Null } else { json!(310_001) },
        })
    };
    (0..MESSAGES).map(message).collect()
}
