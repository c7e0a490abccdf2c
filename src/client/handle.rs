//! [`Chat2Desk`], a handle to a client, and the settings that a handle can change.

use crate::error::Error;
use crate::generated::{Client, types};
use crate::runtime::ClientInfo;
use crate::token::Token;
use crate::transport::{Pipeline, RateLimit, RetryPolicy, Settings};
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A client of one Chat2Desk account, with a method for each operation of the API and helpers for whole jobs.
///
/// Cloning is cheap: clones share one connection pool, one rate limit and one call budget.
///
/// # Calls
/// The method of an operation takes the required arguments and returns a [builder](crate::builder). Set optional
/// parameters on it, then `send().await`; the result is a [`Response`](crate::Response). To read a list to its
/// end, call [`items`](crate::List::items) or [`collect_all`](crate::List::collect_all) instead: see
/// [`List`](crate::List). Any call can fail with an [`Error`].
///
/// Arguments can be any values that convert, such as `"desc"` for [`Order`](crate::wire::Order), or a
/// builder for a body. If a value does not convert, or a required one is missing, the call fails with
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) and nothing is sent.
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
///
/// # Runtime
/// Calls need a running tokio runtime with I/O and time enabled. Without one they fail with
/// [`Config`](crate::ErrorKind::Config). A synchronous program creates a runtime, keeps it for as long as the
/// client, and waits for each call with `block_on`:
///
/// ```
/// use chat2desk::Chat2Desk;
/// # use chat2desk::transport::{BoxFuture, Transport, TransportError};
/// # struct Nobody;
/// # impl Transport for Nobody {
/// #     fn send(&self, _: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
/// #         Box::pin(async { Ok(http::Response::new(r#"{"data": [], "status": "success"}"#).into()) })
/// #     }
/// # }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
///     let chat = Chat2Desk::new("token")?;
///     # let chat = Chat2Desk::builder("token").transport(Nobody).build()?;
///
///     let operators = runtime.block_on(chat.list_operators().send())?;
///     println!("{} operators", operators.data.len());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Chat2Desk {
    api: Arc<Client>,
    /// Where files are, if it was set.
    pub(crate) storage: Option<Arc<str>>,
}

/// ## Settings
impl Chat2Desk {
    pub(super) fn of(api: Client, storage: Option<Arc<str>>) -> Self {
        Self {
            api: Arc::new(api),
            storage,
        }
    }

    /// Creates a client of another account with the same host, connection pool and settings.
    ///
    /// Each token has its own rate limit and call budget, which all clients with that token share.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the token is empty or cannot be a header.
    pub fn with_token(&self, token: impl Into<SecretString>) -> Result<Self, Error> {
        let token = Token::new(&token.into())?;
        Ok(self.with_pipeline(self.api.inner().with_token(token)?))
    }

    /// Sets the rate limit of this client's token, for example for one tenant of many.
    ///
    /// The limit applies to all clients of the pool that use this token, existing and future ones, and to calls that
    /// are waiting. Calls that were made and a pause that the server asked for still count, so a server may set
    /// limits for each request that it handles.
    ///
    /// ```
    /// # use chat2desk::{Chat2Desk, transport::RateLimit};
    /// # let pool = Chat2Desk::new("token-of-the-pool")?;
    /// let tenant = pool.with_token("token-of-a-tenant")?;
    /// let tenant = tenant.with_rate_limit(RateLimit::per_second(2))?.with_call_budget(1_000);
    /// # Ok::<(), chat2desk::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) if the limit permits no call.
    pub fn with_rate_limit(&self, limit: RateLimit) -> Result<Self, Error> {
        self.api.inner().account().set_rate(limit)?;
        Ok(self.clone())
    }

    /// Sets the [call budget](crate::Builder::call_budget) of this client's token.
    ///
    /// Calls that were made before count too. The budget applies to all clients of the pool that use this token.
    #[must_use]
    pub fn with_call_budget(&self, calls: u64) -> Self {
        self.api.inner().account().set_most(calls);
        self.clone()
    }

    /// Returns the same client with another [retry policy](crate::Builder::retry), for example for one call:
    /// `chat.with_retry(RetryPolicy::never()).get_client(7).send()`.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with_settings(|settings| settings.retry = policy)
    }

    /// Returns the same client with another [timeout for a whole call](crate::Builder::timeout).
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with_settings(|settings| settings.timeout = timeout)
    }

    /// Returns the same client with another [timeout for each wait on the server](crate::Builder::read_timeout).
    #[must_use]
    pub fn with_read_timeout(&self, timeout: Duration) -> Self {
        self.with_settings(|settings| settings.read_timeout = timeout)
    }

    /// Returns the number of requests sent with this token by all clients of the pool, retries included.
    ///
    /// Each of them counts against the company's monthly quota; see [`quota`](Self::quota).
    pub fn calls_made(&self) -> u64 {
        self.api.inner().calls_made()
    }

    fn with_settings(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut pipeline = self.api.inner().clone();
        change(&mut pipeline.settings);
        self.with_pipeline(pipeline)
    }

    fn with_pipeline(&self, pipeline: Pipeline) -> Self {
        let api = Client::new_with_client(self.api.baseurl(), self.api.client().clone(), pipeline);
        Self {
            api: Arc::new(api),
            storage: self.storage.clone(),
        }
    }

    /// Returns the base URL, without a slash at the end. Paths such as `/v1/clients` follow it.
    pub fn base_url(&self) -> &str {
        self.api.baseurl()
    }

    pub(crate) fn api(&self) -> &Client {
        &self.api
    }

    /// Returns the API for a call to own.
    pub(crate) fn shared_api(&self) -> Arc<Client> {
        self.api.clone()
    }
}

impl fmt::Debug for Chat2Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat2Desk")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

// The methods of the operations: here, since rustdoc shows blocks in the order in which modules have them.
include!(concat!(env!("OUT_DIR"), "/methods.rs"));
