//! Connects the generated client with the pipeline that sends its requests.

use crate::error::Error;
use crate::generated::Client;
use crate::raw_response::UndecodedResponse;
use crate::runtime::{ClientHooks, ClientInfo, OperationInfo};
use crate::transport::Pipeline;
use reqwest::Request;

impl ClientHooks<Pipeline> for Client {
    async fn exec(
        &self,
        request: Request,
        info: &OperationInfo,
    ) -> Result<UndecodedResponse, Error> {
        self.inner().call(info.operation, request).await
    }
}
