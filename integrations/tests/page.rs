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
    let count = "#counts [data-count=clients] dd";
    assert_eq!(
        page.find(count).await.text().await.unwrap(),
        clients.len().to_string()
    );

    let wanted = clients.last().unwrap();
    let phone = wanted.phone.as_deref().unwrap();
    page.write("#search", phone).await;
    let only = format!(
        "//ul[@id='people'][count(li)=1]/li[@data-client='{}']/button",
        wanted.id
    );
    page.find_by_path(&only).await.click().await.unwrap();
    page.find_by_path(&format!("//*[@id='about'][contains(., '{phone}')]"))
        .await;

    page.write("#search", "\u{e003}".repeat(phone.len()).as_str())
        .await;
    page.write("#search", "nobody has this name").await;
    page.find_by_path("//*[@id='nobody'][not(@hidden)][contains(., 'nobody has this name')]")
        .await;

    sandbox.client().get_client(wanted.id).send().await.unwrap();
    let call = format!(
        "//tbody[@id='requests']/tr[contains(., '/v1/clients/{}')][contains(., '200')]",
        wanted.id
    );
    page.find_by_path(&call).await;
}

#[tokio::test]
async fn what_is_written_as_a_customer_goes_out_as_a_webhook_again_and_again_until_it_is_taken() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    let (url, mut texts, status) = Receiver::start().await;
    let chat = sandbox.client();
    let registered = chat
        .ensure_webhook(&url, [WebhookEvent::Inbox])
        .send()
        .await;
    registered.unwrap();
    page.click("#tab-webhooks").await;
    page.find_by_path(&format!("//*[@id='hooks']/li[contains(., '{url}')]"))
        .await;

    // Enter sends.
    let text = "Is it <script>document.title = 'run'</script> there?";
    page.click("#people li:first-child button").await;
    page.write("#text", &format!("{text}\n")).await;
    page.find_by_path(r#"//ol[@id='log']/li[@class='from_client'][contains(., "Is it <script>document.title = 'run'</script> there?")]"#).await;
    assert_eq!(
        page.evaluate("document.querySelectorAll('script').length")
            .await,
        1
    );
    assert_eq!(page.evaluate("document.title").await, "Chat2Desk sandbox");
    assert_eq!(next(&mut texts).await, text);
    page.find_by_path("//ol[@id='deliveries']/li[@data-attempt='1'][contains(., '200')]//summary")
        .await
        .click()
        .await
        .unwrap();
    page.find_by_path("//ol[@id='deliveries']//details[@open]//pre[contains(., '<script>')]")
        .await;

    status.store(503, Ordering::Relaxed);
    page.write("#text", "Hello?\n").await;
    assert_eq!(next(&mut texts).await, "Hello?");
    page.find_by_path("//ol[@id='deliveries']/li[@data-attempt='1'][contains(., '503')]")
        .await;
    status.store(200, Ordering::Relaxed);
    page.click("[data-seconds='10']").await;
    assert_eq!(next(&mut texts).await, "Hello?");
    page.find_by_path("//ol[@id='deliveries']/li[@data-attempt='2'][contains(., '200')]")
        .await;
}

#[tokio::test]
async fn a_new_customer_can_write() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    page.click("#open-customer").await;
    page.write("#customer [name=phone]", "15550199").await;
    page.write("#customer [name=name]", "Zora").await;
    page.write("#customer [name=text]", "I am new here").await;
    page.click("#customer .main").await;
    page.find_by_path("//ol[@id='log']/li[@class='from_client'][contains(., 'I am new here')]")
        .await;
    page.find_by_path("//*[@id='title'][contains(., 'Zora')]")
        .await;
    let client = sandbox.client().find_client("15550199").await.unwrap();
    assert!(client.is_some());
}
