//! Bodies of requests and responses in an item of the collection.

use super::lock::Kind;
use super::place::Path;
use super::samples::replace;
use super::shown::each_at;
use crate::openapi::answers::is_success;
use serde_json::Value;
use std::collections::BTreeSet;

/// Gives values in the samples of responses another kind: all of those kinds or, where another kind is added to
/// them, the last one; if it is the only one, that of a copy.
pub fn set_in_responses(
    item: &mut Value,
    path: &Path,
    olds: &[BTreeSet<Kind>],
    new: &Value,
    all: bool,
) -> bool {
    let responses = item.get_mut("response").and_then(Value::as_array_mut);
    let Some(responses) = responses else {
        return false;
    };
    let mut samples: Vec<(usize, Value)> = Vec::new();
    for (index, response) in responses.iter().enumerate() {
        let json = serde_json::from_str(response["body"].as_str().unwrap_or_default());
        if let (true, Ok(json)) = (is_success(code(response)), json) {
            samples.push((index, json));
        }
    }
    let mut instances = 0;
    for (_, sample) in &samples {
        each_at(sample, &path.steps, &mut |_| instances += 1);
    }
    for old in olds {
        let mut done = false;
        for (index, sample) in samples.iter_mut().rev() {
            if replace(sample, &path.steps, old, new, all) == 0 {
                continue;
            }
            done = true;
            let body = pretty(sample);
            if all || instances > 1 {
                responses[*index]["body"] = body.into();
            } else {
                responses.push(copy(&responses[*index], path, body));
            }
            if !all {
                return true;
            }
        }
        if done {
            return true;
        }
    }
    false
}

/// A saved response with another body.
pub fn copy(response: &Value, path: &Path, body: String) -> Value {
    let mut copy = response.clone();
    let name = copy["name"].as_str().unwrap_or("response");
    copy["name"] = format!("{name}, with {}", path.key()).into();
    copy["body"] = body.into();
    copy
}

/// Changes the JSON bodies of a request and of those kept with its saved responses.
pub fn each_body(item: &mut Value, change: &mut impl FnMut(&mut Value) -> bool) {
    let change = &mut |text: &mut Value| {
        let json = serde_json::from_str(text.as_str().unwrap_or_default());
        if let Ok(mut json) = json
            && change(&mut json)
        {
            *text = pretty(&json).into();
        }
    };
    if let Some(raw) = item.pointer_mut("/request/body/raw") {
        change(raw);
    }
    let responses = item.get_mut("response").and_then(Value::as_array_mut);
    for response in responses.into_iter().flatten() {
        if let Some(raw) = response.pointer_mut("/originalRequest/body/raw") {
            change(raw);
        }
    }
}

/// The status of a saved response.
pub fn code(response: &Value) -> u16 {
    let code = response["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok());
    code.unwrap_or(200)
}

/// JSON as samples are written.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
