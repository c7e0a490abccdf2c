//! Several accounts in one sandbox: each with its own token, records and limits.

use crate::receiver::Receiver;
use chat2desk::messages::Draft;
use chat2desk::transport::RetryPolicy;
use chat2desk::types::CreateClientRequest;
use chat2desk::wire::WebhookEvent;
use chat2desk::{Chat2Desk, ErrorKind, List, Region};
use chat2desk_sandbox::{Account, Fault, Rule, Sandbox, TOKEN};
use std::time::Duration;

const CLIENT: i64 = 94_000_001;
const SECOND: &str = "second-token";

async fn two(second: Account) -> (Sandbox, Sandbox) {
    let first = Sandbox::builder().account(second).start().await.unwrap();
    let second = first.account(SECOND).unwrap();
    (first, second)
}

async fn ids(chat: &Chat2Desk) -> Vec<i64> {
    let clients = chat.list_clients().collect_all().await.unwrap();
    clients.into_iter().map(|client| client.id).collect()
}

/// One program with one pool serves both, as it would against the real server.
#[tokio::test]
async fn two_tenants_have_a_page_cap_and_a_quota_each() {
    let tenant = |token, cap, calls| Account::new(token).page_cap(cap).monthly_calls(calls);
    let builder = Sandbox::builder()
        .token("first")
        .page_cap(50)
        .monthly_calls(8);
    let sandbox = builder.account(tenant(SECOND, 20, 19).clients(330));
    let sandbox = sandbox.start().await.unwrap();
    let pool = Chat2Desk::builder("first")
        .base_url(sandbox.url())
        .build()
        .unwrap();
    let tenants = [pool.clone(), pool.with_token(SECOND).unwrap()];

    let (first, second) = tokio::join!(ids(&tenants[0]), ids(&tenants[1]));
    assert_eq!((first.len(), second.len()), (321, 330));
    let second_account = sandbox.account(SECOND).unwrap();
    let calls = |sandbox: &Sandbox| sandbox.calls_of("list_clients").len();
    assert_eq!((calls(&sandbox), calls(&second_account)), (7, 18));
    let companies = |sandbox: &Sandbox| {
        let calls = sandbox.calls().into_iter().map(|call| call.company);
        calls.collect::<std::collections::HashSet<_>>()
    };
    assert_eq!(companies(&sandbox), [Some(1001)].into());
    assert_eq!(companies(&second_account), [Some(1002)].into());
    // Each has one call left.
    for (tenant, company) in tenants.iter().zip([1001, 1002]) {
        let info = tenant.get_api_info().send().await.unwrap();
        assert_eq!(info.data.company_id, Some(company));
        let error = tenant.get_api_info().send().await.unwrap_err();
        assert!(error.is_quota_exceeded());
    }
}

#[tokio::test]
async fn records_of_one_account_are_not_in_another() {
    let (first, second) = two(Account::new(SECOND).clients(3).messages(0)).await;
    let request = CreateClientRequest::builder()
        .phone("15550199")
        .transport("whatsapp");
    let made = first
        .client()
        .create_client(request)
        .send()
        .await
        .unwrap()
        .data
        .id;
    let error = second.client().get_client(made).send().await.unwrap_err();
    assert!(error.is_not_found());
    let tag = chat2desk::types::CreateTagRequest::builder()
        .tag_group_id(88)
        .tag_label("Mine")
        .tag_description("Mine")
        .tag_bg_color("ffffff")
        .tag_text_color("000000");
    let tag = second
        .client()
        .create_tag(tag)
        .send()
        .await
        .unwrap()
        .data
        .id;
    assert!(
        first
            .client()
            .get_tag(tag)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );

    second.write_as(CLIENT, "Of the second").unwrap();
    let messages = async |sandbox: &Sandbox| {
        let messages = sandbox
            .client()
            .list_messages()
            .collect_all()
            .await
            .unwrap();
        let texts = messages.into_iter().filter_map(|message| message.text);
        texts.collect::<Vec<_>>()
    };
    assert_eq!(messages(&second).await, ["Of the second"]);
    assert!(!messages(&first).await.contains(&"Of the second".to_owned()));
    let foreign = first.client().with_token("third").unwrap();
    let error = foreign.list_tags().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 403);
    // Calls of nobody are shown to both, for they may be anybody's mistake.
    for sandbox in [&first, &second] {
        assert_eq!(sandbox.calls().last().unwrap().company, None);
    }
}

#[tokio::test]
async fn webhooks_go_to_the_account_that_registered_them() {
    let (first, second) = two(Account::new(SECOND)).await;
    let receiver = Receiver::start().await;
    let ensure = first
        .client()
        .ensure_webhook(&receiver.url, [WebhookEvent::Inbox]);
    ensure.send().await.unwrap();
    let nobody = "http://127.0.0.1:9/";
    let ensure = second
        .client()
        .ensure_webhook(nobody, [WebhookEvent::Inbox]);
    ensure.send().await.unwrap();
    second.write_as(CLIENT, "Hello?").unwrap();
    first.settle().await;
    assert_eq!(receiver.take(), []);
    first.write_as(CLIENT, "Hello?").unwrap();
    second.settle().await;
    assert_eq!(receiver.take(), [WebhookEvent::Inbox]);
    let whose = |sandbox: &Sandbox| {
        let deliveries = sandbox.deliveries().into_iter();
        deliveries
            .map(|delivery| (delivery.company, delivery.url))
            .collect::<Vec<_>>()
    };
    assert_eq!(whose(&first), [(1001, receiver.url.clone())]);
    assert_eq!(whose(&second), [(1002, nobody.to_owned())]);
    // The clock is common: the retry of the second account comes due by the first one's hand.
    first.advance(Duration::from_secs(10));
    first.settle().await;
    assert_eq!(whose(&second).len(), 2);
}

#[tokio::test]
async fn faults_and_rates_are_of_one_account() {
    let (first, second) = two(Account::new(SECOND).calls_per(2, Duration::from_secs(60))).await;
    let chats = [&first, &second].map(|sandbox| sandbox.client().with_retry(RetryPolicy::never()));
    first.inject(Rule::new(Fault::BadGateway));
    let kind = async |chat: &Chat2Desk| {
        let result = chat.list_tags().send().await;
        result.map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(kind(&chats[0]).await, Err(ErrorKind::Server));
    assert_eq!(kind(&chats[1]).await, Ok(()));
    first.clear_faults();
    assert_eq!(kind(&chats[1]).await, Ok(()));
    assert_eq!(kind(&chats[1]).await, Err(ErrorKind::RateLimited));
    for _ in 0..3 {
        assert_eq!(kind(&chats[0]).await, Ok(()));
    }
}

#[tokio::test]
async fn a_token_is_known_in_its_region_only() {
    let (first, second) = two(Account::new(SECOND).region(Region::Eu).clients(2)).await;
    assert_eq!(second.url(), format!("{}/eu", first.url()));
    assert_eq!(ids(second.client()).await.len(), 2);
    for (token, url) in [
        (SECOND, first.url()),
        (TOKEN, second.url()),
        (SECOND, first.url() + "/mx"),
    ] {
        let chat = Chat2Desk::builder(token).base_url(&url).build().unwrap();
        let error = chat.list_tags().send().await.unwrap_err();
        assert_eq!(error.status().unwrap(), 403, "{url}");
    }
    let chat = Chat2Desk::builder(SECOND)
        .base_url(second.url())
        .build()
        .unwrap();
    chat.list_tags().send().await.unwrap();
}

#[tokio::test]
async fn a_sandbox_runs_until_its_last_account_is_dropped() {
    let (first, second) = two(Account::new(SECOND)).await;
    drop(first);
    second.client().list_tags().send().await.unwrap();
    let chat = second.client().with_retry(RetryPolicy::never());
    drop(second);
    tokio::task::yield_now().await;
    let error = chat.list_tags().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn accounts_that_cannot_be_are_refused() {
    for (account, said) in [
        (
            Account::new(TOKEN),
            "two accounts have the same token; give each account its own",
        ),
        (Account::new(""), "token"),
        (Account::new("a\nb"), "token"),
    ] {
        let error = Sandbox::builder()
            .account(account)
            .start()
            .await
            .unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    let (first, _) = two(Account::new(SECOND)).await;
    assert!(first.account("third").is_none());
    let shown = format!(
        "{first:?} {:?}",
        Sandbox::builder().account(Account::new(SECOND))
    );
    assert!(!shown.contains(SECOND) && !shown.contains(TOKEN), "{shown}");
}

/// Of accounts of different lengths the clock starts after the longest.
#[tokio::test]
async fn the_clock_is_common() {
    let long = Account::new(SECOND).messages(3_000);
    let (first, second) = two(long).await;
    let last = second.client().list_messages().order("desc").limit(1);
    let last = last.send().await.unwrap().data[0].created.clone().unwrap();
    let late = second.now() - last.to_utc().unwrap();
    assert!((0..30).contains(&late.num_seconds()), "{late}");
    assert!((first.now() - second.now()).num_seconds().abs() < 5);
    let message = Draft::text(CLIENT, "Your order is ready");
    let sent = second.client().send_message(message).send().await.unwrap();
    second.advance(Duration::from_secs(60));
    let sent = second
        .client()
        .get_message(sent.data.message_id)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.data.status.as_deref(), Some("seen"));
}
