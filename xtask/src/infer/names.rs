//! Names from paths: operation ids and resources, stable under every change of titles and order.

use heck::{ToPascalCase, ToSnakeCase};

/// The literal segments of a path after its version, and whether it ends with a parameter.
fn literals(path: &str) -> (Vec<String>, bool) {
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let is_version = |segment: &str| {
        segment
            .strip_prefix('v')
            .is_some_and(|digits| digits.parse::<u32>().is_ok())
    };
    if segments.first().is_some_and(|first| is_version(first)) {
        segments.remove(0);
    }
    let is_parameter = |segment: &str| segment.starts_with('{');
    let ends = segments.last().is_some_and(|last| is_parameter(last));
    let literals = segments
        .into_iter()
        .filter(|segment| !is_parameter(segment));
    let words = literals.map(|segment| identifier(&segment.to_snake_case()));
    (words.filter(|word| !word.is_empty()).collect(), ends)
}

/// The operation id of a method and path: `GET /v1/clients/{id}` → `get_client`.
///
/// Reads of a plural list it, reads of a singular get it; `POST` creates on a collection; what
/// follows a parameter is a part of the record when it is read, and an action on it otherwise.
pub fn operation_id(method: &str, path: &str) -> String {
    let (literals, ends_with_parameter) = literals(path);
    let last = literals.last().map(String::as_str).unwrap_or("root");
    let owner = literals
        .len()
        .checked_sub(2)
        .map(|index| singular(&literals[index]));
    let owned = path.contains('}') && !ends_with_parameter;
    let verb = match method {
        "put" | "patch" => "update",
        "delete" => "delete",
        "post" => "create",
        "head" => "head",
        _ => "get",
    };
    match (verb, &owner) {
        (verb, _) if ends_with_parameter => format!("{verb}_{}", singular(last)),
        ("get", Some(owner)) if owned && is_plural(last) => format!("list_{owner}_{last}"),
        ("get", Some(owner)) if owned => format!("get_{owner}_{last}"),
        ("get", _) if is_plural(last) => format!("list_{last}"),
        ("create" | "update", Some(owner)) if !is_plural(last) => format!("{last}_{owner}"),
        ("create", _) => format!("create_{}", singular(last)),
        (verb, _) => format!("{verb}_{}", singular(last)),
    }
}

/// An id that says the whole path: `GET /v2/clients/{id}` → `get_v2_clients_by_id`.
pub fn full_operation_id(method: &str, path: &str) -> String {
    let words = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let word = identifier(&segment.to_snake_case());
            if segment.starts_with('{') {
                format!("by_{word}")
            } else {
                word
            }
        });
    let words: Vec<String> = std::iter::once(method.to_owned()).chain(words).collect();
    words.join("_")
}

/// A word that may stand in an identifier: nothing but ASCII letters, digits and underscores.
fn identifier(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

/// The name of what a path is about: `/v1/clients/{id}` → `Client`.
pub fn resource(path: &str) -> String {
    let (literals, _) = literals(path);
    component(literals.last().map(String::as_str).unwrap_or("root"))
}

/// The component that a property or segment of this name holds: `inline_buttons` → `InlineButton`.
pub fn component(name: &str) -> String {
    let name = identifier(&singular(&name.to_snake_case())).to_pascal_case();
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("Object{name}"),
    }
}

fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// The singular of an English word in snake case.
pub fn singular(word: &str) -> String {
    const ES: [&str; 5] = ["sses", "shes", "ches", "xes", "uses"];
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if ES.iter().any(|suffix| word.ends_with(suffix)) {
        return word[..word.len() - 2].to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{component, operation_id, resource, singular};

    #[test]
    fn operation_ids() {
        for (call, id) in [
            ("get /v1/clients", "list_clients"),
            ("post /v1/clients", "create_client"),
            ("get /v1/clients/{id}", "get_client"),
            ("put /v1/clients/{id}", "update_client"),
            ("delete /v1/webhooks/{id}", "delete_webhook"),
            ("get /v1/clients/{id}/dialogs", "list_client_dialogs"),
            (
                "get /v1/clients/{id}/last_question",
                "get_client_last_question",
            ),
            ("post /v1/messages/{id}/assign", "assign_message"),
            ("put /v1/requests/close", "close_request"),
            ("get /v1/help/roles", "list_roles"),
            ("get /v1/companies/api_info", "get_api_info"),
            ("get /v2/countries", "list_countries"),
            ("get /", "get_root"),
        ] {
            let (method, path) = call.split_once(' ').unwrap();
            assert_eq!(operation_id(method, path), id, "{call}");
        }
    }

    #[test]
    fn components() {
        assert_eq!(resource("/v1/clients/{id}"), "Client");
        assert_eq!(component("inline_buttons"), "InlineButton");
        for (plural, one) in [
            ("statuses", "status"),
            ("status", "status"),
            ("countries", "country"),
            ("addresses", "address"),
            ("address", "address"),
            ("boxes", "box"),
            ("analysis", "analysis"),
            ("messages", "message"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
