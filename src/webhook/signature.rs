//! Signatures: [`Verifier`] checks who posted, over the bytes as they came.

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
/// The vendor signs with HMAC-SHA256 over the raw body followed by the text of `X-Timestamp`. The key
/// is the MD5 digest of the company's API token: there is no other secret, and changing the token
/// changes the key. The signature is compared in constant time and before anything is parsed.
///
/// Only keys derived from tokens are kept, and `Debug` shows none of them. Cheap enough to clone.
///
/// ```
/// use chat2desk::webhook::{Verifier, VerifyError};
///
/// # fn deliver(headers: http::HeaderMap, body: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("the API token")?.also("the token before it")?;
/// match verifier.verify(&headers, body) {
///     Ok(event) => println!("{:?} of {:?}", event.name(), event.client_id()),
///     Err(VerifyError::WrongSignature) => println!("somebody else"),
///     Err(error) => println!("{error}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a verifier does nothing until `verify`"]
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

/// A token that cannot be one: empty, or with spaces or other characters that no token has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token is empty or holds a character that no token has; copy it again from Settings > API"
)]
pub struct TokenError(());

impl Verifier {
    /// A verifier of what is signed with this API token.
    ///
    /// # Errors
    /// An empty or impossible token: anybody could sign with it.
    pub fn new(token: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let verifier = Self {
            keys: Vec::new(),
            raw_digest: false,
            max_age: None,
        };
        verifier.also(token)
    }

    /// Accepts another token too: the one before, while a change of tokens is under way.
    ///
    /// # Errors
    /// An empty or impossible token.
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

    /// Accepts signatures whose key is the 16 bytes of the digest, beside those whose key is its 32
    /// lower-case hexadecimal digits. Off unless set.
    ///
    /// The vendor's text does not say which of them it means, and its example signs with a literal
    /// that decides nothing; the digits are the likely reading. Try this if nothing verifies.
    pub fn accept_raw_digest(mut self, accept: bool) -> Self {
        self.raw_digest = accept;
        self
    }

    /// Refuses deliveries whose `X-Timestamp` is further than this from now, before or after.
    ///
    /// Off unless set: the vendor retries 10 seconds, 5 minutes and 2 hours after a failure, and it is
    /// unknown whether a retry is signed anew. Set no less than 2 hours and 10 minutes. What repeats
    /// are worth is small where events are deduplicated by [`Event::dedup_key`].
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Verifies a delivery and reads it.
    ///
    /// `body` must be the bytes as they came: parsing and printing them again breaks the signature.
    ///
    /// # Errors
    /// [`MissingHeader`](VerifyError::MissingHeader), [`MalformedHeader`](VerifyError::MalformedHeader),
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

    /// [`verify`](Self::verify) with a clock of your own.
    ///
    /// # Errors
    /// Those of `verify`.
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

    /// Verifies a whole request, whatever framework it comes from.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn verify_request(
        &self,
        request: http::Request<impl Into<Bytes>>,
    ) -> Result<Event, VerifyError> {
        let (parts, body) = request.into_parts();
        self.verify(&parts.headers, body)
    }

    /// Checks that the headers of a signature are present and well-formed, which is all that can be checked before the
    /// body is read. It spares a server the bodies of posts that cannot be the vendor's.
    ///
    /// # Errors
    /// [`MissingHeader`](VerifyError::MissingHeader) and [`MalformedHeader`](VerifyError::MalformedHeader).
    pub fn check_headers(headers: &HeaderMap) -> Result<(), VerifyError> {
        claim(headers).map(drop)
    }

    /// The signed time, if the signature is right.
    fn check(&self, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<u64, VerifyError> {
        let (claimed, timestamp, seconds) = claim(headers)?;
        // Every key is tried: how long it takes does not tell which one was right.
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

/// The two headers of a delivery signed with this token at this time, in unix seconds.
///
/// For tests of receivers, and for whoever forwards deliveries under a token of their own.
///
/// # Errors
/// An empty or impossible token.
pub fn sign(token: impl AsRef<[u8]>, seconds: u64, body: &[u8]) -> Result<HeaderMap, TokenError> {
    let verifier = Verifier::new(token)?;
    let seconds = seconds.to_string();
    let mut headers = HeaderMap::new();
    for keys in verifier.keys {
        let mac = keys.hex.chain_update(body).chain_update(&seconds);
        let hex = base16ct::lower::encode_string(&mac.finalize().into_bytes());
        for (name, value) in [(SIGNATURE_HEADER, &hex), (TIMESTAMP_HEADER, &seconds)] {
            // Digits are a header's value.
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        }
    }
    Ok(headers)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("a key of any length is a key"))
}

/// The signature that a delivery claims. It has no `==`: there is one way to judge it, and that takes
/// the same time whatever is wrong.
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

/// The claimed signature, the timestamp as it came, and as a number.
fn claim(headers: &HeaderMap) -> Result<(Claimed, &[u8], u64), VerifyError> {
    let signature = header(headers, SIGNATURE_HEADER)?;
    let timestamp = header(headers, TIMESTAMP_HEADER)?;
    let malformed = |header| VerifyError::MalformedHeader { header };
    let claimed = Claimed::read(signature).ok_or(malformed(SIGNATURE_HEADER))?;
    let text = std::str::from_utf8(timestamp).ok();
    let seconds: Option<u64> = text.and_then(|text| text.parse().ok());
    // A number has one text. Signs and zeros before it could be parts of a body.
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
