//! The operations of the API: which function handles each, as far as its behaviour is attested.

mod analytics;
mod clients;
mod company;
mod dialogs;
mod help;
mod import;
mod menu;
mod messages;
mod operators;
mod places;
mod send;
mod statistics;
mod tags;
mod tickets;
mod webhooks;

use super::account::Account;
use super::api_response::ApiResponse;
use super::call::Call;

/// Handles a call and returns the response.
pub(super) type Handler = fn(&mut Account, &Call) -> ApiResponse;

/// Returns the handler of an operation. `None` for an operation whose behaviour nobody has published, which responds
/// with its example.
pub(super) fn handler(operation: &str) -> Option<Handler> {
    Some(match operation {
        "list_clients" => clients::list,
        "create_client" => clients::create,
        "get_client" => clients::get,
        "update_client" => clients::update,
        "list_client_dialogs" => clients::dialogs,
        "list_client_transports" => clients::transports,
        "list_channels" => company::channels,
        "get_channel" => company::channel,
        "get_api_info" => company::info,
        "update_company" => company::update,
        "set_legacy_web_hook" => company::set_hook,
        "set_legacy_chat_close_web_hook" => company::set_close_hook,
        "list_templates" => company::templates,
        "get_template" => company::template,
        "list_messages" => messages::list,
        "get_message" => messages::get,
        "send_message" => send::send,
        "receive_message" => send::receive,
        "import_messages" => import::import,
        "set_message_status" => send::set_status,
        "delete_outbox" => send::delete_unsent,
        "list_menu_items" => menu::list,
        "send_menu_item" => menu::send,
        "get_client_last_question" => menu::last_question,
        "list_client_questions" => menu::questions,
        "mark_message_read" => messages::mark_read,
        "mark_message_unread" => messages::mark_unread,
        "assign_message" | "transfer_message" => messages::transfer,
        "transfer_message_to_group" => messages::transfer_to_group,
        "list_request_messages" => messages::of_request,
        "list_dialogs" => dialogs::list,
        "list_unanswered_dialogs" => dialogs::unanswered,
        "get_dialog" => dialogs::get,
        "update_dialog" => dialogs::update,
        "get_request" => dialogs::request,
        "close_request" => dialogs::close_request,
        "list_operators" => operators::list,
        "get_operator" => operators::get,
        "update_operator" => operators::update,
        "set_operator_status" => operators::set_status,
        "list_operator_statuses" => operators::statuses,
        "list_operator_groups" => operators::groups,
        "list_tags" => tags::list,
        "get_tag" => tags::get,
        "create_tag" => tags::create,
        "create_tag_group" => tags::create_group,
        "assign_tags" => tags::assign,
        "remove_tag" => tags::remove,
        "list_tickets" => tickets::list,
        "get_ticket" => tickets::get,
        "create_ticket" => tickets::create,
        "update_ticket" => tickets::update,
        "delete_ticket" => tickets::delete,
        "get_statistics" => statistics::report,
        "list_web_analytics_data" => analytics::list,
        "list_countries" => places::countries,
        "list_regions" => places::list_regions,
        "list_api_modes" => help::api_modes,
        "list_dialog_states" => help::dialog_states,
        "list_message_types" => help::message_types,
        "list_roles" => help::roles,
        "list_webhooks" => webhooks::list,
        "get_webhook" => webhooks::get,
        "create_webhook" => webhooks::create,
        "update_webhook" => webhooks::update,
        "delete_webhook" => webhooks::delete,
        _ => return None,
    })
}
