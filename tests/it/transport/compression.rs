//! Compressed answers, with the features for them: what is read, and how long it may be.

use super::server::{Server, answer};
use chat2desk::transport::RetryPolicy;
use chat2desk::{Chat2Desk, ErrorKind};

/// `{"data":{"id":7,"name":"Ann Example"},"status":"success"}`, by gzip and by brotli.
#[cfg(feature = "gzip")]
const GZIP: &str = "1f8b0800000000000003ab564a492c4954b2aa56ca4c51b232d751ca4bcc4d55b25272cccb5370ad\
    48cc2dc84955aad5512a2e492c292d56b2522a2e4d4e4e2d2e56aa0500752f3ae539000000";
#[cfg(feature = "brotli")]
const BROTLI: &str = "1b3800809d07b6a3b50ba750f86d6626e80895de227b64372b28ad74fa8ac50d36e0043ccf021d402\
    e0c2945a31bf1c8339a811f8f13220a04";

/// Eight MiB of spaces.
#[cfg(feature = "brotli")]
const BOMB: &str = "9bffff7ff82540e2b14020f7fe0f";

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |index: usize| u8::from_str_radix(&hex[index..index + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digit).collect()
}

async fn client(encoding: &str, hex: &str, cap: usize) -> Result<String, ErrorKind> {
    let header = format!("content-encoding: {encoding}\r\n");
    let server = Server::start(vec![answer("200 OK", &header, &bytes(hex))]).await;
    let builder = Chat2Desk::builder("token").base_url(server.url());
    let builder = builder.retry(RetryPolicy::never());
    let chat = builder.max_body(cap).build().unwrap();
    let client = chat
        .get_client(7)
        .send()
        .await
        .map_err(|error| error.kind())?;
    Ok(client.data.name.clone().unwrap())
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn gzip() {
    assert_eq!(client("gzip", GZIP, 57).await.unwrap(), "Ann Example");
    assert_eq!(
        client("gzip", GZIP, 56).await.unwrap_err(),
        ErrorKind::TooLarge
    );
    let broken = &GZIP[..GZIP.len() - 40];
    assert_eq!(
        client("gzip", broken, 57).await.unwrap_err(),
        ErrorKind::Transport
    );
}

#[cfg(feature = "brotli")]
#[tokio::test]
async fn brotli() {
    assert_eq!(client("br", BROTLI, 57).await.unwrap(), "Ann Example");
    assert_eq!(
        client("br", BOMB, 4 << 20).await.unwrap_err(),
        ErrorKind::TooLarge
    );
}
