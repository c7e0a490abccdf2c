//! Operators, and how they log in and out.

use super::Account;
use super::records::time;
use super::table::records;
use chat2desk::wire::WebhookEvent;
use serde_json::{Value, json};

records!(Operator);

/// An operator.
pub(crate) struct Operator {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) online: bool,
    pub(crate) status: i64,
    pub(crate) last_visit: i64,
}

/// Working statuses: id, name, and the value of `offline_type`.
pub(crate) const STATUSES: [(i64, &str, Option<&str>); 3] = [
    (0, "Online", None),
    (1, "Busy", Some("busy")),
    (2, "Break", Some("break")),
];

impl Operator {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether dialogs can be assigned to the operator.
    pub(crate) fn is_available(&self) -> bool {
        self.online && self.role != "deleted"
    }

    pub(crate) fn account_status(&self) -> &'static str {
        if self.role == "deleted" {
            "deleted"
        } else {
            "enabled"
        }
    }

    pub(crate) fn offline_type(&self) -> Option<&'static str> {
        let status = STATUSES.iter().find(|(id, ..)| *id == self.status)?;
        status.2
    }

    pub(crate) fn json(&self, account: &Account) -> Value {
        let dialogs = account.dialogs.iter().filter(|dialog| dialog.is_open());
        let deleted = self.role == "deleted";
        json!({
            "id": self.id,
            "email": self.email,
            "phone": null,
            "role": self.role,
            "access_right_id": (!deleted).then_some(20_417),
            "online": i64::from(self.online),
            "offline_type": self.offline_type(),
            "avatar": null,
            "opened_dialogs": dialogs.filter(|dialog| dialog.operator == Some(self.id)).count(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "external_id": null,
            "last_visit": time((!deleted).then_some(self.last_visit)),
            "status_id": self.status,
            "two_factor": false,
            "status": self.account_status(),
            "access_right_name": (!deleted).then_some("Operators"),
        })
    }
}

impl Account {
    /// Logs an operator in or out. Returns `false` if there is no such operator.
    pub(crate) fn set_online(&mut self, id: i64, online: bool) -> bool {
        let now = self.unix();
        let Some(operator) = self.operators.find_mut(id) else {
            return false;
        };
        (operator.online, operator.last_visit) = (online, now);
        self.raise(
            WebhookEvent::OperatorAuthenticationUpdated,
            None,
            |account| {
                let operator = account.operators.find(id);
                json!({
                    "id": id,
                    "email": operator.map(|operator| operator.email.clone()),
                    "event": if online { "login" } else { "logout" },
                    "platform": "web",
                    "ip_address": "",
                })
            },
        );
        true
    }
}
