//! [`Token`], the API token: checked once, sent as it is, never printed.

use crate::error::Error;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// A token as the value of the `Authorization` header, which has no scheme such as `Bearer`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Token(HeaderValue);

impl Token {
    pub(crate) fn new(token: &SecretString) -> Result<Self, Error> {
        let text = token.expose_secret();
        if text.trim().is_empty() {
            return Err(Error::config("the token is empty"));
        }
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::from_str(text).ok().filter(|_| visible);
        let mut value = value.ok_or_else(|| {
            Error::config(
                "the token contains a space, a line break or another invalid character; \
                 copy it again from Settings > API",
            )
        })?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
