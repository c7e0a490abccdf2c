//! [`Quota`], the number of calls that the company has made this month and has left.

use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types::{ApiCalls, ApiInfo};

/// The company's API calls of this month, from [`Chat2Desk::quota`].
///
/// All programs of a company share one quota. Its size depends on the access mode
/// ([`list_api_modes`](Chat2Desk::list_api_modes)):
///
/// | mode | calls a month |
/// |---|---|
/// | `locked` | none |
/// | `demo`, the mode of new accounts | 10 000 |
/// | `normal` | 250 000 |
/// | `unlimited` | unlimited |
///
/// Packages of paid calls are added to that: 1 000 000, 5 000 000 or 20 000 000 calls, once or renewing, or 1 000
/// calls, renewing. These are the vendor's figures of 2024. One account was seen with about 100 000 free calls,
/// which fits no mode: rely on what the server reports.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// The number of calls made this month by all programs of the company, as older servers report it.
    pub calls_this_month: Option<i64>,
    /// The numbers of calls made and left this month, as newer servers report them.
    pub api_calls: Option<ApiCalls>,
    /// The access mode, such as `demo`. Only older servers report it.
    pub mode: Option<String>,
}

impl Quota {
    /// Returns the number of calls that the company has made this month; `None` if the server does not report it.
    pub fn used(&self) -> Option<i64> {
        let newer = self
            .api_calls
            .as_ref()
            .and_then(|calls| calls.used_this_month);
        newer.or(self.calls_this_month)
    }

    /// Returns the number of calls left this month, free and paid together. `None` unless the server reports
    /// both numbers; older servers do not.
    pub fn left(&self) -> Option<i64> {
        let calls = self.api_calls.as_ref()?;
        let (free, paid) = (calls.left_free_requests?, calls.left_paid_requests?);
        // A number below zero means that none are left of it; it does not reduce the other one.
        Some(free.max(0).saturating_add(paid.max(0)))
    }
}

/// ## companies: helpers
impl Chat2Desk {
    /// Returns how many calls all programs of the company have made this month, and how many are left.
    ///
    /// Reading the quota is a call itself: [`get_api_info`](Self::get_api_info).
    /// [`calls_made`](Self::calls_made) returns the number of calls of this client without a call.
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
    /// Those of [`get_api_info`](Self::get_api_info).
    pub async fn quota(&self) -> Result<Quota, Error> {
        let info = self.get_api_info().send().await?.into_inner().data;
        Ok(Quota::from(&info))
    }
}

impl From<&ApiInfo> for Quota {
    fn from(info: &ApiInfo) -> Self {
        Self {
            calls_this_month: info.requests_this_month,
            api_calls: info.api_calls.clone(),
            mode: info.mode.clone(),
        }
    }
}
