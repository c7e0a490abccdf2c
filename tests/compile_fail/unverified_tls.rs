//! The server's certificate is always verified.

fn main() {
    let _ = chat2desk::Chat2Desk::builder("token").danger_accept_invalid_certs(true);
}
