//! Conditions that match what the client sends for a value.

use httpmock::{HttpMockRequest, When};
use progenitor_client::QueryParam;
use serde::Serialize;
use std::fmt::Display;
use url::Url;

/// A placeholder, since only the path and query of a URL matter.
const HOST: &str = "http://localhost/";

/// Matches requests of a path of the document, with any parameters.
pub(crate) fn path(when: When, template: &str) -> When {
    when.path_matches(pattern(template, |_| None))
}

/// Matches requests of a path of the document with this value of a parameter.
pub(crate) fn path_parameter(when: When, template: &str, name: &str, value: &impl Display) -> When {
    let value = encode_path(&value.to_string());
    // The URL encodes the remaining characters.
    let value = match Url::parse(&format!("{HOST}{value}")) {
        Ok(url) => url.path().trim_start_matches('/').to_owned(),
        Err(_) => value,
    };
    when.path_matches(pattern(template, |parameter| {
        (parameter == name).then_some(&*value)
    }))
}

/// Returns a path of the document as a regular expression, with the known values of parameters.
fn pattern<'a>(template: &str, known: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut pattern = String::from("^");
    for (index, part) in template.split(['{', '}']).enumerate() {
        // Odd parts were between braces.
        match (index % 2, known(part)) {
            (0, _) => literal(part, &mut pattern),
            (_, Some(value)) => literal(value, &mut pattern),
            (_, None) => pattern.push_str("[^/]+"),
        }
    }
    pattern.push('$');
    pattern
}

fn literal(text: &str, pattern: &mut String) {
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(character);
    }
}

/// Matches requests with exactly these values of a query parameter. An empty list matches requests without it.
pub(crate) fn query(when: When, name: &str, value: &impl Serialize) -> When {
    let sent = pairs(name, value);
    // Explains mismatches in httpmock's message; alone it would match `1, 2` for `1`.
    let when = match sent.is_empty() {
        true => when.query_param_missing(name),
        false => sent
            .iter()
            .fold(when, |when, (name, value)| when.query_param(name, value)),
    };
    let name = name.to_owned();
    when.is_true(move |request: &HttpMockRequest| {
        let mut came = request.query_params();
        came.retain(|(key, _)| *key == name);
        came == sent
    })
}

/// Encodes the value of a path parameter as the client does: a URL parser reads a backslash as a slash.
fn encode_path(value: &str) -> String {
    progenitor_client::encode_path(value).replace('\\', "%5C")
}

/// Returns a query parameter as the client writes it.
fn pairs(name: &str, value: &impl Serialize) -> Vec<(String, String)> {
    let url = match serde_urlencoded::to_string(QueryParam::new(name, value)) {
        Ok(text) => Url::parse(&format!("{HOST}?{text}")),
        Err(error) => panic!("the client cannot send this value as `{name}`: {error}"),
    };
    url.map_or_else(
        |_| Vec::new(),
        |url| url.query_pairs().into_owned().collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{encode_path, path, path_parameter, query};
    use httpmock::{MockServer, When};
    use progenitor_client::QueryParam;
    use serde::Serialize;

    /// Returns whether a mock with these conditions matches a request.
    async fn matches(
        those: impl FnOnce(When) -> When,
        request: reqwest::RequestBuilder,
        server: &MockServer,
    ) -> bool {
        let mock = server.mock_async(|when, then| {
            those(when);
            then.status(204);
        });
        let mock = mock.await;
        let status = request.send().await.unwrap().status();
        mock.delete_async().await;
        status == 204
    }

    #[tokio::test]
    async fn a_list_in_the_query_is_matched_as_the_client_sends_it() {
        #[derive(Serialize)]
        #[serde(rename_all = "snake_case")]
        enum State {
            WithOperator,
        }
        let server = MockServer::start_async().await;
        let client = reqwest::Client::new();
        let get = || client.get(server.url("/v1/dialogs")).query(&[("limit", 7)]);
        for (sent, wanted, expected) in [
            (&[1, 2][..], &[1, 2][..], true),
            (&[1, 2], &[2, 1], false),
            (&[1, 2], &[1], false),
            (&[1], &[1, 2], false),
            (&[1, 1], &[1, 1], true),
            (&[1, 1], &[1, 2], false),
            (&[12], &[1, 2], false),
            (&[], &[], true),
            (&[1], &[], false),
            (&[], &[1], false),
        ] {
            let request = get().query(&QueryParam::new("ids", &sent));
            let matched = matches(|when| query(when, "ids", &wanted), request, &server).await;
            assert_eq!(matched, expected, "{sent:?} for {wanted:?}");
        }
        let texts = &["a,b", "c&d=e f", "ü+"][..];
        let request = || get().query(&QueryParam::new("texts", &texts));
        assert!(matches(|when| query(when, "texts", &texts), request(), &server).await);
        assert!(
            !matches(
                |when| query(when, "texts", &&["a", "b"][..]),
                request(),
                &server
            )
            .await
        );
        let states = &[State::WithOperator][..];
        let request = get().query(&QueryParam::new("states", &states));
        let states = |when| query(when, "states", &states);
        assert!(matches(states, request, &server).await);
        let written = get().query(&[("states", "with_operator")]);
        assert!(matches(states, written, &server).await);
    }

    #[tokio::test]
    async fn a_path_is_no_regular_expression() {
        let server = MockServer::start_async().await;
        let client = reqwest::Client::new();
        let get = |path: &str| client.get(server.url(path));
        let template = "/v1.2/orders/{id}:done/lines/{line}";
        for (sent, expected) in [
            ("/v1.2/orders/7:done/lines/8", true),
            ("/v1x2/orders/7:done/lines/8", false),
            ("/v1.2/orders/7/8:done/lines/8", false),
            ("/v1.2/orders/:done/lines/8", false),
            ("/v1.2/orders/7:done/lines/8/9", false),
            ("/a/v1.2/orders/7:done/lines/8", false),
        ] {
            let matched = matches(|when| path(when, template), get(sent), &server).await;
            assert_eq!(matched, expected, "{sent}");
        }
        for id in ["7", "7.1", "a b", "a/b", "(7|8)*", "100%", "ü^|\"<"] {
            let address = |id: &str| get(&format!("/v1.2/orders/{}:done/lines/8", encode_path(id)));
            let by_id = |when| path_parameter(when, template, "id", &id);
            assert!(matches(by_id, address(id), &server).await, "{id}");
            assert!(
                !matches(by_id, address(&format!("{id}7")), &server).await,
                "{id}"
            );
            assert!(!matches(by_id, address("8"), &server).await, "{id}");
        }
        let by_line = |when| path_parameter(when, template, "line", &8);
        assert!(matches(by_line, get("/v1.2/orders/7:done/lines/8"), &server).await);
        assert!(!matches(by_line, get("/v1.2/orders/8:done/lines/7"), &server).await);
    }
}
