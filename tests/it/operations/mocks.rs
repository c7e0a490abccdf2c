//! Every operation, mocked with everything that its call takes: the client's own request is answered with
//! what it was told, and no request that differs in one thing is answered at all.

use super::calls::{Call, calls};
use super::{TOKEN, document, expect, operation, successes};
use chat2desk::operations;
use chat2desk::types::*;
use chat2desk::wire::{
    DayMonthYear, DialogState, Enveloped, MessageStatusCode, MessageType, Messenger,
    OperatorAccountStatus, OperatorRole, Order, StatisticsReport,
};
use chat2desk_httpmock::{MockServerExt, client};
use chrono::NaiveDate;
use httpmock::{Mock, MockServer};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A mock of an operation that wants what its [`Call`] sends, this body included.
struct Mocked {
    id: &'static str,
    mock: fn(&MockServer, Value, Value) -> Mock<'_>,
}

/// `mock!(operation .parameter(value)… ; Body => Answer)`; the body is that of the call.
macro_rules! mock {
    ($id:ident $(.$matcher:ident($value:expr))* $(; $body:ty)? => $answer:ty) => {{
        fn mock(server: &MockServer, body: Value, answer: Value) -> Mock<'_> {
            server.$id(|when, then| {
                let when = when$(.$matcher($value))*;
                $(let when = when.body(typed::<$body>(&body));)?
                let _ = (when, body);
                // The types themselves know no null lists; the client reads them.
                then.ok(typed::<$answer>(&without_nulls(&answer)));
            })
        }
        Mocked { id: stringify!($id), mock }
    }};
}

fn typed<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_value(json.clone()).unwrap()
}

fn without_nulls(json: &Value) -> Value {
    match json {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            let entries = entries.map(|(key, value)| (key.clone(), without_nulls(value)));
            Value::Object(entries.collect())
        }
        scalar => scalar.clone(),
    }
}

fn day(text: &str) -> DayMonthYear {
    text.parse().unwrap()
}

fn iso(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

type Object = serde_json::Map<String, Value>;

#[rustfmt::skip]
fn mocks() -> Vec<Mocked> {
    vec![
        mock!(list_messages.transport(&Messenger::Telegram).channel_id(58_001).client_id(94_000_001).type_(&MessageType::FromClient).dialog_id(18_400_001).read(0)
            .order(&Order::Desc).start_date(&day("04-05-2026")).finish_date(&day("05-05-2026")).operator_id(310_001).start_id(5_000_000_102)
            .direction_reverse(true).limit(200) => MessagePage),
        mock!(get_message.id(5_000_000_101) => MessageResponse),
        mock!(send_message; SendMessageRequest => SendMessageResponse),
        mock!(receive_message; ReceiveMessageRequest => Acknowledgement),
        mock!(import_messages; ImportMessagesRequest => ImportMessagesResponse),
        mock!(set_message_status.id(5_000_000_102).status(&MessageStatusCode::Delivered) => Value),
        mock!(mark_message_read.id(5_000_000_101) => Acknowledgement),
        mock!(mark_message_unread.id(5_000_000_101) => Acknowledgement),
        mock!(transfer_message.id(5_000_000_101).operator_id(310_001).force_assign(true) => Acknowledgement),
        mock!(transfer_message_to_group.id(5_000_000_101).group_id(701).force_assign(true).force(false) => Acknowledgement),
        mock!(assign_message.id(5_000_000_101); AssignMessageRequest => Acknowledgement),
        mock!(delete_outbox => Value),
        mock!(list_clients.phone("15550100002").client_phone("15550100003").tags("1201,1305").custom_field_id(5).custom_field_text("Gold").created_after(1_777_880_000).order(&Order::Asc).limit(50).offset(100) => ClientPage),
        mock!(get_client.id(94_000_001) => ClientResponse),
        mock!(create_client; CreateClientRequest => ClientResponse),
        mock!(update_client.id(94_000_001); UpdateClientRequest => ClientResponse),
        mock!(list_client_dialogs.id(94_000_001).limit(20).offset(0).order(&Order::Desc) => ClientDialogPage),
        mock!(get_client_last_question.id(94_000_001) => QuestionResponse),
        mock!(list_client_questions.id(94_000_001).start_date(&day("10-10-2025")).finish_date(&day("10-10-2026")).limit(20).offset(0) => QuestionPage),
        mock!(list_client_transports.id(94_000_001) => ClientTransportList),
        mock!(list_custom_client_fields => CustomClientFieldList),
        mock!(list_channels.phone("15550100001").limit(20).offset(0) => ChannelPage),
        mock!(get_channel.id(58_001) => ChannelResponse),
        mock!(list_dialogs.operator_id(310_001).state(&DialogState::Open).order(&Order::Desc).limit(20).offset(0) => DialogPage),
        mock!(list_unanswered_dialogs.limit(600) => UnansweredDialogsResponse),
        mock!(get_dialog.id(18_400_001) => DialogResponse),
        mock!(update_dialog.id(18_400_001); UpdateDialogRequest => Acknowledgement),
        mock!(get_request.id(75_000_011) => RequestResponse),
        mock!(list_request_messages.id(75_000_011).limit(300) => Vec<RequestMessage>),
        mock!(close_request; CloseRequestRequest => Acknowledgement),
        mock!(list_tags.limit(20).offset(0) => TagPage),
        mock!(get_tag.id(1201) => TagResponse),
        mock!(create_tag; CreateTagRequest => TagResponse),
        mock!(create_tag_group; CreateTagGroupRequest => TagGroupResponse),
        mock!(assign_tags; AssignTagsRequest => Acknowledgement),
        mock!(remove_tag.id(1201); RemoveTagRequest => Acknowledgement),
        mock!(list_templates.limit(20).offset(0) => TemplatePage),
        mock!(get_template.id(501) => TemplateResponse),
        mock!(list_operators.phone("15550100006").email("agent@example.org").online(1).status_id(1).role(&OperatorRole::Operator)
            .status(&OperatorAccountStatus::Enabled).limit(20).offset(0) => OperatorPage),
        mock!(get_operator.id(310_001) => OperatorResponse),
        mock!(create_operator; Object => Value),
        mock!(update_operator.id(310_001); UpdateOperatorRequest => OperatorResponse),
        mock!(list_operator_statuses => Enveloped<OperatorStatus>),
        mock!(set_operator_status.operator_id(310_001).status_id(1) => Value),
        mock!(list_operator_groups => OperatorGroupList),
        mock!(list_access_rights => Value),
        mock!(get_access_right.id(20417) => Value),
        mock!(get_statistics.report(&StatisticsReport::RequestStats).date(&iso("2026-05-04")).limit(200).offset(400) => StatisticsRowPage),
        mock!(list_web_analytics_data.date_from(&iso("2026-05-04")).date_to(&iso("2026-05-05")).order(&Order::Asc).client_id(94_000_001)
            .limit(20).offset(0) => WebAnalyticsRowPage),
        mock!(list_menu_items; ListMenuItemsRequest => MenuItemList),
        mock!(send_menu_item; SendMenuItemRequest => Acknowledgement),
        mock!(list_tickets.limit(20).offset(0) => TicketPage),
        mock!(get_ticket.id("TICK-118") => TicketResponse),
        mock!(create_ticket; CreateTicketRequest => TicketResponse),
        mock!(update_ticket.id("TICK-118"); UpdateTicketRequest => TicketResponse),
        mock!(delete_ticket.id("TICK-118") => Acknowledgement),
        mock!(list_webhooks => WebhookList),
        mock!(get_webhook.id(901) => GetWebhookResponse),
        mock!(create_webhook; CreateWebhookRequest => WebhookResponse),
        mock!(update_webhook.id(901); UpdateWebhookRequest => WebhookResponse),
        mock!(delete_webhook.id(901) => Acknowledgement),
        mock!(get_api_info => ApiInfoResponse),
        mock!(get_company_info => Value),
        mock!(update_company; UpdateCompanyRequest => Value),
        mock!(switch_company_mode; SwitchCompanyModeRequest => Value),
        mock!(set_legacy_web_hook; SetLegacyWebHookRequest => Acknowledgement),
        mock!(set_legacy_chat_close_web_hook; SetLegacyChatCloseWebHookRequest => Acknowledgement),
        mock!(list_countries.limit(20).offset(0) => CountryPage),
        mock!(list_regions.limit(20).offset(0) => CountryRegionPage),
        mock!(list_api_modes => ApiModeList),
        mock!(list_transports => ListTransportsResponse),
        mock!(list_message_types => MessageTypeInfoList),
        mock!(list_dialog_states => DialogStateList),
        mock!(list_roles => OperatorRoleList),
        mock!(list_ticket_values => Value),
        mock!(decode_qr_code; DecodeQrCodeRequest => Value),
    ]
}

#[test]
fn every_operation_has_a_mock() {
    let mocked: BTreeSet<_> = mocks().iter().map(|mock| mock.id).collect();
    let known = operations().iter().map(|operation| operation.id);
    assert_eq!(mocked, known.collect());
}

#[tokio::test]
async fn every_call_is_answered_with_what_its_mock_was_told() {
    let document = document();
    let server = MockServer::start_async().await;
    let chat = client(&server).unwrap().with_token(TOKEN).unwrap();
    for (mocked, call) in pairs() {
        for answer in successes(&document, operation(&call)) {
            let plain = expect(&server, &call, &answer).await;
            let decoded = (call.send)(chat.clone()).await.unwrap();
            plain.delete_async().await;
            let body = call.body.clone().unwrap_or_default();
            let mock = (mocked.mock)(&server, body, decoded.clone());
            let answered = (call.send)(chat.clone()).await;
            let answered = answered.unwrap_or_else(|error| panic!("{}: {error:?}", call.id));
            assert_eq!(answered, decoded, "{}", call.id);
            mock.assert_async().await;
            mock.delete_async().await;
        }
    }
}

fn pairs() -> impl Iterator<Item = (Mocked, Call)> {
    mocks().into_iter().map(|mocked| {
        let call = calls().into_iter().find(|call| call.id == mocked.id);
        (mocked, call.unwrap())
    })
}

/// A request as a call sends it.
#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Value>,
}

impl Sent {
    fn of(call: &Call) -> Self {
        let query = call.query.iter();
        Self {
            method: format!("{:?}", operation(call).method),
            path: call.path(),
            query: query
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            body: call.body.clone(),
        }
    }

    /// All requests that differ in one thing.
    fn others(&self, id: &str) -> Vec<(String, Self)> {
        let mut others = Vec::new();
        let mut other = |what: String, change: &dyn Fn(&mut Self)| {
            let mut sent = self.clone();
            change(&mut sent);
            others.push((what, sent));
        };
        other("the method".into(), &|sent| sent.method = "PATCH".into());
        other("a longer path".into(), &|sent| sent.path.push_str("/1"));
        other("a path below another".into(), &|sent| {
            sent.path.insert_str(0, "/proxy")
        });
        other("a separator".into(), &|sent| {
            sent.path = sent
                .path
                .replacen("/v1/", "/v1x", 1)
                .replacen("/gateway/", "/gatewayx", 1)
        });
        if !id.is_empty() {
            for value in [
                format!("{id}1"),
                format!("1{id}"),
                "1".into(),
                "unanswered".into(),
            ] {
                other(format!("the id {value}"), &|sent| {
                    sent.path = sent.path.replace(id, &value)
                });
            }
        }
        for (index, (name, _)) in self.query.iter().enumerate() {
            other(format!("no `{name}`"), &|sent| {
                drop(sent.query.remove(index))
            });
            other(format!("another `{name}`"), &|sent| {
                sent.query[index].1.push('1')
            });
            other(format!("a second `{name}`"), &|sent| {
                sent.query.push((name.clone(), "1".into()));
            });
        }
        if let Some(body) = self.body.as_ref().and_then(Value::as_object) {
            other("no body".into(), &|sent| sent.body = None);
            other("more in the body".into(), &|sent| {
                field(sent, "more", Some(json!(1)))
            });
            for name in body.keys() {
                other(format!("a body without `{name}`"), &|sent| {
                    field(sent, name, None)
                });
                let value = json!(["another"]);
                other(format!("a body with another `{name}`"), &|sent| {
                    field(sent, name, Some(value.clone()));
                });
            }
        }
        others
    }

    async fn send(&self, client: &reqwest::Client, server: &MockServer) -> u16 {
        let url = server.url(&self.path);
        let mut request = client.request(self.method.parse().unwrap(), url);
        request = request.query(&self.query);
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

fn field(sent: &mut Sent, name: &str, value: Option<Value>) {
    let body = sent.body.as_mut().and_then(Value::as_object_mut).unwrap();
    match value {
        Some(value) => drop(body.insert(name.to_owned(), value)),
        None => drop(body.remove(name)),
    }
}

#[tokio::test]
async fn no_request_that_differs_is_answered() {
    let document = document();
    let server = MockServer::start_async().await;
    let client = reqwest::Client::new();
    let mut others = 0;
    for (mocked, call) in pairs() {
        let answer = successes(&document, operation(&call)).remove(0);
        let mock = (mocked.mock)(&server, call.body.clone().unwrap_or_default(), answer);
        let sent = Sent::of(&call);
        assert_eq!(sent.send(&client, &server).await, 200, "{}", call.id);
        for (what, other) in sent.others(call.id_in_path) {
            let status = other.send(&client, &server).await;
            assert_eq!(status, 404, "{} with {what}", call.id);
            others += 1;
        }
        mock.delete_async().await;
    }
    assert!(others > 600, "{others} requests");
}
