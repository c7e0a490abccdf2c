//! Signatures: [`Verifier`] checks the sender of a delivery, over its unchanged bytes.

use super::{Event, VerifyError};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use md5::{Digest, Md5};
use sha2::Sha256;
use std::fmt;
use std::time::{Duration, SystemTime};

/// The header that holds the signature: 64 hexadecimal digits.
pub const SIGNATURE_HEADER: &str = "x-signature";

/// The header that holds the time of signing: unix seconds.
pub const TIMESTAMP_HEADER: &str = "x-timestamp";

/// Checks the signature of deliveries, then reads them.
///
/// The vendor signs with HMAC-SHA256 over the raw body followed by the text of `X-Timestamp`. The key is the MD5 digest
/// of the company's API token. There is no other secret, and changing the token changes the key. The signature is
/// compared in constant time, before the body is parsed.
///
/// A verifier holds only keys derived from tokens, and `Debug` shows none of them. Cheap to clone.
///
/// ```
/// use chat2desk::webhook::{Verifier, VerifyError};
///
/// # fn deliver(headers: http::HeaderMap, body: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("your-api-token")?.also("your-previous-token")?;
/// match verifier.verify(&headers, body) {
///     Ok(event) => println!("{:?} of {:?}", event.name(), event.client_id()),
///     Err(VerifyError::WrongSignature) => println!("not sent by the vendor"),
///     Err(error) => println!("{error}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is verified until `verify` is called"]
pub struct Verifier {
    keys: Vec<Keys>,
    raw_digest: bool,
    max_age: Option<Duration>,
}

/// HMAC states, keyed with each of the two forms of a token's digest.
#[derive(Clone)]
struct Keys {
    hex: Hmac<Sha256>,
    raw: Hmac<Sha256>,
}

/// The token is empty, or has spaces or other characters that no token has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token is empty or holds a character that no token has; copy it again from Settings > API"
)]
pub struct TokenError(());

impl Verifier {
    /// Creates a verifier of deliveries that are signed with this API `token`.
    ///
    /// # Errors
    /// Returns [`TokenError`] if the token is empty or has characters that no token has.
    pub fn new(token: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let verifier = Self {
            keys: Vec::new(),
            raw_digest: false,
            max_age: None,
        };
        verifier.also(token)
    }

    /// Accepts deliveries that are signed with another `token`, too. Use it while you change the token.
    ///
    /// # Errors
    /// Returns [`TokenError`] if the token is empty or has characters that no token has.
    pub fn also(mut self, token: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let token = token.as_ref();
        if token.is_empty() || !token.iter().all(u8::is_ascii_graphic) {
            return Err(TokenError(()));
        }
        let digest = Md5::digest(token);
        self.keys.push(Keys {
            hex: keyed(base16ct::lower::encode_string(&digest).as_bytes()),
            raw: keyed(&digest),
        });
        Ok(self)
    }

    /// Sets whether signatures are accepted, too, whose key is the 16 bytes of the token's digest instead of its 32
    /// lower-case hexadecimal digits. Default: `false`.
    ///
    /// The vendor's documentation does not say which of the two is the key, and its example does not show it. The
    /// digits are more likely. Try this if no delivery verifies.
    pub fn accept_raw_digest(mut self, accept: bool) -> Self {
        self.raw_digest = accept;
        self
    }

    /// Rejects deliveries whose `X-Timestamp` is further than `age` from the present, in the past or in the future.
    /// Default: no limit.
    ///
    /// Set at least 2 hours and 10 minutes. The vendor retries 10 seconds, 5 minutes and 2 hours after a failure, and
    /// it is unknown whether a retry gets a new signature. If events are deduplicated by [`Event::dedup_key`], a
    /// replayed delivery has no effect anyway.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Verifies a delivery and returns its event.
    ///
    /// `body` must be the unchanged bytes of the request. Parsing and serializing them again breaks the signature.
    ///
    /// # Errors
    /// Returns [`MissingHeader`](VerifyError::MissingHeader), [`MalformedHeader`](VerifyError::MalformedHeader),
    /// [`WrongSignature`](VerifyError::WrongSignature), [`Stale`](VerifyError::Stale) with
    /// [`max_age`](Self::max_age), and [`Malformed`](VerifyError::Malformed) or
    /// [`NotAnObject`](VerifyError::NotAnObject) for a signed body that is not a JSON object.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
    ) -> Result<Event, VerifyError> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// Verifies a delivery as [`verify`](Self::verify) does, with `now` as the current time.
    ///
    /// # Errors
    /// Returns the errors of [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: SystemTime,
    ) -> Result<Event, VerifyError> {
        let body = body.into();
        let seconds = self.check(headers, &body, now)?;
        Event::signed(body, seconds)
    }

    /// Verifies a whole request of the crate `http`, and returns its event.
    ///
    /// # Errors
    /// Returns the errors of [`verify`](Self::verify).
    pub fn verify_request(
        &self,
        request: http::Request<impl Into<Bytes>>,
    ) -> Result<Event, VerifyError> {
        let (parts, body) = request.into_parts();
        self.verify(&parts.headers, body)
    }

    /// Checks that the headers of a signature are present and well-formed.
    ///
    /// Nothing more can be checked before the body is read. A server that calls this first need not read the bodies of
    /// requests that cannot be the vendor's.
    ///
    /// # Errors
    /// Returns [`MissingHeader`](VerifyError::MissingHeader) and [`MalformedHeader`](VerifyError::MalformedHeader).
    pub fn check_headers(headers: &HeaderMap) -> Result<(), VerifyError> {
        claim(headers).map(drop)
    }

    /// Checks the signature. Returns the signed time.
    fn check(&self, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<u64, VerifyError> {
        let (claimed, timestamp, seconds) = claim(headers)?;
        // Every key is tried, so that the duration does not reveal which one matched.
        let mut right = false;
        for keys in &self.keys {
            right |= claimed.is_of(&keys.hex, body, timestamp);
            if self.raw_digest {
                right |= claimed.is_of(&keys.raw, body, timestamp);
            }
        }
        if !right {
            return Err(VerifyError::WrongSignature);
        }
        let signed = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        let age = signed.map(|signed| match now.duration_since(signed) {
            Ok(past) => past,
            Err(future) => future.duration(),
        });
        match self.max_age {
            Some(max) if age.is_none_or(|age| age > max) => Err(VerifyError::Stale),
            _ => Ok(seconds),
        }
    }
}

/// Returns the two headers of a delivery that is signed with `token` at the time `seconds`, in unix seconds.
///
/// Use it to test receivers, and to forward deliveries under a token of your own.
///
/// # Errors
/// Returns [`TokenError`] if the token is empty or has characters that no token has.
pub fn sign(token: impl AsRef<[u8]>, seconds: u64, body: &[u8]) -> Result<HeaderMap, TokenError> {
    let verifier = Verifier::new(token)?;
    let seconds = seconds.to_string();
    let mut headers = HeaderMap::new();
    for keys in verifier.keys {
        let mac = keys.hex.chain_update(body).chain_update(&seconds);
        let hex = base16ct::lower::encode_string(&mac.finalize().into_bytes());
        for (name, value) in [(SIGNATURE_HEADER, &hex), (TIMESTAMP_HEADER, &seconds)] {
            // Digits are always valid in a header.
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        }
    }
    Ok(headers)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC accepts keys of any length"))
}

/// The signature that a delivery claims. It has no `==`: the only comparison takes the same time whatever is
/// wrong.
struct Claimed([u8; 32]);

impl Claimed {
    fn read(hex: &[u8]) -> Option<Self> {
        let mut bytes = [0; 32];
        let read = base16ct::mixed::decode(hex, &mut bytes).ok()?;
        (read.len() == 32).then_some(Self(bytes))
    }

    fn is_of(&self, key: &Hmac<Sha256>, body: &[u8], timestamp: &[u8]) -> bool {
        let mac = key.clone().chain_update(body).chain_update(timestamp);
        mac.verify_slice(&self.0).is_ok()
    }
}

/// Returns the claimed signature, the unchanged timestamp, and the timestamp as a number.
fn claim(headers: &HeaderMap) -> Result<(Claimed, &[u8], u64), VerifyError> {
    let signature = header(headers, SIGNATURE_HEADER)?;
    let timestamp = header(headers, TIMESTAMP_HEADER)?;
    let malformed = |header| VerifyError::MalformedHeader { header };
    let claimed = Claimed::read(signature).ok_or(malformed(SIGNATURE_HEADER))?;
    let text = std::str::from_utf8(timestamp).ok();
    let seconds: Option<u64> = text.and_then(|text| text.parse().ok());
    // Only the plain form of a number: a sign or zeros before it could belong to a body.
    let seconds = seconds.filter(|seconds| text == Some(&seconds.to_string()));
    Ok((
        claimed,
        timestamp,
        seconds.ok_or(malformed(TIMESTAMP_HEADER))?,
    ))
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a [u8], VerifyError> {
    let value = headers.get(name);
    let value = value.ok_or(VerifyError::MissingHeader { header: name })?;
    Ok(value.as_bytes())
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("tokens", &self.keys.len())
            .field("raw_digest", &self.raw_digest)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
