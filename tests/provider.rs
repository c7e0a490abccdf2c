//! The feature `rustls-no-provider` alone, in a program that installs no provider.
#![cfg(all(
    feature = "rustls-no-provider",
    not(any(feature = "rustls", feature = "native-tls"))
))]

use chat2desk::{Chat2Desk, ErrorKind};

#[test]
fn a_client_without_cryptography_is_refused() {
    let error = Chat2Desk::new("token").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`install_default`"), "{error}");
}
