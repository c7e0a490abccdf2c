//! A transport without a network: a function answers.

use chat2desk::transport::{BoxFuture, Transport, TransportError};

/// Answers every request with what the function makes of it.
#[derive(Clone)]
pub struct Answers<F>(pub F);

impl<F> Transport for Answers<F>
where
    F: Fn(&reqwest::Request) -> http::Response<String> + Send + Sync,
{
    fn send(
        &self,
        request: reqwest::Request,
    ) -> BoxFuture<'_, Result<reqwest::Response, TransportError>> {
        let answer = self.0(&request);
        Box::pin(async { Ok(answer.into()) })
    }
}

/// Answers every request with this status and body.
pub fn always(status: u16, body: &str) -> impl Transport + use<> {
    let body = body.to_owned();
    Answers(move |_: &reqwest::Request| {
        let answer = http::Response::builder().status(status);
        answer.body(body.clone()).unwrap()
    })
}

/// A number in the query of a request, which may be missing and nothing else.
pub fn number(request: &reqwest::Request, name: &str) -> Option<i64> {
    let mut pairs = request.url().query_pairs();
    let (_, text) = pairs.find(|(key, _)| key == name)?;
    Some(text.parse().unwrap())
}
