//! What the mocks do in tests of somebody's own code. That each operation has one which takes its calls and no
//! others is shown in `operations/mocks.rs`.

use chat2desk::messages::Draft;
use chat2desk::transport::RetryPolicy;
use chat2desk::types::*;
use chat2desk::wire::{DialogState, OperatorRole, Order, WebhookEvent};
use chat2desk::{Chat2Desk, Error, ErrorKind, List};
use chat2desk_httpmock::httpmock::{Mock, MockServer};
use chat2desk_httpmock::{MockServerExt, client};
use std::time::Duration;

async fn start() -> (MockServer, Chat2Desk) {
    let server = MockServer::start_async().await;
    let chat = client(&server).unwrap();
    (server, chat)
}

/// Nothing fits what was sent.
fn is_unanswered<T>(result: Result<T, Error>) -> bool {
    let error = result.err();
    error.is_some_and(|error| {
        error
            .message()
            .unwrap_or_default()
            .contains("did not match")
    })
}

#[tokio::test]
async fn a_path_with_a_parameter_is_not_the_path_of_another_operation() {
    let (server, chat) = start().await;
    let dialog = server.get_dialog(|_, then| {
        then.data(Dialog::builder().id(8));
    });
    assert!(is_unanswered(chat.list_unanswered_dialogs().send().await));
    dialog.assert_calls(0);
    let unanswered = server.list_unanswered_dialogs(|_, then| {
        then.data(UnansweredDialogs::builder().ids(vec![9]));
    });
    let list = chat.list_unanswered_dialogs().send().await.unwrap();
    assert_eq!(list.data.ids, [9]);
    assert_eq!(chat.get_dialog(12).send().await.unwrap().data.id, 8);
    dialog.assert();
    unanswered.assert();
}

#[tokio::test]
async fn a_text_in_a_path_is_that_text() {
    for id in [
        "TICK-118", "TICK.118", "a b", "a/b", "50%", "(a|b)+", "ключ",
    ] {
        let (server, chat) = start().await;
        let ticket = server.get_ticket(|when, then| {
            when.id(id);
            then.data(Ticket::builder().id(id));
        });
        assert_eq!(chat.get_ticket(id).send().await.unwrap().data.id, id);
        for other in ["TICK-1181", "TICK_118", "a", "ab"] {
            assert!(
                is_unanswered(chat.get_ticket(other).send().await),
                "{other} for {id}"
            );
        }
        ticket.assert();
    }
}

#[tokio::test]
async fn what_was_not_said_may_be_anything_and_none_must_be_missing() {
    let (server, chat) = start().await;
    let first = server.list_dialogs(|when, then| {
        when.state(&DialogState::Open).offset(None);
        then.data([Dialog::builder().id(1)]);
    });
    let call = || chat.list_dialogs().state("open");
    call().send().await.unwrap();
    call().order("desc").limit(7).send().await.unwrap();
    assert!(is_unanswered(call().offset(0).send().await));
    assert!(is_unanswered(chat.list_dialogs().send().await));
    assert!(is_unanswered(
        chat.list_dialogs().state("closed").send().await
    ));
    first.assert_calls(2);
}

#[tokio::test]
async fn values_that_the_crate_does_not_know_travel_both_ways() {
    let (server, chat) = start().await;
    let parked = DialogState::Other("parked".into());
    server.list_dialogs(|when, then| {
        when.state(&parked).order(&Order::Desc);
        then.data([Dialog::builder().id(1).state("parked")]);
    });
    let page = chat
        .list_dialogs()
        .state("parked")
        .order("desc")
        .send()
        .await;
    assert_eq!(page.unwrap().data[0].state, Some(parked));
}

#[tokio::test]
async fn lists_in_parameters_and_bodies_are_compared_value_by_value() {
    let (server, chat) = start().await;
    // The API takes this list as one text.
    server.list_clients(|when, then| {
        when.tags("1201,1305");
        then.data([Client::builder().id(7)]);
    });
    chat.list_clients().tags("1201,1305").send().await.unwrap();
    for tags in ["1201", "1305,1201", "1201,1305,1"] {
        assert!(
            is_unanswered(chat.list_clients().tags(tags).send().await),
            "{tags}"
        );
    }
    let webhook = |events: &[&str]| {
        let events = events.iter().map(|event| WebhookEvent::from(*event));
        CreateWebhookRequest::builder()
            .name("CRM")
            .url("https://example.com")
            .events(events.collect::<Vec<_>>())
    };
    server.create_webhook(|when, then| {
        when.body(webhook(&["inbox", "outbox"]));
        then.data(
            Webhook::builder()
                .id(901)
                .events(vec!["inbox".into(), "outbox".into()]),
        );
    });
    let made = chat
        .create_webhook(webhook(&["inbox", "outbox"]))
        .send()
        .await
        .unwrap();
    assert_eq!(
        made.data.events,
        [WebhookEvent::Inbox, WebhookEvent::Outbox]
    );
    for events in [&["inbox"][..], &["outbox", "inbox"], &[]] {
        assert!(
            is_unanswered(chat.create_webhook(webhook(events)).send().await),
            "{events:?}"
        );
    }
}

#[tokio::test]
async fn bodies_are_given_as_calls_take_them() {
    let (server, chat) = start().await;
    let hello = SendMessageRequest::builder().client_id(7).text("Hello");
    let sent = server.send_message(|when, then| {
        when.body(hello.clone());
        then.ok(SendMessageResponse::builder().data(SendMessageResult::builder().message_id(1)));
    });
    chat.send_message(hello.clone()).send().await.unwrap();
    let others = [
        hello.clone().text("Hello!"),
        hello.clone().operator_id(3),
        SendMessageRequest::builder().client_id(7),
    ];
    for other in others {
        assert!(is_unanswered(chat.send_message(other).send().await));
    }
    sent.assert();

    let comment = server.send_message(|when, then| {
        when.body(Draft::comment(7, "Hello"));
        then.data(SendMessageResult::builder().message_id(2));
    });
    let answer = chat
        .send_message(Draft::comment(7, "Hello"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.data.message_id, 2);
    comment.assert();

    let told = server.mark_message_read(|when, then| {
        when.id(11);
        then.success();
    });
    let answer = chat.mark_message_read(11).send().await.unwrap();
    assert_eq!(answer.status.as_deref(), Some("success"));
    told.assert();
}

#[tokio::test]
async fn lists_of_every_kind_are_read_whole() {
    let (server, chat) = start().await;
    server.list_clients(|_, then| {
        then.data((1..=30).map(|id| Client::builder().id(id)));
    });
    assert_eq!(chat.list_clients().collect_all().await.unwrap().len(), 30);
    server.list_messages(|_, then| {
        then.data((1..=30).map(|id| Message::builder().id(id)));
    });
    assert_eq!(
        chat.list_messages()
            .start_id(1)
            .collect_all()
            .await
            .unwrap()
            .len(),
        30
    );
    server.list_tags(|_, then| {
        then.data(Vec::<Tag>::new());
    });
    assert!(chat.list_tags().collect_all().await.unwrap().is_empty());
    server.list_menu_items(|_, then| {
        then.data([MenuItem::builder().id(1)]);
    });
    let items = chat.list_menu_items(ListMenuItemsRequest::builder());
    assert_eq!(items.collect_all().await.unwrap().len(), 1);
    server.list_request_messages(|when, then| {
        when.id(9);
        then.data([
            RequestMessage::builder().id(1),
            RequestMessage::builder().id(2),
        ]);
    });
    assert_eq!(
        chat.list_request_messages(9)
            .collect_all()
            .await
            .unwrap()
            .len(),
        2
    );
    server.list_roles(|_, then| {
        then.data([OperatorRole::Admin]);
    });
    let roles = chat.list_roles().collect_all().await.unwrap();
    assert_eq!(roles, [OperatorRole::Admin]);
    server.list_operator_statuses(|_, then| {
        then.data([OperatorStatus::builder().id(1)]);
    });
    let statuses = chat.list_operator_statuses().collect_all().await.unwrap();
    assert_eq!(statuses[0].id, 1);
    server.get_webhook(|when, then| {
        when.id(901);
        then.data(Webhook::builder().id(901));
    });
    let webhook = chat.get_webhook(901).send().await.unwrap();
    assert_eq!(webhook.data.id, 901);
}

#[tokio::test]
async fn refusals_become_the_errors_of_the_crate() {
    let (server, chat) = start().await;
    for (status, message, kind) in [
        (404, "not_found", ErrorKind::NotFound),
        (200, "not_found", ErrorKind::NotFound),
        (401, "You need to auth", ErrorKind::Auth),
        (
            403,
            "API calls exceeded API limit per month",
            ErrorKind::QuotaExceeded,
        ),
        (
            429,
            "Number of API requests exceeded",
            ErrorKind::RateLimited,
        ),
        (500, "no such luck", ErrorKind::Server),
    ] {
        let refused = server.get_client(|when, then| {
            when.id(7);
            then.error(status, message);
        });
        let error = chat.get_client(7).send().await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (kind, Some(message)));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(
            (error.operation(), error.attempts()),
            (Some("get_client"), 1)
        );
        refused.delete_async().await;
    }

    let refused = server.create_client(|_, then| {
        then.field_errors(
            400,
            [
                ("phone", "is invalid"),
                ("phone", "is too short"),
                ("transport", "is unknown"),
            ],
        );
    });
    let request = CreateClientRequest::builder().phone("1").transport("x");
    let error = chat
        .create_client(request.clone())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|error| (&*error.field, error.messages.len()))
        .collect();
    assert_eq!(fields, [("phone", 2), ("transport", 1)]);
    refused.delete_async().await;

    server.create_client(|_, then| {
        then.field_errors(
            400,
            [
                ("client", "Client already exist"),
                ("client", r#"{"id": 94000001}"#),
            ],
        );
    });
    let error = chat.create_client(request).send().await.unwrap_err();
    assert_eq!(error.existing_client_id(), Some(94_000_001));
}

#[tokio::test]
async fn the_rest_is_left_to_httpmock() {
    let (server, chat) = start().await;
    let failing = server.get_channel(|when, then| {
        when.into_inner().header("authorization", "mock-token");
        then.into_inner().status(502).body("<html>");
    });
    let error = chat.get_channel(5).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    failing.delete_async().await;

    let failing = server.get_channel(|_, then| {
        then.error(503, "busy").into_inner().up_to_n_times(2);
    });
    let answering = server.get_channel(|_, then| {
        then.data(Channel::builder().id(5));
    });
    let patient = chat.with_retry(RetryPolicy::default().base_wait(Duration::ZERO));
    assert_eq!(patient.get_channel(5).send().await.unwrap().attempts(), 3);
    failing.assert_calls(2);
    answering.assert();
}

#[tokio::test]
#[should_panic(expected = "no value supplied for id")]
async fn an_answer_that_lacks_something_is_told_at_once() {
    let (server, _) = start().await;
    let _: Mock<'_> = server.get_client(|_, then| {
        then.data(Client::builder().phone("15550100001"));
    });
}
