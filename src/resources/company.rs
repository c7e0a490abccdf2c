//! [`Quota`]: how many calls the company has made this month, and how many are left.

use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types::ApiCalls;

/// The company's calls of this month, from [`Chat2Desk::quota`].
///
/// All integrations of a company share one quota. Its size depends on the access mode
/// ([`list_api_modes`](Chat2Desk::list_api_modes)):
///
/// | mode | calls a month |
/// |---|---|
/// | `locked` | none |
/// | `demo`, with which accounts begin | 10 000 |
/// | `normal` | 250 000 |
/// | `unlimited` | any number |
///
/// Packages of paid calls come on top: 1 000 000, 5 000 000 or 20 000 000 calls, once or renewing, or 1 000
/// calls, renewing. These are the vendor's figures of 2024. The free calls of one account were about 100 000,
/// which is the figure of no mode: rely on what the server reports.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// Calls made this month by all programs of the company, as older servers report them.
    pub calls_this_month: Option<i64>,
    /// Calls made and left this month, as newer servers report them.
    pub api_calls: Option<ApiCalls>,
    /// The access mode, such as `demo`. Only older servers report it.
    pub mode: Option<String>,
}

impl Quota {
    /// Returns the calls that the company has made this month; `None` if the server reports no figure.
    pub fn used(&self) -> Option<i64> {
        let newer = self
            .api_calls
            .as_ref()
            .and_then(|calls| calls.used_this_month);
        newer.or(self.calls_this_month)
    }

    /// Returns the calls that are left this month, free and paid together. `None` unless the server reports
    /// both figures, as older servers do not.
    pub fn left(&self) -> Option<i64> {
        let calls = self.api_calls.as_ref()?;
        let (free, paid) = (calls.left_free_requests?, calls.left_paid_requests?);
        // One figure below zero says that nothing is left of it, not that the other is smaller.
        Some(free.max(0).saturating_add(paid.max(0)))
    }
}

impl Chat2Desk {
    /// Returns how many calls all programs of the company have made this month, and how many are left.
    ///
    /// Reading the quota is a call itself ([`get_api_info`](Self::get_api_info)).
    /// [`calls_made`](Self::calls_made) counts the calls of this client without one.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// if chat.quota().await?.left().is_some_and(|left| left < 1_000) {
    ///     eprintln!("fewer than 1000 calls are left this month");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As for every call.
    pub async fn quota(&self) -> Result<Quota, Error> {
        let info = self.get_api_info().send().await?.into_inner().data;
        Ok(Quota {
            calls_this_month: info.requests_this_month,
            api_calls: info.api_calls,
            mode: info.mode,
        })
    }
}
