//! [`Builder`], the settings of a client.

use super::handle::Chat2Desk;
use crate::error::Error;
use crate::generated::Client;
use crate::operation::Operation;
use crate::raw_response::OnDrift;
use crate::region::{Region, is_loopback, parse_base_url, parse_storage_url};
use crate::token::Token;
use crate::transport::{
    Accounts, Budget, Limits, Observer, Pipeline, RateLimit, RetryPolicy, Settings, Shared,
    Transport,
};
use crate::wire::Drift;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Settings of a [`Chat2Desk`], from [`Chat2Desk::builder`].
///
/// ```
/// use chat2desk::{Chat2Desk, Region, transport::RateLimit};
/// use std::time::Duration;
///
/// let chat = Chat2Desk::builder("token")
///     .region(Region::Eu)
///     .timeout(Duration::from_secs(30))
///     .rate_limit(RateLimit::messages())
///     .call_budget(10_000)
///     .build()?;
/// # Ok::<(), chat2desk::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    token: SecretString,
    base_url: String,
    allow_http: bool,
    storage_url: Option<String>,
    settings: Settings,
    connect_timeout: Duration,
    rate_limit: Option<RateLimit>,
    call_budget: Option<u64>,
    user_agent: String,
    http_client: Option<reqwest::Client>,
    transport: Option<Arc<dyn Transport>>,
    observer: Option<Arc<dyn Observer>>,
    on_drift: Option<OnDrift>,
}

impl Builder {
    pub(super) fn new(token: SecretString) -> Self {
        Self {
            token,
            base_url: Region::Main.base_url().to_owned(),
            allow_http: false,
            storage_url: None,
            settings: Settings {
                retry: RetryPolicy::default(),
                timeout: Duration::from_secs(90),
                read_timeout: Duration::from_secs(60),
                max_body: 32 * 1024 * 1024,
            },
            connect_timeout: Duration::from_secs(10),
            rate_limit: None,
            call_budget: None,
            user_agent: concat!("chat2desk-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            http_client: None,
            transport: None,
            observer: None,
            on_drift: None,
        }
    }

    /// Sets the account's region; the panel's address shows which it is. [`Region::Main`] unless set.
    pub fn region(self, region: Region) -> Self {
        self.base_url(region.base_url())
    }

    /// Sets the URL of any other host, such as a white-label one. A slash or `/v1` at its end is ignored.
    ///
    /// The scheme must be `https`, unless the host is this machine or [`allow_http`](Self::allow_http) is set.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Permits plain `http` to a host that is not this machine. The token is then sent unencrypted.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the URL below which the files of messages are, for [`Chat2Desk::media_url`]. The region's storage host unless
    /// set; that of other hosts is not known.
    pub fn storage_url(mut self, url: impl Into<String>) -> Self {
        self.storage_url = Some(url.into());
        self
    }

    /// Sets the timeout for a whole call: the wait for the rate limiter, all attempts and the pauses between
    /// them. 90 seconds unless set. [`Chat2Desk::with_timeout`] changes it for single calls.
    ///
    /// If the program does not poll a call while its time ends, the call waits once more for the response, which may
    /// have arrived in time.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the timeout for establishing a connection. 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the timeout for the beginning of a response, and then for each further part of it. 60 seconds
    /// unless set, since long reports take most of that.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// Sets the largest size of a response body in bytes, after decompression. 32 MiB unless set, far more than
    /// a page of 200 records. A longer body is a [`TooLarge`](crate::ErrorKind::TooLarge) error.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self
    }

    /// Sets how failed calls are retried; see [`RetryPolicy`] for what is retried and what never is.
    /// [`Chat2Desk::with_retry`] changes it for single calls.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the rate at which calls are sent. Unlimited unless set.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sets the most `calls` that may be made with each token, so that one program cannot use up the company's
    /// monthly quota. Unlimited unless set.
    ///
    /// Retries count. Further calls fail with [`BudgetExceeded`](crate::ErrorKind::BudgetExceeded) before they
    /// are sent. [`Chat2Desk::calls_made`] returns the number of calls made.
    pub fn call_budget(mut self, calls: u64) -> Self {
        self.call_budget = Some(calls);
        self
    }

    /// Sets the `User-Agent` header. Name your program in it, so that the vendor knows whom to ask.
    /// `chat2desk-rust` with the version of this crate unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the HTTP client, for proxies, certificates or a shared connection pool.
    ///
    /// Its own connect timeout, user agent, redirect and retry policy apply. Disable its redirects, which could
    /// carry the token to another host, and its retries, which could send a message twice.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Sets what sends the requests in place of an HTTP client: see [`Transport`].
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets an observer of all attempts, pauses and calls, for metrics: see [`Observer`].
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets a `handler` that is called with each value of a response that is not of the documented type. See
    /// [`Drift`] for what becomes of such a value.
    ///
    /// With the feature `strict` the handler is called with every deviation from the specification: missing
    /// and unknown fields and unknown values too. Each response is then parsed twice.
    ///
    /// ```
    /// use chat2desk::Chat2Desk;
    ///
    /// let builder = Chat2Desk::builder("token").on_drift(|operation, drift| {
    ///     eprintln!("{}: {drift}", operation.id);
    /// });
    /// # builder.build().unwrap();
    /// ```
    pub fn on_drift(
        mut self,
        handler: impl Fn(&'static Operation, &Drift) + Send + Sync + 'static,
    ) -> Self {
        self.on_drift = Some(Arc::new(handler));
        self
    }

    /// Builds the client. Sends nothing.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token, the URL, the rate limit or the HTTP client's settings
    /// are invalid, or, with the feature `rustls-no-provider`, if no crypto provider is installed.
    pub fn build(self) -> Result<Chat2Desk, Error> {
        let token = Token::new(&self.token)?;
        let base_url = parse_base_url(&self.base_url, self.allow_http)?;
        let storage = self.storage_url.map(|url| parse_storage_url(&url));
        let storage = storage.transpose()?.map(Arc::from);
        let user_agent = HeaderValue::try_from(self.user_agent).map_err(|_| {
            Error::config("the user agent contains a line break or another invalid character")
        })?;
        let client = match self.http_client {
            Some(client) => client,
            None => direct_if_local(&base_url)?
                .connect_timeout(self.connect_timeout)
                // Shorter than servers wait: a write that meets a closing connection cannot be repeated.
                .pool_idle_timeout(Duration::from_secs(30))
                .user_agent(user_agent)
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .build()
                .map_err(|error| {
                    Error::config("the HTTP client cannot be built")
                        .with_source(error.without_url())
                })?,
        };
        let limits = Limits {
            rate: self.rate_limit,
            calls: self.call_budget,
        };
        #[cfg(feature = "strict")]
        let check = Some(crate::strict::check());
        #[cfg(not(feature = "strict"))]
        let check = None;
        let shared = Shared {
            transport: self.transport.unwrap_or_else(|| Arc::new(client.clone())),
            observer: self.observer,
            on_drift: self.on_drift,
            check,
            accounts: Accounts::new(limits),
            budget: Budget::default(),
        };
        let pipeline = Pipeline::new(token, self.settings, Arc::new(shared))?;
        let api = Client::new_with_client(&base_url, client, pipeline);
        Ok(Chat2Desk::of(api, storage))
    }
}

/// Starts an HTTP client, which uses no proxy if the host is this machine.
///
/// # Errors
/// If no crypto provider is installed, without which the HTTP client would panic.
fn direct_if_local(base_url: &str) -> Result<reqwest::ClientBuilder, Error> {
    #[cfg(all(
        feature = "rustls-no-provider",
        not(any(feature = "rustls", feature = "native-tls"))
    ))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::config(
            "no crypto provider of rustls is installed; call `install_default` on one before the client is \
             built, or enable the feature `rustls` in place of `rustls-no-provider`",
        ));
    }
    let builder = reqwest::Client::builder();
    Ok(match reqwest::Url::parse(base_url) {
        Ok(url) if is_loopback(&url) => builder.no_proxy(),
        _ => builder,
    })
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = parse_base_url(&self.base_url, self.allow_http);
        f.debug_struct("Builder")
            // An invalid URL may be invalid because it holds a password.
            .field("base_url", &base_url.as_deref().unwrap_or("…"))
            .field("settings", &self.settings)
            .field("connect_timeout", &self.connect_timeout)
            .field("rate_limit", &self.rate_limit)
            .field("call_budget", &self.call_budget)
            .finish_non_exhaustive()
    }
}
