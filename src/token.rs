//! The API token: checked once, sent raw, never printed.

use crate::Error;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A token that is known to fit into a header.
#[derive(Clone)]
pub(crate) struct Token(SecretString);

impl Token {
    pub(crate) fn new(token: SecretString) -> Result<Self, Error> {
        let text = token.expose_secret();
        if text.trim().is_empty() {
            return Err(Error::config("the token is empty"));
        }
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible {
            return Err(Error::config(
                "the token holds a space, a line break or another character that no token has; \
                 copy it again from Settings > API",
            ));
        }
        Ok(Self(token))
    }

    /// The value of the `Authorization` header: the token itself, without a scheme.
    pub(crate) fn header(&self) -> HeaderValue {
        let value = HeaderValue::from_str(self.0.expose_secret());
        let mut value = value.expect("a token is visible ASCII: checked in `new`");
        value.set_sensitive(true);
        value
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for Token {}

impl Hash for Token {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.expose_secret().hash(state);
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
