//! The invented account: the same for the same seed, of any size.

use chat2desk::{List, types::Message};
use chat2desk_sandbox::{Builder, Sandbox};

async fn account(builder: Builder) -> (Vec<String>, Vec<Message>) {
    let sandbox = builder.start().await.unwrap();
    let clients = sandbox.client().list_clients().collect_all().await.unwrap();
    let names = clients
        .into_iter()
        .map(|client| format!("{:?} {:?}", client.name, client.phone));
    let messages = sandbox
        .client()
        .list_messages()
        .collect_all()
        .await
        .unwrap();
    (names.collect(), messages)
}

#[tokio::test]
async fn the_seed_makes_the_account() {
    let small = || Sandbox::builder().clients(40).messages(500);
    let (clients, messages) = account(small()).await;
    assert_eq!((clients.len(), messages.len()), (40, 500));
    let again = account(small()).await;
    assert_eq!((&clients, &messages), (&again.0, &again.1));
    let (_, others) = account(small().seed(7)).await;
    assert_ne!(messages, others);
}

#[tokio::test]
async fn conversations_make_sense() {
    let (_, messages) = account(Sandbox::builder()).await;
    let time = |message: &Message| message.created.as_ref().unwrap().to_utc().unwrap();
    assert!(messages.is_sorted_by_key(time));
    for request in messages.chunk_by(|a, b| a.request_id == b.request_id) {
        let client = request[0].client_id;
        assert!(request.iter().all(|message| message.client_id == client));
    }
    let mut begun = std::collections::HashSet::new();
    for message in &messages {
        // Customers write first.
        if begun.insert(message.request_id) {
            assert!(message.is_from_client());
        }
    }
    assert!(begun.len() > 200);
    // Surveys have no type, and pictures are at a path.
    assert!(messages.iter().any(|message| message.type_.is_none()));
    assert!(messages.iter().any(|message| message.photo.is_some()));
}

#[tokio::test]
async fn an_account_may_be_empty_or_large() {
    let (clients, messages) = account(Sandbox::builder().clients(0)).await;
    assert_eq!((clients.len(), messages.len()), (0, 0));
    let (clients, messages) = account(Sandbox::builder().clients(1).messages(30)).await;
    assert_eq!((clients.len(), messages.len()), (1, 30));
    let (_, messages) = account(Sandbox::builder().clients(3_000).messages(20_000)).await;
    assert_eq!(messages.len(), 20_000);
    // However many there are, they fit into three months.
    let span = |message: &Message| message.created.as_ref().unwrap().to_utc().unwrap();
    assert!((span(&messages[19_999]) - span(&messages[0])).num_days() < 100);
}
