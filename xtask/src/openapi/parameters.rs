//! Parameters of paths, queries and headers, typed by all values that were seen of each.

use crate::infer::format::Format;
use crate::infer::shape::Object;
use crate::json::{Json, object};
use crate::postman::read::Endpoint;
use crate::postman::template::{Template, variable_name};
use crate::postman::{KeyValue, Request};
use indexmap::IndexMap;
use std::borrow::Cow;

/// The requests that show one operation: its own, its variants, and those of its saved responses.
pub fn requests<'a>(
    endpoint: &'a Endpoint<'a>,
) -> impl Iterator<Item = (&'a str, &'a Request<'a>)> {
    let saved = endpoint.responses.iter().filter_map(|response| {
        let request = response.original_request.as_deref()?;
        Some((response.name(), request))
    });
    let variants = endpoint
        .variants
        .iter()
        .map(|(name, request)| (&**name, request));
    std::iter::once(("default", &endpoint.request))
        .chain(variants)
        .chain(saved)
}

/// Path, query and header parameters, with all values that were seen of each.
///
/// A parameter without a description takes that of the table that documents it.
pub fn parameters<'a>(endpoint: &'a Endpoint<'a>, documented: &Object<'a>) -> Vec<Json<'a>> {
    let mut found: IndexMap<(&str, Cow<'a, str>), Seen<'a>> = IndexMap::new();
    let own: Vec<&'a str> = path_names(&endpoint.path).collect();
    for name in &own {
        found.entry(("path", Cow::Borrowed(*name))).or_default();
    }
    for (number, (_, request)) in requests(endpoint).enumerate() {
        if let Some(url) = &request.url {
            if !url.variables.is_empty() {
                // The variables of another spelling of the path, by position.
                let names = Template::of(url).names;
                for (name, (_, original)) in own.iter().zip(&names) {
                    let values = url.variables.iter().filter(|pair| pair.key == *original);
                    let seen = found.entry(("path", Cow::Borrowed(*name))).or_default();
                    seen.values.extend(values);
                }
            }
            url.query
                .iter()
                .for_each(|pair| add(&mut found, "query", number, pair));
        }
        let headers = request.headers.iter();
        headers
            .filter(|header| is_parameter(&header.key))
            .for_each(|pair| add(&mut found, "header", number, pair));
    }
    found
        .into_iter()
        .map(|((place, name), seen)| {
            let doc = documented.fields.get(&name);
            let doc = doc.and_then(|field| field.doc.as_ref());
            let doc = doc.map(|doc| doc.description.clone());
            parameter(place, name, &seen, doc)
        })
        .collect()
}

/// What was seen of a parameter.
#[derive(Default)]
struct Seen<'a> {
    values: Vec<&'a KeyValue<'a>>,
    /// The number of the last request that had it enabled.
    enabled_in: Option<usize>,
    /// Whether one request had it more than once.
    repeated: bool,
}

fn add<'a>(
    found: &mut IndexMap<(&'static str, Cow<'a, str>), Seen<'a>>,
    place: &'static str,
    request: usize,
    pair: &'a KeyValue<'a>,
) {
    let key = &*pair.key;
    let is_header = place == "header";
    if key.trim().is_empty() || (is_header && !is_token(key)) {
        return;
    }
    // Header names have no case.
    let known = found
        .keys()
        .find(|(other, name)| is_header && *other == place && name.eq_ignore_ascii_case(key));
    let key = known.map_or(Cow::Borrowed(key), |(_, name)| name.clone());
    let seen = found.entry((place, key)).or_default();
    if !pair.disabled {
        seen.repeated |= seen.enabled_in == Some(request);
        seen.enabled_in = Some(request);
    }
    seen.values.push(pair);
}

/// Whether a text can be the name of a header.
pub fn is_token(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Headers that OpenAPI describes elsewhere are no parameters.
fn is_parameter(header: &str) -> bool {
    let others = ["accept", "authorization", "content-type"];
    !others
        .iter()
        .any(|other| header.eq_ignore_ascii_case(other))
}

/// The names of a path's parameters, in order.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    let rests = path.split('{').skip(1);
    rests.filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// A parameter; one that says nothing of itself is described by the documentation.
fn parameter<'a>(
    place: &'static str,
    name: Cow<'a, str>,
    seen: &Seen<'a>,
    documentation: Option<String>,
) -> Json<'a> {
    let mut descriptions = seen.values.iter().map(|pair| pair.description.trim());
    let description = descriptions.find(|text| !text.is_empty());
    let (required, description) = take_required(description.unwrap_or_default());
    let values = seen.values.iter().map(|pair| pair.text());
    let values: Vec<Cow<'a, str>> = values
        .filter(|value| {
            !value.is_empty() && !value.contains("{{") && variable_name(value).is_none()
        })
        .collect();
    let mut parameter = Json::with_room(6);
    parameter.push("name", name);
    parameter.push("in", place);
    if !description.is_empty() {
        parameter.push("description", description);
    }
    if required || place == "path" {
        parameter.push("required", true);
    }
    let item = value_schema(&values);
    let list = seen.repeated && place == "query";
    if list {
        let sample = values.into_iter().map(|value| typed(&item, value));
        parameter.push("example", sample.collect::<Json<'_>>());
    } else if let Some(first) = values.into_iter().next() {
        parameter.push("example", typed(&item, first));
    }
    let schema = if list {
        object! { "type": "array", "items": item }
    } else {
        item
    };
    parameter.push("schema", schema);
    if let (true, Some(documentation)) = (description.is_empty(), documentation) {
        parameter.push("description", documentation);
    }
    parameter
}

/// A text as the value that its schema takes it for.
pub fn typed<'a>(schema: &Json<'_>, text: Cow<'a, str>) -> Json<'a> {
    let scalar = match schema["type"].as_str() {
        Some("boolean") => serde_json::from_str(&text).map(Json::Bool),
        Some("integer" | "number") => serde_json::from_str(&text).map(Json::Number),
        _ => return Json::Text(text),
    };
    scalar.unwrap_or(Json::Text(text))
}

/// `Required. The day.` → required, and `The day.`
pub fn take_required(description: &str) -> (bool, &str) {
    let markers = [
        "(required)",
        "[required]",
        "**required**",
        "required.",
        "required:",
    ];
    for marker in markers {
        let head = description.get(..marker.len()).unwrap_or_default();
        if head.eq_ignore_ascii_case(marker) {
            return (true, description[marker.len()..].trim_start());
        }
    }
    (false, description)
}

/// The narrowest type that all texts fit.
pub fn value_schema(values: &[Cow<'_, str>]) -> Json<'static> {
    let all = |fits: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| fits(value));
    // A leading zero is a phone number or a code, not a number.
    let integer = |value: &str| {
        value == "0" || (value.parse::<i64>().is_ok() && !value.starts_with(['0', '+']))
    };
    match () {
        () if all(integer) => object! { "type": "integer", "format": "int64" },
        () if all(|value| {
            value.parse::<f64>().is_ok_and(f64::is_finite) && value.contains('.')
        }) =>
        {
            object! { "type": "number" }
        }
        () if all(|value| matches!(value, "true" | "false")) => object! { "type": "boolean" },
        () => {
            let formats = values.iter().map(|value| Format::of(value));
            string_schema(formats.fold(Format::Unseen, Format::merged))
        }
    }
}

/// The schema of a text.
pub fn string_schema(format: Format) -> Json<'static> {
    match format.name() {
        Some(name) => object! { "type": "string", "format": name },
        None => object! { "type": "string" },
    }
}
