//! Every call against a server that judges requests by the document.

use super::calls::calls;
use chat2desk::Chat2Desk;
use chat2desk::transport::RetryPolicy;

#[tokio::test]
#[ignore = "needs a server: `cargo xtask contract prism` starts one"]
async fn every_call_is_accepted_and_its_answer_read() {
    let url = std::env::var("CHAT2DESK_CONTRACT_URL").expect("the address of a server");
    let chat = Chat2Desk::builder(super::TOKEN)
        .base_url(url)
        .build()
        .unwrap()
        .with_retry(RetryPolicy::never());
    let mut failed = Vec::new();
    for call in calls() {
        if let Err(error) = (call.send)(chat.clone()).await {
            failed.push(format!("{}: {error}", call.id));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
