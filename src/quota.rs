//! [`Quota`]: how many calls the company has made this month.

use crate::types::ApiCalls;
use crate::{Chat2Desk, Error};

/// The company's calls, from [`Chat2Desk::quota`]. All integrations of a company share one quota, whose
/// size depends on its access mode.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// Calls made in this month by all programs of the company. Older servers say it.
    pub calls_this_month: Option<i64>,
    /// Calls made and left in this month. Newer servers say it.
    pub api_calls: Option<ApiCalls>,
    /// The access mode, such as `demo`; [`list_api_modes`](Chat2Desk::list_api_modes) explains it.
    pub mode: Option<String>,
}

impl Chat2Desk {
    /// How many calls of its month the company has made, by all of its programs.
    ///
    /// The question is a call itself ([`get_api_info`](Self::get_api_info)).
    /// [`calls_made`](Self::calls_made) counts those of this client, without asking.
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
