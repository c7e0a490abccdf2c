//! The page of the sandbox in Chromium: what it shows of the account, and what it lets people do.

mod accessibility;
mod browser;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use browser::Browser;
use chat2desk::List;
use chat2desk::messages::Draft;
use chat2desk::transport::RetryPolicy;
use chat2desk::types::Message;
use chat2desk::webhook::{Payload, Verifier};
use chat2desk::wire::WebhookEvent;
use chat2desk_sandbox::{Account, Builder, Fault, Rule, Sandbox, TOKEN};
use chat2desk_webhook_receiver::Delivered;
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

async fn receive(State(receiver): State<Receiver>, Delivered(event): Delivered) -> StatusCode {
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
    open_with(Sandbox::builder()).await
}

async fn open_with(builder: Builder) -> Option<(Sandbox, Browser)> {
    let sandbox = builder.start().await.unwrap();
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

#[tokio::test]
async fn a_refused_call_shows_what_was_sent_and_what_came_back() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    let draft = Draft::text(1, "To nobody");
    sandbox
        .client()
        .send_message(draft)
        .send()
        .await
        .unwrap_err();
    let call = page.item("calls", &["POST", "/v1/messages", "400"]).await;
    call.find(Locator::Css("summary"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    page.find("#calls details[open] pre").await;
    let shown = page
        .find("#calls details[open]")
        .await
        .text()
        .await
        .unwrap();
    for part in ["Request", "To nobody", "Response", "client not found"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[tokio::test]
async fn faults_are_injected_and_removed() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    let chat = sandbox.client().with_retry(RetryPolicy::never());
    page.click("#tab-faults").await;
    page.choose("#fault", "status").await;
    page.rewrite("#value", "200").await;
    page.click("#rule .main").await;
    page.find("#rule .fault:not(:empty)").await;
    page.rewrite("#value", "503").await;
    page.rewrite("#operation", "get_client").await;
    page.click("#rule .main").await;
    page.item("rules", &["Respond with 503", "get_client", "always"])
        .await;
    let error = chat.get_client(94_000_001).send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    chat.list_tags().send().await.unwrap();
    page.click("#rules button").await;
    page.find("#rules:empty + #no-rules:not([hidden])").await;
    chat.get_client(94_000_001).send().await.unwrap();
    page.click("#tab-calls").await;
    page.item("calls", &["fault: Respond with 503", "503"])
        .await;
    // What a program injects is there as well.
    sandbox.inject(Rule::new(Fault::Reset).on("list_tags").times(2));
    page.click("#tab-faults").await;
    page.item("rules", &["Break the connection", "list_tags", "2 times"])
        .await;
}

#[tokio::test]
async fn a_customer_is_found_by_a_number_in_any_spelling_and_made_by_no_other() {
    let Some((_sandbox, page)) = open().await else {
        return;
    };
    for number in ["+1 (200) 555-01-05", "0012005550105", "1.200.555.01.05"] {
        page.rewrite("#search", number).await;
        page.find("#people li:only-child[data-client='94000006']")
            .await;
    }
    page.click("#open-customer").await;
    page.write("#customer [name=phone]", "hello").await;
    page.write("#customer [name=text]", "I am new here").await;
    page.click("#customer .main").await;
    let said = page.find("#customer[open] .fault:not(:empty)").await;
    assert!(said.text().await.unwrap().contains("no phone number"));
}

#[tokio::test]
async fn messages_are_on_their_side_and_say_why_they_failed() {
    let Some((sandbox, page)) = open().await else {
        return;
    };
    // The question how the customer liked it has no type.
    let messages = sandbox
        .client()
        .list_messages()
        .collect_all()
        .await
        .unwrap();
    let of = |wanted: &dyn Fn(&Message) -> bool| {
        let found = messages.iter().rfind(|message| wanted(message)).unwrap();
        found.client_id.unwrap()
    };
    let survey = of(&|message| message.type_.is_none());
    let picture = of(&|message| message.photo.is_some());
    page.evaluate(&format!("location.hash = '{survey}'")).await;
    page.item("log", &["How did you like"]).await;
    let survey = page
        .find("#log li.company:last-child")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        survey.contains("How did you like") && survey.contains("Automatic"),
        "{survey}"
    );
    let right = "(() => { const [log, last] = [document.getElementById('log'), document.querySelector('#log li:last-child')]\
        .map((one) => one.getBoundingClientRect()); return log.right - last.right < last.left - log.left })()";
    assert_eq!(page.evaluate(right).await, true);

    let refused = Fault::NotDelivered("no such number".into());
    sandbox.inject(Rule::new(refused).on("send_message"));
    let draft = Draft::text(94_000_001, "Your order is ready");
    sandbox.client().send_message(draft).send().await.unwrap();
    page.rewrite("#search", "Your order is ready").await;
    page.click("#people li:only-child[data-client='94000001'] button")
        .await;
    // It fails after a second, by itself.
    page.item(
        "log",
        &["Your order is ready", "Not delivered: no such number"],
    )
    .await;
    page.item("calls", &["will fail: no such number", "200"])
        .await;
    // A picture is shown.
    page.evaluate(&format!("location.hash = '{picture}'")).await;
    page.find("#log img").await;
    let loads = "new Promise((done) => { const image = document.querySelector('#log img'); \
        const tell = () => done(image.naturalWidth); image.complete ? tell() : (image.onload = image.onerror = tell) })";
    assert_eq!(page.promise("", loads).await, 320);
}

#[tokio::test]
async fn one_account_is_shown_and_another_can_be_chosen() {
    let second = Account::new("second-token").clients(5).messages(9);
    let Some((sandbox, page)) = open_with(Sandbox::builder().account(second)).await else {
        return;
    };
    let clients = async |count: &str| {
        let count = format!("//*[@data-count='clients']/dd[.='{count}']");
        page.path(&count).await;
    };
    clients("321").await;
    page.choose("#company", "1002").await;
    clients("5").await;
    let token = page
        .evaluate("document.getElementById('token').textContent")
        .await;
    assert_eq!(token, "second-token");
    sandbox
        .account("second-token")
        .unwrap()
        .client()
        .list_tags()
        .send()
        .await
        .unwrap();
    page.item("calls", &["/v1/tags"]).await;
    sandbox.client().list_channels().send().await.unwrap();
    page.choose("#company", "1001").await;
    page.item("calls", &["/v1/channels"]).await;
    let calls = page
        .evaluate("document.getElementById('calls').children.length")
        .await;
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn nothing_is_cut_off_at_any_width() {
    let second = Account::new("second-token");
    let Some((_sandbox, page)) = open_with(Sandbox::builder().account(second)).await else {
        return;
    };
    page.find("#company:not([hidden])").await;
    for width in [1440, 1400, 1280, 1100, 900, 500] {
        page.resize(width, 900).await;
        let cut = "[...document.querySelectorAll('header *')].filter((one) => { const { right, left } = one.getBoundingClientRect(); \
            return right > innerWidth + 1 || left < -1 }).map((one) => one.outerHTML)";
        assert_eq!(page.evaluate(cut).await, serde_json::json!([]), "{width}");
        let counts = "document.getElementById('counts').scrollWidth <= document.getElementById('counts').clientWidth";
        assert_eq!(page.evaluate(counts).await, true, "{width}");
        let wide = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(page.evaluate(wide).await, true, "{width}");
    }
}

/// axe-core finds nothing in either colour scheme, at any width, in any part.
#[tokio::test]
async fn everybody_can_use_it() {
    let Some(axe) = accessibility::axe() else {
        eprintln!("skipped: npm is not installed");
        return;
    };
    let Some((sandbox, page)) =
        open_with(Sandbox::builder().account(Account::new("second-token"))).await
    else {
        return;
    };
    sandbox.inject(Rule::new(Fault::NotDelivered("no such number".into())).on("send_message"));
    sandbox
        .client()
        .send_message(Draft::text(94_000_001, "Hello"))
        .send()
        .await
        .unwrap();
    sandbox
        .client()
        .send_message(Draft::text(1, "Hello"))
        .send()
        .await
        .unwrap_err();
    let ensure = sandbox
        .client()
        .ensure_webhook("http://127.0.0.1:9/", [WebhookEvent::Inbox]);
    ensure.send().await.unwrap();
    sandbox.write_as(94_000_001, "Hello?").unwrap();
    page.item("deliveries", &["inbox"]).await;
    page.evaluate("(document.getElementById('connect').close(), location.hash = '#94000001')")
        .await;
    page.item("log", &["Not delivered"]).await;
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        .await;
    for scheme in ["light", "dark"] {
        page.evaluate(&format!(
            "document.documentElement.style.colorScheme = '{scheme}'"
        ))
        .await;
        for width in [1440, 900, 500] {
            page.resize(width, 900).await;
            for part in [
                "people", "chat", "calls", "webhooks", "faults", "account", "connect", "customer",
            ] {
                let show = match part {
                    "people" | "chat" => format!("go('{part}')"),
                    "connect" | "customer" => {
                        format!("document.getElementById('{part}').showModal()")
                    }
                    tab => format!("(go('live'), turnTo(document.getElementById('tab-{tab}')))"),
                };
                page.evaluate(&show).await;
                let violations = "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => \
                    [id, nodes.map(({ target, failureSummary }) => [target, failureSummary])]))";
                let found = page.promise(&axe, violations).await;
                assert_eq!(found, serde_json::json!([]), "{scheme} {width} {part}");
                page.evaluate("document.querySelectorAll('dialog').forEach((one) => one.close())")
                    .await;
            }
        }
    }
}
