//! Every operation of the API, called once with everything it takes: what goes over the wire, and
//! what becomes of each answer that the document shows.

pub mod calls;
mod contract;
mod documented;
mod mocks;
mod mutations;
mod stage;
mod tolerance;

use calls::{Call, calls};
use chat2desk::{Chat2Desk, Operation, operations};
use httpmock::prelude::*;
use httpmock::{Method, Mock};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const TOKEN: &str = "a-secret-token";

fn document() -> Value {
    serde_json::from_str(include_str!("../../spec/openapi.json")).unwrap()
}

/// The document's word on an operation.
fn described<'a>(document: &'a Value, operation: &Operation) -> &'a Value {
    let method = format!("{:?}", operation.method).to_lowercase();
    &document["paths"][operation.path][method]
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

#[test]
fn collection_document_table_and_calls_have_the_same_operations() {
    let collection: Value =
        serde_json::from_str(include_str!("../../spec/collection.json")).unwrap();
    let mut requested = BTreeSet::new();
    for folder in collection["item"].as_array().unwrap() {
        for item in folder["item"].as_array().unwrap() {
            let segments = item["request"]["url"]["path"].as_array().unwrap();
            let segments = segments
                .iter()
                .map(|segment| match segment.as_str().unwrap() {
                    parameter if parameter.starts_with(':') => format!("/{{{}}}", &parameter[1..]),
                    literal => format!("/{literal}"),
                });
            let path: String = segments.collect();
            requested.insert(format!(
                "{} {path}",
                item["request"]["method"].as_str().unwrap()
            ));
        }
    }
    let table: BTreeSet<String> = operations()
        .iter()
        .map(|operation| format!("{:?} {}", operation.method, operation.path))
        .collect();
    assert_eq!(requested, table);

    let document = document();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            documented.insert((
                operation["operationId"].as_str().unwrap().to_owned(),
                method.to_uppercase(),
                path.clone(),
            ));
        }
    }
    let table: BTreeSet<_> = operations()
        .iter()
        .map(|operation| {
            (
                operation.id.to_owned(),
                format!("{:?}", operation.method),
                operation.path.to_owned(),
            )
        })
        .collect();
    assert_eq!(documented, table);

    let called: BTreeSet<_> = calls().into_iter().map(|call| call.id).collect();
    assert_eq!(
        called,
        operations().iter().map(|operation| operation.id).collect()
    );
    assert_eq!(called.len(), 76);
}

#[test]
fn the_table_says_what_the_document_says() {
    let document = document();
    for operation in operations() {
        let described = described(&document, operation);
        assert_eq!(
            operation.deprecated,
            described["deprecated"] == true,
            "{}",
            operation.id
        );
        let effects =
            described["x-side-effects"] == true || format!("{:?}", operation.method) != "GET";
        assert_eq!(operation.side_effects, effects, "{}", operation.id);
        let pagination = operation
            .pagination
            .map(|style| format!("{style:?}").to_lowercase());
        let style = described["x-pagination"]
            .as_str()
            .map(|style| style.replace('_', ""));
        assert_eq!(pagination, style, "{}", operation.id);
        let evidence = format!("{:?}", operation.evidence).to_lowercase();
        assert_eq!(described["x-evidence"], evidence, "{}", operation.id);
        assert_eq!(described["summary"], operation.summary);
    }
}

/// Nothing that the document knows of a request is left out of its call.
#[test]
fn every_parameter_and_field_is_in_a_call() {
    let document = document();
    for call in calls() {
        let described = described(&document, operation(&call));
        let parameters = described["parameters"].as_array().into_iter().flatten();
        let queries = parameters.filter(|parameter| parameter["in"] == "query");
        let documented: BTreeSet<_> = queries
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let sent: BTreeSet<_> = call.query.iter().map(|(name, _)| *name).collect();
        assert_eq!(sent, documented, "{}", call.id);

        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        let Some(fields) = resolved(&document, schema)["properties"].as_object() else {
            // No body, or one whose fields nobody has published.
            continue;
        };
        let documented: BTreeSet<_> = fields.keys().map(String::as_str).collect();
        let sent = call
            .body
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let sent: BTreeSet<_> = sent.map(|(name, _)| name.as_str()).collect();
        assert_eq!(sent, documented, "{}", call.id);
    }
}

fn operation(call: &Call) -> &'static Operation {
    operations()
        .iter()
        .find(|operation| operation.id == call.id)
        .unwrap()
}

/// The status of an operation's success, and what the document says of it.
fn success<'a>(document: &'a Value, operation: &Operation) -> (u16, &'a Value) {
    let responses = described(document, operation)["responses"].as_object();
    let mut responses = responses.unwrap().iter();
    let success = responses.find(|(status, _)| status.starts_with('2'));
    let (status, success) = success.unwrap();
    (status.parse().unwrap(), success)
}

/// The successes that the document shows; `{}` for an operation whose answer nobody has published.
fn successes(document: &Value, operation: &Operation) -> Vec<Value> {
    let (_, success) = success(document, operation);
    let examples = success["content"]["application/json"]["examples"]
        .as_object()
        .into_iter()
        .flatten();
    let values: Vec<Value> = examples
        .map(|(_, example)| example["value"].clone())
        .collect();
    if values.is_empty() {
        vec![json!({})]
    } else {
        values
    }
}

impl Call {
    /// The path that it goes to.
    fn path(&self) -> String {
        let ids = ["{id}", "{operator_id}"].into_iter();
        let path = operation(self).path.to_owned();
        let path = ids.fold(path, |path, id| path.replace(id, self.id_in_path));
        path.replace("{status}", self.second_in_path)
    }
}

async fn expect<'a>(server: &'a MockServer, call: &Call, answer: &Value) -> Mock<'a> {
    let operation = operation(call);
    let path = call.path();
    let (status, _) = success(&document(), operation);
    let method: Method = format!("{:?}", operation.method).parse().unwrap();
    server
        .mock_async(|when, then| {
            let query: BTreeMap<_, _> = call.query.iter().copied().collect();
            let parameters = query.len();
            let mut when = when
                .method(method)
                .path(path)
                .header("authorization", TOKEN)
                .header("accept", "application/json")
                .header_missing("api-version")
                .is_true(move |request| request.query_params().len() == parameters);
            for (name, value) in query {
                when = when.query_param(name, value);
            }
            let _ = match &call.body {
                Some(body) => when
                    .header("content-type", "application/json")
                    .json_body(body.clone()),
                None => when.is_true(|request| request.body().is_empty()),
            };
            then.status(status).json_body(answer.clone());
        })
        .await
}

#[tokio::test]
async fn every_call_on_the_wire_and_every_answer_back() {
    let document = document();
    let server = MockServer::start_async().await;
    let chat = Chat2Desk::builder(TOKEN)
        .base_url(server.base_url())
        .build()
        .unwrap();
    let mut answers = 0;
    for call in calls() {
        for answer in successes(&document, operation(&call)) {
            let mock = expect(&server, &call, &answer).await;
            let decoded = (call.send)(chat.clone()).await;
            let decoded = decoded.unwrap_or_else(|error| panic!("{}: {error:?}", call.id));
            mock.assert_async().await;
            assert_eq!(significant(&decoded), significant(&answer), "{}", call.id);
            mock.delete_async().await;
            answers += 1;
        }
    }
    assert!(answers > 76, "{answers} answers");
}

/// A value without nulls and empty containers, which mean what a missing key means.
fn significant(value: &Value) -> Value {
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    };
    match value {
        Value::Array(items) => items.iter().map(significant).collect(),
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), significant(value)));
            entries
                .filter(|(_, value)| !nothing(value))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        scalar => scalar.clone(),
    }
}

/// The same calls against the embedded server, each on a fresh one.
#[tokio::test]
async fn every_call_against_the_sandbox() {
    use chat2desk::ErrorKind;
    for call in calls() {
        let sandbox = chat2desk_sandbox::Sandbox::start().await.unwrap();
        prepare(&sandbox, call.id).await;
        let answer = (call.send)(sandbox.client().clone()).await;
        match call.id {
            // Refused by the real server too: dates together with `start_id`, an unknown event, and an image
            // together with a video.
            "list_messages" | "create_webhook" | "receive_message" => {
                let error = answer.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Validation, "{}", call.id);
            }
            id => {
                let answer = answer.unwrap_or_else(|error| panic!("{id}: {error:?}"));
                assert!(answer.is_array() || answer.is_object(), "{id}");
            }
        }
        let seen = sandbox.calls_of(call.id);
        let [.., seen] = seen.as_slice() else {
            panic!("{} did not come", call.id)
        };
        let query = call.query.iter();
        assert!(
            query
                .clone()
                .all(|(name, value)| seen.query_value(name).as_deref() == Some(*value)),
            "{}",
            call.id
        );
        assert_eq!(seen.json(), call.body, "{}", call.id);
    }
}

/// Has the account be as an operation needs it.
async fn prepare(sandbox: &chat2desk_sandbox::Sandbox, operation: &str) {
    use chat2desk::types::AssignTagsRequest;
    let chat = sandbox.client();
    match operation {
        "get_webhook" | "update_webhook" | "delete_webhook" => {
            let ensure = chat.ensure_webhook("https://example.com/c2d", ["outbox".into()]);
            assert_eq!(ensure.send().await.unwrap().webhook.id, 901);
        }
        "remove_tag" => {
            for (kind, id) in [("client", 94_000_001), ("request", 75_000_011)] {
                let tags = AssignTagsRequest::builder().tag_ids(vec![1201]);
                let tags = tags.assignee_type(kind).assignee_id(id);
                chat.assign_tags(tags).send().await.unwrap();
            }
        }
        _ => (),
    }
}
