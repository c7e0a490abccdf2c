//! The page of the sandbox in Chromium: what it shows of the account, and what it lets people do.

mod browser;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use browser::Browser;
use chat2desk::List;
use chat2desk::sandbox::{Sandbox, TOKEN};
use chat2desk::webhook::{Event, Payload, Verifier};
use chat2desk::wire::WebhookEvent;
use fantoccini::Locator;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A receiver that verifies what comes, tells the test, and answers what the test wants.
#[derive(Clone)]
struct Receiver {
    verifier: Verifier,
    texts: UnboundedSender<String>,
    status: Arc<AtomicU16>,
}

impl FromRef<Receiver> for Verifier {
    fn from_ref(receiver: &Receiver) -> Self {
        receiver.verifier.clone()
    }
}

impl Receiver {
    /// Starts it; gives its URL, the texts of messages that come, and the status that it answers.
    async fn start() -> (String, UnboundedReceiver<String>, Arc<AtomicU16>) {
        let (texts, received) = unbounded_channel();
        let receiver = Self {
            verifier: Verifier::new(TOKEN).unwrap(),
            texts,
            status: Arc::new(AtomicU16::new(200)),
        };
        let status = receiver.status.clone();
        let app = Router::new().route("/", post(receive)).with_state(receiver);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (url, received, status)
    }
}

async fn receive(State(receiver): State<Receiver>, event: Event) -> StatusCode {
    if let Payload::Inbox(message) = event.payload() {
        let text = message.text.clone().unwrap_or_default();
        let _ = receiver.texts.send(text);
    }
    StatusCode::from_u16(receiver.status.load(Ordering::Relaxed)).unwrap()
}

async fn next(texts: &mut UnboundedReceiver<String>) -> String {
    let next = tokio::time::timeout(Duration::from_secs(30), texts.recv()).await;
    next.expect("a webhook goes out").unwrap()
}

/// A sandbox and its page; none, and a line that says so, without a browser.
async fn open() -> Option<(Sandbox, Browser)> {
    let sandbox = Sandbox::start().await.unwrap();
    let browser = Browser::open(&sandbox.url()).await;
    if browser.is_none() {
        eprintln!("skipped: chromedriver is not installed");
    }
    Some((sandbox, browser?))
}

#[tokio::test]
async fn the_account_its_conversations_and_calls_are_shown() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    let clients = sandbox.client().list_clients().items().collect_all().await;
    let clients = clients.unwrap();
    let count = page.find("#counts [data-count=clients] dd").await;
    assert_eq!(count.text().await.unwrap(), clients.len().to_string());

    let wanted = clients.last().unwrap();
    let phone = wanted.phone.as_deref().unwrap();
    page.write("#search", phone).await;
    let only = format!("#people li:only-child[data-client='{}'] button", wanted.id);
    page.click(&only).await;
    page.find(&format!(
        "#people [data-client='{}'] [aria-current=true]",
        wanted.id
    ))
    .await;
    let about = page.find("#about:not(:empty)").await.text().await.unwrap();
    assert!(about.contains(phone), "{about}");
    page.write("#search", " nobody").await;
    page.find("#people:empty + #nobody:not([hidden])").await;

    sandbox.client().get_client(wanted.id).send().await.unwrap();
    let path = format!("/v1/clients/{}", wanted.id);
    let call = page.item("calls", &["GET", &path, "200"]).await;
    call.click().await.unwrap();
    page.item("calls", &[&path, "get_client"]).await;
}

#[tokio::test]
async fn what_is_written_as_a_customer_goes_to_the_webhook_until_it_is_taken() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    let (url, mut texts, status) = Receiver::start().await;
    let chat = sandbox.client();
    let webhook = chat.ensure_webhook(&url, [WebhookEvent::Inbox]);
    webhook.send().await.unwrap();
    page.click("#tab-webhooks").await;
    page.item("hooks", &[&url, "inbox"]).await;

    let text = "Is it <script>document.title = 1</script> there?";
    page.click("#people li:first-child button").await;
    page.write("#text", &format!("{text}\n")).await; // Enter sends
    page.item("log", &[text, "Customer"]).await;
    assert_eq!(next(&mut texts).await, text);
    let delivery = page
        .item("deliveries", &["inbox", "attempt 1", "200"])
        .await;
    delivery
        .find(Locator::Css("summary"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    let body = page.find("#deliveries details[open] pre").await;
    assert!(body.text().await.unwrap().contains(text));
    assert_eq!(page.evaluate("document.scripts.length").await, 1);
    assert_eq!(page.evaluate("document.title").await, "Chat2Desk sandbox");

    status.store(503, Ordering::Relaxed);
    page.write("#text", "Hello?\n").await;
    assert_eq!(next(&mut texts).await, "Hello?");
    page.item("deliveries", &["inbox", "attempt 1", "503"])
        .await;
    status.store(200, Ordering::Relaxed);
    page.click("[data-seconds='10']").await;
    assert_eq!(next(&mut texts).await, "Hello?");
    page.item("deliveries", &["inbox", "attempt 2", "200"])
        .await;
}

#[tokio::test]
async fn a_new_customer_can_write_on_a_small_screen() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    page.resize(500, 800).await;
    page.click("#open-customer").await;
    page.write("#customer [name=phone]", "15550199").await;
    page.write("#customer [name=name]", "Zora").await;
    page.write("#customer [name=text]", "I am new here").await;
    page.click("#customer .main").await;
    page.item("log", &["I am new here", "Customer"]).await;
    page.find("[data-view=chat]").await;
    assert!(!page.find("#people").await.is_displayed().await.unwrap());
    assert_eq!(
        page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            .await,
        true
    );
    page.click("[data-go=people]").await;
    page.item("people", &["Zora", "I am new here"])
        .await
        .click()
        .await
        .unwrap();

    let client = sandbox.client().find_client("15550199").await.unwrap();
    let client = client.unwrap();
    assert_eq!(client.name.as_deref(), Some("Zora"));
    sandbox.write_as(client.id, "Is anybody there?");
    page.item("log", &["Is anybody there?", "Customer"]).await;
}
