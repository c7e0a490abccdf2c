//! Only requests for this machine are served: a page whose name points here must not read the account.

use chat2desk_sandbox::{Builder, Sandbox, TOKEN};
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Paths of the API, the page, what it asks for, and the files.
const PATHS: [&str; 5] = [
    "/v1/clients",
    "/",
    "/sandbox/account",
    "/sandbox/journal?calls=0&deliveries=0",
    "/sandbox/media/companies/company_1001/messages/2026-5/lamp.jpg",
];

/// The head and the body of the response to a request with this target and these header lines.
async fn raw(sandbox: &Sandbox, target: &str, lines: &[&str]) -> (u16, String) {
    let address = sandbox.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let lines = lines.join("\r\n");
    let request = format!(
        "GET {target} HTTP/1.1\r\nauthorization: {TOKEN}\r\nconnection: close\r\n{lines}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    let response = String::from_utf8_lossy(&response).into_owned();
    let status = response.split(' ').nth(1).unwrap().parse().unwrap();
    (status, response)
}

async fn start(builder: Builder) -> Sandbox {
    builder.start().await.unwrap()
}

#[tokio::test]
async fn a_request_for_another_host_reads_nothing() {
    let sandbox = start(Sandbox::builder()).await;
    let port = sandbox.url().rsplit_once(':').unwrap().1.to_owned();
    for host in [
        "evil.example.com",
        "evil.example.com:80",
        "127.0.0.1.evil.example.com",
        "localhost.evil.example.com",
        "evil-localhost",
        "localhost@evil.example.com",
        "evil.example.com@localhost",
        "user:secret@127.0.0.1",
        "10.0.0.7",
        "0.0.0.0",
        "[2001:db8::1]",
        "[::]",
        "[127.0.0.1]",
        "::1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "localhost:http",
        "localhost:+80",
        "localhost:99999",
        "localhost..",
        "local host",
        "localhost, evil.example.com",
        "[::1",
        "",
    ] {
        for path in PATHS {
            let (status, response) = raw(&sandbox, path, &[&format!("host: {host}")]).await;
            assert_eq!(status, 421, "{host} {path}");
            assert!(
                !response.contains("Ada") && !response.contains(TOKEN),
                "{host} {path}"
            );
        }
    }
    let own = format!("host: 127.0.0.1:{port}");
    let own = own.as_str();
    for lines in [&[][..], &[own, own], &[own, "host: evil.example.com"]] {
        let (status, _) = raw(&sandbox, "/sandbox/account", lines).await;
        assert!([400, 421].contains(&status), "{lines:?}: {status}");
    }
    // The target says one host and the header another.
    for (target, host) in [
        ("http://evil.example.com/sandbox/account", own),
        ("http://127.0.0.1/sandbox/account", "host: evil.example.com"),
        ("http://localhost/sandbox/account", own),
    ] {
        assert_eq!(
            raw(&sandbox, target, &[host]).await.0,
            421,
            "{target} {host}"
        );
    }
    assert!(sandbox.calls().is_empty());
}

#[tokio::test]
async fn this_machine_has_several_names() {
    let sandbox = start(Sandbox::builder()).await;
    for host in [
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "sandbox.localhost",
        "127.0.0.1",
        "127.8.9.10:1",
        "[::1]:8080",
        "[::ffff:127.0.0.1]",
    ] {
        for path in PATHS {
            let (status, _) = raw(&sandbox, path, &[&format!("host: {host}")]).await;
            assert_eq!(status, 200, "{host} {path}");
        }
    }
    let (status, _) = raw(
        &sandbox,
        "http://localhost:1/v1/tags",
        &["host: LOCALHOST:1"],
    )
    .await;
    assert_eq!(status, 200);
}

/// As in a container, which is reached by the name of its service.
#[tokio::test]
async fn a_further_host_can_be_named() {
    let builder = Sandbox::builder()
        .address(Ipv4Addr::UNSPECIFIED)
        .host("Sandbox");
    let sandbox = start(builder.host("chat2desk.test.")).await;
    sandbox.client().list_tags().send().await.unwrap();
    for (host, expected) in [
        ("sandbox:8080", 200),
        ("SANDBOX.", 200),
        ("chat2desk.test", 200),
        ("localhost", 200),
        ("other.sandbox", 421),
        ("sandbox.evil.example.com", 421),
        ("0.0.0.0", 421),
    ] {
        let (status, _) = raw(&sandbox, "/v1/tags", &[&format!("host: {host}")]).await;
        assert_eq!(status, expected, "{host}");
    }
    for impossible in ["", "*", "http://sandbox", "sandbox:8080", "sand box", "a/b"] {
        let error = Sandbox::builder()
            .host(impossible)
            .start()
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("a host must be a name"),
            "{error}"
        );
    }
}

/// Browsers say for which page they ask.
#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let sandbox = start(Sandbox::builder()).await;
    let own = sandbox.url();
    let http = reqwest::Client::new();
    let before = sandbox.now();
    for (name, value, expected) in [
        ("origin", "http://evil.example.com", 403),
        ("origin", "null", 403),
        ("origin", "http://localhost:1", 403),
        ("origin", "http://127.0.0.1", 403),
        ("origin", "", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("origin", &own, 200),
    ] {
        let get = http
            .get(format!("{own}/sandbox/account"))
            .header(name, value);
        let response = get.send().await.unwrap();
        assert_eq!(response.status(), expected, "{name}: {value}");
        assert_eq!(
            response.headers()["cross-origin-resource-policy"],
            "same-origin"
        );
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        );
        let shows = response.text().await.unwrap().contains(TOKEN);
        assert_eq!(shows, expected == 200, "{name}: {value}");
        if expected == 403 {
            for path in ["clock", "messages", "faults"] {
                let post = http
                    .post(format!("{own}/sandbox/{path}"))
                    .header(name, value);
                let post = post.header("content-type", "application/json");
                let body =
                    r#"{"seconds": 7200, "client_id": 94000001, "text": "Hi", "fault": "reset"}"#;
                assert_eq!(
                    post.body(body).send().await.unwrap().status(),
                    403,
                    "{path}"
                );
            }
        }
    }
    assert!((sandbox.now() - before).num_minutes() < 60);
    // A link on another site may lead to the page, which holds nothing of the account itself.
    let page = http.get(&own).header("sec-fetch-site", "cross-site");
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Chat2Desk sandbox") && !page.contains(TOKEN));
}
