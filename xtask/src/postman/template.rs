//! Path templates: `/v1/clients/:id` and `/v1/clients/{{id}}` → `/v1/clients/{id}`.

use super::KeyValue;
use super::percent::decoded;
use super::url::UrlParts;
use super::variables::near;
use crate::json::Json;
use deunicode::deunicode;
use heck::ToSnakeCase;
use std::borrow::Cow;

/// A path as OpenAPI writes it, with the names that its variables had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pub text: String,
    /// What two paths have in common if they differ in the names of parameters only.
    pub pattern: String,
    /// Name in the template and name in the collection of each parameter, in order.
    pub names: Vec<(String, String)>,
}

impl Template {
    pub fn of(url: &UrlParts<'_>) -> Self {
        let mut template = Self::default();
        for entry in &url.path {
            let text = segment_text(entry);
            // Some exports put several segments, and the query, into one entry.
            let (path, _) = text.split_once('?').unwrap_or((&text, ""));
            for segment in path.split('/') {
                template.push(segment, &url.variables);
            }
        }
        // Of `{{url}}//users` the first is the end of a variable.
        let slashes = template.text.len() - template.text.trim_start_matches('/').len();
        if slashes > 1 {
            template.text.drain(1..slashes);
            template.pattern.drain(1..slashes);
        }
        if template.text.is_empty() {
            template.literal("/");
        }
        template
    }

    fn push(&mut self, segment: &str, variables: &[KeyValue<'_>]) {
        self.literal("/");
        // Braces that were pasted from an encoded URL.
        let decoded = decoded(segment);
        let segment = match placeholder(&decoded) {
            Some(_) => &*decoded,
            None => segment,
        };
        if let Some(name) = segment.strip_prefix(':') {
            let end = name_end(name);
            if end > 0 {
                // Postman's name of `:id.json` is all of it.
                let whole = variables.iter().any(|pair| pair.key == name);
                let original = if whole { name } else { &name[..end] };
                self.parameter(&name[..end], original);
                self.rest(&name[end..], variables);
                return;
            }
        }
        if let Some(name) = bracketed(segment) {
            self.parameter(name, name);
            return;
        }
        self.rest(segment, variables);
    }

    /// A segment, or what follows its parameter.
    fn rest(&mut self, segment: &str, variables: &[KeyValue<'_>]) {
        let mut rest = segment;
        while let Some((literal, name, after)) = placeholder(rest) {
            // `${id}` is a placeholder too.
            self.within(literal.strip_suffix('$').unwrap_or(literal), variables);
            self.parameter(name, name);
            rest = after;
        }
        self.within(rest, variables);
    }

    /// A text without braces: `:name` in the middle of a segment is a parameter if it has a value, or if marks
    /// part it from another one, `:from...:to`.
    fn within(&mut self, text: &str, variables: &[KeyValue<'_>]) {
        let mut rest = text;
        while let Some(start) = rest.find(':') {
            let name = &rest[start + 1..];
            let end = name_end(name);
            let name = &name[..end];
            let is_mark = |c: char| c.is_ascii_punctuation() && c != ')';
            let parted = start > 0 && rest[..start].chars().all(is_mark);
            let follows = parted && self.text.ends_with('}') && !name.is_empty();
            if follows || variables.iter().any(|pair| pair.key == name) {
                self.literal(&rest[..start]);
                self.parameter(name, name);
            } else {
                self.literal(&rest[..start + 1 + end]);
            }
            rest = &rest[start + 1 + end..];
        }
        self.literal(rest);
    }

    /// What is sent as it is, but for what no URL can hold.
    fn literal(&mut self, text: &str) {
        let start = self.text.len();
        for c in text.chars() {
            match c {
                ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '?' | '#' => {
                    self.text.push_str(&format!("%{:02X}", u32::from(c)));
                }
                c if c.is_control() => {}
                c if is_invisible(c) => {
                    let mut bytes = [0; 4];
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        self.text.push_str(&format!("%{byte:02X}"));
                    }
                }
                c => self.text.push(c),
            }
        }
        self.pattern.push_str(&self.text[start..]);
    }

    fn parameter(&mut self, name: &str, original: &str) {
        let clean: String = deunicode(without_type(name))
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '_' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let clean = match clean.trim_matches('_') {
            "" => "parameter",
            clean => clean,
        };
        // Two names that one identifier stands for would be one argument.
        let taken = |candidate: &str| {
            let candidate = candidate.to_snake_case();
            self.names
                .iter()
                .any(|(known, _)| known.to_snake_case() == candidate)
        };
        let mut unique = clean.to_owned();
        let mut number = 2;
        while taken(&unique) {
            unique = format!("{clean}_{number}");
            number += 1;
        }
        self.text.push_str(&format!("{{{unique}}}"));
        self.pattern.push_str("{}");
        self.names.push((unique, original.to_owned()));
    }
}

/// The text of an entry of `path`.
fn segment_text<'s>(entry: &'s Json<'_>) -> Cow<'s, str> {
    match entry {
        Json::Text(text) => Cow::Borrowed(text),
        Json::Object(_) => Cow::Borrowed(entry["value"].as_str().unwrap_or_default()),
        other => other.to_string().into(),
    }
}

/// Marks of direction and the like, which would change how the text around them is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{61C}' | '\u{FEFF}')
}

/// Where the name of a parameter ends: a dash at its end parts it from what follows.
fn name_end(text: &str) -> usize {
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    text[..end].trim_end_matches('-').len()
}

/// `id` of `id:[0-9]+` and of `int:id`, as servers write what an id may be.
fn without_type(name: &str) -> &str {
    const TYPES: [&str; 6] = ["float", "int", "path", "slug", "string", "uuid"];
    match name.split_once(':') {
        Some((kind, name)) if TYPES.contains(&kind.trim()) => name,
        Some((name, _)) if !name.trim().is_empty() => name,
        _ => name,
    }
}

/// What a name of a parameter consists of.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// `itemId` of `[itemId]`: brackets around a whole segment, with a name in them.
fn bracketed(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('[')?.strip_suffix(']')?.trim();
    let is_named = name.contains(char::is_alphabetic) && !name.contains(['[', ']', '{', '<']);
    is_named.then_some(name)
}

/// The text before the first `{{name}}`, `{name}` or `<name>`, the name, and the text after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(['{', '<'])?;
        let (before, rest) = text.split_at(start);
        let (open, close) = match rest {
            rest if rest.starts_with("{{") => ("{{", "}}"),
            rest if rest.starts_with('{') => ("{", "}"),
            _ => ("<", ">"),
        };
        let inner = &rest[open.len()..];
        if let Some(end) = near(inner, close) {
            let name = inner[..end].trim();
            if !name.is_empty() && !name.contains(['{', '<', '}']) {
                return Some((before, name, &inner[end + close.len()..]));
            }
        }
        from = start + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::postman::KeyValue;
    use crate::postman::url::UrlParts;

    #[test]
    fn templates() {
        for (url, text) in [
            ("{{url}}/v1/clients/:id", "/v1/clients/{id}"),
            (
                "{{url}}/v1/clients/{{client id}}",
                "/v1/clients/{client_id}",
            ),
            ("{{url}}/a/celeb_{{USER}}/x", "/a/celeb_{USER}/x"),
            ("{{url}}/a/{{x}}-{{y}}.json", "/a/{x}-{y}.json"),
            ("{{url}}/a/:id/b/:id", "/a/{id}/b/{id_2}"),
            ("{{url}}/a/{b", "/a/%7Bb"),
            ("{{url}}/a/}", "/a/%7D"),
            ("{{url}}/a/b c", "/a/b%20c"),
            ("{{url}}/a/b%20c", "/a/b%20c"),
            ("{{url}}", "/"),
            ("{{url}}/", "/"),
            ("https://example.com:8080/a//b/", "/a//b/"),
            ("{{url}}//a", "/a"),
            ("{{url}}/a/:a-:b", "/a/{a}-{b}"),
            ("{{url}}/a/:from...:to", "/a/{from}...{to}"),
            ("{{url}}/a/{id:[0-9]+}", "/a/{id}"),
            ("{{url}}/a/<int:id>", "/a/{id}"),
            ("{{url}}/a/:id/", "/a/{id}/"),
            ("{{url}}/a/:id.json", "/a/{id}.json"),
            ("{{url}}/a/:id:cancel", "/a/{id}:cancel"),
            ("{{url}}/a/:client-id", "/a/{client_id}"),
            ("{{url}}/a/:", "/a/:"),
            ("{{url}}/a/b:c", "/a/b:c"),
            ("{{url}}/a/<Order Id>", "/a/{Order_Id}"),
            ("{{url}}/a/x-<id>.csv", "/a/x-{id}.csv"),
            ("{{url}}/a/[item_id]", "/a/{item_id}"),
            ("{{url}}/a/[0]", "/a/[0]"),
            ("{{url}}/a/%7Brow%7D", "/a/{row}"),
            ("{{url}}/a/${row}", "/a/{row}"),
            ("{{url}}/a/{}", "/a/%7B%7D"),
            ("{{url}}/a/b>", "/a/b%3E"),
            (
                "{{url}}/\u{438}\u{43c}\u{44f}/:\u{438}\u{43c}\u{44f}",
                "/\u{438}\u{43c}\u{44f}/{imia}",
            ),
        ] {
            assert_eq!(Template::of(&UrlParts::of(url)).text, text);
        }
    }

    #[test]
    fn a_name_in_the_middle_is_a_parameter_if_it_has_a_value() {
        let mut url = UrlParts::of("{{url}}/books(:key)/urn:isbn/:id.json");
        let pair = |key: &'static str| KeyValue::new(key, "7");
        url.variables = vec![pair("key"), pair("id.json")];
        let template = Template::of(&url);
        assert_eq!(template.text, "/books({key})/urn:isbn/{id}.json");
        let names = [("key", "key"), ("id", "id.json")];
        assert_eq!(
            template.names,
            names.map(|(name, original)| (name.to_owned(), original.to_owned()))
        );
    }
}
