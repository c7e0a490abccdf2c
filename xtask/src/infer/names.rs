//! Names from paths: operation ids and resources, stable under every change of titles and order.

use super::format::is_opaque;
pub use super::singular::singular;
use crate::postman::percent::decoded;
use deunicode::deunicode;
use heck::{ToPascalCase, ToSnakeCase};

/// What words of a path say of it.
struct Words {
    /// The literal words, each in snake case, without versions and what is data.
    literals: Vec<String>,
    /// Whether it ends with a parameter.
    ends_with_parameter: bool,
    /// Whether a parameter stands before the last word.
    owned: bool,
}

impl Words {
    fn of(path: &str) -> Self {
        let mut words = Self {
            literals: Vec::new(),
            ends_with_parameter: false,
            owned: false,
        };
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let Some((before, rest)) = segment.split_once('{') else {
                words.literal(segment);
                continue;
            };
            // `celeb_{user}`, and `{id}:cancel`; of `{id}.json` the end is no word.
            words.literal(before);
            words.ends_with_parameter = true;
            let after = rest.rsplit('}').next().unwrap_or_default();
            if let Some(action) = after.strip_prefix(':') {
                words.literal(action);
            }
        }
        words
    }

    fn literal(&mut self, segment: &str) {
        let word = word(without_format(segment));
        if word.is_empty() || is_version(segment) || is_data(segment) {
            return;
        }
        self.owned = self.ends_with_parameter;
        self.ends_with_parameter = false;
        self.literals.push(word);
    }
}

/// `v1`, `V2.1`
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == '_')
}

/// `users` of `users.json`.
fn without_format(segment: &str) -> &str {
    const FORMATS: [&str; 9] = [
        "asp", "aspx", "csv", "do", "html", "json", "jsp", "php", "xml",
    ];
    match segment.rsplit_once('.') {
        Some((word, format)) if !word.is_empty() && FORMATS.contains(&format) => word,
        _ => segment,
    }
}

/// A segment that is an id, a day or a secret rather than a word.
fn is_data(segment: &str) -> bool {
    let segment = decoded(segment);
    let says = |text: &str| text.contains(char::is_alphabetic);
    !(says(&segment) || says(&deunicode(&segment))) || is_opaque(&segment)
}

/// A segment as a word of an identifier, whatever script it is in.
fn word(segment: &str) -> String {
    if segment.is_ascii() && !segment.contains('%') {
        return identifier(&segment.to_snake_case());
    }
    identifier(&deunicode(&decoded(segment)).to_snake_case())
}

/// The words that calls begin with which are named after what they do: `createInstance`.
const VERBS: [&str; 48] = [
    "accept",
    "activate",
    "add",
    "approve",
    "archive",
    "assign",
    "cancel",
    "change",
    "check",
    "clear",
    "close",
    "confirm",
    "create",
    "deactivate",
    "delete",
    "disable",
    "download",
    "edit",
    "enable",
    "execute",
    "export",
    "fetch",
    "find",
    "generate",
    "get",
    "import",
    "insert",
    "list",
    "make",
    "modify",
    "open",
    "publish",
    "reject",
    "remove",
    "reset",
    "restore",
    "retrieve",
    "run",
    "save",
    "search",
    "send",
    "set",
    "start",
    "stop",
    "update",
    "upload",
    "validate",
    "verify",
];

/// Of these, what reads begin with; `open_orders` is a list.
const READS: [&str; 12] = [
    "add", "create", "delete", "fetch", "find", "get", "list", "remove", "retrieve", "send", "set",
    "update",
];

/// What a word does, and to what: `create` and `instance` of `create_instance`.
fn action<'w>(word: &'w str, method: &str) -> Option<(&'w str, &'w str)> {
    const PREPOSITIONS: [&str; 8] = ["at", "by", "for", "from", "in", "of", "to", "with"];
    let verbs = if method == "get" {
        &READS[..]
    } else {
        &VERBS[..]
    };
    let (verb, what) = word.split_once('_')?;
    let last = what.rsplit('_').next().unwrap_or_default();
    (verbs.contains(&verb) && !PREPOSITIONS.contains(&last)).then_some((verb, what))
}

/// What a path says that ends with a verb, as calls over HTTP are named after procedures: `delete` and `users` of
/// `/users/delete/{id}`.
fn procedure(literals: &[String]) -> Option<(&str, &str)> {
    const PROCEDURES: [&str; 13] = [
        "add", "all", "create", "delete", "edit", "fetch", "find", "get", "list", "remove",
        "retrieve", "search", "update",
    ];
    const ROOTS: [&str; 6] = ["admin", "api", "index", "public", "rest", "service"];
    let [.., owner, verb] = literals else {
        return None;
    };
    let is_named = !ROOTS.contains(&&**owner) && !PROCEDURES.contains(&&**owner);
    (is_named && PROCEDURES.contains(&&**verb)).then_some((verb, owner))
}

/// The operation id of a method and path: `GET /v1/clients/{id}` → `get_client`.
///
/// Reads of a plural list it, reads of a singular get it; `POST` creates on a collection, other writes are of
/// all of it; what follows a parameter is a part of the record when it is read, and an action on it
/// otherwise. A call that is named after what it does keeps its name.
pub fn operation_id(method: &str, path: &str) -> String {
    let Words {
        literals,
        ends_with_parameter,
        owned,
    } = Words::of(path);
    let last = literals.last().map(String::as_str).unwrap_or("root");
    let owner = literals.len().checked_sub(2).map(|index| &*literals[index]);
    let verb = match method {
        "put" | "patch" => "update",
        "post" => "create",
        other => other,
    };
    if let Some((verb, what)) = procedure(&literals).filter(|_| !owned) {
        return match verb {
            "all" | "list" => format!("list_{what}"),
            "fetch" | "find" | "get" | "retrieve" | "search" if !ends_with_parameter => {
                format!("{verb}_{what}")
            }
            verb => format!("{verb}_{}", singular(what)),
        };
    }
    // `/api/order` is no action on an `api`.
    let acted_on = owner
        .filter(|owner| owned || is_plural(owner))
        .map(singular);
    if let Some((verb, what)) = action(last, method) {
        return match acted_on.filter(|_| owned) {
            Some(owner) => format!("{verb}_{owner}_{what}"),
            None => last.to_owned(),
        };
    }
    let part_of = owner.filter(|_| owned).map(singular);
    match (verb, part_of, acted_on) {
        (verb, _, _) if ends_with_parameter => format!("{verb}_{}", singular(last)),
        ("get", Some(owner), _) if is_plural(last) => format!("list_{owner}_{last}"),
        ("get", Some(owner), _) => format!("get_{owner}_{last}"),
        ("get", None, _) if is_plural(last) => format!("list_{last}"),
        ("create" | "update", _, Some(owner)) if !is_plural(last) => format!("{last}_{owner}"),
        ("update" | "delete", _, _) if is_plural(last) => format!("{verb}_{last}"),
        (verb, _, _) => format!("{verb}_{}", singular(last)),
    }
}

/// Ids that say the whole path: `GET /v2/clients/{id}` → `get_clients_by_id`, and `get_v2_clients_by_id`
/// where that is another's.
pub fn full_operation_ids(method: &str, path: &str) -> [String; 2] {
    [false, true].map(|versions| {
        let mut id = method.to_owned();
        let mut add = |word: &str| {
            if !word.is_empty() {
                id.push('_');
                id.push_str(word);
            }
        };
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let Some((before, rest)) = segment.split_once('{') else {
                if (versions && is_version(segment)) || !(is_version(segment) || is_data(segment)) {
                    add(&word(segment));
                }
                continue;
            };
            let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
            add(&word(before));
            add(&format!("by_{}", word(name)));
            add(&word(&after.replace(['{', '}'], " ")));
        }
        id
    })
}

/// A word that may stand in an identifier: nothing but ASCII letters, digits and underscores.
fn identifier(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

/// The name of what a path is about: `/v1/clients/{id}` → `Client`, `/createInstance` → `Instance`.
pub fn resource(method: &str, path: &str) -> String {
    let Words {
        literals, owned, ..
    } = Words::of(path);
    let last = literals.last().map(String::as_str).unwrap_or("root");
    let procedure = procedure(&literals).filter(|_| !owned);
    let what = action(last, method).or(procedure);
    component(what.map_or(last, |(_, what)| what))
}

/// Whether a call answers with something else than the record that its path is about: a list of them, or what
/// an action on it gives, such as `POST /messages/{id}/assign`.
pub fn answers_otherwise(method: &str, path: &str) -> bool {
    let Words {
        literals,
        ends_with_parameter,
        owned,
    } = Words::of(path);
    let last = literals.last().map(String::as_str).unwrap_or_default();
    let owner = literals.len().checked_sub(2).map(|index| &*literals[index]);
    let on_record = owned || owner.is_some_and(is_plural);
    let is_list = is_plural(last);
    if let Some((verb, _)) = procedure(&literals).filter(|_| !owned) {
        let of_record = ["add", "create", "edit", "get", "update"];
        return !ends_with_parameter && !of_record.contains(&verb);
    }
    match method {
        _ if ends_with_parameter => false,
        "get" => is_list,
        _ => on_record && !is_list,
    }
}

/// The component that a property or segment of this name holds: `inline_buttons` → `InlineButton`.
pub fn component(name: &str) -> String {
    let name = identifier(&singular(&deunicode(name).to_snake_case())).to_pascal_case();
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("Object{name}"),
    }
}

fn is_plural(word: &str) -> bool {
    singular(word) != word
}

#[cfg(test)]
mod tests {
    use super::{component, full_operation_ids, operation_id, resource};

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
            ("post /admin/v1/logo", "create_logo"),
            ("post /api/v3/order", "create_order"),
            ("get /api/v2.1/users", "list_users"),
            ("get /api/V1/users/{id}", "get_user"),
            ("get /users/v2", "list_users"),
            ("post /createInstance/{token}", "create_instance"),
            ("post /deleteInstance/{token}", "delete_instance"),
            ("get /getInstances/{token}", "get_instances"),
            ("post /update_task", "update_task"),
            ("post /get-messages", "get_messages"),
            ("post /users/{id}/send-email", "send_user_email"),
            ("patch /items", "update_items"),
            ("patch /items/{id}", "update_item"),
            ("delete /items", "delete_items"),
            ("delete /items/{id}", "delete_item"),
            ("post /sms", "create_sms"),
            ("get /news", "get_news"),
            ("get /series/1", "get_series"),
            ("post /operations/{id}:cancel", "cancel_operation"),
            ("get /info/{id}.json", "get_info"),
            ("get /books({key})", "get_book"),
            ("get /v1/\u{5217}\u{8868}", "get_lie_biao"),
            ("get /v1/%E5%88%97%E8%A1%A8", "get_lie_biao"),
            (
                "get /v1/\u{43f}\u{43e}\u{438}\u{441}\u{43a}/{imia}",
                "get_poisk",
            ),
            ("get /price%20lists", "list_price_lists"),
            (
                "post /bot111111:AAAA-secretPart_x/sendMessage",
                "send_message",
            ),
            ("options /orders", "options_order"),
            ("get /users/list", "list_users"),
            ("get /user/all", "list_user"),
            ("get /users/get/{id}", "get_user"),
            ("post /user/create", "create_user"),
            ("post /users/update/{id}", "update_user"),
            ("post /users/delete/{id}", "delete_user"),
            ("post /users/search", "search_users"),
            ("post /users/{id}/delete", "delete_user"),
            ("get /users.json", "list_users"),
            ("get /index.php", "get_index"),
            ("get /\u{1f600}", "get_grinning"),
        ] {
            let (method, path) = call.split_once(' ').unwrap();
            assert_eq!(operation_id(method, path), id, "{call}");
        }
    }

    #[test]
    fn components() {
        assert_eq!(resource("get", "/v1/clients/{id}"), "Client");
        assert_eq!(resource("post", "/createInstance/{token}"), "Instance");
        assert_eq!(resource("post", "/users/create"), "User");
        assert_eq!(component("inline_buttons"), "InlineButton");
        assert_eq!(component("\u{434}\u{43e}\u{43c}"), "Dom");
    }

    #[test]
    fn full_ids_say_the_path_but_no_secrets() {
        let ids = full_operation_ids("get", "/v2/clients/{client_id}/5f2b8c1d9e4a7b6c3d2e1f0a");
        assert_eq!(
            ids,
            ["get_clients_by_client_id", "get_v2_clients_by_client_id"]
        );
    }
}
