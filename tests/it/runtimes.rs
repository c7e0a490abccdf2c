//! The runtimes of a program: without timers or I/O, one after the other, and ended amid a reading.

use crate::support::list_server::ListServer;
use chat2desk::transport::{BoxFuture, RateLimit, RetryPolicy, Transport, TransportError};
use chat2desk::{Chat2Desk, ErrorKind, List};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    let builder = Builder::new_current_thread().enable_all().build();
    builder.unwrap()
}

#[test]
fn a_runtime_without_timers_or_io_is_named() {
    let builders: [fn(&mut Builder) -> &mut Builder; 3] = [
        |builder| builder,
        |builder| builder.enable_io(),
        |builder| builder.enable_time(),
    ];
    for enable in builders {
        for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
            let bare = enable(builder.worker_threads(1)).build().unwrap();
            let chat = Chat2Desk::builder("token").base_url("http://127.0.0.1:9");
            let chat = chat.rate_limit(RateLimit::per_second(20)).build().unwrap();
            bare.block_on(async {
                for error in [
                    chat.get_client(7).await.unwrap_err(),
                    chat.list_clients().collect_all().await.unwrap_err(),
                    chat.list_clients()
                        .prefetch(3)
                        .collect_all()
                        .await
                        .unwrap_err(),
                ] {
                    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
                    assert!(error.to_string().contains("enable_all"), "{error}");
                    assert!(
                        error.operation().is_some() && !error.was_sent(),
                        "{error:?}"
                    );
                }
            });
        }
    }
}

/// A panic of the program's own code is the program's.
#[test]
fn other_panics_are_passed_on() {
    struct Panics;

    impl Transport for Panics {
        fn send(
            &self,
            _: reqwest::Request,
        ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
            Box::pin(async { panic!("my own") })
        }
    }

    let chat = Chat2Desk::builder("token")
        .transport(Panics)
        .build()
        .unwrap();
    let runtime = runtime();
    for is_list in [false, true] {
        let run = AssertUnwindSafe(|| {
            runtime.block_on(async {
                match is_list {
                    true => drop(chat.list_clients().collect_all().await),
                    false => drop(chat.get_client(7).await),
                }
            });
        });
        let panic = catch_unwind(run).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"my own"));
    }
}

/// A synchronous program reads a list in parts, each in a runtime of its own.
#[test]
fn a_list_is_read_on_in_another_runtime() {
    let serving = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = serving.block_on(ListServer::start(1_000, Duration::from_millis(20)));
    let chat = Chat2Desk::builder("token").base_url(&server.url);
    let chat = chat.retry(RetryPolicy::never()).build().unwrap();
    for prefetch in [1, 2, 8] {
        let mut clients = chat.list_clients().page_size(50).prefetch(prefetch).items();
        let mut ids = Vec::new();
        while runtime().block_on(async {
            for _ in 0..70 {
                match clients.next().await {
                    Some(client) => ids.push(client.unwrap().id),
                    None => return false,
                }
            }
            // Amid a request, too.
            let short = Duration::from_millis(5);
            while let Ok(next) = tokio::time::timeout(short, clients.next()).await {
                match next {
                    Some(client) => ids.push(client.unwrap().id),
                    None => return false,
                }
            }
            true
        }) {}
        assert_eq!(ids, Vec::from_iter(94_000_001..94_001_001), "{prefetch}");
    }
}
