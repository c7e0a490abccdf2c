//! [`VerifyError`]: why a delivery is rejected.

/// Why a delivery is rejected. Safe to log: it holds no text of the delivery.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header of the signature is missing.
    ///
    /// The vendor signs since 2025-06-06. It is unknown whether every region signs, and deliveries of scenarios may
    /// have no signature. To read deliveries that you trust for another reason, use
    /// [`Event::parse_unverified`](super::Event::parse_unverified).
    #[error("the delivery is not signed: the header {header} is missing")]
    MissingHeader {
        /// The name of the header.
        header: &'static str,
    },
    /// A header of the signature is malformed: the signature is not 64 hexadecimal digits, or the timestamp is not unix
    /// seconds in plain digits.
    #[error("the signature is malformed: the header {header} cannot be read")]
    MalformedHeader {
        /// The name of the header.
        header: &'static str,
    },
    /// The signature does not match the body: the delivery was signed with another token, changed in transit, or not
    /// sent by the vendor.
    #[error(
        "the signature is wrong: the delivery was signed with another token, or not by the vendor"
    )]
    WrongSignature,
    /// The signature is valid, but its timestamp is further from the present than
    /// [`max_age`](super::Verifier::max_age).
    #[error("the signature's timestamp is outside the accepted window; check this machine's clock")]
    Stale,
    /// The body is not JSON.
    #[error("the body is not JSON")]
    Malformed(#[source] serde_json::Error),
    /// The signature is valid and the body is JSON, but not an object. Every event is an object.
    ///
    /// The signature covers body and timestamp without a separator, so trailing digits of a body could be moved to the
    /// timestamp. A body that ends with a brace has no such digits.
    #[error("the body is JSON, but not an object")]
    NotAnObject,
}

impl VerifyError {
    /// Returns the HTTP status to respond with: 400 for a body that is not a JSON object, 401 for everything else.
    ///
    /// The vendor treats every status but a success as a failure. It retries three times, and disables the webhook
    /// after five hours without a success.
    pub fn status(&self) -> http::StatusCode {
        match self {
            Self::Malformed(_) | Self::NotAnObject => http::StatusCode::BAD_REQUEST,
            _ => http::StatusCode::UNAUTHORIZED,
        }
    }
}
