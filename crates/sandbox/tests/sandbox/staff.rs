//! Tickets, operators and reports.

use crate::{new_customer, sandbox};
use chat2desk::ErrorKind;
use chat2desk::messages::Draft;
use chat2desk::types::*;
use chat2desk::wire::MessageType;
use chat2desk_sandbox::Sandbox;
use chrono::{NaiveDate, TimeZone, Utc};
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

#[tokio::test]
async fn tickets_operators_and_dialogs_change() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let ticket = CreateTicketRequest::builder()
        .summary("Call back")
        .deadline("2026-09-01");
    let ticket = chat
        .create_ticket(ticket)
        .send()
        .await
        .unwrap()
        .data
        .id
        .clone();
    chat.update_ticket(&ticket, UpdateTicketRequest::builder().status(4))
        .send()
        .await
        .unwrap();
    let read = chat.get_ticket(&ticket).send().await.unwrap();
    assert_eq!(
        (read.data.status, read.data.summary.as_deref()),
        (Some(4), Some("Call back"))
    );
    chat.delete_ticket(&ticket).send().await.unwrap();
    assert!(
        chat.get_ticket(&ticket)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );

    chat.set_operator_status(310_001, 1).send().await.unwrap();
    let operator = chat.get_operator(310_001).send().await.unwrap();
    assert_eq!(operator.data.offline_type.as_deref(), Some("busy"));

    let message = sandbox.write_as(CLIENT, "Hello?").unwrap();
    chat.transfer_message(message, 310_002)
        .send()
        .await
        .unwrap();
    let dialog = chat
        .get_message(message)
        .send()
        .await
        .unwrap()
        .data
        .dialog_id
        .unwrap();
    let given = chat.get_dialog(dialog).send().await.unwrap();
    assert_eq!(given.data.operator_id, Some(310_002));
    let error = chat.transfer_message(message, 1).send().await.unwrap_err();
    assert!(
        error.to_string().contains("Operator 1 not found"),
        "{error}"
    );
    let sent = chat
        .send_message(Draft::text(CLIENT, "Hello!"))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.data.operator_id, Some(310_002));
    assert_eq!(sent.data.type_, Some(MessageType::ToClient));
}

#[tokio::test]
async fn who_waits_for_an_answer() {
    let sandbox = sandbox().await;
    let waiting = async || {
        let dialogs = sandbox.client().list_unanswered_dialogs().limit(600);
        let dialogs = dialogs.send().await.unwrap().into_inner().data;
        assert_eq!(dialogs.ids.len(), dialogs.client_ids.len());
        dialogs.client_ids
    };
    // So that whatever waits from the beginning has waited long enough.
    sandbox.advance(Duration::from_secs(3600));
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    let before = waiting().await.len();
    assert!(!waiting().await.contains(&CLIENT));
    sandbox.advance(Duration::from_secs(601));
    assert!(waiting().await.contains(&CLIENT));
    // It counts from the last message, not from the first that waits.
    sandbox.write_as(CLIENT, "Anybody?").unwrap();
    assert_eq!(waiting().await.len(), before);
    assert!(!waiting().await.contains(&CLIENT));
}

/// Reports are made of what happened.
#[tokio::test]
async fn a_report_follows_the_conversation() {
    let start = Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap();
    let sandbox = Sandbox::builder().clock(start).start().await.unwrap();
    let chat = sandbox.client();
    let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    let rows = async |report: &str| {
        let rows = chat.get_statistics(report, day).send().await.unwrap();
        rows.data.clone()
    };
    assert_eq!(rows("request_stats").await.len(), 0);
    // A customer without an open dialog.
    let client = new_customer(chat).await;
    sandbox.write_as(client, "Hello?").unwrap();
    sandbox.advance(Duration::from_secs(42));
    let answer = SendMessageRequest::builder()
        .client_id(client)
        .text("Hello!")
        .operator_id(310_001);
    chat.send_message(answer).send().await.unwrap();
    let stats = rows("request_stats").await;
    let [request] = stats.as_slice() else {
        panic!("{} rows", stats.len())
    };
    let reaction = request.reaction_time.as_ref().unwrap();
    assert!((42..45).contains(&reaction.as_i64().unwrap()));
    assert_eq!(request.operator_name.as_deref(), Some("Ann Agent"));
    for report in ["operator_events", "operator_stats", "operator_replies"] {
        assert_eq!(rows(report).await.len(), 1, "{report}");
    }
    let error = chat
        .get_statistics("weather", day)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}
