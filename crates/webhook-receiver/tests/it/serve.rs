//! What strangers can do to the port: little, and not for long.

use crate::support::{TOKEN, deliver, message, signed, verifier};
use chat2desk::webhook::sign;
use chat2desk_webhook_receiver::{Builder, Delivery, Receiver};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

async fn ignore(_: Delivery) -> Result<(), Infallible> {
    Ok(())
}

/// A receiver that serves itself.
struct Served {
    receiver: Receiver,
    address: String,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Served {
    async fn start(builder: Builder) -> Self {
        let receiver = builder.start(ignore).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = receiver.clone();
        let server = tokio::spawn(async move {
            serving.serve(listener, async { drop(stopped.await) }).await;
        });
        Self {
            receiver,
            address,
            stop,
            server,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    async fn send(&self, text: &[u8]) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text).await.unwrap();
        stream
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

/// The head of a delivery with such a body, signed with this token.
fn head(token: &str, body: &str, length: usize) -> String {
    let headers = sign(token, 1_777_885_965, body.as_bytes()).unwrap();
    let mut head = format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n");
    for (name, value) in &headers {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    head + "\r\n"
}

/// All that the server sends until it closes the connection.
async fn response(stream: &mut TcpStream) -> String {
    let mut response = Vec::new();
    // A reset says that it is closed, too.
    let _ = timeout(Duration::from_secs(30), stream.read_to_end(&mut response))
        .await
        .expect("it is never closed");
    String::from_utf8(response).unwrap()
}

#[tokio::test]
async fn what_cannot_be_the_vendors_is_refused_unread() {
    let served = Served::start(Receiver::builder(verifier()).path_secret("secret")).await;
    let good = head(TOKEN, "{}", 1_000_000).replace("POST /", "POST /secret");
    let without = |name: &str| -> String {
        let lines = good.split_inclusive("\r\n");
        lines.filter(|line| !line.starts_with(name)).collect()
    };
    let with = |from: &str, to: &str| good.replace(from, to);
    let signature = good.split("x-signature: ").nth(1).unwrap()[..64].to_owned();
    for (head, status) in [
        (without("x-signature"), "401"),
        (without("x-timestamp"), "401"),
        (with(&signature, &signature[1..]), "401"),
        (with(&signature, "g"), "401"),
        (with("1777885965", "soon"), "401"),
        (with("1777885965", "+1777885965"), "401"),
        (with("1777885965", "01777885965"), "401"),
        (with("1777885965", "-1"), "401"),
        (with("1777885965", ""), "401"),
        (with("1777885965", "18446744073709551616"), "401"),
        (with("POST", "PUT"), "405"),
        (with("/secret", "/else"), "404"),
        (with("1000000", "1048577"), "413"),
    ] {
        // Not a byte of the body comes.
        let mut stream = served.send(head.as_bytes()).await;
        let response = response(&mut stream).await;
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{head}{response}"
        );
    }
    assert_eq!(served.receiver.stats().refused, 13);
}

#[tokio::test]
async fn without_room_a_body_is_not_read() {
    let receiver = Receiver::builder(verifier()).capacity(1);
    let receiver = receiver.start(|_| std::future::pending::<Result<(), Infallible>>());
    let receiver = receiver.await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    assert_eq!(deliver(&format!("http://{address}/"), 1).await, 200);
    for text in ["at capacity", "shutting down"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(head(TOKEN, "{}", 2).as_bytes())
            .await
            .unwrap();
        let response = response(&mut stream).await;
        assert!(response.starts_with("HTTP/1.1 503 "), "{response}");
        assert!(response.contains("retry-after: 10\r\n"), "{response}");
        assert!(response.ends_with(text), "{response}");
        receiver.shutdown(Duration::ZERO).await;
    }
    assert_eq!(receiver.stats().turned_away, 2);
}

#[tokio::test]
async fn a_body_has_its_time() {
    let builder = Receiver::builder(verifier()).body_timeout(Duration::from_millis(300));
    let served = Served::start(builder).await;
    let start = Instant::now();
    let mut silent = served.send(head(TOKEN, "{}", 2).as_bytes()).await;
    let mut slow = served.send(head(TOKEN, "{}", 100_000).as_bytes()).await;
    let dripping = async {
        for _ in 0..200 {
            if slow.write_all(b" ").await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        response(&mut slow).await
    };
    let (silent, _) = tokio::join!(response(&mut silent), dripping);
    assert!(silent.starts_with("HTTP/1.1 408 "), "{silent}");
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(served.receiver.stats().refused, 2);
}

#[tokio::test]
async fn strangers_who_send_slowly_make_room_for_a_real_delivery() {
    // By their number, and by the memory that they take.
    for (strangers, length, limit) in [(1100, 1, 64 << 20), (40, 100_000, 1 << 20)] {
        let builder = Receiver::builder(verifier())
            .body_timeout(Duration::from_secs(3600))
            .body_memory(limit)
            .body_limit(200_000)
            .connections(2000);
        let served = Served::start(builder).await;
        let mut streams = Vec::new();
        for _ in 0..strangers {
            let head = head("another", "{}", length + 1);
            let body = " ".repeat(length);
            streams.push(served.send((head + &body).as_bytes()).await);
        }
        for id in 1..=20 {
            let url = served.url();
            let delivered = timeout(Duration::from_secs(5), deliver(&url, id));
            assert_eq!(delivered.await.unwrap(), 200);
        }
        // Those that came first had to go, and were told when to come again.
        let first = response(&mut streams[0]).await;
        assert!(first.starts_with("HTTP/1.1 503 "), "{first}");
        assert!(first.contains("retry-after: 10\r\n"), "{first}");
        let stats = served.receiver.stats();
        assert_eq!((stats.accepted, stats.refused), (20, 0));
        assert!(stats.turned_away > 0, "{stats:?}");
    }
}

#[tokio::test]
async fn one_long_body_among_many_is_read() {
    let builder = Receiver::builder(verifier()).body_memory(1);
    let served = Served::start(builder).await;
    let body = format!("{{\"text\":\"{}\"}}", "x".repeat((1 << 20) - 11));
    assert_eq!(body.len(), 1 << 20);
    for _ in 0..2 {
        let post = crate::support::post(&served.url(), signed(&body), body.as_str()).await;
        assert_eq!(post.0, 200, "{}", post.1);
    }
}

#[tokio::test(start_paused = true)]
async fn headers_and_silence_have_their_time() {
    let served = Served::start(Receiver::builder(verifier())).await;
    let start = tokio::time::Instant::now();
    let mut begun = served.send(b"POST / HTTP/1.1\r\nx-si").await;
    let mut silent = served.connect().await;
    // Kept alive after a request, and silent then.
    let body = message(1).to_string();
    let whole = head(TOKEN, &body, body.len()) + &body;
    let mut kept = served.send(whole.as_bytes()).await;
    let mut status = [0; 13];
    kept.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 200 ");
    let ends = tokio::join!(
        response(&mut begun),
        response(&mut silent),
        response(&mut kept)
    );
    assert!(start.elapsed() > Duration::from_secs(9));
    assert!(start.elapsed() < Duration::from_secs(25));
    assert!(!ends.2.contains("HTTP/1.1 "), "{}", ends.2);
    // Headers have a length and a number.
    let long = format!("POST / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(20_000));
    let many = format!("POST / HTTP/1.1\r\n{}\r\n", "x: x\r\n".repeat(101));
    for head in [long, many] {
        let mut stream = served.send(head.as_bytes()).await;
        let response = response(&mut stream).await;
        assert!(
            response.is_empty() || response.starts_with("HTTP/1.1 431 "),
            "{response}"
        );
    }
}

#[tokio::test]
async fn ten_thousand_connections_keep_nobody_out_and_do_not_hold_up_the_end() {
    let served = Served::start(Receiver::builder(verifier()).connections(300)).await;
    let mut streams = Vec::new();
    let mut acknowledged = 0;
    let client = reqwest::Client::new();
    let start = Instant::now();
    for number in 0..10_000_i64 {
        // Idle, slow in its headers, and slow in its body.
        let text = match number % 3 {
            0 => String::new(),
            1 => "POST / HTTP/1.1\r\nx-si".to_owned(),
            _ => head("another", "{}", 2) + "{",
        };
        if let Ok(mut stream) = TcpStream::connect(&served.address).await {
            let _ = stream.write_all(text.as_bytes()).await;
            streams.push(stream);
        }
        // The test holds no more than its own limit of files allows.
        if streams.len() > 400 {
            streams.drain(..100);
        }
        if number % 200 == 0 {
            let body = message(number).to_string();
            let post = client.post(served.url()).headers(signed(&body)).body(body);
            let response = post.send().await.unwrap();
            assert_eq!(response.status(), 200, "{number}");
            acknowledged += 1;
        }
    }
    println!("10 000 connections in {:?}", start.elapsed());
    // Some are given their time at the end.
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    served.stop.send(()).unwrap();
    timeout(Duration::from_secs(15), served.server)
        .await
        .unwrap()
        .unwrap();
    println!("stopped in {:?}", start.elapsed());
    assert_eq!(served.receiver.shutdown(Duration::from_secs(5)).await, 0);
    let stats = served.receiver.stats();
    assert_eq!(
        (stats.accepted, stats.handled),
        (acknowledged, acknowledged)
    );
    assert!(TcpStream::connect(&served.address).await.is_err());
    // Whoever is still connected is not kept.
    for mut stream in streams.into_iter().rev().take(10) {
        response(&mut stream).await;
    }
}

#[tokio::test]
async fn a_delivery_that_has_begun_is_completed_at_the_end() {
    let served = Served::start(Receiver::builder(verifier())).await;
    let body = message(1).to_string();
    let (first, second) = body.split_at(20);
    let head = head(TOKEN, &body, body.len());
    let mut begun = served.send((head + first).as_bytes()).await;
    // It is being read when it stops.
    while served.receiver.stats().accepted < 1 {
        deliver(&served.url(), 2).await;
    }
    served.stop.send(()).unwrap();
    while TcpStream::connect(&served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    begun.write_all(second.as_bytes()).await.unwrap();
    let response = response(&mut begun).await;
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    let start = Instant::now();
    served.server.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(served.receiver.stats().accepted, 2);
}
