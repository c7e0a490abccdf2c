//! What the sandbox is not asked for, and why: the API itself does not do it, or nobody knows.

use std::fmt::Write;

/// Operations that a rule does not hold for.
#[derive(Debug)]
pub struct Exception {
    pub rule: Rule,
    pub reason: &'static str,
    pub operations: &'static [&'static str],
}

/// A rule of schemathesis that has exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// What the document permits is not refused with 400.
    TakesTheRight,
    /// What the document does not permit is refused.
    RefusesTheWrong,
}

use Rule::{RefusesTheWrong, TakesTheRight};

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        rule: TakesTheRight,
        reason: "may refuse: they name a record that need not exist",
        operations: &[
            "send_message",
            "send_menu_item",
            "import_messages",
            "set_message_status",
            "assign_tags",
            "remove_tag",
            "update_operator",
            "set_operator_status",
        ],
    },
    Exception {
        rule: TakesTheRight,
        reason: "may refuse: the record may exist already, or be in that state already",
        operations: &["create_client", "create_webhook", "update_dialog"],
    },
    Exception {
        rule: TakesTheRight,
        reason: "may refuse: two parameters exclude each other, which OpenAPI 3.0 cannot say",
        operations: &["list_messages", "receive_message"],
    },
    Exception {
        rule: TakesTheRight,
        reason: "may refuse: the document permits any text, for more may become good; not every text is",
        operations: &[
            "get_statistics",
            "list_client_questions",
            "create_tag",
            "create_ticket",
            "update_client",
            "update_company",
            "update_ticket",
            "update_webhook",
        ],
    },
    Exception {
        rule: RefusesTheWrong,
        reason: "may take the wrong: lists ignore what they do not understand",
        operations: &[
            "list_channels",
            "list_client_dialogs",
            "list_client_questions",
            "list_clients",
            "list_countries",
            "list_dialogs",
            "list_menu_items",
            "list_messages",
            "list_operators",
            "list_regions",
            "list_request_messages",
            "list_tags",
            "list_templates",
            "list_tickets",
            "list_unanswered_dialogs",
            "list_web_analytics_data",
        ],
    },
    Exception {
        rule: RefusesTheWrong,
        reason: "may take the wrong: fields come as texts, in forms and in the query as well; nobody knows what \
            the API does with a wrong one",
        operations: &[
            "assign_tags",
            "create_tag",
            "create_tag_group",
            "create_ticket",
            "create_webhook",
            "receive_message",
            "send_menu_item",
            "send_message",
            "update_client",
            "update_dialog",
            "update_operator",
            "update_ticket",
            "update_webhook",
        ],
    },
    Exception {
        rule: RefusesTheWrong,
        reason: "may take the wrong: nobody knows what they do, and the sandbox answers with an example",
        operations: &[
            "create_operator",
            "decode_qr_code",
            "get_access_right",
            "set_legacy_chat_close_web_hook",
            "set_legacy_web_hook",
            "switch_company_mode",
        ],
    },
];

/// Calls of c2d-api that need not come out right.
#[derive(Debug)]
pub struct CallException {
    pub reason: &'static str,
    pub calls: &'static [&'static str],
}

pub const CALL_EXCEPTIONS: &[CallException] = &[
    CallException {
        reason: "a fault of c2d-api: it puts two slashes before the id, and no source says that the API takes that",
        calls: &["webhooks_get by id", "webhooks_put", "webhooks_delete"],
    },
    CallException {
        reason: "a fault of c2d-api: it calls the field `custom fields`",
        calls: &["clients_put custom_fields"],
    },
    CallException {
        reason: "a fault of c2d-api: it sends the names of the fields without their values",
        calls: &["companies_put"],
    },
    CallException {
        reason: "not written: the method of c2d-api is empty",
        calls: &["messages_with_buttons_post"],
    },
    CallException {
        reason: "open: the vendor documents another path, and no source says whether the API takes this one still",
        calls: &["delete_outbox_get", "qr_decode_post"],
    },
    CallException {
        reason: "open: no source has the response, and the sandbox's is empty",
        calls: &["companies_switch_mode_put"],
    },
    CallException {
        reason: "open: the vendor documents neither of the two parameters in the query",
        calls: &["scenarios_get by channel and level"],
    },
];

/// What does not depend on an operation: all rules, and the same requests in every run.
const SETTINGS: &str = r#"
continue-on-failure = true
seed = 3

[generation]
database = "none"
max-examples = 10

# A scenario is several requests in a row, about what those before it made.
[phases.stateful.generation]
max-examples = 100

# Without a token the answer is 401, with a wrong one 403.
[checks.missing_required_header]
expected-statuses = [401, 403]

# All that would mean that the run tests less than it seems to, an exception for no operation included.
[warnings]
display = [WARNINGS]
fail-on = [WARNINGS]
"#;

const WARNINGS: &str = r#""missing_auth", "missing_deserializer", "missing_test_data", "rate_limited",
    "unmatched_filter", "unresolvable_reference", "unused_openapi_auth""#;

/// The settings file of schemathesis, for a server that accepts this token.
pub fn settings(token: &str) -> String {
    let mut settings = SETTINGS.replace("WARNINGS", WARNINGS);
    let _ = write!(settings, "\n[auth.openapi.apikey]\napi_key = {token:?}\n");
    for Exception {
        rule, operations, ..
    } in EXCEPTIONS
    {
        let rule = match rule {
            TakesTheRight => "positive_data_acceptance.expected-statuses = ['2xx', 400, 404]",
            RefusesTheWrong => "negative_data_rejection.enabled = false",
        };
        let _ = write!(
            settings,
            "\n[[operations]]\ninclude-operation-id = {operations:?}\nchecks.{rule}\n"
        );
    }
    settings
}
