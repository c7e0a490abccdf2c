//! Operation ids: all of the project's, and that convert.toml says no more than it must.

use std::fs;
use std::path::Path;
use xtask::config::Config;
use xtask::convert::{Source, convert};
use xtask::infer::names::operation_id;
use xtask::lower::operations;

/// The ids are public: a change here renames a method of the client.
const IDS: [(&str, &str); 76] = [
    ("GET /v1/channels", "list_channels"),
    ("GET /v1/channels/{id}", "get_channel"),
    ("GET /v1/clients", "list_clients"),
    ("POST /v1/clients", "create_client"),
    ("GET /v1/clients/{id}", "get_client"),
    ("PUT /v1/clients/{id}", "update_client"),
    ("GET /v1/clients/{id}/dialogs", "list_client_dialogs"),
    (
        "GET /v1/clients/{id}/last_question",
        "get_client_last_question",
    ),
    ("GET /v1/clients/{id}/questions", "list_client_questions"),
    ("GET /v1/clients/{id}/transport", "list_client_transports"),
    ("GET /v1/custom_client_fields", "list_custom_client_fields"),
    ("PUT /v1/companies", "update_company"),
    ("GET /v1/companies/api_info", "get_api_info"),
    (
        "POST /v1/companies/chat_close_web_hook",
        "set_legacy_chat_close_web_hook",
    ),
    ("GET /v1/companies/info", "get_company_info"),
    ("PUT /v1/companies/switch_mode", "switch_company_mode"),
    ("POST /v1/companies/web_hook", "set_legacy_web_hook"),
    ("GET /v1/dialogs", "list_dialogs"),
    ("GET /v1/dialogs/unanswered", "list_unanswered_dialogs"),
    ("GET /v1/dialogs/{id}", "get_dialog"),
    ("PUT /v1/dialogs/{id}", "update_dialog"),
    ("GET /v1/gateway/delete_outbox", "delete_outbox"),
    ("GET /v1/messages", "list_messages"),
    ("POST /v1/messages", "send_message"),
    ("POST /v1/messages/import", "import_messages"),
    ("POST /v1/messages/inbox", "receive_message"),
    ("GET /v1/messages/{id}", "get_message"),
    ("POST /v1/messages/{id}/assign", "assign_message"),
    ("GET /v1/messages/{id}/read", "mark_message_read"),
    (
        "PUT /v1/messages/{id}/status/{status}",
        "set_message_status",
    ),
    ("GET /v1/messages/{id}/transfer", "transfer_message"),
    (
        "GET /v1/messages/{id}/transfer_to_group",
        "transfer_message_to_group",
    ),
    ("GET /v1/messages/{id}/unread", "mark_message_unread"),
    ("GET /v1/access_rights", "list_access_rights"),
    ("GET /v1/access_rights/{id}", "get_access_right"),
    ("GET /v1/operators", "list_operators"),
    ("POST /v1/operators", "create_operator"),
    ("GET /v1/operators/statuses", "list_operator_statuses"),
    (
        "PUT /v1/operators/statuses/{operator_id}",
        "set_operator_status",
    ),
    ("GET /v1/operators/{id}", "get_operator"),
    ("PUT /v1/operators/{id}", "update_operator"),
    ("GET /v1/operators_groups", "list_operator_groups"),
    ("GET /v1/countries", "list_countries"),
    ("GET /v1/help/api_modes", "list_api_modes"),
    ("GET /v1/help/dialog_states", "list_dialog_states"),
    ("GET /v1/help/message_types", "list_message_types"),
    ("GET /v1/help/roles", "list_roles"),
    ("GET /v1/help/tickets", "list_ticket_values"),
    ("GET /v1/help/transports", "list_transports"),
    ("GET /v1/regions", "list_regions"),
    ("PUT /v1/requests/close", "close_request"),
    ("GET /v1/requests/{id}", "get_request"),
    ("GET /v1/requests/{id}/messages", "list_request_messages"),
    ("GET /v1/scenarios/menu_items", "list_menu_items"),
    ("POST /v1/scenarios/send_menu_item", "send_menu_item"),
    ("GET /v1/statistics", "get_statistics"),
    ("GET /v1/web_analytics_data", "list_web_analytics_data"),
    ("POST /v1/tag_groups", "create_tag_group"),
    ("GET /v1/tags", "list_tags"),
    ("POST /v1/tags", "create_tag"),
    ("POST /v1/tags/assign_to", "assign_tags"),
    ("GET /v1/tags/{id}", "get_tag"),
    ("DELETE /v1/tags/{id}/delete_from", "remove_tag"),
    ("GET /v1/templates", "list_templates"),
    ("GET /v1/templates/{id}", "get_template"),
    ("GET /v1/tickets", "list_tickets"),
    ("POST /v1/tickets", "create_ticket"),
    ("DELETE /v1/tickets/{id}", "delete_ticket"),
    ("GET /v1/tickets/{id}", "get_ticket"),
    ("PUT /v1/tickets/{id}", "update_ticket"),
    ("POST /v1/qr_decode", "decode_qr_code"),
    ("GET /v1/webhooks", "list_webhooks"),
    ("POST /v1/webhooks", "create_webhook"),
    ("DELETE /v1/webhooks/{id}", "delete_webhook"),
    ("GET /v1/webhooks/{id}", "get_webhook"),
    ("PUT /v1/webhooks/{id}", "update_webhook"),
];

fn spec(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    fs::read_to_string(folder.join(file)).unwrap()
}

#[test]
fn every_call_has_its_id() {
    let (collection, config) = (spec("collection.json"), spec("convert.toml"));
    let config = Source {
        file: "convert.toml",
        text: &config,
    };
    let conversion = convert(
        ("collection.json", collection.as_bytes()),
        None,
        Some(config),
    )
    .unwrap();
    let mut found: Vec<(String, &str)> = operations(conversion.document())
        .map(|(path, method, operation)| {
            let call = format!("{} {path}", method.to_uppercase());
            (call, operation["operationId"].as_str().unwrap())
        })
        .collect();
    found.sort();
    let mut expected = IDS.map(|(call, id)| (call.to_owned(), id));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn settings_repeat_no_rule() {
    let config = Config::read("convert.toml", &spec("convert.toml")).unwrap();
    for (call, id) in &config.operations {
        let (method, path) = call.split_once(' ').unwrap();
        let derived = operation_id(&method.to_lowercase(), path);
        assert_ne!(&derived, id, "{call} needs no entry");
    }
    for (call, id) in IDS
        .iter()
        .filter(|(call, _)| !config.operations.contains_key(*call))
    {
        let (method, path) = call.split_once(' ').unwrap();
        assert_eq!(&operation_id(&method.to_lowercase(), path), id, "{call}");
    }
}
