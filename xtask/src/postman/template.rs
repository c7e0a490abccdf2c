//! Path templates: `/v1/clients/:id` and `/v1/clients/{{id}}` → `/v1/clients/{id}`.

use super::url::UrlParts;
use crate::json::Json;
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
            for segment in path.split('/').filter(|segment| !segment.is_empty()) {
                template.push(segment);
            }
        }
        if template.text.is_empty() {
            template.literal("/");
        }
        template
    }

    fn push(&mut self, segment: &str) {
        self.literal("/");
        if let Some(name) = segment.strip_prefix(':').filter(|name| !name.is_empty()) {
            self.parameter(name);
            return;
        }
        let mut rest = segment;
        while let Some((literal, name, after)) = placeholder(rest) {
            self.literal(literal);
            self.parameter(name);
            rest = after;
        }
        self.literal(rest);
    }

    fn literal(&mut self, text: &str) {
        let start = self.text.len();
        for c in text.chars() {
            match c {
                '{' | '}' => {}
                ' ' => self.text.push_str("%20"),
                '?' => self.text.push_str("%3F"),
                '#' => self.text.push_str("%23"),
                c => self.text.push(c),
            }
        }
        self.pattern.push_str(&self.text[start..]);
    }

    fn parameter(&mut self, name: &str) {
        let clean: String = name
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
        self.names.push((unique, name.to_owned()));
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

/// The text before the first `{{name}}` or `{name}`, the name, and the text after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('{')?;
    let (before, from) = text.split_at(start);
    let (open, close) = if from.starts_with("{{") {
        ("{{", "}}")
    } else {
        ("{", "}")
    };
    let inner = &from[open.len()..];
    let end = inner.find(close)?;
    let name = inner[..end].trim();
    (!name.is_empty()).then(|| (before, name, &inner[end + close.len()..]))
}

/// The name of a text that is nothing but a variable.
pub fn variable_name(text: &str) -> Option<&str> {
    let name = text
        .strip_prefix(':')
        .or_else(|| text.strip_prefix("{{")?.strip_suffix("}}"));
    name.filter(|name| !name.is_empty() && !name.contains(['{', '}']))
}

#[cfg(test)]
mod tests {
    use super::Template;
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
            ("{{url}}/a/{b", "/a/b"),
            ("{{url}}/a/b c", "/a/b%20c"),
            ("{{url}}", "/"),
            ("https://example.com:8080/a//b/", "/a/b"),
        ] {
            assert_eq!(Template::of(&UrlParts::of(url)).text, text);
        }
    }
}
