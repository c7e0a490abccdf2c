//! Webhooks are delivered for real: signed, again after failures, until they are switched off.

use crate::receiver::Receiver;
use crate::sandbox;
use axum::body::Bytes;
use axum::http::HeaderMap;
use chat2desk::types::*;
use chat2desk::webhook::Verifier;
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Sandbox, TOKEN};
use std::sync::atomic::Ordering;
use std::time::Duration;

const CLIENT: i64 = 94_000_001;

/// A receiver that has refused a message, which waits for its first retry.
async fn failed_delivery() -> (Sandbox, Receiver) {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    receiver.register(&sandbox).await;
    receiver.answers.store(503, Ordering::SeqCst);
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    sandbox.settle().await;
    (sandbox, receiver)
}

/// After 10 seconds, 5 minutes and 2 hours, and after 5 hours not at all any more.
#[tokio::test]
async fn a_failing_receiver_is_tried_four_times_then_switched_off() {
    let (sandbox, receiver) = failed_delivery().await;
    for (seconds, attempts) in [
        (9, 1),
        (1, 2),
        (299, 2),
        (1, 3),
        (7199, 3),
        (1, 4),
        (3600, 4),
    ] {
        sandbox.advance(Duration::from_secs(seconds));
        sandbox.settle().await;
        assert_eq!(
            sandbox.deliveries().len(),
            attempts,
            "after {seconds} s more"
        );
    }
    let health = || async { sandbox.client().webhook_health().await.unwrap().remove(0) };
    assert!(!health().await.is_disabled());
    assert_eq!(health().await.errors().len(), 4);

    sandbox.advance(Duration::from_secs(2 * 3600));
    sandbox.settle().await;
    assert!(health().await.is_disabled());
    receiver.answers.store(200, Ordering::SeqCst);
    sandbox.write_as(CLIENT, "Anybody?").unwrap();
    sandbox.settle().await;
    assert_eq!(sandbox.deliveries().len(), 4, "nobody is told any more");

    let id = health().await.webhook.id;
    sandbox.client().re_enable_webhook(id).await.unwrap();
    sandbox.write_as(CLIENT, "Hello again").unwrap();
    sandbox.settle().await;
    let last = sandbox.deliveries().pop().unwrap();
    assert!(last.is_delivered() && last.attempt == 1 && last.body.contains("Hello again"));
}

#[tokio::test]
async fn a_receiver_that_comes_back_gets_it_late() {
    let (sandbox, receiver) = failed_delivery().await;
    receiver.answers.store(200, Ordering::SeqCst);
    receiver.take();
    sandbox.advance(Duration::from_secs(10));
    sandbox.settle().await;
    assert_eq!(receiver.take().len(), 1);
    sandbox.advance(Duration::from_secs(24 * 3600));
    sandbox.settle().await;
    assert_eq!(receiver.take().len(), 0, "once is enough");
}

#[tokio::test]
async fn a_leap_of_the_clock_misses_no_retry() {
    let (sandbox, receiver) = failed_delivery().await;
    receiver.answers.store(200, Ordering::SeqCst);
    sandbox.advance(Duration::from_secs(6 * 3600));
    sandbox.settle().await;
    assert!(sandbox.deliveries().last().unwrap().is_delivered());
    let health = sandbox.client().webhook_health().await.unwrap();
    assert!(!health[0].is_disabled());
}

/// What waits for a webhook that is gone or disabled is forgotten, and nobody waits for it.
#[tokio::test]
async fn a_webhook_takes_its_retries_with_it() {
    for deleted in [true, false] {
        let (sandbox, receiver) = failed_delivery().await;
        let chat = sandbox.client();
        if deleted {
            chat.delete_webhook(901).send().await.unwrap();
        } else {
            let disabled = UpdateWebhookRequest::builder()
                .name("CRM")
                .url(&receiver.url);
            let disabled = disabled.events(vec![WebhookEvent::Inbox]).channels(vec![]);
            let disabled = disabled.status("disable");
            chat.update_webhook(901, disabled).send().await.unwrap();
        }
        sandbox.advance(Duration::from_secs(10));
        sandbox.settle().await;
        assert_eq!(sandbox.deliveries().len(), 1);
        // A new one does not inherit its id, or what was meant for it.
        let other = format!("{}other", receiver.url);
        let ensure = chat.ensure_webhook(other, [WebhookEvent::Inbox]);
        assert_eq!(ensure.send().await.unwrap().webhook.id, 902);
    }
}

#[tokio::test]
async fn nothing_leaves_this_machine() {
    let sandbox = sandbox().await;
    let ensure = sandbox
        .client()
        .ensure_webhook("https://example.com/", [WebhookEvent::Inbox]);
    ensure.send().await.unwrap();
    sandbox.write_as(CLIENT, "Hello?").unwrap();
    sandbox.settle().await;
    let health = sandbox.client().webhook_health().await.unwrap();
    let text = health[0].errors()[0].text.as_deref().unwrap();
    assert_eq!(
        text,
        "not delivered: the sandbox delivers to this machine only, unless `Builder::deliver_anywhere` is set"
    );
}

#[tokio::test]
async fn webhooks_take_what_they_subscribed_to() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start().await;
    let ensure = sandbox
        .client()
        .ensure_webhook(&receiver.url, [WebhookEvent::Inbox]);
    ensure.channels([137]).send().await.unwrap();
    sandbox.write_as(CLIENT, "On the main line").unwrap();
    sandbox.write_as(CLIENT + 7, "On the site").unwrap();
    sandbox.settle().await;
    let deliveries = sandbox.deliveries();
    assert!(deliveries.len() == 1 && deliveries[0].body.contains("On the site"));
    assert!(!format!("{deliveries:?}").contains("On the site"));
}

#[tokio::test]
async fn a_company_has_five_webhooks_of_different_urls() {
    let sandbox = sandbox().await;
    let chat = sandbox.client();
    let webhook = |n: u32| {
        let request = CreateWebhookRequest::builder()
            .name("CRM")
            .url(format!("https://example.com/{n}"));
        chat.create_webhook(request.events(vec![WebhookEvent::Inbox]))
            .send()
    };
    for n in 0..5 {
        webhook(n).await.unwrap();
    }
    webhook(5).await.unwrap_err();
    let id = chat.list_webhooks().send().await.unwrap().data[0].id;
    chat.delete_webhook(id).send().await.unwrap();
    let error = webhook(1).await.unwrap_err();
    assert_eq!(error.field_errors()[0].field, "url");
    assert!(
        chat.delete_webhook(id)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );
}

/// The crate's own receiver, end to end: what it fails on comes again, and what it missed it catches up.
#[tokio::test]
async fn the_receiver_end_to_end() {
    use chat2desk::webhook::Verifier;
    use chat2desk_sandbox::TOKEN;
    use chat2desk_webhook_receiver::Receiver;
    let sandbox = sandbox().await;
    let (sender, mut handled) = tokio::sync::mpsc::unbounded_channel();
    let receiver = Receiver::builder(Verifier::new(TOKEN).unwrap());
    let receiver = receiver.start(move |delivery| {
        let text = delivery.message().and_then(|message| message.text.clone());
        std::future::ready(sender.send(text.unwrap()))
    });
    let receiver = receiver.await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = axum::Router::new().nest("/hook", receiver.router());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let ensure = sandbox.client().ensure_webhook(&url, [WebhookEvent::Inbox]);
    let webhook = ensure.send().await.unwrap().webhook;
    sandbox.write_as(CLIENT, "First").unwrap();
    assert_eq!(handled.recv().await.unwrap(), "First");
    // While it was disabled, messages were missed.
    let disable = |status: &'static str| {
        let request = UpdateWebhookRequest::builder()
            .name("CRM")
            .url(&url)
            .channels(vec![]);
        let request = request.events(vec![WebhookEvent::Inbox]).status(status);
        sandbox.client().update_webhook(webhook.id, request).send()
    };
    sandbox.settle().await;
    disable("disable").await.unwrap();
    sandbox.write_as(CLIENT, "Missed").unwrap();
    sandbox.settle().await;
    disable("enable").await.unwrap();
    sandbox.write_as(CLIENT, "Third").unwrap();
    assert_eq!(handled.recv().await.unwrap(), "Third");
    receiver.catch_up(sandbox.client()).await.unwrap();
    assert_eq!(handled.recv().await.unwrap(), "Missed");
}

/// As the vendor's own responses have it: one webhook in a list of one, and no errors as null. A status is taken in
/// the query, and stays when it is left out.
#[tokio::test]
async fn a_webhook_as_the_vendor_shows_it() {
    let sandbox = sandbox().await;
    let ensure = sandbox
        .client()
        .ensure_webhook("https://example.com/", [WebhookEvent::Inbox]);
    let id = ensure.send().await.unwrap().webhook.id;
    let call = async |method: &str, query: &str| {
        let url = format!("{}/v1/webhooks/{id}{query}", sandbox.url());
        let call = reqwest::Client::new().request(method.parse().unwrap(), url);
        let call = call.header("authorization", chat2desk_sandbox::TOKEN);
        let text = call.send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["data"].take()
    };
    let shown = call("GET", "").await;
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(shown[0]["errors"], serde_json::Value::Null);
    assert_eq!(shown[0]["source"], "client");
    assert_eq!(call("PUT", "?status=disable").await["status"], "disable");
    assert_eq!(call("PUT", "?name=Shop").await["status"], "disable");
    assert_eq!(call("PUT", "?status=enable").await["name"], "Shop");
}

/// A receiver tells the age of a signature by the clock of its machine, wherever the sandbox's is.
#[tokio::test]
async fn signatures_are_of_now() {
    let sandbox = sandbox().await;
    let verifier = Verifier::new(TOKEN)
        .unwrap()
        .max_age(Duration::from_secs(60));
    let (told, mut verdicts) = tokio::sync::mpsc::unbounded_channel();
    let receive = async move |headers: HeaderMap, body: Bytes| {
        told.send(verifier.verify(&headers, body).is_ok()).unwrap();
    };
    let app = axum::Router::new().route("/", axum::routing::post(receive));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let ensure = sandbox.client().ensure_webhook(&url, [WebhookEvent::Inbox]);
    ensure.send().await.unwrap();
    for hours in [0, 5] {
        sandbox.advance(Duration::from_secs(hours * 3600));
        sandbox.write_as(94_000_001, "Hello?").unwrap();
        assert_eq!(verdicts.recv().await, Some(true), "{hours} hours later");
    }
}
