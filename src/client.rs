//! [`Chat2Desk`], the client, and its [`Builder`].

use crate::generated::Client;
use crate::region::{Region, parse_base_url};
use crate::token::Token;
use crate::transport::Pipeline;
use crate::{Error, runtime::ClientInfo};
use reqwest::redirect::Policy;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fmt};

/// A client of one Chat2Desk account: the constructors, then every operation of the API.
///
/// Cheap to clone; clones share one connection pool. A method of an operation takes what the call
/// cannot do without and returns its builder: set optional parameters, then `send().await`. Lists
/// are read whole with [`items`](crate::List::items).
///
/// In this API a *client* is the customer who writes to the company: [`types::Client`](crate::types::Client).
///
/// ```no_run
/// use chat2desk::{Chat2Desk, List, types::SendMessageRequest};
///
/// # async fn run() -> Result<(), chat2desk::Error> {
/// let chat = Chat2Desk::from_env()?;
///
/// let mut clients = chat.list_clients().items();
/// while let Some(client) = clients.next().await {
///     println!("{}", client?.id);
/// }
///
/// let message = SendMessageRequest::builder().client_id(94000001).text("Your order is ready");
/// let sent = chat.send_message(message).send().await?;
/// println!("queued as message {}", sent.data.message_id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Chat2Desk {
    api: Arc<Client>,
}

impl Chat2Desk {
    /// A client of an account in the [main region](Region::Main).
    ///
    /// The token is in the panel under Settings > API, for administrators.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is empty or cannot be a header.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder(token).build()
    }

    /// A client from the environment: `CHAT2DESK_TOKEN`, and `CHAT2DESK_URL` for a host other than
    /// the main region's.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is missing or unusable, or the URL is.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let token = variable("CHAT2DESK_TOKEN")
            .ok_or_else(|| Error::config("the variable CHAT2DESK_TOKEN is not set"))?;
        let builder = Self::builder(token);
        match variable("CHAT2DESK_URL") {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// A client with other than the default settings.
    pub fn builder(token: impl Into<SecretString>) -> Builder {
        Builder {
            token: token.into(),
            base_url: Region::Main.base_url().to_owned(),
            allow_http: false,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("chat2desk-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            http_client: None,
        }
    }

    /// The same host and connection pool, with the token of another account.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is empty or cannot be a header.
    pub fn with_token(&self, token: impl Into<SecretString>) -> Result<Self, Error> {
        let token = Token::new(token.into())?;
        let pipeline = Pipeline {
            token,
            ..self.api.inner().clone()
        };
        let api = Client::new_with_client(self.api.baseurl(), self.api.client().clone(), pipeline);
        Ok(Self { api: Arc::new(api) })
    }

    /// The URL below which the API's paths begin, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.api.baseurl()
    }

    pub(crate) fn api(&self) -> &Client {
        &self.api
    }
}

impl fmt::Debug for Chat2Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat2Desk")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Chat2Desk`], from [`Chat2Desk::builder`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    token: SecretString,
    base_url: String,
    allow_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    http_client: Option<reqwest::Client>,
}

impl Builder {
    /// The region that the account lives in; the panel's address shows which.
    pub fn region(self, region: Region) -> Self {
        self.base_url(region.base_url())
    }

    /// Any other host, such as a white-label one. A slash or `/v1` at the end is tolerated.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Permits plain `http` to a host that is not this machine. The token then travels in the clear.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// For a whole call, answer included. 60 seconds unless set; long reports take most of it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// For a connection to be made. 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The `User-Agent` header; name your program, so that the vendor can tell who calls.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// An HTTP client of your own, for proxies, certificates or a shared pool.
    ///
    /// It keeps its own connect timeout, user agent and redirect policy. Let it follow no redirects:
    /// they could carry the token to another host.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config), naming what is wrong with the token, the URL or the
    /// HTTP client's settings.
    pub fn build(self) -> Result<Chat2Desk, Error> {
        let token = Token::new(self.token)?;
        let base_url = parse_base_url(&self.base_url, self.allow_http)?;
        let client = match self.http_client {
            Some(client) => client,
            None => reqwest::Client::builder()
                .connect_timeout(self.connect_timeout)
                .user_agent(self.user_agent)
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .build()
                .map_err(|error| {
                    Error::config("the HTTP client cannot be built")
                        .with_source(error.without_url())
                })?,
        };
        let pipeline = Pipeline {
            token,
            timeout: self.timeout,
        };
        let api = Client::new_with_client(&base_url, client, pipeline);
        Ok(Chat2Desk { api: Arc::new(api) })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Chat2Desk;

    #[test]
    fn the_environment() {
        for (token, url, expected) in [
            (None, None, Err("CHAT2DESK_TOKEN is not set")),
            (Some(""), None, Err("the token is empty")),
            (Some("token"), None, Ok("https://api.chat2desk.com")),
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
                "CHAT2DESK_TOKEN" => token.map(str::to_owned),
                "CHAT2DESK_URL" => url.map(str::to_owned),
                _ => None,
            });
            match (made, expected) {
                (Ok(chat), Ok(url)) => assert_eq!(chat.base_url(), url),
                (Err(error), Err(reason)) => assert!(error.to_string().contains(reason), "{error}"),
                (made, expected) => panic!("{made:?} where {expected:?} was expected"),
            }
        }
    }
}
