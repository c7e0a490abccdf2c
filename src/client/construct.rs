//! The constructors of [`Chat2Desk`].

use super::builder::Builder;
use super::handle::Chat2Desk;
use crate::error::Error;
use secrecy::SecretString;
use std::env;
use std::ffi::OsString;

/// ## Constructors
impl Chat2Desk {
    /// Creates a client of an account in the [main region](crate::Region::Main).
    ///
    /// The token is in the panel under Settings > API, which only administrators can open. Nothing is sent: to
    /// check the token, call [`get_api_info`](Self::get_api_info).
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is empty or cannot be a header.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder(token).build()
    }

    /// Creates a client from the environment variables `CHAT2DESK_TOKEN` and `CHAT2DESK_URL`.
    ///
    /// `CHAT2DESK_URL` is the [base URL](Builder::base_url) of another region or host. If it is not set or
    /// empty, the client calls the [main region](crate::Region::Main).
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is missing, empty or cannot be a header, or if the URL
    /// is invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let variable = |name: &str| match variable(name).map(OsString::into_string) {
            Some(Ok(text)) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
            Some(Err(_)) => Err(Error::config(&format!(
                "the environment variable {name} is not Unicode text"
            ))),
            None => Ok(None),
        };
        let token = variable("CHAT2DESK_TOKEN")?
            .ok_or_else(|| Error::config("the environment variable CHAT2DESK_TOKEN is not set"))?;
        let builder = Self::builder(token);
        match variable("CHAT2DESK_URL")? {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// Starts a client with settings of your choice: region, timeouts, retries, limits.
    pub fn builder(token: impl Into<SecretString>) -> Builder {
        Builder::new(token.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Chat2Desk;
    use std::ffi::OsString;

    #[test]
    fn the_environment() {
        for (token, url, expected) in [
            (None, None, Err("CHAT2DESK_TOKEN is not set")),
            (Some(""), None, Err("CHAT2DESK_TOKEN is not set")),
            (Some(" \t"), None, Err("CHAT2DESK_TOKEN is not set")),
            (Some("token"), None, Ok("https://api.chat2desk.com")),
            (Some("token"), Some(""), Ok("https://api.chat2desk.com")),
            (Some("token"), Some(" \n"), Ok("https://api.chat2desk.com")),
            (Some("token"), Some("http://v1"), Err("plain http")),
            (
                Some("token"),
                Some("https://api.chat24.io/v1/"),
                Ok("https://api.chat24.io"),
            ),
            (
                Some("token"),
                Some("ftp://x"),
                Err("a scheme other than https"),
            ),
        ] {
            let made = Chat2Desk::from_variables(|name| match name {
                "CHAT2DESK_TOKEN" => token.map(OsString::from),
                "CHAT2DESK_URL" => url.map(OsString::from),
                _ => None,
            });
            match (made, expected) {
                (Ok(chat), Ok(url)) => assert_eq!(chat.base_url(), url),
                (Err(error), Err(reason)) => assert!(error.to_string().contains(reason), "{error}"),
                (made, expected) => panic!("{made:?} where {expected:?} was expected"),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;
        let made = Chat2Desk::from_variables(|name| match name {
            "CHAT2DESK_TOKEN" => Some("token".into()),
            _ => Some(OsString::from_vec(b"https://\xff".to_vec())),
        });
        let error = made.unwrap_err().to_string();
        assert!(error.contains("CHAT2DESK_URL is not Unicode"), "{error}");
    }
}
