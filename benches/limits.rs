//! 50 tenants of one pool, each at a rate of its own, for some seconds: how far each is from its rate.

use chat2desk::Chat2Desk;
use chat2desk::transport::{BoxFuture, RateLimit, Transport, TransportError};
use std::time::{Duration, Instant};

const TENANTS: u32 = 50;
const TIME: Duration = Duration::from_secs(5);

/// Answers at once.
struct Nobody;

impl Transport for Nobody {
    fn send(
        &self,
        _: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let response = http::Response::new(r#"{"data":{"id":7},"status":"success"}"#);
        Box::pin(async { Ok(response.into()) })
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let worst = runtime.block_on(async {
        let pool = Chat2Desk::builder("token")
            .transport(Nobody)
            .build()
            .unwrap();
        let tenants: Vec<_> = (1..=TENANTS)
            .map(|number| {
                // From 10 to 500 calls a second.
                let rate = 10 * number;
                let tenant = pool.with_token(format!("tenant-{number}")).unwrap();
                let tenant = tenant.with_rate_limit(RateLimit::per_second(rate)).unwrap();
                tokio::spawn(calls(tenant, rate))
            })
            .collect();
        let mut worst = 0.0_f64;
        for tenant in tenants {
            worst = worst.max(tenant.await.unwrap());
        }
        worst
    });
    println!(
        "worst deviation of {TENANTS} tenants from their rates {:.2} %",
        worst * 100.0
    );
}

/// Calls from four tasks for a time; how far the number of calls is from what the rate allows.
async fn calls(tenant: Chat2Desk, rate: u32) -> f64 {
    let start = Instant::now();
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let tenant = tenant.clone();
            tokio::spawn(async move {
                while start.elapsed() < TIME {
                    tenant.get_client(7).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    #[allow(clippy::cast_precision_loss, reason = "a few thousand calls")]
    let made = tenant.calls_made() as f64;
    let expected = f64::from(rate) * start.elapsed().as_secs_f64();
    (made / expected - 1.0).abs()
}
