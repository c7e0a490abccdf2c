//! [`VerifyError`]: why a delivery is not an event.

/// Why a delivery is not accepted. Safe to log: it holds nothing of the delivery.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header of the signature is not there.
    ///
    /// The vendor signs since 2025-06-06; whether in every region is unknown, and posts of scenarios
    /// may carry none. [`Event::parse_unverified`](super::Event::parse_unverified) reads what you
    /// decide to trust for another reason.
    #[error("the header {header} is missing")]
    MissingHeader {
        /// Its name.
        header: &'static str,
    },
    /// A header of the signature is not 64 hexadecimal digits, or not unix seconds in plain digits.
    #[error("the header {header} cannot be read")]
    MalformedHeader {
        /// Its name.
        header: &'static str,
    },
    /// Signed with another token, or changed on the way, or not by the vendor.
    #[error("the signature is wrong")]
    WrongSignature,
    /// Rightly signed, but further from now than [`max_age`](super::Verifier::max_age).
    #[error("the signature is too old, or of the future")]
    Stale,
    /// The body is not JSON.
    #[error("the body is not JSON")]
    Malformed(#[source] serde_json::Error),
    /// The body is rightly signed, and JSON, but not an object.
    ///
    /// The signature joins body and timestamp without a separator: digits of a bare number could be
    /// moved from one to the other. What ends with a brace has nothing to move, and every event is an
    /// object.
    #[error("the body is JSON, but not an object")]
    NotAnObject,
}

impl VerifyError {
    /// The HTTP status to answer with: 400 for a body that is not a JSON object, 401 for everything else.
    ///
    /// The vendor takes any status but a success as a failure, tries three more times, and disables
    /// the webhook after five hours without a success.
    pub fn status(&self) -> http::StatusCode {
        match self {
            Self::Malformed(_) | Self::NotAnObject => http::StatusCode::BAD_REQUEST,
            _ => http::StatusCode::UNAUTHORIZED,
        }
    }
}
